"""What the contact gate has to know, read for many people at once."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal import public_holidays
from portal.clock import local_date
from portal.domain.contact_facts import ActiveHold, Facts, PastContact
from portal.domain.contact_wishes import UNSAID
from portal.domain.hardship import DRAFT_RESTS
from portal.models import (
    Borrower,
    Complaint,
    Contact,
    Dispute,
    HardshipRequest,
    Hold,
    Loan,
    LoanPerson,
    Message,
    StoppedNumber,
)
from portal.queries.contact_wishes import newest_wishes
from portal.queries.lender import the_lender
from portal.queries.payment_notices import told_of_payments

# The longest window that any rule counts in is a calendar month.
REMEMBERED = timedelta(days=32)
OWES = frozenset({"borrower", "co_borrower"})

Pair = tuple[int, int]


def contact_facts(
    session: Session, pairs: Iterable[tuple[Borrower, Loan]], form: str, purpose: str, now: datetime
) -> dict[Pair, Facts]:
    """The facts for a contact of this form and purpose with each borrower about each loan, by (borrower id, loan id).

    A text that is being sent right now counts as made, so that nobody gets two at once.
    """
    wanted = list(pairs)
    people = {borrower.id: borrower for borrower, _ in wanted}
    loans = {loan.id: loan for _, loan in wanted}
    today = local_date(now, the_lender(session).zone)
    history = _history(session, people, now)
    roles = _roles(session, people, loans)
    borrower_holds, loan_holds = _holds(session, people, loans, now)
    stopped = _stopped(session, people.values())
    wishes = newest_wishes(session, people)
    facts = {}
    for borrower, loan in wanted:
        holds = [*borrower_holds.get(borrower.id, ()), *loan_holds.get(loan.id, ())]
        if form in ("text", "call"):
            if borrower.phone_sealed is None:
                holds.insert(0, ActiveHold("no_phone"))
            elif borrower.phone_hash in stopped:
                holds.insert(0, ActiveHold("wrong_number"))
        wish = wishes.get(borrower.id, UNSAID)
        unwelcome = wish.hold(form)
        if unwelcome is not None:
            holds.append(unwelcome)
        if loan.status != "open":
            holds.append(ActiveHold("nothing_due" if loan.status == "paid_off" else loan.status))
        facts[borrower.id, loan.id] = Facts(
            zone=borrower.zone,
            form=form,
            purpose=purpose,
            to=_addressee(roles.get((borrower.id, loan.id), ())),
            history=tuple(history.get(borrower.id, ())),
            holds=tuple(holds),
            holidays=public_holidays.around(borrower.zone, local_date(now, borrower.zone)),
            debt=str(loan.id),
            number=borrower.phone_hash,
            wish=wish.window,
            wish_days=wish.days,
            consent=wish.consent,
            days_past_due=max((today - loan.overdue_since).days, 0) if loan.overdue_since else 0,
        )
    return facts


def _addressee(roles: Collection[str]) -> str:
    if OWES.intersection(roles):
        return "borrower"
    return "guarantor" if "guarantor" in roles else "nominated_contact"


def _roles(session: Session, people: Collection[int], loans: Collection[int]) -> dict[Pair, list[str]]:
    rows = session.execute(
        select(LoanPerson.borrower_id, LoanPerson.loan_id, LoanPerson.role).where(
            LoanPerson.borrower_id.in_(people), LoanPerson.loan_id.in_(loans)
        )
    )
    roles: dict[Pair, list[str]] = {}
    for borrower_id, loan_id, role in rows:
        roles.setdefault((borrower_id, loan_id), []).append(role)
    return roles


def _history(session: Session, people: Collection[int], now: datetime) -> dict[int, list[PastContact]]:
    made: dict[int, list[PastContact]] = {}
    contacts = select(Contact).where(Contact.borrower_id.in_(people), Contact.at > now - REMEMBERED)
    for contact in session.scalars(contacts):
        made.setdefault(contact.borrower_id, []).append(
            PastContact(
                contact.at, contact.form, contact.unit, str(contact.loan_id), contact.phone_hash, contact.purpose
            )
        )
    in_flight = select(Message.borrower_id, Message.loan_id, Message.form, Message.purpose, Message.claimed_at).where(
        Message.borrower_id.in_(people), Message.status == "claimed"
    )
    for borrower_id, loan_id, form, purpose, claimed_at in session.execute(in_flight):
        unanswered = PastContact(claimed_at or now, form, "attempt", str(loan_id), None, purpose)
        made.setdefault(borrower_id, []).append(unanswered)
    return made


def _stopped(session: Session, people: Iterable[Borrower]) -> set[str]:
    hashes = {borrower.phone_hash for borrower in people if borrower.phone_hash}
    return set(session.scalars(select(StoppedNumber.phone_hash).where(StoppedNumber.phone_hash.in_(hashes))))


Holds = dict[int, list[ActiveHold]]


def _holds(session: Session, people: Collection[int], loans: Collection[int], now: datetime) -> tuple[Holds, Holds]:
    """Holds of people (about everything) and holds of loans (for everybody on them)."""
    of_borrower: Holds = {}
    of_loan: Holds = {}
    kept = select(Hold).where(
        Hold.borrower_id.in_(people), Hold.starts_at <= now, or_(Hold.ends_at.is_(None), Hold.ends_at > now)
    )
    for hold in session.scalars(kept):
        active = ActiveHold(hold.kind, hold.starts_at, hold.ends_at, form=hold.form)
        if hold.loan_id is None:
            of_borrower.setdefault(hold.borrower_id, []).append(active)
        else:
            of_loan.setdefault(hold.loan_id, []).append(active)
    requests = select(
        HardshipRequest.borrower_id,
        HardshipRequest.loan_id,
        HardshipRequest.status,
        HardshipRequest.changed_at,
        HardshipRequest.version,
    ).where(
        HardshipRequest.is_open.is_(True),
        or_(HardshipRequest.borrower_id.in_(people), HardshipRequest.loan_id.in_(loans)),
    )
    for borrower_id, loan_id, status, changed_at, version in session.execute(requests):
        resting = _request_hold(status, changed_at, version)
        if resting is not None:
            of_borrower.setdefault(borrower_id, []).append(resting)
            of_loan.setdefault(loan_id, []).append(resting)
    disputes = select(Dispute.borrower_id, Dispute.loan_id).where(
        Dispute.is_open.is_(True), or_(Dispute.borrower_id.in_(people), Dispute.loan_id.in_(loans))
    )
    for borrower_id, loan_id in session.execute(disputes):
        of_borrower.setdefault(borrower_id, []).append(ActiveHold("dispute"))
        of_loan.setdefault(loan_id, []).append(ActiveHold("dispute"))
    # What somebody complains of rests; where it is about no contact, reminders of every form do.
    complaints = (
        select(Complaint.borrower_id, Contact.form)
        .outerjoin(Contact, Contact.id == Complaint.contact_id)
        .where(Complaint.is_open.is_(True), Complaint.borrower_id.in_(people))
    )
    for borrower_id, form in session.execute(complaints):
        of_borrower.setdefault(borrower_id, []).append(ActiveHold("complaint", form=form))
    for loan_id, told in told_of_payments(session, loans):
        of_loan.setdefault(loan_id, []).append(told)
    return of_borrower, of_loan


def _request_hold(status: str, changed_at: datetime, version: int) -> ActiveHold | None:
    if status == "draft":
        # Opening the page holds nothing; the first answer that is saved does, for a stated time.
        return ActiveHold("draft_request", ends=changed_at + DRAFT_RESTS) if version > 1 else None
    return ActiveHold("offer_open" if status in ("offered", "talking") else "open_request")
