"""Staff sign in by email and password; what was wrong is told to nobody."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Staff
from portal.services import attempts, sessions
from portal.services.attempts import Limit
from portal.services.records import ANYONE, Actor, audit

SHORTEST_PASSWORD = 12
PER_PERSON = Limit("sign_in_person", 8, timedelta(minutes=15))
PER_ADDRESS = Limit("sign_in_address", 40, timedelta(hours=1))

_hasher = PasswordHasher()
# Checked where no such member of staff is known, so that the answer takes as long.
_NOBODY = _hasher.hash("nobody has this password")


@dataclass(frozen=True)
class SignedIn:
    token: str


@dataclass(frozen=True)
class NotSignedIn:
    """reason: mismatch, too_many."""

    reason: str


def hash_password(password: str) -> str:
    """argon2id, with the library's parameters (RFC 9106, second recommended option or better)."""
    return _hasher.hash(password)


def sign_in(session: Session, email: str, password: str, address: str, now: datetime) -> SignedIn | NotSignedIn:
    """Begins a session of a member of staff. A lock-out after too many failures ends by itself."""
    email = email.strip().lower()
    keys = ((PER_PERSON, email), (PER_ADDRESS, address))
    if any(attempts.is_spent(session, limit, key, now) for limit, key in keys):
        audit(session, ANYONE, "sign_in", "too_many", "staff", None, now)
        return NotSignedIn("too_many")
    staff = session.scalar(select(Staff).where(Staff.email == email, Staff.ended_at.is_(None)))
    matches = _matches(staff.password_hash if staff else _NOBODY, password) and staff is not None
    for limit, key in keys:
        attempts.record(session, limit, key, matches, now)
    if staff is None or not matches:
        audit(session, ANYONE, "sign_in", "mismatch", "staff", staff.id if staff else None, now)
        return NotSignedIn("mismatch")
    if _hasher.check_needs_rehash(staff.password_hash):
        staff.password_hash = hash_password(password)
    audit(session, Actor.staff(staff), "sign_in", "done", "staff", staff.id, now)
    return SignedIn(sessions.begin(session, staff, now))


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
