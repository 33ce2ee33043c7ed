"""'That isn't me': the number stays stopped; staff say when they have dealt with the notice."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.models import Borrower, Staff, StoppedNumber
from portal.services.records import Actor, audit


def settle(session: Session, staff: Staff, borrower: Borrower, now: datetime) -> bool:
    """Notes that the notice about `borrower`'s number is dealt with; False where a colleague noted it first."""
    settled = session.execute(
        update(StoppedNumber)
        .where(StoppedNumber.borrower_id == borrower.id, StoppedNumber.settled_at.is_(None))
        .values(settled_at=now, settled_by_id=staff.id)
    )
    done = bool(settled.rowcount)  # type: ignore[attr-defined]
    outcome = "done" if done else "not_possible"
    audit(session, Actor.staff(staff), "settle_wrong_number", outcome, "borrower", borrower.id, now)
    return done
