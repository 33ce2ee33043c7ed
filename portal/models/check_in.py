"""Check-ins on a plan: after the first changed payment, midway, and a week before relief ends."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Key, Model
from portal.models.plan import Plan


class CheckIn(Model):
    """One short question about a plan, each kind once."""

    __tablename__ = "check_in"
    __table_args__ = (
        CheckConstraint("kind IN ('first_payment', 'midway', 'before_end')", name="kind"),
        CheckConstraint("answer IS NULL OR answer IN ('well', 'hard', 'cannot', 'talk')", name="answer"),
        UniqueConstraint("plan_id", "kind"),
        Index("ix_check_in_ask_on", "ask_on"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    kind: Mapped[str]
    ask_on: Mapped[date]
    asked_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    words_sealed: Mapped[str | None]
    answered_at: Mapped[datetime | None]

    plan: Mapped[Plan] = relationship()
