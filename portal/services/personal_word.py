"""A word of the borrower's own, asked for beside what their family knows as well: birth date and ID."""

import re
import unicodedata
from datetime import date, datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy.orm import Session

from portal.db import keyring
from portal.models import Borrower, Staff
from portal.services import attempts
from portal.services.attempts import Limit
from portal.services.records import Actor, audit, emit

# In bytes of UTF-8: four Latin letters, or two of a script that has more of them.
SHORTEST, LONGEST = 4, 200
PER_PERSON = Limit("word_person", 5, timedelta(minutes=30))

_hasher = PasswordHasher()
# Checked where somebody has no word, so that the answer takes as long.
_NOBODYS = _hasher.hash("nobody has this word")


def plain(typed: str) -> str:
    """The word as it counts: whatever case, width and spacing it was typed in."""
    folded = unicodedata.normalize("NFKC", typed).casefold()
    return unicodedata.normalize("NFKC", " ".join(folded.split()))


def is_right(borrower: Borrower | None, typed: str) -> bool:
    """Whether `typed` lets somebody in as `borrower`: their word, or anything where they have set none. It takes as long
    either way, and for nobody."""
    kept = borrower.word_hash if borrower else None
    matches = _matches(kept or _NOBODYS, plain(typed[: LONGEST * 4]))
    return matches or (borrower is not None and kept is None)


def _matches(kept: str, word: str) -> bool:
    try:
        return _hasher.verify(kept, word)
    except VerificationError:
        return False


def change(session: Session, borrower: Borrower, present: str, wanted: str, now: datetime) -> str | None:
    """Sets the word, or removes it where `wanted` is empty; None, or the code of a refusal: too_many, mismatch (`present` is
    not the word that is set), too_short, too_long, known (it is what the family knows)."""
    actor, action = Actor.borrower(borrower), "set_word" if plain(wanted) else "remove_word"
    refusal = _refusal(session, borrower, present, plain(wanted), now)
    audit(session, actor, action, refusal or "done", "borrower", borrower.id, now)
    if refusal is None:
        borrower.word_hash = _hasher.hash(plain(wanted)) if plain(wanted) else None
        borrower.word_set_at = now if borrower.word_hash else None
        emit(session, f"word.{'set' if borrower.word_hash else 'removed'}", "borrower", borrower.id, now, {})
    return refusal


def clear(session: Session, staff: Staff, borrower: Borrower, now: datetime) -> None:
    """Takes the word away for somebody who forgot it, once `staff` have made sure who they are."""
    borrower.word_hash = borrower.word_set_at = None
    emit(session, "word.cleared", "borrower", borrower.id, now, {"staff": staff.id})
    audit(session, Actor.staff(staff), "clear_word", "done", "borrower", borrower.id, now)


def _refusal(session: Session, borrower: Borrower, present: str, wanted: str, now: datetime) -> str | None:
    if wanted and len(wanted.encode()) < SHORTEST:
        return "too_short"
    if len(wanted.encode()) > LONGEST:
        return "too_long"
    if wanted and re.sub(r"[\W_]", "", wanted) in _known_to_family(session, borrower):
        return "known"
    if borrower.word_hash is None:
        return None
    if attempts.is_spent(session, PER_PERSON, str(borrower.id), now):
        return "too_many"
    right = is_right(borrower, present)
    attempts.record(session, PER_PERSON, str(borrower.id), right, now)
    return None if right else "mismatch"


def _known_to_family(session: Session, borrower: Borrower) -> set[str]:
    keys = keyring(session)
    known = [borrower.name, *borrower.name.split(), borrower.greeting or "", borrower.client_number or ""]
    if borrower.id_last_four_sealed:
        known.append(keys.open("id_last_four", borrower.id_last_four_sealed))
    if borrower.phone_sealed:
        phone = keys.open("phone", borrower.phone_sealed)
        known += [phone, phone[-4:], *(zero + phone[-length:] for length in (8, 9, 10, 11) for zero in ("", "0"))]
    if borrower.birth_date_sealed:
        born = date.fromisoformat(keys.open("birth_date", borrower.birth_date_sealed))
        year, month, day = f"{born:%Y}", f"{born:%m}", f"{born:%d}"
        for written in (year, year[2:]):
            known += [written + month + day, day + month + written, month + day + written]
        known += [year, month + day, day + month]
    return {re.sub(r"[\W_]", "", plain(each)) for each in known}
