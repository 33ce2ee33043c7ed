"""One request as the lender reads it. Every read takes the member of staff first: a branch sees its own."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.db import keyring
from portal.domain.affordability import a_period
from portal.domain.conventions import Conventions
from portal.domain.due_dates import Frequency, Unit
from portal.domain.season_plan import GoodMonths
from portal.forms.difficulty import COST_LABELS, INCOME_LABELS
from portal.models import (
    Contact,
    HardshipRequest,
    HardshipStep,
    Lender,
    Loan,
    LoanPerson,
    Plan,
    Product,
    Question,
    Staff,
)
from portal.queries.branches import in_branch

# How far back contacts are counted, and how many of them a page lists.
COUNTED = timedelta(days=30)
MOST_CONTACTS = 30


@dataclass(frozen=True)
class BudgetLine:
    code: str
    amount: int


@dataclass(frozen=True)
class Budget:
    """What the borrower said of a usual month, week or day (`per`), minor units. `left_over` is what it leaves a month.
    `season`: when more comes in, where that was told."""

    money_in: tuple[BudgetLine, ...]
    money_out: tuple[BudgetLine, ...]
    left_over: int
    per: str
    season: GoodMonths | None

    @property
    def total_in(self) -> int:
        return sum(line.amount for line in self.money_in)

    @property
    def total_out(self) -> int:
        return sum(line.amount for line in self.money_out)


@dataclass(frozen=True)
class StepLine:
    """One step. `who` is a member of staff's name, None for the borrower (`role` borrower) and the system; `words` is the
    letter, or what the borrower wrote with it."""

    action: str
    role: str
    who: str | None
    at: datetime
    words: str | None
    reason: str | None


@dataclass(frozen=True)
class Asked:
    """A question and its answer (None: not yet)."""

    who: str
    asked_at: datetime
    words: str
    answer: str | None
    answered_at: datetime | None


@dataclass(frozen=True)
class ContactLine:
    at: datetime
    form: str
    unit: str
    purpose: str
    who: str | None


@dataclass(frozen=True)
class CaseView:
    """What a request says, opened. Amounts are minor units of `currency`; `carries` is what the budget leaves for each
    payment, None without one. `guarantors` are names: they are not told what stands here."""

    request: HardshipRequest
    name: str
    language: str
    reference: str
    currency: str
    decimals: int | None
    frequency_unit: str
    frequency_every: int
    principal: int
    rate_percent: str
    disbursed_on: date
    guarantors: tuple[str, ...]
    words: str | None
    budget: Budget | None
    carries: int | None
    steps: tuple[StepLine, ...]
    questions: tuple[Asked, ...]
    contacts: tuple[ContactLine, ...]
    contacts_lately: int
    plan_id: str | None
    product: Product
    conventions: Conventions

    @property
    def monthly(self) -> bool:
        return self.frequency_unit == "month" and self.frequency_every == 1

    @property
    def interest_free(self) -> bool:
        return not Decimal(self.rate_percent)


def find_case(session: Session, staff: Staff, public_id: str) -> HardshipRequest | None:
    """The request where it was sent and `staff` may see it. What nobody sent is the borrower's alone."""
    return session.scalar(
        select(HardshipRequest).where(
            in_branch(staff, HardshipRequest.branch_id),
            HardshipRequest.public_id == public_id,
            HardshipRequest.sent_at.is_not(None),
        )
    )


def case_view(session: Session, request: HardshipRequest, lender: Lender, now: datetime) -> CaseView:
    """A request that was found, opened."""
    keys = keyring(session)
    loan = session.scalars(
        select(Loan)
        .where(Loan.id == request.loan_id)
        .options(
            joinedload(Loan.product),
            selectinload(Loan.entries),
            selectinload(Loan.versions),
            selectinload(Loan.people).joinedload(LoanPerson.borrower),
        )
    ).one()
    contacts = session.execute(
        select(Contact, Staff.name)
        .outerjoin(Staff, Staff.id == Contact.staff_id)
        .where(Contact.borrower_id == request.borrower_id)
        .order_by(Contact.at.desc(), Contact.id.desc())
        .limit(MOST_CONTACTS)
    ).all()
    lately = select(func.count()).where(Contact.borrower_id == request.borrower_id, Contact.at > now - COUNTED)
    return CaseView(
        request=request,
        name=request.borrower.name,
        language=request.language,
        reference=loan.reference,
        currency=loan.currency,
        decimals=lender.money_decimals.get(loan.currency),
        frequency_unit=loan.unit.removesuffix("s"),
        frequency_every=loan.every,
        principal=loan.principal,
        rate_percent=loan.annual_rate,
        disbursed_on=loan.disbursed_on,
        guarantors=tuple(part.borrower.name for part in loan.people if part.role == "guarantor"),
        words=keys.open("words", request.words_sealed) if request.words_sealed else None,
        budget=_budget(request),
        carries=carries(request, loan),
        steps=_steps(session, request),
        questions=_questions(session, request),
        contacts=tuple(
            ContactLine(contact.at, contact.form, contact.unit, contact.purpose, name) for contact, name in contacts
        ),
        contacts_lately=session.scalar(lately) or 0,
        plan_id=session.scalar(select(Plan.public_id).where(Plan.request_id == request.id)),
        product=loan.product,
        conventions=Conventions.from_dict(loan.product.conventions),
    )


def carries(request: HardshipRequest, loan: Loan) -> int | None:
    """What the budget leaves for each payment of `loan`."""
    if request.left_over is None:
        return None
    return a_period(request.left_over, Frequency(loan.every, Unit(loan.unit)))


def _budget(request: HardshipRequest) -> Budget | None:
    if request.budget is None or request.left_over is None:
        return None
    lines = {code: amount for code, amount in request.budget.items() if isinstance(amount, int)}
    return Budget(
        money_in=tuple(BudgetLine(code, lines[code]) for code in INCOME_LABELS if code in lines),
        money_out=tuple(BudgetLine(code, lines[code]) for code in COST_LABELS if code in lines),
        left_over=request.left_over,
        per=request.budget_per,
        season=GoodMonths.from_dict(request.season) if request.season else None,
    )


def _steps(session: Session, request: HardshipRequest) -> tuple[StepLine, ...]:
    """From the sending on: what was saved before is the borrower's draft."""
    keys = keyring(session)
    steps = session.scalars(
        select(HardshipStep)
        .where(HardshipStep.request_id == request.id, HardshipStep.action != "save")
        .options(joinedload(HardshipStep.staff))
        .order_by(HardshipStep.id)
    )
    return tuple(
        StepLine(
            action=step.action,
            role=step.role,
            who=step.staff.name if step.staff else None,
            at=step.at,
            words=keys.open("letter", step.letter_sealed) if step.letter_sealed else None,
            reason=step.reason,
        )
        for step in steps
    )


def _questions(session: Session, request: HardshipRequest) -> tuple[Asked, ...]:
    keys = keyring(session)
    asked = session.scalars(
        select(Question)
        .where(Question.request_id == request.id)
        .options(joinedload(Question.asked_by))
        .order_by(Question.id)
    )
    return tuple(
        Asked(
            who=question.asked_by.name,
            asked_at=question.asked_at,
            words=keys.open("question", question.words_sealed),
            answer=keys.open("answer", question.answer_sealed) if question.answer_sealed else None,
            answered_at=question.answered_at,
        )
        for question in asked
    )
