"""Check-ins on a plan: planned when it is agreed, asked by a text when their day comes, answered with one tap."""

import secrets
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.clock import local_date
from portal.domain.check_ins import OPEN_FOR, check_in_days
from portal.domain.contact import Hold, decide
from portal.models import Borrower, CheckIn, Plan
from portal.queries.contacts import contact_facts
from portal.queries.lender import the_lender
from portal.services import messages, notices
from portal.services.records import SYSTEM, Actor, audit, emit

Row = dict[str, str | int]


def plan_questions(session: Session, plan: Plan, kind: str, today: date) -> None:
    """Plans the questions about a plan that was just agreed. A skipped payment asks none of its own: those of the plan
    that it was skipped from go on."""
    if kind == "skip":
        _carry_on(session, plan)
        return
    agreed = plan.agreement
    for name, day in check_in_days(today, _payments(agreed["before"]), _payments(agreed["after"])).items():
        session.add(CheckIn(public_id=secrets.token_hex(8), plan_id=plan.id, kind=name, ask_on=day))
    session.flush()


def _payments(kept: list[Row]) -> list[tuple[date, int]]:
    return [(date.fromisoformat(str(row["due_on"])), int(row["amount"])) for row in kept]


def _carry_on(session: Session, plan: Plan) -> None:
    former = session.scalar(
        select(Plan.id).where(Plan.loan_id == plan.loan_id, Plan.id < plan.id).order_by(Plan.id.desc()).limit(1)
    )
    if former is not None:
        unasked = update(CheckIn).where(CheckIn.plan_id == former, CheckIn.asked_at.is_(None))
        session.execute(unasked.values(plan_id=plan.id))


def ask_due(session: Session, now: datetime) -> int:
    """Asks what is due: a text through the outbox, one for each; how many. Not of a plan that has ended, nor while a
    request is open, nor of who has asked for silence; what could not be asked in time is let go."""
    lender = the_lender(session)
    today = local_date(now, lender.zone)
    due = session.scalars(
        select(CheckIn)
        .join(Plan)
        .where(
            CheckIn.asked_at.is_(None),
            CheckIn.ask_on <= today,
            CheckIn.ask_on > today - OPEN_FOR,
            Plan.in_force.is_(True),
        )
        .order_by(CheckIn.ask_on, CheckIn.id)
    ).all()
    return sum(_ask(session, check_in, today, now) for check_in in due)


def _ask(session: Session, check_in: CheckIn, today: date, now: datetime) -> bool:
    loan, borrower = check_in.plan.loan, check_in.plan.request.borrower
    # It is no reminder, but whoever may not be reminded now is not asked either: an open request, a dispute, a stop.
    facts = contact_facts(session, [(borrower, loan)], "text", "reminder", now)[borrower.id, loan.id]
    held = decide(facts, messages.rules_for(the_lender(session), "agreement"), now)
    if loan.status != "open" or isinstance(held, Hold):
        return False
    check_in.asked_at = now
    notices.tell(session, borrower, loan, "check_in_notice", "agreement", f"check_in:{check_in.id}", now)
    audit(session, SYSTEM, "check_in.ask", "done", "check_in", check_in.id, now)
    return True


def answer(session: Session, borrower: Borrower, check_in: CheckIn, said: str, now: datetime) -> None:
    """Keeps the borrower's answer; a later one replaces it."""
    check_in.answer, check_in.answered_at = said, now
    session.flush()
    emit(session, "check_in.answered", "check_in", check_in.id, now, {"loan": check_in.plan.loan_id, "answer": said})
    audit(session, Actor.borrower(borrower), "check_in.answer", "done", "check_in", check_in.id, now)
