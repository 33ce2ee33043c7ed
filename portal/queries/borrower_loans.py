"""A borrower's own loans. Every read takes the borrower first, so that none can read another's."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from portal.domain.allocation import Statement, statement
from portal.domain.conventions import Conventions
from portal.models import Borrower, Dispute, HardshipRequest, Lender, Loan, LoanPerson, Plan
from portal.queries.accounts import loan_account

HOLDS_THE_LOAN = ("borrower", "co_borrower")
HAS_A_PART = (*HOLDS_THE_LOAN, "guarantor")


@dataclass(frozen=True)
class LineView:
    """An installment as pages show it: minor units; `state` as portal.domain.allocation has it; `left_after` is everything
    still to pay after that day."""

    due_on: date
    total: int
    paid: int
    open: int
    state: str
    left_after: int


@dataclass(frozen=True)
class LoanView:
    """One loan of a borrower on a day. Amounts are minor units of `currency`; `decimals` is what the lender shows."""

    loan: Loan
    ref: str
    loan_id: str
    currency: str
    decimals: int | None
    frequency_unit: str
    frequency_every: int
    rate_percent: str
    interest_kind: str
    late_fee: str
    paid_so_far: int
    left_to_pay: int
    next_due_on: date | None
    next_amount: int
    overdue_total: int
    overdue_lines: tuple[tuple[date, int, bool], ...]
    lines: tuple[LineView, ...]
    guarantors: tuple[str, ...]
    open_request: HardshipRequest | None
    agreed_plan: Plan | None
    open_dispute: Dispute | None
    stated: Statement


def loan_views(session: Session, borrower: Borrower, lender: Lender, today: date) -> list[LoanView]:
    """Every loan that `borrower` holds, those with something to pay first."""
    loans = session.scalars(
        _held_by(borrower)
        .options(
            selectinload(Loan.entries),
            selectinload(Loan.versions),
            selectinload(Loan.product),
            selectinload(Loan.people).selectinload(LoanPerson.borrower),
        )
        .order_by(Loan.id)
    ).all()
    ids = [loan.id for loan in loans]
    requests = {
        request.loan_id: request
        for request in session.scalars(
            select(HardshipRequest).where(HardshipRequest.loan_id.in_(ids), HardshipRequest.is_open.is_(True))
        )
        if request.borrower_id == borrower.id
    }
    plans = {
        plan.loan_id: plan
        for plan in session.scalars(select(Plan).where(Plan.loan_id.in_(ids), Plan.in_force.is_(True)))
    }
    disputes = {
        dispute.loan_id: dispute
        for dispute in session.scalars(
            select(Dispute).where(Dispute.borrower_id == borrower.id, Dispute.is_open.is_(True))
        )
    }
    views = [
        _view(session, loan, lender, today, requests.get(loan.id), plans.get(loan.id), disputes.get(loan.id))
        for loan in loans
    ]
    return sorted(views, key=lambda view: view.left_to_pay == 0)


def loan_view(session: Session, borrower: Borrower, loan_id: str, lender: Lender, today: date) -> LoanView | None:
    """One loan that `borrower` holds."""
    return next((view for view in loan_views(session, borrower, lender, today) if view.loan_id == loan_id), None)


def newest_loan(session: Session, borrower: Borrower) -> Loan | None:
    """The loan that a message to `borrower` is about where nothing says which: an open one first, then the newest, of those
    in which they have a part."""
    return session.scalars(
        select(Loan)
        .join(LoanPerson)
        .where(LoanPerson.borrower_id == borrower.id, LoanPerson.role.in_(HAS_A_PART))
        .order_by((Loan.status == "open").desc(), Loan.id.desc())
        .limit(1)
    ).first()


def _held_by(borrower: Borrower) -> Select[Loan]:
    return (
        select(Loan)
        .join(LoanPerson)
        .where(LoanPerson.borrower_id == borrower.id, LoanPerson.role.in_(HOLDS_THE_LOAN), Loan.status != "written_off")
    )


def _view(
    session: Session,
    loan: Loan,
    lender: Lender,
    today: date,
    request: HardshipRequest | None,
    plan: Plan | None,
    dispute: Dispute | None,
) -> LoanView:
    stated = statement(loan_account(session, loan), today)
    left = stated.left_to_pay
    lines = []
    for line in stated.lines:
        left -= line.open
        lines.append(LineView(line.due_on, line.due, line.paid, line.open, line.state, left))
    return LoanView(
        loan=loan,
        ref=loan.reference,
        loan_id=loan.public_id,
        currency=loan.currency,
        decimals=lender.money_decimals.get(loan.currency),
        frequency_unit=loan.unit.removesuffix("s"),
        frequency_every=loan.every,
        rate_percent=loan.annual_rate,
        interest_kind=interest_kind(loan),
        late_fee=late_fee(loan),
        paid_so_far=stated.paid_so_far,
        left_to_pay=stated.left_to_pay,
        next_due_on=stated.next_due[0] if stated.next_due else None,
        next_amount=stated.next_due[1] if stated.next_due else 0,
        overdue_total=stated.overdue,
        overdue_lines=tuple(
            (line.due_on, line.open, line.paid > 0)
            for line in stated.lines
            if line.state in ("part_paid", "not_received")
        ),
        lines=tuple(lines),
        guarantors=tuple(part.borrower.name for part in loan.people if part.role == "guarantor"),
        open_request=request,
        agreed_plan=plan,
        open_dispute=dispute,
        stated=stated,
    )


def interest_kind(loan: Loan) -> str:
    """How a page says what interest is charged on: declining (what is left), flat (what was lent) or none."""
    if not Decimal(loan.annual_rate):
        return "none"
    return "flat" if loan.method == "flat" else "declining"


def late_fee(loan: Loan) -> str:
    """What a page may say of fees for being late: not_stated, none or charged."""
    return Conventions.from_dict(loan.product.conventions).late_fee.value
