"""The passbook: every contact with one borrower, made or planned, and whom else we contacted about their loans."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import Session, joinedload

from portal.clock import local_date
from portal.contact_rules import rule_sets
from portal.db import keyring
from portal.domain.contact import UNCOUNTED, Defer, Hold, decide
from portal.domain.contact_facts import Facts
from portal.domain.contact_wishes import caps_on_everything
from portal.models import Borrower, Complaint, Contact, Lender, Loan, LoanPerson, Message, Staff
from portal.queries.contacts import OWES, contact_facts

LATELY = timedelta(days=30)
ADDRESS = re.compile(r"\S*https?://\S+")


@dataclass(frozen=True)
class ContactLine:
    """One contact. at: an instant; who: a member of staff or an agency, None for what went by itself; days: of a reminder,
    from the payment's day (below zero before it); said: the text as it went out, without its link, in `language`;
    words: what was said, as staff wrote it down; complaint_id: what the borrower said of it."""

    contact_id: int
    at: datetime
    form: str
    unit: str
    purpose: str
    template: str | None
    about: date | None
    days: int | None
    who: str | None
    said: str | None
    language: str | None
    outcome: str | None
    words: str | None
    next_step: str | None
    next_on: date | None
    complaint_id: str | None


@dataclass(frozen=True)
class PlannedLine:
    """What we plan: a message (purpose, template), a step that staff wrote down, or the next reminder. `on` is of the
    borrower's zone; `at` the instant, where one is known."""

    on: date
    form: str
    purpose: str | None
    about: date | None = None
    days: int | None = None
    who: str | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Planned:
    """`lines` in order of time; `resting`: the reasons for which no reminder goes now (kinds of hold)."""

    lines: tuple[PlannedLine, ...]
    resting: tuple[str, ...]


@dataclass(frozen=True)
class OtherPerson:
    """Somebody else on the borrower's loans whom we contacted about them: how often, and when last."""

    name: str
    role: str
    times: int
    last_on: date


@dataclass(frozen=True)
class Lately:
    """Contacts of the last 30 days but for those that the borrower asked for, and the most that the lender allows itself."""

    times: int
    most_a_day: int | None
    most: int | None


def contact_count(session: Session, borrower: Borrower) -> int:
    return session.scalar(select(func.count(Contact.id)).where(Contact.borrower_id == borrower.id)) or 0


def contact_lines(session: Session, borrower: Borrower, language: str, begins: int, most: int) -> list[ContactLine]:
    """The contacts with `borrower`, the newest first, from the place `begins` on and at most so many."""
    rows = session.execute(
        select(Contact, Message, Staff, Complaint.public_id)
        .outerjoin(Message, Message.id == Contact.message_id)
        .outerjoin(Staff, Staff.id == Contact.staff_id)
        .outerjoin(Complaint, Complaint.id == _newest_complaint())
        .where(Contact.borrower_id == borrower.id)
        .order_by(Contact.at.desc(), Contact.id.desc())
        .offset(begins)
        .limit(most)
    )
    keys = keyring(session)
    lines = []
    for contact, message, staff, complaint_id in rows:
        said = keys.open("text", message.text_sealed) if message and message.text_sealed else None
        lines.append(
            ContactLine(
                contact_id=contact.id,
                at=contact.at,
                form=contact.form,
                unit=contact.unit,
                purpose=contact.purpose,
                template=message.template if message else None,
                about=message.due_on if message else None,
                days=step_days(message.step) if message else None,
                who=(staff.names.get(language) or staff.name) if staff else contact.agency,
                said=" ".join(ADDRESS.sub("", said).split()) if said else None,
                language=message.language if message else None,
                outcome=contact.outcome,
                words=keys.open("words", contact.words_sealed) if contact.words_sealed else None,
                next_step=contact.next_step,
                next_on=contact.next_on,
                complaint_id=complaint_id,
            )
        )
    return lines


def _newest_complaint() -> ScalarSelect[int]:
    """The borrower's own newest complaint about a contact."""
    return (
        select(func.max(Complaint.id))
        .where(Complaint.contact_id == Contact.id, Complaint.borrower_id == Contact.borrower_id)
        .correlate(Contact)
        .scalar_subquery()
    )


def step_days(step: str) -> int | None:
    """Days from the payment's day of a reminder's step: 'due-3' is -3. None for any other."""
    found = re.fullmatch(r"due([+-]\d+)", step)
    return int(found[1]) if found else None


def own_contact(session: Session, borrower: Borrower, contact_id: str | None) -> Contact | None:
    """The contact of this number where it was with `borrower`."""
    if not contact_id or not contact_id.isascii() or not contact_id.isdigit() or len(contact_id) > 12:
        return None
    return session.scalar(select(Contact).where(Contact.id == int(contact_id), Contact.borrower_id == borrower.id))


def newest_contacts(session: Session, borrower: Borrower, most: int) -> Sequence[Contact]:
    """The last contacts with `borrower`, the newest first."""
    newest = select(Contact).where(Contact.borrower_id == borrower.id).order_by(Contact.at.desc(), Contact.id.desc())
    return session.scalars(newest.limit(most)).all()


def lately(session: Session, borrower: Borrower, lender: Lender, now: datetime) -> Lately:
    times = session.scalar(
        select(func.count(Contact.id)).where(
            Contact.borrower_id == borrower.id, Contact.at > now - LATELY, Contact.purpose.not_in(UNCOUNTED)
        )
    )
    most_a_day, most = caps_on_everything(rule_sets(lender.contact_rules))
    return Lately(times or 0, most_a_day, most)


def planned(session: Session, borrower: Borrower, lender: Lender, language: str, now: datetime) -> Planned:
    """What is planned, as the contact rules would let it go if nothing changed."""
    today = local_date(now, borrower.zone)
    lines = [*_messages(session, borrower), *_next_steps(session, borrower, language, today)]
    reminders, resting = _reminders(session, borrower, lender, now)
    known = {(line.purpose, line.about) for line in lines}
    lines += [line for line in reminders if (line.purpose, line.about) not in known]
    return Planned(tuple(sorted(lines, key=lambda line: line.on)), resting)


def _messages(session: Session, borrower: Borrower) -> list[PlannedLine]:
    waiting = select(Message).where(Message.borrower_id == borrower.id, Message.status == "planned")
    return [
        PlannedLine(
            on=local_date(message.send_after, borrower.zone),
            form=message.form,
            purpose=message.purpose,
            about=message.due_on,
            days=step_days(message.step),
            at=message.send_after,
        )
        for message in session.scalars(waiting)
    ]


def _next_steps(session: Session, borrower: Borrower, language: str, today: date) -> list[PlannedLine]:
    """What staff said they would do next, of the newest contact that planned something."""
    found = session.execute(
        select(Contact, Staff)
        .outerjoin(Staff, Staff.id == Contact.staff_id)
        .where(Contact.borrower_id == borrower.id, Contact.next_on >= today, Contact.next_step.is_not(None))
        .order_by(Contact.at.desc())
        .limit(1)
    ).first()
    if found is None:
        return []
    contact, staff = found
    if contact.next_on is None or contact.next_step is None:
        return []
    who = (staff.names.get(language) or staff.name) if staff else contact.agency
    return [PlannedLine(contact.next_on, contact.next_step, None, who=who)]


def _reminders(
    session: Session, borrower: Borrower, lender: Lender, now: datetime
) -> tuple[list[PlannedLine], tuple[str, ...]]:
    """The next reminder about each loan, and why there is none where something keeps them away."""
    loans = session.scalars(
        select(Loan)
        .join(LoanPerson)
        .where(
            LoanPerson.borrower_id == borrower.id,
            LoanPerson.role.in_(OWES),
            Loan.status == "open",
            Loan.reminders_on.is_(True),
            Loan.next_due_on.is_not(None),
        )
    ).all()
    if not loans or not lender.cadence:
        return [], ()
    facts = contact_facts(session, [(borrower, loan) for loan in loans], "text", "reminder", now)
    rules = rule_sets(lender.contact_rules)
    lines: list[PlannedLine] = []
    resting: dict[str, None] = {}
    for loan in loans:
        step = min(lender.cadence)
        assert loan.next_due_on is not None
        held = decide(_alone(facts[borrower.id, loan.id]), rules, now)
        if isinstance(held, Hold):
            resting[held.reason] = None
            continue
        on = loan.next_due_on + timedelta(days=step)
        if on > local_date(now, borrower.zone):
            lines.append(PlannedLine(on, "text", "reminder", loan.next_due_on, step))
        elif isinstance(held, Defer) and held.reason == "wish":
            resting["wish"] = None
    return lines, tuple(resting)


def _alone(facts: Facts) -> Facts:
    """What keeps a reminder away for longer than the caps do: those are met by another day."""
    return replace(facts, history=())


def named_beside(session: Session, borrower: Borrower) -> dict[int, LoanPerson]:
    """Whoever guarantees the borrower's loans or was named to speak for them, by borrower id."""
    parts = session.scalars(
        select(LoanPerson)
        .where(
            LoanPerson.loan_id.in_(_loans_of(borrower)),
            LoanPerson.borrower_id != borrower.id,
            LoanPerson.role.in_(("guarantor", "nominated_contact")),
        )
        .options(joinedload(LoanPerson.borrower))
    )
    return {part.borrower_id: part for part in parts}


def other_people(session: Session, borrower: Borrower, lender: Lender) -> list[OtherPerson]:
    """Those of `named_beside` whom we contacted about the borrower's loans."""
    people = named_beside(session, borrower)
    told = session.execute(
        select(Contact.borrower_id, func.count(Contact.id), func.max(Contact.at))
        .where(Contact.loan_id.in_(_loans_of(borrower)), Contact.borrower_id.in_(people))
        .group_by(Contact.borrower_id)
    )
    return [
        OtherPerson(people[who].borrower.name, people[who].role, times, local_date(last, lender.zone))
        for who, times, last in told
    ]


def _loans_of(borrower: Borrower) -> Select[int]:
    return select(LoanPerson.loan_id).where(LoanPerson.borrower_id == borrower.id, LoanPerson.role.in_(OWES))
