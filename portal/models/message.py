"""The outbox: a message is a row before it is sent, and what became of it is written on the row."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Key, Model
from portal.models.borrower import Borrower
from portal.models.loan import Loan


class Message(Model):
    """One message to one person. `step` makes it unique: `due-3` (three days before `due_on`), `offer:7:2`, …

    planned -> claimed -> sent | failed; planned -> held | cancelled. A row that was claimed and never recorded becomes
    unknown: staff see it, and it is never sent again by itself.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("borrower_id", "loan_id", "due_on", "step"),
        CheckConstraint(
            "status IN ('planned', 'claimed', 'sent', 'failed', 'held', 'cancelled', 'unknown')", name="status"
        ),
        Index("ix_message_status_send_after", "status", "send_after"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrower.id"), index=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    due_on: Mapped[date]  # for a reminder the due date it is about; else the date of what it tells
    step: Mapped[str]
    purpose: Mapped[str]  # reminder, offer_notice, answer, agreement
    form: Mapped[str]  # text or email
    template: Mapped[str]  # a folder of templates/messages
    facts: Mapped[dict[str, Any]]  # what the template needs, without personal data
    status: Mapped[str]
    reason: Mapped[str | None]  # why it is held, deferred or cancelled
    send_after: Mapped[datetime]
    planned_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    claim: Mapped[str | None]  # whose claim it is
    settled_at: Mapped[datetime | None]  # sent, failed or unknown since
    provider_id: Mapped[str | None]
    receipt: Mapped[str | None]  # the furthest that a provider told: accepted, undelivered, delivered
    language: Mapped[str | None]
    text_sealed: Mapped[str | None]  # as it went out

    borrower: Mapped[Borrower] = relationship()
    loan: Mapped[Loan] = relationship()


class MessageReceipt(Model):
    """What a provider told of a message that it had taken, each time."""

    __tablename__ = "message_receipt"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    state: Mapped[str]  # accepted, undelivered, delivered
    code: Mapped[str | None]  # the provider's own
    at: Mapped[datetime]


class IncomingText(Model):
    """A text or email that came in, by the provider's id, so that the same one twice is one."""

    __tablename__ = "incoming_text"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    borrower_id: Mapped[int | None] = mapped_column(ForeignKey("borrower.id"), index=True)
    meaning: Mapped[str]  # stop, start, help, letter, nobody (a number that we don't know)
    at: Mapped[datetime]


class OutboxText(Model):
    """What the demo's gateway 'sent', for its outbox page. Exists in the demo and in tests alone."""

    __tablename__ = "outbox_text"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    to: Mapped[str]
    text: Mapped[str]
    language: Mapped[str]
    sent_at: Mapped[datetime]
