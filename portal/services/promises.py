"""A promise of a date: reminders rest until it, and the ledger alone says afterwards what came. No blame follows."""

import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import local_date
from portal.domain.payment_notices import LONGEST_PROMISE, PROMISE_GRACE, judge_promise
from portal.models import Borrower, Loan, Promise
from portal.queries.lender import the_lender
from portal.services import loans
from portal.services.paid_notices import payments_of
from portal.services.records import SYSTEM, Actor, audit, emit


def latest_day(today: date) -> date:
    """The last day that can be promised."""
    return today + LONGEST_PROMISE


def open_promise(session: Session, loan: Loan) -> Promise | None:
    return session.scalar(select(Promise).where(Promise.loan_id == loan.id, Promise.status == "open"))


def promise(session: Session, borrower: Borrower, loan: Loan, amount: int, promised_on: date, now: datetime) -> Promise:
    """`amount` (minor units) by `promised_on`, which is between today and `latest_day`. The promise that was open is
    replaced."""
    loans.lock(session, loan)
    actor = Actor.borrower(borrower)
    former = open_promise(session, loan)
    if former is not None:
        _settle(session, former, "replaced", actor, now)
    made = Promise(
        public_id=secrets.token_hex(8),
        borrower_id=borrower.id,
        loan_id=loan.id,
        amount=amount,
        promised_on=promised_on,
        status="open",
        recorded_at=now,
    )
    session.add(made)
    session.flush()
    emit(session, "promise.made", "promise", made.id, now, {"loan": loan.id})
    audit(session, actor, "promise", "done", "promise", made.id, now)
    return made


def withdraw(session: Session, borrower: Borrower, loan: Loan, now: datetime) -> bool:
    """Takes the open promise back; False where there is none. Reminders begin again as if it had not been made."""
    loans.lock(session, loan)
    found = open_promise(session, loan)
    if found is None:
        return False
    _settle(session, found, "withdrawn", Actor.borrower(borrower), now)
    return True


def judge(session: Session, now: datetime) -> int:
    """Judges the promises whose day and grace are over by what the ledger holds; how many."""
    zone = the_lender(session).zone
    over = local_date(now, zone) - PROMISE_GRACE - timedelta(days=1)
    due = session.scalars(select(Promise).where(Promise.status == "open", Promise.promised_on <= over)).all()
    for found in due:
        came = [(entry.effective_on, entry.amount) for entry in payments_of(found.loan)]
        made_on = local_date(found.recorded_at, zone)
        _settle(session, found, judge_promise(found.amount, made_on, found.promised_on, came), SYSTEM, now)
    return len(due)


def _settle(session: Session, found: Promise, status: str, actor: Actor, now: datetime) -> None:
    found.status, found.settled_at = status, now
    session.flush()
    emit(session, f"promise.{status}", "promise", found.id, now, {"loan": found.loan_id})
    audit(session, actor, "settle_promise", status, "promise", found.id, now)
