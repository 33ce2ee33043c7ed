"""'I need to talk to someone today': heard, on top of what waits, and no reminder meanwhile."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Borrower, Hold, Letter
from portal.services import letters
from portal.services.records import Actor, audit

SILENT = timedelta(days=7)


def ask(session: Session, borrower: Borrower, words: str, language: str, now: datetime) -> Letter:
    """Keeps the wish with its words; reminders rest for SILENT."""
    letter = letters.write(session, borrower, None, words, language, now, urgency="today")
    session.add(Hold(borrower_id=borrower.id, kind="talk_today", starts_at=now, ends_at=now + SILENT, recorded_at=now))
    audit(session, Actor.borrower(borrower), "ask_to_talk", "done", "letter", letter.id, now)
    return letter


def waiting(session: Session, borrower: Borrower) -> Letter | None:
    """The newest such wish that nobody has answered."""
    return session.scalars(
        select(Letter)
        .where(Letter.borrower_id == borrower.id, Letter.urgency == "today", Letter.answered_at.is_(None))
        .order_by(Letter.id.desc())
        .limit(1)
    ).first()
