"""Letters between a borrower and the people who look after the loan."""

import secrets
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.db import keyring
from portal.domain.despair import speaks_of_despair
from portal.models import Borrower, Letter, Loan, Staff
from portal.queries.borrower_loans import newest_loan
from portal.services import notices
from portal.services.records import Actor, audit, emit


def write(
    session: Session,
    borrower: Borrower,
    loan: Loan | None,
    words: str,
    language: str,
    now: datetime,
    urgency: str = "usual",
) -> Letter:
    """Keeps what `borrower` wrote. `urgency`: usual, today (wants to talk to somebody today) or despair, which words of
    despair make it, whatever was said."""
    if speaks_of_despair(words):
        urgency = "despair"
    letter = _letter(borrower, words, language, now, session, loan_id=loan.id if loan else None, urgency=urgency)
    emit(session, "letter.written", "borrower", borrower.id, now, {"letter": letter.id, "urgency": urgency})
    audit(session, Actor.borrower(borrower), "write_letter", "done", "letter", letter.id, now, {"urgency": urgency})
    return letter


def reply(
    session: Session, staff: Staff, borrower: Borrower, words: str, seen: int, language: str, now: datetime
) -> Letter:
    """Keeps what `staff` wrote, tells the borrower by a text, and takes their letters up to number `seen` for answered. What
    they wrote since stays to be answered."""
    loan = newest_loan(session, borrower)
    letter = _letter(
        borrower, words, language, now, session, loan_id=loan.id if loan else None, urgency="usual", staff_id=staff.id
    )
    _answered(session, borrower, seen, now)
    notices.tell(session, borrower, loan, "letter_notice", "answer", f"letter:{letter.id}", now)
    emit(session, "letter.answered", "borrower", borrower.id, now, {"letter": letter.id})
    audit(session, Actor.staff(staff), "answer_letter", "done", "letter", letter.id, now)
    return letter


def settle(session: Session, staff: Staff, borrower: Borrower, seen: int, now: datetime) -> None:
    """The letters up to number `seen` need no answer, for instance since somebody called."""
    _answered(session, borrower, seen, now)
    audit(session, Actor.staff(staff), "settle_letters", "done", "borrower", borrower.id, now, {"up_to": seen})


def mark_read(session: Session, borrower: Borrower, by_staff: bool, now: datetime) -> None:
    """Whoever opened the letters has read what the other side wrote."""
    theirs = Letter.staff_id.is_(None) if by_staff else Letter.staff_id.is_not(None)
    session.execute(
        update(Letter).where(Letter.borrower_id == borrower.id, theirs, Letter.read_at.is_(None)).values(read_at=now)
    )


def _letter(
    borrower: Borrower, words: str, language: str, now: datetime, session: Session, **columns: object
) -> Letter:
    letter = Letter(
        public_id=secrets.token_hex(8),
        borrower_id=borrower.id,
        words_sealed=keyring(session).seal("letter", words),
        language=language,
        recorded_at=now,
        **columns,
    )
    session.add(letter)
    session.flush()
    return letter


def _answered(session: Session, borrower: Borrower, seen: int, now: datetime) -> None:
    session.execute(
        update(Letter)
        .where(
            Letter.borrower_id == borrower.id,
            Letter.staff_id.is_(None),
            Letter.answered_at.is_(None),
            Letter.id <= seen,
        )
        .values(answered_at=now)
    )
