"""Events (what happened) and audit entries (who did, saw or was refused what): appended, never changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.models import AuditEntry, Borrower, Event, Staff


@dataclass(frozen=True)
class Actor:
    """Who acts. `role` is the one that tables of transitions know: borrower, a role of staff, system, anyone."""

    role: str
    staff_id: int | None = None
    borrower_id: int | None = None

    @classmethod
    def staff(cls, staff: Staff) -> "Actor":
        return cls(staff.role, staff_id=staff.id)

    @classmethod
    def borrower(cls, borrower: Borrower) -> "Actor":
        return cls("borrower", borrower_id=borrower.id)


SYSTEM = Actor("system")
ANYONE = Actor("anyone")


def emit(
    session: Session, type: str, subject_type: str, subject_id: int, now: datetime, payload: dict[str, Any]
) -> None:
    """Appends an event. `payload` holds ids and codes, never personal data."""
    session.add(Event(type=type, subject_type=subject_type, subject_id=subject_id, payload=payload, at=now))


def audit(
    session: Session,
    actor: Actor,
    action: str,
    outcome: str,
    subject_type: str,
    subject_id: int | None,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    """Appends who did what. `outcome` is `done` or the code of a refusal; `detail` holds no personal data."""
    session.add(
        AuditEntry(
            actor=actor.role,
            staff_id=actor.staff_id,
            borrower_id=actor.borrower_id,
            action=action,
            outcome=outcome,
            subject_type=subject_type,
            subject_id=subject_id,
            detail=detail or {},
            request_id=session.info.get("request_id"),
            at=now,
        )
    )
