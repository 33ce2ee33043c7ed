"""Gentle reminders: which loan is told of which payment today. They are planned as messages (portal.services.messages)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session, joinedload

from portal.clock import local_date
from portal.domain import cadence
from portal.domain.contact import Defer, Hold, decide
from portal.models import Borrower, Lender, Loan, LoanPerson, Message
from portal.queries.contacts import OWES, contact_facts
from portal.queries.lender import the_lender
from portal.services.messages import cancel_stale, insert_once, rules_for, step_name

CHUNK = 500


@dataclass
class Planned:
    """What one chunk of planning did. `last_loan_id` is where the next begins; None at the end of the book."""

    counts: Counter[str] = field(default_factory=Counter)
    last_loan_id: int | None = None


@dataclass(frozen=True)
class Occasion:
    """A payment of `loan` that a reminder may be about today."""

    loan: Loan
    due_on: date
    step: int


def plan_reminders(session: Session, now: datetime, after_loan_id: int = 0, limit: int = CHUNK) -> Planned:
    """Plans today's reminders for the next `limit` loans that have a payment coming or just missed.

    One per borrower: who has one waiting gets no second for another loan. A step that an outage left behind is skipped,
    and cancelled where it was planned. Who is held is planned as held, with the reason, so that staff can see it. The due
    dates on the loans have to be of today (portal.services.loans.refresh_passed).
    Counts: planned, held, thinned (the borrower has another waiting), cancelled (stale).
    """
    lender = the_lender(session)
    today = local_date(now, lender.zone)
    loans = _loans_with_occasion(session, lender, today, after_loan_id, limit)
    planned = Planned(last_loan_id=loans[-1].id if len(loans) == limit else None)
    occasions = [found for loan in loans if (found := _occasion(loan, lender, today)) is not None]
    pairs = _people(session, occasions)
    if not pairs:
        return planned
    waiting = _reminders_of(session, pairs)
    facts = contact_facts(session, [(borrower, found.loan) for borrower, found in pairs], "text", "reminder", now)
    rules = rules_for(lender, "reminder")
    rows: list[dict[str, Any]] = []
    busy: set[int] = set()
    for borrower, found in pairs:
        own = waiting.get(borrower.id, [])
        stale = [message.id for message in own if _is_superseded(message, found)]
        planned.counts["cancelled"] += cancel_stale(session, stale, now)
        same = next((message for message in own if _is_about(message, found)), None)
        if same is not None and same.status != "held":
            continue
        if borrower.id in busy or any(
            message.status in ("planned", "claimed") and message.id not in stale for message in own
        ):
            planned.counts["thinned"] += 1
            continue
        decision = decide(facts[borrower.id, found.loan.id], rules, now)
        outcome = {
            "status": "held" if isinstance(decision, Hold) else "planned",
            "reason": decision.reason if isinstance(decision, Hold | Defer) else None,
            "send_after": decision.until if isinstance(decision, Defer) else now,
        }
        if outcome["status"] == "planned":
            busy.add(borrower.id)
        if same is None:
            rows.append(_row(borrower, found, now) | outcome)
        elif outcome["status"] == "planned":
            planned.counts["planned"] += _release(session, same, outcome)
    _insert(session, rows, planned.counts)
    return planned


def _loans_with_occasion(session: Session, lender: Lender, today: date, after: int, limit: int) -> Sequence[Loan]:
    span = cadence.window(lender.cadence, today)
    if span is None:
        return []
    oldest, newest = span
    return session.scalars(
        select(Loan)
        .where(
            Loan.id > after,
            Loan.reminders_on.is_(True),
            Loan.status == "open",
            or_(Loan.next_due_on <= newest, and_(Loan.overdue_since >= oldest, Loan.overdue_since <= newest)),
        )
        .order_by(Loan.id)
        .limit(limit)
    ).all()


def _occasion(loan: Loan, lender: Lender, today: date) -> Occasion | None:
    """The payment whose step came last. A payment that has run through its cadence is a person's to talk about, and so
    are those that were missed after it: of them only the next to come is told."""
    found = []
    for due_on in (loan.overdue_since, loan.next_due_on):
        step = cadence.step_on(lender.cadence, due_on, today) if due_on else None
        if due_on and step is not None:
            found.append(((today - due_on).days - step, Occasion(loan, due_on, step)))
    return min(found, key=lambda aged: aged[0])[1] if found else None


def _people(session: Session, occasions: Sequence[Occasion]) -> list[tuple[Borrower, Occasion]]:
    """Who owes each payment: borrowers and co-borrowers, nobody else."""
    by_loan = {found.loan.id: found for found in occasions}
    parts = session.scalars(
        select(LoanPerson)
        .where(LoanPerson.loan_id.in_(by_loan), LoanPerson.role.in_(OWES))
        .options(joinedload(LoanPerson.borrower))
        .order_by(LoanPerson.loan_id, LoanPerson.borrower_id)
    )
    people = {(part.loan_id, part.borrower_id): (part.borrower, by_loan[part.loan_id]) for part in parts}
    return list(people.values())


def _reminders_of(session: Session, pairs: Sequence[tuple[Borrower, Occasion]]) -> dict[int, list[Message]]:
    """The reminders of these people that wait or are held, and those about the same payments, whatever became of them."""
    rows = session.scalars(
        select(Message).where(
            Message.borrower_id.in_({borrower.id for borrower, _ in pairs}),
            Message.purpose == "reminder",
            or_(
                Message.status.in_(("planned", "claimed", "held")),
                Message.due_on.in_({found.due_on for _, found in pairs}),
            ),
        )
    )
    found: dict[int, list[Message]] = {}
    for message in rows:
        found.setdefault(message.borrower_id, []).append(message)
    return found


def _is_about(message: Message, found: Occasion) -> bool:
    return message.loan_id == found.loan.id and message.due_on == found.due_on and message.step == step_name(found.step)


def _is_superseded(message: Message, found: Occasion) -> bool:
    return message.status == "planned" and message.loan_id == found.loan.id and not _is_about(message, found)


def _row(borrower: Borrower, found: Occasion, now: datetime) -> dict[str, Any]:
    return {
        "borrower_id": borrower.id,
        "loan_id": found.loan.id,
        "due_on": found.due_on,
        "step": step_name(found.step),
        "purpose": "reminder",
        "template": _template(found.step),
        "facts": {},
        "planned_at": now,
    }


def _template(step: int) -> str:
    """Never a louder one: every text after the due date is the same."""
    if step == 0:
        return "reminder_due"
    return "reminder_before" if step < 0 else "reminder_after"


def _release(session: Session, message: Message, outcome: dict[str, Any]) -> int:
    """Plans a held reminder again, since nothing holds it any more."""
    released = session.execute(
        update(Message).where(Message.id == message.id, Message.status == "held").values(**outcome, settled_at=None)
    )
    return int(released.rowcount)  # type: ignore[attr-defined]


def _insert(session: Session, rows: Sequence[dict[str, Any]], counts: Counter[str]) -> None:
    for status in ("planned", "held"):
        counts[status] += insert_once(session, [row for row in rows if row["status"] == status])
