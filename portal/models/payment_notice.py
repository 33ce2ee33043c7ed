"""What a borrower tells about a payment: 'I have paid', 'I will pay on that day'. Reminders rest meanwhile."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Key, Model
from portal.models.borrower import Borrower
from portal.models.loan import Loan
from portal.models.staff import Staff


class PaidNotice(Model):
    """'I have paid': `amount` in minor units of the loan's currency, as far as it was told."""

    __tablename__ = "paid_notice"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'found', 'not_found', 'withdrawn')", name="status"),
        Index("ix_paid_notice_loan_id_status", "loan_id", "status"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrower.id"), index=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    amount: Mapped[int | None] = mapped_column(BigInteger)
    paid_on: Mapped[date | None]
    paid_before: Mapped[int] = mapped_column(BigInteger)  # all that had come when it was told, as the books had it
    way: Mapped[str | None]  # how it was paid: a code of the lender's ways to pay, or 'other'
    words_sealed: Mapped[str | None]
    status: Mapped[str]
    quiet_until: Mapped[date]  # the last day on which reminders about the loan rest
    recorded_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    answer_sealed: Mapped[str | None]

    borrower: Mapped[Borrower] = relationship()
    loan: Mapped[Loan] = relationship()
    settled_by: Mapped[Staff | None] = relationship()


class Promise(Model):
    """A promise to pay `amount` (minor units of the loan's currency) by `promised_on`. A new one replaces the open one."""

    __tablename__ = "promise"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'kept', 'part_kept', 'not_kept', 'replaced', 'withdrawn')", name="status"),
        CheckConstraint("amount > 0", name="amount_positive"),
        Index("ix_promise_loan_id_status", "loan_id", "status"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrower.id"), index=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    amount: Mapped[int] = mapped_column(BigInteger)
    promised_on: Mapped[date]
    status: Mapped[str]
    recorded_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    borrower: Mapped[Borrower] = relationship()
    loan: Mapped[Loan] = relationship()
