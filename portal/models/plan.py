"""Agreements: a plan that both sides said yes to, kept with the words and figures as they were."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Key, Model
from portal.models.hardship import HardshipRequest
from portal.models.loan import Loan, ScheduleVersion
from portal.models.staff import Staff


class Plan(Model):
    """An agreed plan. `agreement` is everything the page shows, frozen; `fingerprint` is its SHA-256."""

    __tablename__ = "plan"
    __table_args__ = (
        Index(
            "uq_plan_in_force", "loan_id", unique=True, postgresql_where=text("in_force"), sqlite_where=text("in_force")
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"), index=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("hardship_request.id"), unique=True)
    schedule_version_id: Mapped[int] = mapped_column(ForeignKey("schedule_version.id"))
    in_force: Mapped[bool]
    agreement: Mapped[dict[str, Any]]
    fingerprint: Mapped[str]
    paper_code: Mapped[str] = mapped_column(unique=True)  # stands on the paper: tells whoever has it that it is genuine
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    agreed_at: Mapped[datetime]
    kept_by: Mapped[date | None] = mapped_column(index=True)  # of a settlement: the day by which all of it has to come
    ending: Mapped[str | None]  # of a settlement: kept, not_kept
    ended_at: Mapped[datetime | None]
    days_past_due_before: Mapped[int]  # a restructure must not make PAR fall

    loan: Mapped[Loan] = relationship()
    request: Mapped[HardshipRequest] = relationship()
    schedule_version: Mapped[ScheduleVersion] = relationship()
    agreed_by: Mapped[Staff | None] = relationship()
