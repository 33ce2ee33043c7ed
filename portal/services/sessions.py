"""Server-side sessions of borrowers and staff: begun after a check, ended by idleness, by their owner or by us."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.crypto import token_hash
from portal.models import Borrower, Staff, WebSession

# Short, since phones are shared; what was being typed is kept (portal.services.kept_forms).
IDLE_BORROWER = timedelta(minutes=15)
IDLE_STAFF = timedelta(minutes=20)
LONGEST = timedelta(hours=12)


def begin(session: Session, who: Borrower | Staff, now: datetime) -> str:
    """Begins a session for `who`; the token that the browser keeps. Only its hash is stored."""
    token = secrets.token_urlsafe(32)
    row = WebSession(token_hash=token_hash(token), started_at=now, seen_at=now)
    if isinstance(who, Staff):
        row.staff_id = who.id
    else:
        row.borrower_id = who.id
    session.add(row)
    return token


def find(session: Session, token: str, now: datetime) -> WebSession | None:
    """The session of `token` where it still lasts."""
    row = session.scalar(select(WebSession).where(WebSession.token_hash == token_hash(token)))
    if row is None or row.ended_at is not None:
        return None
    idle = IDLE_STAFF if row.staff_id is not None else IDLE_BORROWER
    if now - row.seen_at > idle or now - row.started_at > LONGEST:
        return None
    return row


def not_signed_out(session: Session, hashed: str) -> WebSession | None:
    """The session whose token hashes to `hashed`, however long ago it rested, unless it was ended by somebody."""
    return session.scalar(select(WebSession).where(WebSession.token_hash == hashed, WebSession.ended_at.is_(None)))


def touch(session: Session, session_id: int, now: datetime) -> None:
    """Somebody is still there."""
    session.execute(update(WebSession).where(WebSession.id == session_id).values(seen_at=now))


def end(session: Session, token: str, now: datetime) -> None:
    """Signs out, here and in every copy of the cookie."""
    session.execute(
        update(WebSession)
        .where(WebSession.token_hash == token_hash(token), WebSession.ended_at.is_(None))
        .values(ended_at=now)
    )
