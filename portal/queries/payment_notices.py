"""What a borrower told of payments: as their pages say it, and as a reason for reminders to rest."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import local_date
from portal.db import keyring
from portal.domain.contact_facts import ActiveHold
from portal.domain.payment_notices import promise_rests_until
from portal.models import Borrower, Loan, PaidNotice, Promise, Staff

# For how long a page tells of what was settled.
TOLD_FOR = timedelta(days=30)


@dataclass(frozen=True)
class PaidView:
    """'I have paid', with what became of it. Amounts are minor units; `answer` is what a person wrote, `by` who."""

    public_id: str
    status: str
    amount: int | None
    paid_on: date | None
    rests_until: date
    answer: str | None
    by: Staff | None
    settled_on: date | None


@dataclass(frozen=True)
class PromiseView:
    """A promise and what became of it. `rests_until` is the last day without reminders."""

    public_id: str
    status: str
    amount: int
    promised_on: date
    rests_until: date
    settled_on: date | None


def told_of_payments(session: Session, loan_ids: Collection[int]) -> list[tuple[int, ActiveHold]]:
    """The holds on these loans that follow from what was told, by loan. They are the loan's, for everybody on it."""
    paid = select(PaidNotice.loan_id, PaidNotice.quiet_until).where(
        PaidNotice.loan_id.in_(loan_ids), PaidNotice.status == "open"
    )
    promised = select(Promise.loan_id, Promise.promised_on).where(
        Promise.loan_id.in_(loan_ids), Promise.status == "open"
    )
    return [
        *((loan_id, ActiveHold("paid", ends=until)) for loan_id, until in session.execute(paid)),
        *(
            (loan_id, ActiveHold("promise", ends=promise_rests_until(promised_on)))
            for loan_id, promised_on in session.execute(promised)
        ),
    ]


def paid_notices(session: Session, borrower: Borrower, loan: Loan, zone: str, now: datetime) -> list[PaidView]:
    """What the borrower told of `loan`, the newest first: all that is open, and what was settled of late."""
    rows = session.scalars(
        select(PaidNotice)
        .where(
            PaidNotice.borrower_id == borrower.id,
            PaidNotice.loan_id == loan.id,
            (PaidNotice.status == "open") | (PaidNotice.settled_at > now - TOLD_FOR),
            PaidNotice.status != "withdrawn",
        )
        .order_by(PaidNotice.id.desc())
    )
    keys = keyring(session)
    return [
        PaidView(
            row.public_id,
            row.status,
            row.amount,
            row.paid_on,
            row.quiet_until,
            keys.open("answer", row.answer_sealed) if row.answer_sealed else None,
            row.settled_by,
            local_date(row.settled_at, zone) if row.settled_at else None,
        )
        for row in rows
    ]


def paid_notice_of(session: Session, borrower: Borrower, public_id: str) -> PaidNotice | None:
    """The notice with this public id where it is the borrower's own."""
    return session.scalar(
        select(PaidNotice).where(PaidNotice.public_id == public_id, PaidNotice.borrower_id == borrower.id)
    )


def newest_promise(session: Session, borrower: Borrower, loan: Loan, zone: str, now: datetime) -> PromiseView | None:
    """The borrower's promise about `loan` that is open, or was judged of late."""
    row = session.scalar(
        select(Promise)
        .where(
            Promise.borrower_id == borrower.id,
            Promise.loan_id == loan.id,
            (Promise.status == "open") | (Promise.settled_at > now - TOLD_FOR),
            Promise.status.not_in(("replaced", "withdrawn")),
        )
        .order_by(Promise.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    return PromiseView(
        row.public_id,
        row.status,
        row.amount,
        row.promised_on,
        promise_rests_until(row.promised_on),
        local_date(row.settled_at, zone) if row.settled_at else None,
    )
