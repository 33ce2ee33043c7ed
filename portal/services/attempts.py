"""Limits on guessing and asking, counted in the database so that every process counts the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import keyring
from portal.models import Attempt


@dataclass(frozen=True)
class Limit:
    """At most `most` tries within `window` that were not good, for one key of this kind."""

    kind: str
    most: int
    window: timedelta


Key = tuple[Limit, str]


def any_spent(session: Session, keys: Sequence[Key], now: datetime) -> bool:
    """Whether one of `keys` is spent. Name them in order, what is one's own first and the address last, since each waits
    for whoever tries the same."""
    return any(is_spent(session, limit, key, now) for limit, key in keys)


def is_spent(session: Session, limit: Limit, key: str, now: datetime) -> bool:
    """Whether `key` (a link's, a person's, an address) was tried as often as it may be. Until this transaction ends whoever
    asks the same waits, so that many tries at once are no way round the limit."""
    hashed = keyring(session).lookup(limit.kind, key)
    _wait_for(session, hashed)
    tries = session.scalar(
        select(func.count())
        .select_from(Attempt)
        .where(
            Attempt.kind == limit.kind,
            Attempt.key_hash == hashed,
            Attempt.succeeded.is_(False),
            Attempt.at > now - limit.window,
        )
    )
    return (tries or 0) >= limit.most


def record(session: Session, limit: Limit, key: str, succeeded: bool, now: datetime) -> None:
    session.add(
        Attempt(kind=limit.kind, key_hash=keyring(session).lookup(limit.kind, key), succeeded=succeeded, at=now)
    )


def record_all(session: Session, keys: Sequence[Key], succeeded: bool, now: datetime) -> None:
    for limit, key in keys:
        record(session, limit, key, succeeded, now)


def _wait_for(session: Session, hashed: str) -> None:
    # There may be no row to lock: a code that nobody made, a number that nobody has. (SQLite lets one writer in at a time.)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(int(hashed[:15], 16))))
