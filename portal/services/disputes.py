"""'The amount is not right', 'this loan is not mine': heard, silent meanwhile, answered by a person."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.clock import local_date
from portal.db import keyring
from portal.domain.despair import speaks_of_despair
from portal.domain.hardship import answer_by
from portal.models import Borrower, Dispute, Loan, Staff
from portal.queries.disputes import account_answered, account_before, has_worked_on
from portal.queries.lender import the_lender
from portal.services import letters, loans, messages, notices
from portal.services.records import Actor, audit, emit

WORKING_DAYS = 10


def open_dispute(session: Session, borrower: Borrower, loan: Loan) -> Dispute | None:
    return session.scalar(
        select(Dispute).where(Dispute.loan_id == loan.id, Dispute.borrower_id == borrower.id, Dispute.is_open.is_(True))
    )


def raise_dispute(
    session: Session,
    borrower: Borrower,
    loan: Loan,
    kind: str,
    detail: str | None,
    should_be: str | None,
    words: str | None,
    now: datetime,
    doubted: Sequence[str] = (),
) -> Dispute:
    """Hears a dispute about `loan`: reminders about it stop until staff have answered. One that is open already gets the
    new words added. doubted: codes of portal.queries.disputes.doubts. Words of despair lie on top of the letters as well."""
    keys = keyring(session)
    if words and speaks_of_despair(words):
        letters.write(session, borrower, loan, words, borrower.language, now)
    loans.lock(session, loan)
    found = open_dispute(session, borrower, loan)
    if found is None:
        found = Dispute(
            public_id=secrets.token_hex(8),
            loan_id=loan.id,
            borrower_id=borrower.id,
            branch_id=loan.branch_id,
            is_open=True,
            account=account_before(session, loan, local_date(now, the_lender(session).zone)),
            recorded_at=now,
            answer_by=answer_by(local_date(now, the_lender(session).zone), WORKING_DAYS),
        )
        session.add(found)
    elif found.words_sealed:
        words = "\n\n".join(filter(None, (keys.open("words", found.words_sealed), words)))
    found.kind = kind
    found.doubted = list(doubted) if kind == "amount" else []
    found.detail = detail if kind == "not_mine" else None
    found.should_be_sealed = keys.seal("should_be", should_be) if should_be else None
    found.words_sealed = keys.seal("words", words) if words else None
    session.flush()
    messages.cancel_reminders(session, loan, "dispute", now)
    emit(session, "dispute.raised", "dispute", found.id, now, {"loan": loan.id, "kind": kind})
    audit(session, Actor.borrower(borrower), "dispute", "done", "dispute", found.id, now, {"kind": kind})
    return found


def answer_dispute(session: Session, staff: Staff, dispute: Dispute, words: str, now: datetime) -> str:
    """Answers and closes, with the account of the loan as it stands: done. Nothing is changed, and it is answered, where a
    colleague did so first; and worked_on_it where somebody says that the loan is not theirs and `staff` had a part in it."""
    if dispute.kind == "not_mine" and has_worked_on(session, staff, dispute):
        audit(session, Actor.staff(staff), "answer_dispute", "worked_on_it", "dispute", dispute.id, now)
        return "worked_on_it"
    zone = the_lender(session).zone
    closed = session.execute(
        update(Dispute)
        .where(Dispute.id == dispute.id, Dispute.is_open.is_(True))
        .values(
            is_open=False,
            answer_sealed=keyring(session).seal("answer", words),
            account=account_answered(session, dispute, zone, local_date(now, zone)),
            answered_by_id=staff.id,
            answered_at=now,
        )
        .execution_options(synchronize_session=False)
    )
    session.refresh(dispute)
    if not closed.rowcount:  # type: ignore[attr-defined]
        audit(session, Actor.staff(staff), "answer_dispute", "not_possible", "dispute", dispute.id, now)
        return "answered"
    step, leads = f"dispute:{dispute.id}", {"link": "home"}
    notices.tell(session, dispute.borrower, dispute.loan, "answer_notice", "answer", step, now, facts=leads)
    emit(session, "dispute.answered", "dispute", dispute.id, now, {"loan": dispute.loan_id})
    audit(session, Actor.staff(staff), "answer_dispute", "done", "dispute", dispute.id, now)
    return "done"
