"""Complaints, and every 'this was not all right' beside a contact."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Key, Model
from portal.models.borrower import Borrower
from portal.models.contact import Contact
from portal.models.loan import Loan
from portal.models.staff import Staff


class Complaint(Model):
    """Goes to a supervisor, never to whom it is about. Contact of the kind complained about rests until it is answered."""

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint("kind IN ('contact', 'decision', 'person', 'figures', 'other')", name="kind"),
        CheckConstraint("outcome IS NULL OR outcome IN ('upheld', 'partly', 'not_upheld')", name="outcome"),
        Index("ix_complaint_open_answer_by", "is_open", "answer_by"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrower.id"), index=True)
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("loan.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)  # the contact in question
    about_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # who never gets to read it as the handler
    kind: Mapped[str]
    wishes: Mapped[str | None]  # what would put it right: a code, where the borrower chose one
    words_sealed: Mapped[str | None]
    is_open: Mapped[bool]
    recorded_at: Mapped[datetime]
    answer_by: Mapped[date]
    read_at: Mapped[datetime | None]
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[str | None]
    answer_sealed: Mapped[str | None]
    answered_at: Mapped[datetime | None]

    borrower: Mapped[Borrower] = relationship()
    loan: Mapped[Loan | None] = relationship()
    contact: Mapped[Contact | None] = relationship()
    about: Mapped[Staff | None] = relationship(foreign_keys=[about_id])
    handler: Mapped[Staff | None] = relationship(foreign_keys=[handler_id])
