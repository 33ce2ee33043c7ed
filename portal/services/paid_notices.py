"""'I have paid': heard, reminders rest for a while, found in the ledger by itself or settled by a person."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.clock import local_date
from portal.db import keyring
from portal.domain.allocation import statement
from portal.domain.payment_notices import is_the_payment, paid_rests_until
from portal.models import Borrower, LedgerEntry, Loan, PaidNotice, Staff
from portal.queries.accounts import loan_account
from portal.queries.lender import the_lender
from portal.services import notices
from portal.services.records import SYSTEM, Actor, audit, emit


def tell(
    session: Session,
    borrower: Borrower,
    loan: Loan,
    amount: int,
    paid_on: date,
    way: str | None,
    words: str | None,
    now: datetime,
) -> PaidNotice:
    """Hears that `amount` (minor units) was paid on `paid_on`. What has come already is found at once."""
    today = local_date(now, the_lender(session).zone)
    notice = PaidNotice(
        public_id=secrets.token_hex(8),
        borrower_id=borrower.id,
        loan_id=loan.id,
        branch_id=loan.branch_id,
        amount=amount,
        paid_on=paid_on,
        paid_before=statement(loan_account(session, loan), today).paid_so_far,
        way=way,
        words_sealed=keyring(session).seal("words", words) if words else None,
        status="open",
        quiet_until=paid_rests_until(today),
        recorded_at=now,
    )
    session.add(notice)
    session.flush()
    emit(session, "paid_notice.told", "paid_notice", notice.id, now, {"loan": loan.id})
    audit(session, Actor.borrower(borrower), "paid_notice", "done", "paid_notice", notice.id, now)
    _look(session, notice, now)
    return notice


def withdraw(session: Session, borrower: Borrower, notice: PaidNotice, now: datetime) -> bool:
    """The borrower takes it back; False where it was settled before."""
    return _settle(session, notice, "withdrawn", Actor.borrower(borrower), now)


def match_entry(session: Session, entry: LedgerEntry, now: datetime) -> None:
    """Money came in: whoever said that they had paid just this is answered by it."""
    open_ones = select(PaidNotice).where(PaidNotice.loan_id == entry.loan_id, PaidNotice.status == "open")
    for notice in session.scalars(open_ones.order_by(PaidNotice.id)):
        if entry.kind == "payment" and _is_about(notice, entry):
            _settle(session, notice, "found", SYSTEM, now)
            return


def look_again(session: Session, now: datetime) -> int:
    """Looks once more for what was told, since a loan book that was taken in has no entries; how many were found. The others
    wait for a person."""
    told = session.scalars(select(PaidNotice).where(PaidNotice.status == "open").order_by(PaidNotice.id)).all()
    return sum(_look(session, notice, now) for notice in told)


def settle(session: Session, staff: Staff, notice: PaidNotice, status: str, words: str, now: datetime) -> bool:
    """A person has looked: `found` or `not_found`, and what they write; False where it was settled before."""
    actor = Actor.staff(staff)
    sealed = keyring(session).seal("answer", words) if words else None
    if not _settle(session, notice, status, actor, now, answer_sealed=sealed, settled_by_id=staff.id):
        audit(session, actor, "settle_paid_notice", "not_possible", "paid_notice", notice.id, now)
        return False
    step, leads = f"paid:{notice.id}", {"link": "pay"}
    notices.tell(session, notice.borrower, notice.loan, "answer_notice", "answer", step, now, facts=leads)
    return True


def _is_about(notice: PaidNotice, entry: LedgerEntry) -> bool:
    if notice.amount is None or notice.paid_on is None:
        return False
    return is_the_payment(notice.amount, notice.paid_on, notice.quiet_until, entry.amount, entry.effective_on)


def _look(session: Session, notice: PaidNotice, now: datetime) -> bool:
    """Whether the books hold the payment, as an entry, or as just so much more paid than when it was told. An entry that
    answered another notice answers no second."""
    today = local_date(now, the_lender(session).zone)
    paid = statement(loan_account(session, notice.loan), today).paid_so_far
    if notice.amount is not None and paid - notice.paid_before == notice.amount:
        return _settle(session, notice, "found", SYSTEM, now)
    answered = session.scalars(
        select(PaidNotice).where(
            PaidNotice.loan_id == notice.loan_id, PaidNotice.status == "found", PaidNotice.id != notice.id
        )
    ).all()
    came = [entry for entry in payments_of(notice.loan) if _is_about(notice, entry)]
    taken = [other for other in answered if any(_is_about(other, entry) for entry in came)]
    return len(came) > len(taken) and _settle(session, notice, "found", SYSTEM, now)


def payments_of(loan: Loan) -> Iterable[LedgerEntry]:
    """The payments in the books that were not taken back."""
    undone = {entry.reverses_id for entry in loan.entries}
    return [entry for entry in loan.entries if entry.kind == "payment" and entry.id not in undone]


def _settle(session: Session, notice: PaidNotice, status: str, actor: Actor, now: datetime, **more: object) -> bool:
    settled = session.execute(
        update(PaidNotice)
        .where(PaidNotice.id == notice.id, PaidNotice.status == "open")
        .values(status=status, settled_at=now, **more)
        .execution_options(synchronize_session=False)
    )
    session.refresh(notice)
    if not settled.rowcount:  # type: ignore[attr-defined]
        return False
    emit(session, f"paid_notice.{status}", "paid_notice", notice.id, now, {"loan": notice.loan_id})
    audit(session, actor, "settle_paid_notice", status, "paid_notice", notice.id, now)
    return True
