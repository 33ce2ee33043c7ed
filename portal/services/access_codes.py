"""The second way in: a code that an officer says or the lender prints, typed at the address that stands on the contract."""

import secrets
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from portal.db import keyring
from portal.models import AccessCode, Borrower, Branch, Loan, LoanPerson, Staff
from portal.services import verification
from portal.services.attempts import Limit
from portal.services.records import SYSTEM, Actor, audit
from portal.services.staff import NoSuchBranch
from portal.services.verification import Claim, NotVerified, Verified

# Nothing looks like another (0 O, 1 I L, 2 Z, 5 S, 8 B, 6 G, U V), nor sounds quite like it (D T, M N), and no word appears
# by accident. 8 of 22 characters are 35 bits, and a code alone lets nobody in.
ALPHABET = "23456789CFHJKMPQRTVWXY"
LENGTH = 8
# What somebody may have read or heard in their place.
_MEANT = str.maketrans("ZSGBNDU", "2568MTV")
SPOKEN_LASTS = timedelta(days=3)
PRINTED_LASTS = timedelta(days=60)

PER_CODE = Limit("enter_code", 5, timedelta(minutes=30))


def make(session: Session, borrower: Borrower, staff: Staff | None, now: datetime) -> str:
    """A new code for `borrower`, as it is said or printed; it is kept nowhere. Older ones end. `staff` None: it is printed,
    and lasts as long as a letter may take."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    session.execute(
        update(AccessCode)
        .where(AccessCode.borrower_id == borrower.id, AccessCode.used_at.is_(None), AccessCode.ended_at.is_(None))
        .values(ended_at=now)
    )
    made = AccessCode(
        code_hash=keyring(session).lookup("access_code", code),
        borrower_id=borrower.id,
        made_by_id=staff.id if staff else None,
        recorded_at=now,
        expires_at=now + (SPOKEN_LASTS if staff else PRINTED_LASTS),
    )
    session.add(made)
    session.flush()
    audit(session, Actor.staff(staff) if staff else SYSTEM, "make_code", "done", "borrower", borrower.id, now)
    return f"{code[:4]}-{code[4:]}"


def make_for_all(session: Session, branch: str | None, now: datetime) -> Iterator[tuple[str, str, str]]:
    """A printed code for everybody who owes on an open loan, as (client number, reference of their first such loan, code).
    branch: its name, None for every branch. Raises NoSuchBranch."""
    owing = (
        select(Borrower, func.min(Loan.reference))
        .join(LoanPerson, LoanPerson.borrower_id == Borrower.id)
        .join(Loan, Loan.id == LoanPerson.loan_id)
        .where(Loan.status == "open", LoanPerson.role.in_(("borrower", "co_borrower")))
        .group_by(Borrower.id)
        .order_by(Borrower.id)
    )
    if branch is not None:
        branch_id = session.scalar(select(Branch.id).where(Branch.name == branch))
        if branch_id is None:
            raise NoSuchBranch(f"there is no branch {branch!r}")
        owing = owing.where(Borrower.branch_id == branch_id)
    for borrower, reference in session.execute(owing).all():
        yield borrower.client_number or "", reference, make(session, borrower, None, now)


def plain(typed: str) -> str:
    """The code that was meant, whatever case, width and spacing it was typed in."""
    folded = unicodedata.normalize("NFKC", typed).upper()
    return "".join(letter for letter in folded if letter.isalnum()).translate(_MEANT)


def enter(session: Session, typed: str, claim: Claim, address: str, now: datetime) -> Verified | NotVerified:
    """Begins a session where the code is good and `claim` that of its borrower; it is spent then. A code that nobody made,
    one that has ended and a wrong claim are the same answer."""
    code = plain(typed)
    tried = (PER_CODE, code)
    hashed = keyring(session).lookup("access_code", code)
    made = session.scalar(select(AccessCode).where(AccessCode.code_hash == hashed, *_good(now)))
    by = ("access_code", made.id if made else None)
    borrower = made.borrower if made else None
    return verification.verify(
        session, borrower, claim, tried, address, by, now, spend=lambda: _spend(session, hashed, now)
    )


def _spend(session: Session, hashed: str, now: datetime) -> bool:
    """Notes that the code was used; False where somebody has just come in by it."""
    spent = session.execute(update(AccessCode).where(AccessCode.code_hash == hashed, *_good(now)).values(used_at=now))
    return bool(spent.rowcount)  # type: ignore[attr-defined]


def _good(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return AccessCode.used_at.is_(None), AccessCode.ended_at.is_(None), AccessCode.expires_at > now


def live_code(session: Session, borrower: Borrower, now: datetime) -> AccessCode | None:
    """The code of `borrower` that would let them in now."""
    return session.scalar(select(AccessCode).where(AccessCode.borrower_id == borrower.id, *_good(now)))
