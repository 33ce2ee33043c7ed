"""What staff are told beside requests: disputes, numbers that are somebody else's, loans without a person. Every read
takes the member of staff first: a branch sees its own."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.clock import local_date
from portal.db import keyring
from portal.domain.allocation import Statement, statement
from portal.models import Borrower, Dispute, Lender, Loan, LoanPerson, Staff, StoppedNumber
from portal.queries.accounts import loan_account
from portal.queries.branches import in_branch
from portal.queries.settlements import EndedSettlement, ended_settlements

# How long a settlement that was not kept is told of.
SHOWN = timedelta(days=60)


@dataclass(frozen=True)
class DisputeLine:
    """An open dispute as the list shows it. `days` are calendar days since it was heard."""

    public_id: str
    name: str
    language: str
    reference: str
    kind: str
    detail: str | None
    days: int
    answer_by: date


@dataclass(frozen=True)
class WrongNumber:
    """Somebody at `name`'s number said that they are not `name`. `borrower_id` is public."""

    borrower_id: str
    name: str
    client_number: str | None
    references: tuple[str, ...]
    officer: str | None
    stopped_on: date


@dataclass(frozen=True)
class Notices:
    """`unlinked` counts the loans that no person is linked to yet; `settlements` were not kept lately."""

    disputes: tuple[DisputeLine, ...]
    wrong_numbers: tuple[WrongNumber, ...]
    unlinked: int
    settlements: tuple[EndedSettlement, ...] = ()


@dataclass(frozen=True)
class DisputeView:
    """One dispute with what it is about. Amounts are minor units of `currency`; `payments` are (date, amount) in order,
    reversed ones left out."""

    dispute: Dispute
    name: str
    reference: str
    currency: str
    decimals: int | None
    should_be: str | None
    words: str | None
    answer: str | None
    stated: Statement
    payments: tuple[tuple[date, int], ...]


def notices(session: Session, staff: Staff, lender: Lender, now: datetime) -> Notices:
    """All that waits beside requests, soonest answer first."""
    today = local_date(now, lender.zone)
    disputes = session.scalars(
        select(Dispute)
        .where(in_branch(staff, Dispute.branch_id), Dispute.is_open.is_(True))
        .options(joinedload(Dispute.borrower), joinedload(Dispute.loan))
        .order_by(Dispute.answer_by, Dispute.id)
    )
    unlinked = select(func.count(Loan.id)).where(
        in_branch(staff, Loan.branch_id), ~exists().where(LoanPerson.loan_id == Loan.id)
    )
    return Notices(
        disputes=tuple(_line(dispute, lender, today) for dispute in disputes),
        wrong_numbers=_wrong_numbers(session, staff, lender),
        unlinked=session.scalar(unlinked) or 0,
        settlements=ended_settlements(session, staff, now - SHOWN),
    )


def find_dispute(session: Session, staff: Staff, public_id: str) -> Dispute | None:
    """The dispute where `staff` may see it."""
    return session.scalar(select(Dispute).where(in_branch(staff, Dispute.branch_id), Dispute.public_id == public_id))


def find_borrower(session: Session, staff: Staff, public_id: str) -> Borrower | None:
    """The borrower where `staff` may see them."""
    return session.scalar(select(Borrower).where(in_branch(staff, Borrower.branch_id), Borrower.public_id == public_id))


def dispute_view(session: Session, dispute: Dispute, lender: Lender, today: date) -> DisputeView:
    """A dispute that was found, opened."""
    keys = keyring(session)
    loan = session.scalars(
        select(Loan)
        .where(Loan.id == dispute.loan_id)
        .options(selectinload(Loan.entries), selectinload(Loan.versions), joinedload(Loan.product))
    ).one()
    undone = {entry.reverses_id for entry in loan.entries if entry.reverses_id}
    received = [entry for entry in loan.entries if entry.kind == "payment" and entry.id not in undone]
    return DisputeView(
        dispute=dispute,
        name=dispute.borrower.name,
        reference=loan.reference,
        currency=loan.currency,
        decimals=lender.money_decimals.get(loan.currency),
        should_be=keys.open("should_be", dispute.should_be_sealed) if dispute.should_be_sealed else None,
        words=keys.open("words", dispute.words_sealed) if dispute.words_sealed else None,
        answer=keys.open("answer", dispute.answer_sealed) if dispute.answer_sealed else None,
        stated=statement(loan_account(session, loan), today),
        payments=tuple(sorted((entry.effective_on, entry.amount) for entry in received)),
    )


def _line(dispute: Dispute, lender: Lender, today: date) -> DisputeLine:
    return DisputeLine(
        public_id=dispute.public_id,
        name=dispute.borrower.name,
        language=dispute.borrower.language,
        reference=dispute.loan.reference,
        kind=dispute.kind,
        detail=dispute.detail,
        days=(today - local_date(dispute.recorded_at, lender.zone)).days,
        answer_by=dispute.answer_by,
    )


def _wrong_numbers(session: Session, staff: Staff, lender: Lender) -> tuple[WrongNumber, ...]:
    unsettled = session.execute(
        select(Borrower, StoppedNumber.stopped_at)
        .join(StoppedNumber, StoppedNumber.borrower_id == Borrower.id)
        .where(in_branch(staff, Borrower.branch_id), StoppedNumber.settled_at.is_(None))
        .options(joinedload(Borrower.officer))
        .order_by(StoppedNumber.stopped_at)
    ).all()
    references = defaultdict(list)
    for borrower_id, reference in session.execute(
        select(LoanPerson.borrower_id, Loan.reference)
        .join(Loan)
        .where(LoanPerson.borrower_id.in_([borrower.id for borrower, _ in unsettled]))
        .order_by(Loan.reference)
    ):
        references[borrower_id].append(reference)
    return tuple(
        WrongNumber(
            borrower_id=borrower.public_id,
            name=borrower.name,
            client_number=borrower.client_number,
            references=tuple(references[borrower.id]),
            officer=borrower.officer.name if borrower.officer else None,
            stopped_on=local_date(stopped_at, lender.zone),
        )
        for borrower, stopped_at in unsettled
    )
