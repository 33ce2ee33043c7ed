"""Short links in texts: made, opened, and turned into a session by somebody who shows that they are the borrower."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.crypto import token_hash
from portal.models import Borrower, Link, StoppedNumber
from portal.services import verification
from portal.services.attempts import Limit
from portal.services.records import ANYONE, audit, emit
from portal.services.verification import Claim, NotVerified, Verified

# No look-alikes (0 O 1 l I) and no vowels, so that no word appears by accident. 11 of 31 characters are 54 bits.
ALPHABET = "23456789bcdfghjkmnpqrstvwxyzBCD"
LENGTH = 11
LASTS = timedelta(days=30)

PER_LINK = Limit("verify_link", 5, timedelta(minutes=30))
# Links that are for one thing without a check of who it is, and never a way in.
NO_WAY_IN = frozenset({"unsubscribe"})


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
    """The link of `token` while it lasts and is a way in. An ended, an expired and an unknown one are the same: None."""
    link = session.scalar(select(Link).where(Link.token_hash == token_hash(token)))
    if link is None or link.ended_at is not None or link.expires_at <= now or link.purpose in NO_WAY_IN:
        return None
    return link


def count_opening(session: Session, link: Link) -> None:
    """All that opening a link changes: a counter. Previews and scanners open links too."""
    session.execute(update(Link).where(Link.id == link.id).values(opens=Link.opens + 1))


def verify(session: Session, link: Link, claim: Claim, address: str, now: datetime) -> Verified | NotVerified:
    """Begins a session where `claim` is that of the link's borrower; older links of the same purpose end then."""
    by = ("link", link.id)
    return verification.verify(
        session,
        link.borrower,
        claim,
        (PER_LINK, str(link.id)),
        address,
        by,
        now,
        spend=lambda: _use(session, link, now),
    )


def _use(session: Session, link: Link, now: datetime) -> bool:
    """Notes that the link was used and ends older ones; False where a newer one has just ended it."""
    used = session.execute(update(Link).where(Link.id == link.id, Link.ended_at.is_(None)).values(used_at=now))
    if not used.rowcount:  # type: ignore[attr-defined]
        return False
    _end_older(session, link, now)
    return True


def _end_older(session: Session, link: Link, now: datetime) -> None:
    # Whoever finds an old text on the phone should not get in by it once a newer one was used.
    session.execute(
        update(Link)
        .where(
            Link.borrower_id == link.borrower_id,
            Link.purpose == link.purpose,
            Link.id < link.id,
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
