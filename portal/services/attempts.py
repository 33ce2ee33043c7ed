"""Limits on guessing, counted in the database so that every process counts the same."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import keyring
from portal.models import Attempt


@dataclass(frozen=True)
class Limit:
    """At most `most` failures within `window` for one key of this kind."""

    kind: str
    most: int
    window: timedelta


def is_spent(session: Session, limit: Limit, key: str, now: datetime) -> bool:
    """Whether `key` (a link's, a person's, an address) has failed as often as it may."""
    failures = session.scalar(
        select(func.count())
        .select_from(Attempt)
        .where(
            Attempt.kind == limit.kind,
            Attempt.key_hash == keyring(session).lookup(limit.kind, key),
            Attempt.succeeded.is_(False),
            Attempt.at > now - limit.window,
        )
    )
    return (failures or 0) >= limit.most


def record(session: Session, limit: Limit, key: str, succeeded: bool, now: datetime) -> None:
    session.add(
        Attempt(kind=limit.kind, key_hash=keyring(session).lookup(limit.kind, key), succeeded=succeeded, at=now)
    )
