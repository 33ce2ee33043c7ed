"""How a settlement ends: all of it came by its day and the rest is waived, or it gives way to what was before it.

The figures follow from the ledger alone (portal.domain.allocation.in_force), on any day and before any of this runs. What is
kept here is that it happened: the plan's ending, the day from which the former schedule is in force again, an event and an
audit entry.
"""

from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from portal.clock import local_date
from portal.domain.allocation import is_kept
from portal.models import Loan, Plan, ScheduleVersion
from portal.queries.accounts import account_under
from portal.queries.lender import the_lender
from portal.services import loans, messages
from portal.services.records import SYSTEM, audit, emit

KEPT, NOT_KEPT = "kept", "not_kept"


def end_settlements(session: Session, now: datetime) -> int:
    """Brings the endings of settlements in line with the ledger; how many changed. A payment that is told late and counts
    in time keeps a settlement that had ended, one that bounces takes back what was kept. A plan agreed since then stands."""
    today = local_date(now, the_lender(session).zone)
    newest = select(func.max(ScheduleVersion.id)).where(ScheduleVersion.loan_id == Plan.loan_id).scalar_subquery()
    doubtful = (
        select(Plan)
        .join(Loan)
        .where(
            Plan.kept_by.is_not(None),
            Plan.schedule_version_id == newest,
            or_(
                and_(Plan.ending.is_(None), or_(Plan.kept_by < today, Loan.status == "paid_off")),
                and_(Plan.ending == KEPT, Loan.status == "open"),
                and_(Plan.ending == NOT_KEPT, Loan.status == "paid_off"),
            ),
        )
        .order_by(Plan.id)
    )
    return sum(_end(session, plan, today, now) for plan in session.scalars(doubtful).all())


def _end(session: Session, plan: Plan, today: date, now: datetime) -> bool:
    loan, version = plan.loan, plan.schedule_version
    loans.lock(session, loan)
    by = plan.kept_by
    if by is None:
        return False
    kept = is_kept(account_under(loan, version), by, today)
    ending = KEPT if kept else NOT_KEPT if by < today else None
    if ending == plan.ending:
        return False
    plan.ending, plan.ended_at = ending, now if ending else None
    plan.in_force = ending != NOT_KEPT
    version.ended_on = None if plan.in_force else today
    session.flush()
    loans.refresh_due(session, loan, today)
    if ending == NOT_KEPT:
        messages.cancel_reminders(session, loan, "plan_ended", now)
    what = {KEPT: "settlement.kept", NOT_KEPT: "settlement.not_kept", None: "settlement.open_again"}[ending]
    emit(session, what, "plan", plan.id, now, {"loan": loan.id, "request": plan.request_id})
    audit(session, SYSTEM, "settlement.end", ending or "open_again", "plan", plan.id, now, {"loan": loan.id})
    return True
