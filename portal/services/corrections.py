"""A detail that a borrower says is wrong: staff correct it, or say why not."""

import secrets
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.db import keyring
from portal.models import Borrower, Correction, Staff
from portal.services.records import Actor, audit, emit

# What is corrected here at once. The others show who somebody is, so they come from the lender's own books.
HERE = ("name", "greeting")


def ask(session: Session, borrower: Borrower, detail: str, should_be: str, now: datetime) -> Correction:
    """Keeps that `detail` (name, greeting, phone, email, birth_date, other) is wrong, and what it should be."""
    correction = Correction(
        public_id=secrets.token_hex(8),
        borrower_id=borrower.id,
        branch_id=borrower.branch_id,
        detail=detail,
        should_be_sealed=keyring(session).seal("should_be", should_be),
        status="open",
        recorded_at=now,
    )
    session.add(correction)
    session.flush()
    emit(session, "correction.asked", "correction", correction.id, now, {"detail": detail})
    audit(session, Actor.borrower(borrower), "correction", "done", "correction", correction.id, now, {"detail": detail})
    return correction


def settle(
    session: Session, staff: Staff, correction: Correction, status: str, words: str | None, now: datetime
) -> bool:
    """`corrected` or `not_corrected`, with what is written back; False where a colleague did so first. A name is put right
    here; the rest has to be right in the lender's own books, from which it comes."""
    keys = keyring(session)
    settled = session.execute(
        update(Correction)
        .where(Correction.id == correction.id, Correction.status == "open")
        .values(
            status=status,
            settled_at=now,
            settled_by_id=staff.id,
            answer_sealed=keys.seal("answer", words) if words else None,
        )
        .execution_options(synchronize_session=False)
    )
    session.refresh(correction)
    if not settled.rowcount:  # type: ignore[attr-defined]
        audit(session, Actor.staff(staff), "settle_correction", "not_possible", "correction", correction.id, now)
        return False
    if status == "corrected" and correction.detail in HERE:
        setattr(correction.borrower, correction.detail, keys.open("should_be", correction.should_be_sealed))
        session.flush()
    emit(session, "correction.settled", "correction", correction.id, now, {"status": status})
    audit(session, Actor.staff(staff), "settle_correction", status, "correction", correction.id, now)
    return True
