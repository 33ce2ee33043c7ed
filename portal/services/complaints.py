"""Complaints: heard by a supervisor who is not concerned, answered in writing. What is complained of rests meanwhile."""

import secrets
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from portal.clock import local_date
from portal.db import keyring
from portal.domain.complaints import answered_by
from portal.models import Borrower, Complaint, Contact, HardshipRequest, HardshipStep, Loan, LoanPerson, Staff
from portal.queries.complaints import HANDLERS
from portal.queries.lender import the_lender
from portal.services import notices
from portal.services.records import Actor, audit, emit


def raise_complaint(
    session: Session,
    borrower: Borrower,
    kind: str,
    contact: Contact | None,
    wishes: str | None,
    words: str | None,
    now: datetime,
) -> Complaint:
    """Hears a complaint. `kind` and `wishes` are codes of portal.domain.complaints; `contact` is the one in question. About
    a contact that is complained of already the words are added to what was said."""
    found = _open_about(session, contact)
    if found is not None:
        add_words(session, borrower, found, words, now)
        return found
    loan = _loan_of(session, borrower, contact)
    about_id = _about(session, borrower, kind, contact)
    complaint = Complaint(
        public_id=secrets.token_hex(8),
        borrower_id=borrower.id,
        loan_id=loan.id if loan else None,
        branch_id=borrower.branch_id,
        contact_id=contact.id if contact else None,
        about_id=about_id,
        kind=kind,
        wishes=wishes,
        words_sealed=keyring(session).seal("words", words) if words else None,
        is_open=True,
        recorded_at=now,
        answer_by=answered_by(local_date(now, the_lender(session).zone)),
        handler_id=_handler(session, borrower, about_id),
    )
    session.add(complaint)
    session.flush()
    emit(session, "complaint.raised", "complaint", complaint.id, now, {"kind": kind})
    audit(session, Actor.borrower(borrower), "complaint", "done", "complaint", complaint.id, now, {"kind": kind})
    return complaint


def expected_handler(session: Session, borrower: Borrower) -> Staff | None:
    """Who would get a complaint of the borrower's that is about their officer."""
    found = _handler(session, borrower, borrower.officer_id)
    return session.get(Staff, found) if found else None


def add_words(session: Session, borrower: Borrower, complaint: Complaint, words: str | None, now: datetime) -> bool:
    """Adds to what the borrower wrote; False where it is answered already."""
    session.execute(select(Complaint.id).where(Complaint.id == complaint.id).with_for_update())
    session.refresh(complaint, ["is_open", "words_sealed"])
    if not complaint.is_open:
        return False
    if words:
        keys = keyring(session)
        before = keys.open("words", complaint.words_sealed) if complaint.words_sealed else None
        complaint.words_sealed = keys.seal("words", "\n\n".join(filter(None, (before, words))))
        session.flush()
        audit(session, Actor.borrower(borrower), "complaint_words", "done", "complaint", complaint.id, now)
    return True


def open_complaint(session: Session, staff: Staff, complaint: Complaint, now: datetime) -> None:
    """A supervisor reads it, which the borrower is told on the page; the view is written down."""
    if complaint.read_at is None and complaint.is_open:
        complaint.read_at, complaint.handler_id = now, staff.id
        session.flush()
    audit(session, Actor.staff(staff), "view_complaint", "done", "complaint", complaint.id, now)


def answer_complaint(
    session: Session, staff: Staff, complaint: Complaint, outcome: str, words: str, now: datetime
) -> bool:
    """Answers and closes, and tells the borrower by a text that no officer signs; False where a colleague did so first.
    `outcome` is a code of portal.domain.complaints.OUTCOMES."""
    closed = session.execute(
        update(Complaint)
        .where(Complaint.id == complaint.id, Complaint.is_open.is_(True))
        .values(
            is_open=False,
            outcome=outcome,
            answer_sealed=keyring(session).seal("answer", words),
            handler_id=staff.id,
            answered_at=now,
        )
        .execution_options(synchronize_session=False)
    )
    session.refresh(complaint)
    if not closed.rowcount:  # type: ignore[attr-defined]
        audit(session, Actor.staff(staff), "answer_complaint", "not_possible", "complaint", complaint.id, now)
        return False
    step = f"complaint:{complaint.id}"
    notices.tell(session, complaint.borrower, complaint.loan, "complaint_notice", "answer", step, now)
    emit(session, "complaint.answered", "complaint", complaint.id, now, {"outcome": outcome})
    audit(session, Actor.staff(staff), "answer_complaint", "done", "complaint", complaint.id, now)
    return True


def _open_about(session: Session, contact: Contact | None) -> Complaint | None:
    if contact is None:
        return None
    return session.scalar(
        select(Complaint).where(Complaint.contact_id == contact.id, Complaint.is_open.is_(True)).limit(1)
    )


def _loan_of(session: Session, borrower: Borrower, contact: Contact | None) -> Loan | None:
    """The loan that the contact was about, else any that the borrower has a part in: the answer is told of under it."""
    if contact is not None and contact.loan_id is not None:
        return session.get(Loan, contact.loan_id)
    part = select(Loan).join(LoanPerson).where(LoanPerson.borrower_id == borrower.id).order_by(Loan.id).limit(1)
    return session.scalar(part)


def _about(session: Session, borrower: Borrower, kind: str, contact: Contact | None) -> int | None:
    """Whom it concerns: who made the contact or the decision, else who looks after the borrower's loans."""
    if contact is not None and contact.staff_id is not None:
        return contact.staff_id
    if kind == "decision":
        decided = session.scalar(
            select(HardshipStep.staff_id)
            .join(HardshipRequest, HardshipRequest.id == HardshipStep.request_id)
            .where(HardshipRequest.borrower_id == borrower.id, HardshipStep.staff_id.is_not(None))
            .order_by(HardshipStep.id.desc())
            .limit(1)
        )
        return decided or borrower.officer_id
    return borrower.officer_id


def _handler(session: Session, borrower: Borrower, about_id: int | None) -> int | None:
    """A supervisor of the branch who is not concerned, else an admin; of several the one with the fewest to answer."""
    concerned = [staff_id for staff_id in (about_id, borrower.officer_id) if staff_id is not None]
    waiting = (
        select(func.count(Complaint.id))
        .where(Complaint.handler_id == Staff.id, Complaint.is_open.is_(True))
        .scalar_subquery()
    )
    return session.scalar(
        select(Staff.id)
        .where(
            Staff.role.in_(HANDLERS),
            Staff.ended_at.is_(None),
            Staff.id.not_in(concerned),
            or_(Staff.branch_id.is_(None), Staff.branch_id == borrower.branch_id),
        )
        .order_by(Staff.role.desc(), waiting, Staff.id)
        .limit(1)
    )
