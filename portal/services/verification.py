"""Whether somebody is the borrower: what they claim, and their personal word where they have set one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.db import keyring
from portal.models import Borrower
from portal.services import attempts, personal_word, sessions
from portal.services.attempts import Key, Limit
from portal.services.records import ANYONE, Actor, audit

PER_PERSON = Limit("verify_person", 10, timedelta(hours=24))
PER_ADDRESS = Limit("verify_address", 30, timedelta(hours=1))


@dataclass(frozen=True)
class Claim:
    """What somebody typed to show who they are. Several values where it can be read in more than one way. `word`: what they
    typed for their personal word, which may be nothing."""

    kind: str  # birth_date, id_last_four, phone_last_four
    values: tuple[str, ...]
    word: str = ""


@dataclass(frozen=True)
class Verified:
    token: str
    borrower_id: int


@dataclass(frozen=True)
class NotVerified:
    """reason: mismatch, too_many."""

    reason: str


def verify(
    session: Session,
    borrower: Borrower | None,
    claim: Claim,
    tried: Key,
    address: str,
    by: tuple[str, int | None],
    now: datetime,
    spend: Callable[[], bool],
) -> Verified | NotVerified:
    """Begins a session where `claim` is that of `borrower` (None: nobody, who is answered like anybody).

    tried: what the guess is made at, a link or a code. by: the kind and id of that, for the audit. spend: marks it as used,
    and tells whether it was still good; nobody else is trying the same, or this person, meanwhile. Failures count against
    what was tried, the person and the address. A wrong claim, one that the lender can't check, a wrong word and nobody are
    one answer.
    """
    person = [(PER_PERSON, str(borrower.id))] if borrower else []
    keys = [tried, *person, (PER_ADDRESS, address)]
    if attempts.any_spent(session, keys, now):
        audit(session, ANYONE, "verify", "too_many", *by, now)
        return NotVerified("too_many")
    known = known_value(session, borrower, claim.kind) if borrower else None
    has_word = personal_word.is_right(borrower, claim.word)
    matches = known is not None and known in claim.values and has_word and spend()
    attempts.record_all(session, keys, matches, now)
    if borrower is None or not matches:
        audit(session, ANYONE, "verify", "mismatch", *by, now, {"by": claim.kind})
        return NotVerified("mismatch")
    audit(session, Actor.borrower(borrower), "verify", "done", *by, now, {"by": claim.kind})
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
