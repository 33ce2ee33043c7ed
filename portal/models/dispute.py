"""'The amount is not right', 'this loan is not mine'."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Key, Model
from portal.models.borrower import Borrower
from portal.models.loan import Loan
from portal.models.staff import Staff


class Dispute(Model):
    """Open from the moment it is sent until staff have answered: no reminder goes meanwhile."""

    __tablename__ = "dispute"
    __table_args__ = (
        CheckConstraint("kind IN ('amount', 'not_mine', 'other')", name="kind"),
        Index(
            "uq_dispute_open",
            "loan_id",
            "borrower_id",
            unique=True,
            postgresql_where=text("is_open"),
            sqlite_where=text("is_open"),
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"), index=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrower.id"), index=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    kind: Mapped[str]
    detail: Mapped[str | None]  # for not_mine: never, name_used, paid_back
    doubted: Mapped[list[Any]] = mapped_column(
        default=list
    )  # what looks wrong: left, interest, or the id of a payment as text
    should_be_sealed: Mapped[str | None]  # what the amount should be, as typed
    words_sealed: Mapped[str | None]
    # The account when this was written and when it was answered: portal.queries.dispute_account.
    account: Mapped[dict[str, Any]] = mapped_column(default=dict)
    is_open: Mapped[bool]
    recorded_at: Mapped[datetime]
    answer_by: Mapped[date]
    answer_sealed: Mapped[str | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    answered_at: Mapped[datetime | None]

    loan: Mapped[Loan] = relationship()
    borrower: Mapped[Borrower] = relationship()
    answered_by: Mapped[Staff | None] = relationship()
