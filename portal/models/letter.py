"""Letters between a borrower and the people who look after the loan."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Key, Model
from portal.models.borrower import Borrower
from portal.models.loan import Loan
from portal.models.staff import Staff


class Letter(Model):
    """What one side wrote to the other outside a request. `staff_id` None: the borrower wrote it."""

    __tablename__ = "letter"
    __table_args__ = (
        CheckConstraint("urgency IN ('usual', 'today', 'despair')", name="urgency"),
        Index("ix_letter_borrower_id_recorded_at", "borrower_id", "recorded_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrower.id"))
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("loan.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    urgency: Mapped[str]  # today: 'I need to talk to someone today'; despair: words that must not wait
    words_sealed: Mapped[str]
    language: Mapped[str]
    recorded_at: Mapped[datetime]
    read_at: Mapped[datetime | None]  # by the other side
    answered_at: Mapped[datetime | None]  # a letter of a borrower: since when it needs no answer any more

    borrower: Mapped[Borrower] = relationship()
    loan: Mapped[Loan | None] = relationship()
    staff: Mapped[Staff | None] = relationship()
