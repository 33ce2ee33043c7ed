"""Short links in texts: made, opened, and turned into a session by somebody who shows that they are the borrower."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.crypto import token_hash
from portal.db import keyring
from portal.models import Borrower, Link, StoppedNumber
from portal.services import attempts, sessions
from portal.services.attempts import Limit
from portal.services.records import ANYONE, Actor, audit, emit

# No look-alikes (0 O 1 l I) and no vowels, so that no word appears by accident. 11 of 31 characters are 54 bits.
ALPHABET = "23456789bcdfghjkmnpqrstvwxyzBCD"
LENGTH = 11
LASTS = timedelta(days=30)

PER_LINK = Limit("verify_link", 5, timedelta(minutes=30))
PER_PERSON = Limit("verify_person", 10, timedelta(hours=24))
PER_ADDRESS = Limit("verify_address", 30, timedelta(hours=1))


@dataclass(frozen=True)
class Claim:
    """What somebody typed to show who they are. Several values where it can be read in more than one way."""

    kind: str  # birth_date, id_last_four, phone_last_four
    values: tuple[str, ...]


@dataclass(frozen=True)
class Verified:
    token: str
    borrower_id: int


@dataclass(frozen=True)
class NotVerified:
    """reason: mismatch, too_many, ended."""

    reason: str


def mint_link(
    session: Session,
    borrower: Borrower,
    purpose: str,
    now: datetime,
    language: str | None = None,
    lasts: timedelta = LASTS,
) -> str:
    """A new link for `borrower`; its token, which is kept nowhere but in the text that carries it."""
    token = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    session.add(
        Link(
            token_hash=token_hash(token),
            borrower_id=borrower.id,
            purpose=purpose,
            language=language or borrower.language,
            phone_hash=borrower.phone_hash,
            opens=0,
            recorded_at=now,
            expires_at=now + lasts,
        )
    )
    return token


def find_link(session: Session, token: str, now: datetime) -> Link | None:
    """The link of `token` while it lasts. An ended, an expired and an unknown one are the same: None."""
    link = session.scalar(select(Link).where(Link.token_hash == token_hash(token)))
    if link is None or link.ended_at is not None or link.expires_at <= now:
        return None
    return link


def count_opening(session: Session, link: Link) -> None:
    """All that opening a link changes: a counter. Previews and scanners open links too."""
    session.execute(update(Link).where(Link.id == link.id).values(opens=Link.opens + 1))


def verify(session: Session, link: Link, claim: Claim, address: str, now: datetime) -> Verified | NotVerified:
    """Begins a session where `claim` is the borrower's. Failures count against link, person and address; the answer to a
    wrong claim and to one that the lender can't check is the same."""
    borrower = link.borrower
    # Guesses about one person are judged one after the other, so that many at once are no way round the limit.
    session.execute(select(Borrower.id).where(Borrower.id == borrower.id).with_for_update())
    keys = ((PER_LINK, str(link.id)), (PER_PERSON, str(borrower.id)), (PER_ADDRESS, address))
    if any(attempts.is_spent(session, limit, key, now) for limit, key in keys):
        audit(session, ANYONE, "verify", "too_many", "link", link.id, now)
        return NotVerified("too_many")
    matches = known_value(session, borrower, claim.kind) in claim.values
    for limit, key in keys:
        attempts.record(session, limit, key, matches, now)
    if not matches:
        audit(session, ANYONE, "verify", "mismatch", "link", link.id, now, {"by": claim.kind})
        return NotVerified("mismatch")
    link.used_at = now
    _end_older(session, link, now)
    audit(session, Actor.borrower(borrower), "verify", "done", "link", link.id, now, {"by": claim.kind})
    return Verified(sessions.begin(session, borrower, now), borrower.id)


def known_value(session: Session, borrower: Borrower, kind: str) -> str | None:
    """What the lender knows of `borrower` for a claim of this kind; None where it knows nothing."""
    keys = keyring(session)
    if kind == "birth_date" and borrower.birth_date_sealed:
        return keys.open("birth_date", borrower.birth_date_sealed)
    if kind == "id_last_four" and borrower.id_last_four_sealed:
        return keys.open("id_last_four", borrower.id_last_four_sealed).upper()
    if kind == "phone_last_four" and borrower.phone_sealed:
        return keys.open("phone", borrower.phone_sealed)[-4:]
    return None


def _end_older(session: Session, link: Link, now: datetime) -> None:
    # Whoever finds an old text on the phone should not get in by it once a newer one was used.
    session.execute(
        update(Link)
        .where(
            Link.borrower_id == link.borrower_id,
            Link.purpose == link.purpose,
            Link.recorded_at < link.recorded_at,
            Link.ended_at.is_(None),
        )
        .values(ended_at=now)
    )


def not_me(session: Session, link: Link, now: datetime) -> None:
    """Whoever got the text is not the borrower: nothing is sent to that number any more, every link that went there
    ends, and staff are told. The borrower has not opted out of anything."""
    session.refresh(link, with_for_update=True)  # the second of two taps finds the number stopped
    if link.phone_hash is not None and session.get(StoppedNumber, link.phone_hash) is None:
        session.add(
            StoppedNumber(
                phone_hash=link.phone_hash, reason="wrong_number", borrower_id=link.borrower_id, stopped_at=now
            )
        )
    same_number = Link.phone_hash == link.phone_hash if link.phone_hash else Link.id == link.id
    session.execute(update(Link).where(same_number, Link.ended_at.is_(None)).values(ended_at=now))
    emit(session, "number.wrong", "borrower", link.borrower_id, now, {"link": link.id})
    audit(session, ANYONE, "not_me", "done", "link", link.id, now)
