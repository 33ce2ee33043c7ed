"""Every contact we made, and every reason not to make one."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Key, Model


class Contact(Model):
    """A contact as the rules count it: form, unit, purpose, who and when."""

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint("form IN ('text', 'email', 'call', 'visit', 'letter')", name="form"),
        CheckConstraint("unit IN ('attempt', 'answered', 'conversation')", name="unit"),
        Index("ix_contact_borrower_id_at", "borrower_id", "at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrower.id"))
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("loan.id"))
    form: Mapped[str]
    unit: Mapped[str]
    purpose: Mapped[str]
    phone_hash: Mapped[str | None]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), unique=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    agency: Mapped[str | None]  # who contacted for the lender, where it wasn't its own staff
    outcome: Mapped[str | None]  # of a call or visit: a code
    words_sealed: Mapped[str | None]  # what was said, as the borrower may read it
    next_step: Mapped[str | None]  # what was planned next: a code
    next_on: Mapped[date | None]
    at: Mapped[datetime]


class Hold(Model):
    """A reason to be silent that has no record of its own (an open request or dispute has one)."""

    __tablename__ = "hold"
    __table_args__ = (Index("ix_hold_borrower_id", "borrower_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrower.id"))
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("loan.id"))
    kind: Mapped[str]  # draft_request, opt_out, breathing_space, deceased, vulnerability, …
    form: Mapped[str | None]  # of contact, where it stops one alone
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
