"""Complaints: a borrower's own, and those that a supervisor may read. Nobody reads what is about themselves."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.clock import local_date
from portal.db import keyring
from portal.models import Borrower, Complaint, Lender, Staff
from portal.queries.branches import in_branch

HANDLERS = ("supervisor", "admin")


@dataclass(frozen=True)
class ComplaintLine:
    """An open complaint as the list shows it. `days` are calendar days since it was heard."""

    public_id: str
    name: str
    language: str
    kind: str
    form: str | None
    handler: str | None
    days: int
    answer_by: date


@dataclass(frozen=True)
class ComplaintText:
    """What was written, opened."""

    words: str | None
    answer: str | None


def complaint_of(session: Session, borrower: Borrower, public_id: str) -> Complaint | None:
    """The complaint with this public id where the borrower made it."""
    return session.scalar(
        select(Complaint)
        .where(Complaint.public_id == public_id, Complaint.borrower_id == borrower.id)
        .options(joinedload(Complaint.contact), joinedload(Complaint.handler))
    )


def complaints_of(session: Session, borrower: Borrower, since: datetime) -> list[Complaint]:
    """The borrower's complaints that are open or were answered since then, the newest first."""
    return list(
        session.scalars(
            select(Complaint)
            .where(
                Complaint.borrower_id == borrower.id, or_(Complaint.is_open.is_(True), Complaint.answered_at >= since)
            )
            .order_by(Complaint.id.desc())
        )
    )


def open_complaints(session: Session, staff: Staff, lender: Lender, now: datetime) -> tuple[ComplaintLine, ...]:
    """What `staff` may read and nobody has answered, soonest answer first."""
    today = local_date(now, lender.zone)
    found = session.scalars(
        select(Complaint)
        .join(Borrower, Borrower.id == Complaint.borrower_id)
        .where(Complaint.is_open.is_(True), _may_read(staff))
        .options(joinedload(Complaint.borrower), joinedload(Complaint.contact), joinedload(Complaint.handler))
        .order_by(Complaint.answer_by, Complaint.id)
    )
    return tuple(
        ComplaintLine(
            public_id=complaint.public_id,
            name=complaint.borrower.name,
            language=complaint.borrower.language,
            kind=complaint.kind,
            form=complaint.contact.form if complaint.contact else None,
            handler=complaint.handler.name if complaint.handler else None,
            days=(today - local_date(complaint.recorded_at, lender.zone)).days,
            answer_by=complaint.answer_by,
        )
        for complaint in found
    )


def find_complaint(session: Session, staff: Staff, public_id: str) -> Complaint | None:
    """The complaint where `staff` may read it."""
    return session.scalar(
        select(Complaint)
        .join(Borrower, Borrower.id == Complaint.borrower_id)
        .where(Complaint.public_id == public_id, _may_read(staff))
    )


def _may_read(staff: Staff) -> ColumnElement[bool]:
    """Holds for complaints of the branch that are not about `staff`, nor about somebody whose loans they look after."""
    if staff.role not in HANDLERS:
        return Complaint.id.is_(None)
    return and_(
        in_branch(staff, Complaint.branch_id),
        or_(Complaint.about_id.is_(None), Complaint.about_id != staff.id),
        or_(Borrower.officer_id.is_(None), Borrower.officer_id != staff.id),
    )


def complaint_text(session: Session, complaint: Complaint) -> ComplaintText:
    keys = keyring(session)
    return ComplaintText(
        words=keys.open("words", complaint.words_sealed) if complaint.words_sealed else None,
        answer=keys.open("answer", complaint.answer_sealed) if complaint.answer_sealed else None,
    )
