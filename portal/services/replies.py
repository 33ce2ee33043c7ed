"""Texts that come in: STOP, START and HELP at once, and everything else as a letter to a person."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import keyring
from portal.domain.replies import meaning
from portal.models import Borrower, IncomingText, Message
from portal.reply_words import vocabulary
from portal.services import letters, notices, opt_outs
from portal.services.records import ANYONE, audit

# Whoever asks for help twice in this time has the answer already.
HELPED = timedelta(hours=12)


def receive(session: Session, phone: str | None, words: str, reference: str, now: datetime) -> str:
    """Takes in a text from `phone` (E.164; None: a number that can't be read); what it meant: stop, start, help, letter,
    nobody (a number that we don't know) or again (this `reference` of the provider's was taken in before).

    A number that several borrowers share stops and starts for all of them; a letter is of whom we wrote to last.
    """
    if session.scalar(select(IncomingText.id).where(IncomingText.reference == reference)) is not None:
        return "again"
    people = _people(session, phone)
    meant = meaning(words, vocabulary()) if people else "nobody"
    if meant == "start" and not any(opt_outs.is_stopped(session, borrower, now) for borrower in people):
        meant = "letter"  # a 'yes' of somebody who stopped nothing answers a person
    session.add(IncomingText(reference=reference, borrower_id=people[0].id if people else None, meaning=meant, at=now))
    session.flush()
    if not people:
        audit(session, ANYONE, "text_in", "nobody", "incoming_text", None, now)
    elif meant == "stop":
        stopped = [borrower for borrower in people if opt_outs.stop(session, borrower, "text", now)]
        if stopped:
            _confirm(session, stopped[0], "stop_confirmed", now)
    elif meant == "start":
        started = [borrower for borrower in people if opt_outs.start(session, borrower, "text", now)]
        if started:
            _confirm(session, started[0], "start_confirmed", now)
    elif meant == "help":
        if not _was_helped(session, people[0], now):
            _confirm(session, people[0], "help_answer", now)
    else:
        letters.write(session, people[0], None, words, people[0].language, now)
    return meant


def kannel_key(session: Session) -> str:
    """What stands in the address that Kannel hands texts to, so that nobody else can."""
    return keyring(session).lookup("incoming", "kannel")[:32]


def _people(session: Session, phone: str | None) -> list[Borrower]:
    """Who has this number, whom we wrote to last first."""
    if phone is None:
        return []
    found = session.scalars(
        select(Borrower).where(Borrower.phone_hash == keyring(session).lookup("phone", phone)).order_by(Borrower.id)
    ).all()
    if len(found) < 2:
        return list(found)
    last = {
        borrower.id: session.scalar(
            select(Message.claimed_at)
            .where(Message.borrower_id == borrower.id, Message.claimed_at.is_not(None))
            .order_by(Message.claimed_at.desc())
            .limit(1)
        )
        for borrower in found
    }
    return sorted(found, key=lambda borrower: (last[borrower.id] is None, -_seconds(last[borrower.id])))


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def _was_helped(session: Session, borrower: Borrower, now: datetime) -> bool:
    answered = select(Message.id).where(
        Message.borrower_id == borrower.id, Message.template == "help_answer", Message.planned_at > now - HELPED
    )
    return session.scalar(answered.limit(1)) is not None


def _confirm(session: Session, borrower: Borrower, template: str, now: datetime) -> None:
    notices.tell(session, borrower, None, template, "answer", f"{template}:{now:%H%M%S%f}", now)
