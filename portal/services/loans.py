"""A loan's own record: money that came in, and the dates that follow from schedule and ledger."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.allocation import statement
from portal.models import LedgerEntry, Loan
from portal.queries.accounts import loan_account
from portal.services import paid_notices
from portal.services.records import SYSTEM, Actor, audit, emit


def lock(session: Session, loan: Loan) -> None:
    """Waits for whoever begins something about `loan` at this moment, so that two can't begin the same. (SQLite lets one
    writer in at a time.)"""
    session.execute(select(Loan.id).where(Loan.id == loan.id).with_for_update())


def record_payment(
    session: Session,
    loan: Loan,
    amount: int,
    effective_on: date,
    now: datetime,
    today: date,
    source: str = "staff",
    source_key: str | None = None,
    actor: Actor = SYSTEM,
) -> LedgerEntry:
    """Enters `amount` minor units that came in and count from `effective_on` (a date of the lender's zone)."""
    entry = LedgerEntry(
        kind="payment",
        amount=amount,
        effective_on=effective_on,
        recorded_at=now,
        source=source,
        source_key=source_key,
    )
    loan.entries.append(entry)
    session.flush()
    refresh_due(session, loan, today)
    paid_notices.match_entry(session, entry, now)
    emit(session, "payment.recorded", "loan", loan.id, now, {"entry": entry.id})
    audit(session, actor, "record_payment", "done", "loan", loan.id, now, {"entry": entry.id})
    return entry


def refresh_due(session: Session, loan: Loan, today: date) -> None:
    """Brings `next_due_on`, `overdue_since` and the status in line with schedule and ledger as of `today`."""
    stated = statement(loan_account(session, loan), today)
    loan.next_due_on = stated.next_due[0] if stated.next_due else None
    loan.overdue_since = stated.overdue_since
    if loan.status != "written_off":
        loan.status = "paid_off" if stated.is_paid_off else "open"
    session.flush()


def refresh_passed(session: Session, today: date, limit: int) -> int:
    """Brings up to date the next `limit` loans whose next due date has passed; how many there were. Ask until it is 0."""
    passed = session.scalars(select(Loan).where(Loan.next_due_on < today).order_by(Loan.next_due_on).limit(limit)).all()
    for loan in passed:
        refresh_due(session, loan, today)
    return len(passed)
