"""Letters between a borrower and the people who look after the loan."""

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import keyring
from portal.models import Borrower, Letter, Loan
from portal.services.records import emit


def write(
    session: Session,
    borrower: Borrower,
    loan: Loan | None,
    words: str,
    language: str,
    now: datetime,
    urgency: str = "usual",
) -> Letter:
    """Keeps what `borrower` wrote. `urgency`: usual, today (wants to talk to somebody today) or despair."""
    letter = Letter(
        public_id=secrets.token_hex(8),
        borrower_id=borrower.id,
        loan_id=loan.id if loan else None,
        urgency=urgency,
        words_sealed=keyring(session).seal("letter", words),
        language=language,
        recorded_at=now,
    )
    session.add(letter)
    session.flush()
    emit(session, "letter.written", "borrower", borrower.id, now, {"letter": letter.id, "urgency": urgency})
    return letter
