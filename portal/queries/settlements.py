"""Settlements that were not kept, for those whom it concerns: the borrower, and who is responsible for the loan."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from portal.models import Loan, Plan, ScheduleVersion, Staff
from portal.queries.branches import in_branch


@dataclass(frozen=True)
class EndedSettlement:
    """A settlement of which not all came by `kept_by`. request_id is public."""

    request_id: str
    name: str
    reference: str
    kept_by: date


def _not_kept(since: datetime) -> Select[Plan]:
    newest = select(func.max(ScheduleVersion.id)).where(ScheduleVersion.loan_id == Plan.loan_id).scalar_subquery()
    return (
        select(Plan)
        .join(Loan)
        .where(Plan.ending == "not_kept", Plan.ended_at > since, Plan.schedule_version_id == newest)
        .options(joinedload(Plan.request))
        .order_by(Plan.ended_at.desc())
    )


def ended_by_loan(session: Session, loan_ids: Collection[int], since: datetime) -> dict[int, Plan]:
    """Of a borrower's own loans: the settlement that was not kept since then, where nothing else was agreed after it."""
    return {plan.loan_id: plan for plan in session.scalars(_not_kept(since).where(Plan.loan_id.in_(loan_ids)))}


def ended_settlements(session: Session, staff: Staff, since: datetime) -> tuple[EndedSettlement, ...]:
    """What `staff` may see of settlements that were not kept since then, the newest first."""
    return tuple(
        EndedSettlement(plan.request.public_id, plan.request.borrower.name, plan.loan.reference, plan.kept_by)
        for plan in session.scalars(_not_kept(since).where(in_branch(staff, Loan.branch_id)))
        if plan.kept_by is not None
    )
