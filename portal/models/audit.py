"""What happened (events) and who did or saw it (audit): plain appends, without personal data."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Key, Model


class Event(Model):
    """Something that others may want to know: feeds timelines, and later webhooks."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_subject", "subject_type", "subject_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    type: Mapped[str]  # request.sent, offer.made, plan.agreed, …
    subject_type: Mapped[str]
    subject_id: Mapped[int] = mapped_column(BigInteger)
    payload: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class AuditEntry(Model):
    """Who did, saw or was refused what."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject_type", "subject_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    actor: Mapped[str]  # staff, borrower, system, anyone
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    borrower_id: Mapped[int | None] = mapped_column(ForeignKey("borrower.id"))
    action: Mapped[str]
    outcome: Mapped[str]  # done, or the code of the refusal
    subject_type: Mapped[str]
    subject_id: Mapped[int | None] = mapped_column(BigInteger)
    detail: Mapped[dict[str, Any]]
    request_id: Mapped[str | None]  # of the web request, as in the log
    at: Mapped[datetime]
