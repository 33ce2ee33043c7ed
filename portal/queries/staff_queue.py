"""Who waits for an answer, soonest first. Every read takes the member of staff first: a branch sees its own."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from portal.clock import local_date
from portal.domain.affordability import a_period
from portal.domain.due_dates import Frequency, Unit
from portal.domain.errors import InvalidPlan
from portal.domain.hardship import OPEN, WAITING_FOR_STAFF
from portal.domain.plan_terms import PlanTerms
from portal.domain.restructuring import restructure
from portal.models import HardshipRequest, Lender, Loan, Staff
from portal.queries.accounts import loan_account
from portal.queries.branches import in_branch
from portal.queries.plan_views import PlanView
from portal.queries.requests import proposed_plan

SENT = OPEN - {"draft"}
# The clock of these runs: somebody at the lender's owes the answer that was promised.
ON_THE_CLOCK = frozenset({"sent", "being_read", "countered"})
# A payment that leaves less than this part of itself is called tight.
TIGHT_PERCENT = 10
MOST_SHOWN = 200


@dataclass(frozen=True)
class Fit:
    """A plan beside a budget: fits, tight or above. Minor units each payment; `spare` is below zero where it is above."""

    code: str
    carries: int
    asked: int

    @property
    def spare(self) -> int:
        return self.carries - self.asked


@dataclass(frozen=True)
class Waiting:
    """One request of the queue. Amounts are minor units of `currency`. `days` are calendar days since it was sent;
    `answer_by` is None where the next step is the borrower's; `asks` is None where we are to suggest a plan. `urgent`:
    what they wrote holds words of despair, and nobody has decided yet."""

    public_id: str
    name: str
    language: str
    reference: str
    currency: str
    decimals: int | None
    monthly: bool
    days: int
    answer_by: date | None
    asks: PlanView | None
    amount_now: int | None
    fit: Fit | None
    officer: str | None
    status: str
    urgent: bool


@dataclass(frozen=True)
class Totals:
    """How many wait for us: in all, due by today (or before), due tomorrow, and those that nobody has opened."""

    waiting: int
    due: int
    tomorrow: int
    untaken: int


@dataclass(frozen=True)
class Wishes:
    """What of the queue is shown; '' for all of it. `show`: mine, untaken, theirs; `asks`: the code of a plan, or suggest;
    `budget`: fits, tight, above, none; `officer`: an id."""

    show: str = ""
    asks: str = ""
    budget: str = ""
    officer: str = ""


def queue(session: Session, staff: Staff, lender: Lender, now: datetime, wishes: Wishes) -> list[Waiting]:
    """Open requests that were sent, those that wait for us first: words of despair, then by the day of the answer."""
    today = local_date(now, lender.zone)
    found = session.scalars(
        select(HardshipRequest)
        .join(HardshipRequest.loan)
        .where(*_in_scope(staff), *_conditions(staff, wishes))
        .options(
            contains_eager(HardshipRequest.loan).options(
                joinedload(Loan.product), selectinload(Loan.entries), selectinload(Loan.versions)
            ),
            joinedload(HardshipRequest.borrower),
            joinedload(HardshipRequest.officer),
        )
        .order_by(
            case(
                (and_(HardshipRequest.urgent, HardshipRequest.status.in_(WAITING_FOR_STAFF)), 0),
                (HardshipRequest.status.in_(WAITING_FOR_STAFF), 1),
                else_=2,
            ),
            HardshipRequest.answer_by,
            HardshipRequest.sent_at,
            HardshipRequest.id,
        )
    )
    rows = (_row(session, request, lender, today) for request in found)
    return [row for row in rows if _wished(row, wishes)][:MOST_SHOWN]


def totals(session: Session, staff: Staff, today: date) -> Totals:
    """Of the whole queue that `staff` may see, whatever is shown of it."""
    due = and_(HardshipRequest.status.in_(ON_THE_CLOCK), HardshipRequest.answer_by <= today)
    tomorrow = and_(HardshipRequest.status.in_(ON_THE_CLOCK), HardshipRequest.answer_by == today + timedelta(days=1))
    counted = session.execute(
        select(
            _count(HardshipRequest.status.in_(WAITING_FOR_STAFF)),
            _count(due),
            _count(tomorrow),
            _count(HardshipRequest.status == "sent"),
        ).where(*_in_scope(staff))
    ).one()
    return Totals(*counted)


def holders(session: Session, staff: Staff) -> dict[int, str]:
    """The names, by id, of those who hold an open request that `staff` may see."""
    found = session.execute(
        select(Staff.id, Staff.name)
        .join_from(HardshipRequest, Staff, HardshipRequest.officer_id == Staff.id)
        .where(*_in_scope(staff))
        .distinct()
        .order_by(Staff.name)
    )
    return {row.id: row.name for row in found}


def fit_of(left_over: int | None, frequency: Frequency, amount: int) -> Fit | None:
    """A payment of `amount` each period beside `left_over` a month (minor units); None where there is no budget."""
    if left_over is None:
        return None
    carries = a_period(left_over, frequency)
    spare = carries - amount
    code = "above" if spare < 0 else "tight" if spare * 100 < amount * TIGHT_PERCENT else "fits"
    return Fit(code, carries, amount)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _in_scope(staff: Staff) -> tuple[ColumnElement[bool], ...]:
    return (
        in_branch(staff, HardshipRequest.branch_id),
        HardshipRequest.is_open.is_(True),
        HardshipRequest.status.in_(SENT),
    )


def _conditions(staff: Staff, wishes: Wishes) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wishes.show == "mine":
        conditions.append(HardshipRequest.officer_id == staff.id)
    elif wishes.show == "untaken":
        conditions.append(HardshipRequest.status == "sent")
    elif wishes.show == "theirs":
        conditions.append(HardshipRequest.status.not_in(WAITING_FOR_STAFF))
    if wishes.officer:
        conditions.append(HardshipRequest.officer_id == int(wishes.officer))
    return conditions


def _wished(row: Waiting, wishes: Wishes) -> bool:
    asks = row.asks.code if row.asks else "suggest"
    budget = row.fit.code if row.fit else "none"
    return wishes.asks in ("", asks) and wishes.budget in ("", budget)


def _row(session: Session, request: HardshipRequest, lender: Lender, today: date) -> Waiting:
    loan = request.loan
    asks = proposed_plan(request)
    now_pays = _pays_now(session, request, today)
    frequency = Frequency(loan.every, Unit(loan.unit))
    # Where we are to suggest a plan, today's payment is what the budget has to carry.
    payment = max((amount for _, amount in asks.payments), default=0) if asks else now_pays
    return Waiting(
        public_id=request.public_id,
        name=request.borrower.name,
        language=request.language,
        reference=loan.reference,
        currency=loan.currency,
        decimals=lender.money_decimals.get(loan.currency),
        monthly=loan.unit == Unit.months and loan.every == 1,
        days=(today - local_date(request.sent_at, lender.zone)).days if request.sent_at else 0,
        answer_by=request.answer_by if request.status in ON_THE_CLOCK else None,
        asks=asks,
        amount_now=now_pays,
        fit=None if payment is None else fit_of(request.left_over, frequency, payment),
        officer=request.officer.name if request.officer else None,
        status=request.status,
        urgent=request.urgent and request.status in WAITING_FOR_STAFF,
    )


def _pays_now(session: Session, request: HardshipRequest, today: date) -> int | None:
    """The usual payment as it is today; None where nothing is left."""
    if request.proposed_figures is not None:
        seen: int = request.proposed_figures["comparison"]["amount_today"]
        return seen
    try:
        return restructure(loan_account(session, request.loan), PlanTerms(), today).comparison.amount_today
    except InvalidPlan:
        return None
