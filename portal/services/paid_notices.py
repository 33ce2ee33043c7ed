"""'I have paid': heard, reminders rest for a while, found in the ledger by itself or settled by a person."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.clock import local_date
from portal.db import keyring
from portal.domain.payment_notices import is_the_payment, paid_rests_until
from portal.models import Borrower, LedgerEntry, Loan, PaidNotice, Staff
from portal.queries.lender import the_lender
from portal.services import messages
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
    notice = PaidNotice(
        public_id=secrets.token_hex(8),
        borrower_id=borrower.id,
        loan_id=loan.id,
        branch_id=loan.branch_id,
        amount=amount,
        paid_on=paid_on,
        way=way,
        words_sealed=keyring(session).seal("words", words) if words else None,
        status="open",
        quiet_until=paid_rests_until(local_date(now, the_lender(session).zone)),
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
    if entry.kind == "payment":
        match_amount(session, entry.loan_id, entry.amount, entry.effective_on, now)


def match_amount(session: Session, loan_id: int, came: int, came_on: date, now: datetime) -> None:
    """`came` minor units have come for a loan, by an entry or by what a loan book says has been paid since the last."""
    open_ones = select(PaidNotice).where(PaidNotice.loan_id == loan_id, PaidNotice.status == "open")
    for notice in session.scalars(open_ones.order_by(PaidNotice.id)):
        if _is_about(notice, came, came_on):
            _settle(session, notice, "found", SYSTEM, now)
            return


def look_again(session: Session, now: datetime) -> int:
    """Looks once more for the payments of notices whose rest is over; how many were found. The others wait for a person."""
    today = local_date(now, the_lender(session).zone)
    ended = select(PaidNotice).where(PaidNotice.status == "open", PaidNotice.quiet_until <= today)
    return sum(_look(session, notice, now) for notice in session.scalars(ended).all())


def settle(session: Session, staff: Staff, notice: PaidNotice, status: str, words: str, now: datetime) -> bool:
    """A person has looked: `found` or `not_found`, and what they write; False where it was settled before."""
    actor = Actor.staff(staff)
    sealed = keyring(session).seal("answer", words) if words else None
    if not _settle(session, notice, status, actor, now, answer_sealed=sealed, settled_by_id=staff.id):
        audit(session, actor, "settle_paid_notice", "not_possible", "paid_notice", notice.id, now)
        return False
    messages.queue_message(
        session,
        borrower=notice.borrower,
        loan=notice.loan,
        due_on=local_date(now, the_lender(session).zone),
        step=f"paid:{notice.id}",
        purpose="answer",
        template="answer_notice",
        facts={},
        send_after=now,
        now=now,
    )
    return True


def _is_about(notice: PaidNotice, came: int, came_on: date) -> bool:
    if notice.amount is None or notice.paid_on is None:
        return False
    return is_the_payment(notice.amount, notice.paid_on, notice.quiet_until, came, came_on)


def _look(session: Session, notice: PaidNotice, now: datetime) -> bool:
    """Whether the ledger holds the payment; one that answered another notice answers no second."""
    answered = session.scalars(
        select(PaidNotice).where(
            PaidNotice.loan_id == notice.loan_id, PaidNotice.status == "found", PaidNotice.id != notice.id
        )
    ).all()
    came = [entry for entry in payments_of(notice.loan) if _is_about(notice, entry.amount, entry.effective_on)]
    taken = [other for other in answered if any(_is_about(other, entry.amount, entry.effective_on) for entry in came)]
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
