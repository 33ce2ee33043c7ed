"""'Ask for a new link': open to anybody, so it tells nobody whether we know a number."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import keyring
from portal.models import Borrower, LinkAsked, Message
from portal.queries.borrower_loans import newest_loan
from portal.services import attempts, notices
from portal.services.attempts import Limit
from portal.services.records import ANYONE, audit

PER_NUMBER = Limit("new_link_number", 3, timedelta(hours=1))
PER_ADDRESS = Limit("new_link_address", 30, timedelta(hours=1))
# Whoever asks, by whatever number: nobody's phone is made to ring on and on.
PER_PERSON, PER_PERSON_IN = 5, timedelta(hours=24)
# A family may share a phone.
MOST_PEOPLE = 3
TEMPLATE = "new_link_notice"
# Asked twice in such a time, one text goes out.
SLOT = 600  # seconds


def ask(session: Session, typed: str, phone: str | None, address: str, now: datetime) -> bool:
    """Takes down that somebody wants a new link; False where this was asked too often.

    typed: the lender's client number or a phone number. phone: E.164, where `typed` can be read as one. Nothing is looked
    up here: the worker does (`answer`), so that the time that this takes tells nothing.
    """
    keys = [(PER_NUMBER, phone or typed.casefold()), (PER_ADDRESS, address)]
    if attempts.any_spent(session, keys, now):
        return False
    # Each is one of few, whatever comes of it.
    attempts.record_all(session, keys, False, now)
    keyed = keyring(session)
    session.add(
        LinkAsked(
            phone_hash=keyed.lookup("phone", phone) if phone else None,
            typed_sealed=keyed.seal("link_asked", typed),
            recorded_at=now,
        )
    )
    return True


def answer(session: Session, now: datetime, limit: int) -> int:
    """Plans the texts that were asked for, in the order of asking, at most `limit` askings; how many texts. They are subject
    to every hold that a code is: none goes to a number that was stopped."""
    planned = 0
    for asked in session.scalars(select(LinkAsked).order_by(LinkAsked.id).limit(limit)).all():
        planned += sum(_plan(session, borrower, now) for borrower in _people(session, asked))
        session.delete(asked)
    session.flush()
    return planned


def _people(session: Session, asked: LinkAsked) -> list[Borrower]:
    typed = keyring(session).open("link_asked", asked.typed_sealed)
    named = Borrower.client_number == typed
    found = named | (Borrower.phone_hash == asked.phone_hash) if asked.phone_hash else named
    return list(session.scalars(select(Borrower).where(found).order_by(Borrower.id).limit(MOST_PEOPLE)))


def _plan(session: Session, borrower: Borrower, now: datetime) -> bool:
    loan = newest_loan(session, borrower)
    if loan is None or _had_enough(session, borrower, now):
        return False
    audit(session, ANYONE, "ask_link", "done", "borrower", borrower.id, now)
    return notices.tell(session, borrower, loan, TEMPLATE, "code", f"new_link:{int(now.timestamp()) // SLOT}", now)


def _had_enough(session: Session, borrower: Borrower, now: datetime) -> bool:
    lately = select(func.count(Message.id)).where(
        Message.borrower_id == borrower.id, Message.template == TEMPLATE, Message.planned_at > now - PER_PERSON_IN
    )
    return (session.scalar(lately) or 0) >= PER_PERSON
