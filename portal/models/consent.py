"""A guarantor's yes or no to a plan that changes what they guarantee."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Key, Model
from portal.models.borrower import Borrower
from portal.models.hardship import HardshipRequest


class GuarantorConsent(Model):
    """Asked of one guarantor about one plan: `terms` and `figures` are what both sides agreed to, and what is shown.
    No such plan is in force before every guarantor said yes."""

    __tablename__ = "guarantor_consent"
    __table_args__ = (
        CheckConstraint("status IN ('asked', 'given', 'refused', 'ended')", name="status"),
        UniqueConstraint("request_id", "guarantor_id", "fingerprint"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("hardship_request.id"), index=True)
    guarantor_id: Mapped[int] = mapped_column(ForeignKey("borrower.id"), index=True)
    status: Mapped[str]
    terms: Mapped[dict[str, Any]]
    figures: Mapped[dict[str, Any]]
    fingerprint: Mapped[str]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    language: Mapped[str]

    request: Mapped[HardshipRequest] = relationship()
    guarantor: Mapped[Borrower] = relationship()
