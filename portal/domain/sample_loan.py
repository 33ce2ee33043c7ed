"""A small loan that shows what conventions do: its rows, and what becomes of it in four situations.

Its days are chosen so that conventions differ on it: it is paid out before a year's end, the first period is longer than the
others, payments fall due on the last day of each month, and the year after has a 29 February.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from portal.domain.allocation import Charge, LoanAccount, Payment, replay, statement
from portal.domain.conventions import Component, Conventions
from portal.domain.due_dates import MONTHLY, Frequency, Unit, shift
from portal.domain.loan_terms import LoanTerms, Method
from portal.domain.money import exponent
from portal.domain.schedule import Schedule, build_schedule

DISBURSED_ON = date(2027, 12, 20)
FIRST_MONTHLY_DUE = date(2028, 1, 31)
INSTALLMENTS = 12
DAYS = 10  # after a due date: how late, or when the loan is paid off
# What they need beside the terms here can't be guessed.
_NEED_MORE = (Method.fixed_installment, Method.principal_share)


@dataclass(frozen=True, slots=True)
class SampleKind:
    """What a sample has besides its conventions: what the loans of a product have. `annual_rate` is percent a year."""

    currency: str
    annual_rate: Decimal = Decimal(18)
    method: Method = Method.equal_installments
    frequency: Frequency = MONTHLY


@dataclass(frozen=True, slots=True)
class PartPaid:
    """Half an installment came on the first due date, when a fee and a penalty were due too: what it paid, minor units by
    component in the order of portal.domain.allocation.COMPONENTS."""

    came: int
    paid: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class PaidAhead:
    """Two installments came on the first due date: what is next, the last date, and what is left to pay (minor units)."""

    came: int
    next_due: tuple[date, int] | None
    last_on: date
    left_to_pay: int


@dataclass(frozen=True, slots=True)
class Late:
    """Nothing has come DAYS days after the first due date."""

    days_past_due: int
    delinquent_days: int
    bucket: str


@dataclass(frozen=True, slots=True)
class Sample:
    """`payoff` settles the loan DAYS days after the second due date, both payments made. What needs more payments than the
    loan has is None."""

    terms: LoanTerms
    schedule: Schedule
    part_paid: PartPaid
    late: Late
    paid_ahead: PaidAhead | None
    payoff: int | None


def sample(kind: SampleKind, conventions: Conventions) -> Sample:
    """The sample loan of `kind` under `conventions`: 1,000 units of its currency (100,000 where it has no smaller unit), in
    twelve payments. Raises InvalidTerms, UnknownCurrency."""
    monthly = kind.frequency.unit is Unit.months
    digits = exponent(kind.currency)
    terms = LoanTerms(
        principal=1000 * 10**digits if digits else 100_000,
        currency=kind.currency,
        annual_rate=kind.annual_rate,
        installments=INSTALLMENTS,
        frequency=kind.frequency,
        disbursed_on=DISBURSED_ON,
        first_due_on=FIRST_MONTHLY_DUE if monthly else shift(DISBURSED_ON, kind.frequency, 1),
        method=Method.equal_installments if kind.method in _NEED_MORE else kind.method,
        conventions=conventions,
    )
    account = LoanAccount(terms, build_schedule(terms))
    rows = account.schedule.installments
    several = len(rows) > 2
    return Sample(
        terms,
        account.schedule,
        _part_paid(account),
        _late(account),
        _paid_ahead(account) if several else None,
        _payoff(account) if several else None,
    )


def _part_paid(account: LoanAccount) -> PartPaid:
    first = account.schedule.installments[0]
    fee = max(first.total // 20, 1)
    charges = (Charge(Component.penalties, first.due_on, fee), Charge(Component.fees, first.due_on, fee))
    came = max(first.total // 2, 1)
    laid = replay(replace(account, payments=(Payment("1", first.due_on, came),), charges=charges), first.due_on)
    penalties, fees, interest, principal = laid.paid[0]
    return PartPaid(came, (penalties, fees, interest, principal))


def _paid_ahead(account: LoanAccount) -> PaidAhead:
    first, second = account.schedule.installments[:2]
    came = first.total + second.total
    stated = statement(replace(account, payments=(Payment("1", first.due_on, came),)), first.due_on)
    left = [line for line in stated.lines if line.open]
    return PaidAhead(came, stated.next_due, left[-1].due_on if left else first.due_on, stated.left_to_pay)


def _late(account: LoanAccount) -> Late:
    stated = statement(account, account.schedule.installments[0].due_on + timedelta(days=DAYS))
    return Late(stated.days_past_due, stated.delinquent_days, stated.bucket)


def _payoff(account: LoanAccount) -> int:
    first, second = account.schedule.installments[:2]
    payments = tuple(Payment(str(row.number), row.due_on, row.total) for row in (first, second) if row.total)
    return statement(replace(account, payments=payments), second.due_on + timedelta(days=DAYS)).payoff
