"""Loans as the lender's books have them: terms, people, payments, and the schedules that were agreed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Key, Model
from portal.models.borrower import Borrower
from portal.models.lender import Product


class ImportRun(Model):
    """One loan book taken in: which file, under which mapping, with which control totals."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    file_name: Mapped[str]
    file_hash: Mapped[str]
    mapping: Mapped[dict[str, Any]]
    as_of: Mapped[date]
    totals: Mapped[dict[str, Any]]
    recorded_at: Mapped[datetime]


class Loan(Model):
    """A loan. Amounts are minor units of `currency`; `annual_rate` is percent a year as text.

    `stated_*` is the lender's word from its file, kept beside our own figures. `next_due_on` and `overdue_since` follow
    from the schedule and the ledger; they stand here, indexed, for those who look for what is due.
    """

    __tablename__ = "loan"
    __table_args__ = (
        Index("ix_loan_due", "reminders_on", "next_due_on"),
        CheckConstraint("principal > 0", name="principal_positive"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    reference: Mapped[str] = mapped_column(unique=True)  # the lender's number: text, zeros kept
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    currency: Mapped[str]
    principal: Mapped[int] = mapped_column(BigInteger)
    annual_rate: Mapped[str]
    method: Mapped[str]
    installments: Mapped[int]
    every: Mapped[int]
    unit: Mapped[str]
    disbursed_on: Mapped[date]
    first_due_on: Mapped[date]
    terms_more: Mapped[dict[str, Any]]  # what else LoanTerms holds for this loan (graces, a balloon, …)
    status: Mapped[str]  # open, paid_off, written_off
    next_due_on: Mapped[date | None]
    overdue_since: Mapped[date | None] = mapped_column(index=True)
    reminders_on: Mapped[bool]
    opening: Mapped[dict[str, Any] | None]  # portal.domain.allocation.Opening, where an import began mid-way
    import_run_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"))
    fingerprint: Mapped[str | None]  # of what the file states, so that the same file again changes nothing
    stated_status: Mapped[str | None]
    stated_installment: Mapped[int | None] = mapped_column(BigInteger)
    stated_balance: Mapped[int | None] = mapped_column(BigInteger)
    stated_overdue: Mapped[int | None] = mapped_column(BigInteger)
    recorded_at: Mapped[datetime]

    product: Mapped[Product] = relationship()
    people: Mapped[list["LoanPerson"]] = relationship(back_populates="loan")
    entries: Mapped[list["LedgerEntry"]] = relationship(order_by="LedgerEntry.id")
    versions: Mapped[list["ScheduleVersion"]] = relationship(order_by="ScheduleVersion.number")


class LoanPerson(Model):
    """Who has which part in a loan. Nobody is written to who has no role for it."""

    __tablename__ = "loan_person"
    __table_args__ = (
        CheckConstraint("role IN ('borrower', 'co_borrower', 'guarantor', 'nominated_contact')", name="role"),
        Index("ix_loan_person_borrower_id", "borrower_id"),
    )

    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"), primary_key=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrower.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)

    loan: Mapped[Loan] = relationship(back_populates="people")
    borrower: Mapped[Borrower] = relationship()


class LedgerEntry(Model):
    """Money that came in, or the reversal of an entry. Two times: when it counts, and when we were told."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("kind IN ('payment', 'reversal')", name="kind"),
        CheckConstraint("amount > 0", name="amount_positive"),
        Index("ix_ledger_entry_loan_id", "loan_id"),
        UniqueConstraint("source", "source_key"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    kind: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger)
    effective_on: Mapped[date]  # a date of the lender's zone
    recorded_at: Mapped[datetime]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)
    source: Mapped[str]
    source_key: Mapped[str | None]


class ScheduleVersion(Model):
    """A schedule that was agreed: immutable but for its end. A loan without one follows its terms. `account` is what
    portal.domain needs to read later payments against it (portal.queries.accounts). `ended_on`: the day on which a
    settlement that was not kept gave way to what held before it."""

    __tablename__ = "schedule_version"
    __table_args__ = (UniqueConstraint("loan_id", "number"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    number: Mapped[int]
    account: Mapped[dict[str, Any]]
    agreed_on: Mapped[date]
    ended_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
