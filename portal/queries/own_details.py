"""A borrower's details, what they asked to be corrected, and who read about them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.clock import local_date
from portal.db import keyring
from portal.models import AuditEntry, Borrower, Complaint, Correction, Dispute, Document, HardshipRequest, Lender, Staff
from portal.queries.branches import in_branch

# How many views are read, and how many lines a page tells.
READ, TOLD = 400, 30
ABOUT: dict[str, Any] = {
    "hardship_request": HardshipRequest,
    "dispute": Dispute,
    "complaint": Complaint,
    "correction": Correction,
    "document": Document,
}


@dataclass(frozen=True)
class Seen:
    """Somebody with this role read something of this kind (a key of ABOUT, letters, borrower), on a day of the lender."""

    on: date
    role: str
    what: str


@dataclass(frozen=True)
class CorrectionView:
    """A correction, opened."""

    correction: Correction
    should_be: str
    answer: str | None
    asked_on: date
    settled_on: date | None


def who_saw(session: Session, borrower: Borrower, lender: Lender) -> list[Seen]:
    """Which staff roles read what of the borrower's and on which day, the newest first, each once a day."""

    def about(name: str) -> ColumnElement[bool]:
        own = ABOUT[name]
        ids: Select[int] = select(own.id).where(own.borrower_id == borrower.id)
        return and_(AuditEntry.subject_type == name, AuditEntry.subject_id.in_(ids))

    entries = session.execute(
        select(AuditEntry.at, AuditEntry.actor, AuditEntry.subject_type, AuditEntry.action)
        .where(
            AuditEntry.staff_id.is_not(None),
            or_(AuditEntry.action.startswith("view"), AuditEntry.action.startswith("preview")),
            or_(
                *(about(name) for name in ABOUT),
                and_(AuditEntry.subject_type == "borrower", AuditEntry.subject_id == borrower.id),
            ),
        )
        .order_by(AuditEntry.id.desc())
        .limit(READ)
    )
    lines = dict.fromkeys(
        Seen(local_date(at, lender.zone), role, "letters" if action == "view_letters" else what)
        for at, role, what, action in entries
    )
    return list(lines)[:TOLD]


def corrections_of(session: Session, borrower: Borrower, lender: Lender) -> list[CorrectionView]:
    """What the borrower asked to be corrected, the newest first."""
    found = session.scalars(
        select(Correction).where(Correction.borrower_id == borrower.id).order_by(Correction.id.desc())
    )
    return [correction_view(session, correction, lender) for correction in found]


def correction_view(session: Session, correction: Correction, lender: Lender) -> CorrectionView:
    keys = keyring(session)
    return CorrectionView(
        correction,
        keys.open("should_be", correction.should_be_sealed),
        keys.open("answer", correction.answer_sealed) if correction.answer_sealed else None,
        local_date(correction.recorded_at, lender.zone),
        local_date(correction.settled_at, lender.zone) if correction.settled_at else None,
    )


def open_corrections(session: Session, staff: Staff) -> list[Correction]:
    """What waits for staff, the longest waiting first."""
    return list(
        session.scalars(
            select(Correction)
            .where(in_branch(staff, Correction.branch_id), Correction.status == "open")
            .options(joinedload(Correction.borrower))
            .order_by(Correction.id)
        )
    )


def find_correction(session: Session, staff: Staff, public_id: str) -> Correction | None:
    """The correction where `staff` may see it."""
    return session.scalar(
        select(Correction).where(in_branch(staff, Correction.branch_id), Correction.public_id == public_id)
    )
