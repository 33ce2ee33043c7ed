"""From the terms of a loan to its installments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from portal.domain import amortization
from portal.domain.amortization import MOST_ROWS, Rows, require_rows
from portal.domain.conventions import Conventions, LevelBasis, Remainder
from portal.domain.errors import InvalidTerms
from portal.domain.interest import Rates, Ratio, RowInterest, factor, rate_ratio
from portal.domain.loan_terms import LoanTerms, Method, level_factors, period_factors, regular_periods
from portal.domain.money import exponent, round_to

__all__ = [
    "Conventions",
    "Installment",
    "LoanTerms",
    "Method",
    "Schedule",
    "build_schedule",
    "figures",
    "level_installment",
    "period_factors",
]


class Installment(NamedTuple):
    """One row: amounts in minor units, `balance` of principal after it."""

    number: int
    due_on: date
    principal: int
    interest: int
    fees: int = 0
    balance: int = 0

    @property
    def total(self) -> int:
        return self.principal + self.interest + self.fees


@dataclass(frozen=True, slots=True)
class Schedule:
    """Installments in the order in which they fall due."""

    currency: str
    installments: tuple[Installment, ...]

    @property
    def total_principal(self) -> int:
        return sum(row.principal for row in self.installments)

    @property
    def total_interest(self) -> int:
        return sum(row.interest for row in self.installments)

    @property
    def total_due(self) -> int:
        return sum(row.principal + row.interest + row.fees for row in self.installments)

    @property
    def last_due_on(self) -> date:
        return self.installments[-1].due_on

    def to_rows(self) -> list[dict[str, Any]]:
        """Plain JSON values: a list of rows, amounts in minor units, ISO dates."""
        return [
            {
                "number": row.number,
                "due_on": row.due_on.isoformat(),
                "principal": row.principal,
                "interest": row.interest,
                "fees": row.fees,
                "balance": row.balance,
            }
            for row in self.installments
        ]

    @classmethod
    def from_rows(cls, rows: Iterable[dict[str, Any]], currency: str) -> "Schedule":
        """From `to_rows()`."""
        return cls(
            currency,
            tuple(
                Installment(
                    row["number"],
                    date.fromisoformat(row["due_on"]),
                    row["principal"],
                    row["interest"],
                    row.get("fees", 0),
                    row["balance"],
                )
                for row in rows
            ),
        )

    @classmethod
    def given(cls, currency: str, rows: Iterable[tuple[date, int, int, int]]) -> "Schedule":
        """A schedule as its owner states it: (due date, principal, interest, fees) a row. Nothing is reckoned anew but
        numbers and balances. Raises InvalidTerms where dates do not rise or an amount is negative."""
        exponent(currency)
        listed = list(rows)
        require_rows(len(listed))
        balance = sum(row[1] for row in listed)
        result: list[Installment] = []
        for number, (due_on, principal, interest, fees) in enumerate(listed, 1):
            if min(principal, interest, fees) < 0:
                raise InvalidTerms("negative_row", "An installment can't hold a negative amount.", number=number)
            if result and due_on <= result[-1].due_on:
                raise InvalidTerms(
                    "dates_not_rising", "Each installment must fall due after the one before.", number=number
                )
            balance -= principal
            result.append(Installment(number, due_on, principal, interest, fees, balance))
        return cls(currency, tuple(result))


def level_installment(terms: LoanTerms) -> int:
    """The level installment in minor units (of a method without one: what the first row after any grace asks)."""
    if terms.method is Method.fixed_installment and terms.amount is not None:
        return terms.amount
    if terms.method is Method.equal_installments and terms.conventions.remainder is not Remainder.smoothed:
        factors = level_factors(terms, period_factors(terms, terms.dates(terms.installments)))
        return amortization.level_amount(terms.financed, factors[terms.principal_grace :], terms.conventions)
    schedule = build_schedule(terms)
    index = min(terms.principal_grace + (1 if terms.down_payment else 0), len(schedule.installments) - 1)
    return schedule.installments[index].total


def figures(terms: LoanTerms, factors: list[Ratio]) -> Rows:
    """Principal and interest of each row from the interest of each period."""
    conventions, balance, grace = terms.conventions, terms.financed, terms.principal_grace
    method, deferred = terms.method, terms.interest_payment_grace
    if method is Method.flat:
        share = _share(terms) if terms.principal_percent is not None else None
        no_interest = max(deferred, min(terms.interest_free, len(factors) - 1))
        return amortization.FlatRows(balance, grace, no_interest, share).rows(balance, factors, conventions)
    if method in (Method.equal_installments, Method.fixed_installment):
        level = terms.amount if method is Method.fixed_installment else None
        if level is None and (deferred or conventions.level_basis is not LevelBasis.each_period):
            level = amortization.level_amount(balance, level_factors(terms, factors)[grace:], conventions)
        if deferred and level is not None:
            row = RowInterest(conventions)
            prepared = [row.prepared(ratio) for ratio in factors]
            return _deferring(terms, prepared, level, row)
        fixed = method is Method.fixed_installment
        rows = amortization.equal_installments(balance, factors[grace:], conventions, level, fixed)
    elif method is Method.equal_principal:
        rows = amortization.equal_principal(balance, factors[grace:], conventions)
    elif method is Method.principal_share:
        rows = amortization.fixed_principal(balance, factors[grace:], _share(terms), conventions)
    else:
        rows = amortization.fixed_principal(balance, factors[grace:], 0, conventions)
        if method is Method.bullet:
            deferred = len(factors)  # everything in the last row
    if grace:
        start = amortization.interest_only_rows(balance, factors[:grace], conventions)
        rows = start[0] + rows[0], start[1] + rows[1]
    if deferred:
        interests = rows[1]
        at = min(deferred, len(interests) - 1)
        interests[at] += sum(interests[:at])
        interests[:at] = [0] * at
    return rows


def _deferring(terms: LoanTerms, prepared: list[amortization.Prepared], level: int, row: RowInterest) -> Rows:
    """Level rows after a grace on the payment of interest."""
    balance, grace, deferred = terms.financed, terms.principal_grace, terms.interest_payment_grace

    def rows_of(first: int | None) -> Rows:
        return amortization.deferring_rows(balance, prepared, level, deferred, grace, row, first)

    rows = rows_of(None)
    if terms.method is Method.fixed_installment or terms.conventions.remainder is not Remainder.first:
        return rows
    return amortization.first_takes(rows_of, level, rows, len(prepared), row.unit)


def _share(terms: LoanTerms) -> int:
    num, den = rate_ratio(terms.principal_percent or terms.annual_rate)
    return round_to(terms.financed * num, den, 1, terms.conventions.installment_rounding)


def build_schedule(terms: LoanTerms) -> Schedule:
    """Every installment of `terms`. Principal adds up to the principal, no figure is negative, the end is zero.

    Raises InvalidTerms, for a fixed installment that never repays too.
    """
    count = terms.installments
    if terms.method is Method.fixed_installment:
        count = _fixed_count(terms)
    dates: Sequence[date] = terms.dates(count)
    if terms.method is Method.equal_installments and not terms.rates.is_constant:
        principals, interests = _changing_rates(terms, dates)
    else:
        principals, interests = figures(terms, period_factors(terms, dates))
    if terms.method is Method.bullet:
        dates, principals, interests = dates[-1:], principals[-1:], interests[-1:]
    return assembled(terms, dates, principals, interests)


def _changing_rates(terms: LoanTerms, dates: Sequence[date]) -> Rows:
    """Level installments that are solved anew from the period in which a rate changes; a pause of interest keeps the level,
    and the last row takes the difference (Apache Fineract's progressive schedule)."""
    conventions = terms.conventions
    actual = period_factors(terms, dates)
    changes = sorted(terms.rate_changes)
    starts = [0]
    for day, _ in changes:
        night = day.toordinal() - 1
        starts.append(next((i for i, due in enumerate(dates) if due.toordinal() > night), len(dates)))
    row = RowInterest(conventions)
    balance, grace = terms.financed, terms.principal_grace
    principals: list[int] = []
    interests: list[int] = []
    periods = regular_periods(terms, dates)
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else len(dates)
        if end <= start or not balance:
            continue
        rates = Rates(terms.annual_rate, tuple(changes[:index]))
        basis = [factor(period, terms.frequency, conventions, rates) for period in periods]
        first = max(start, grace)
        level = amortization.level_amount(balance, level_factors(terms, basis)[first:], conventions)
        begun = level
        if conventions.remainder is Remainder.first:
            begun = _first_total(balance, basis[first:], level, conventions)
        for at in range(start, end):
            interest = row.of(balance, actual[at])
            last = at == len(dates) - 1
            asked = (begun if at == first else level) - interest
            principal = 0 if at < grace else balance if last else max(min(asked, balance), 0)
            principals.append(principal)
            interests.append(interest)
            balance -= principal
            if not balance:
                break
    return principals, interests


def _first_total(balance: int, factors: list[Ratio], level: int, conventions: Conventions) -> int:
    """What the first of level rows asks where it takes the remainder (minor units)."""
    principals, interests = amortization.equal_installments(balance, factors, conventions, level)
    return principals[0] + interests[0]


def assembled(terms: LoanTerms, dates: Sequence[date], principals: list[int], interests: list[int]) -> Schedule:
    """Rows from their parts, a down payment before them."""
    balance = terms.financed
    balances = []
    for principal in principals:
        balance -= principal
        balances.append(balance)
    count = len(principals)
    numbers: Sequence[int] = range(1, count + 1)
    rows = tuple(
        map(Installment._make, zip(numbers, dates, principals, interests, (0,) * count, balances, strict=False))
    )
    if terms.down_payment:
        first = Installment(1, terms.disbursed_on, terms.down_payment, 0, 0, terms.financed)
        rows = (first, *(row._replace(number=row.number + 1) for row in rows))
    return Schedule(terms.currency, rows)


def _fixed_count(terms: LoanTerms) -> int:
    """How many rows a fixed installment needs. Raises InvalidTerms where it never repays."""
    amount = terms.amount or 0
    size = 64
    while True:
        size = min(size * 2, MOST_ROWS)
        try:
            dates = terms.dates(size)
        except InvalidTerms:
            size, dates = MOST_ROWS, terms.dates(MOST_ROWS)
        principals, interests = figures(terms, period_factors(terms, dates))
        if len(principals) < size or principals[-1] + interests[-1] <= amount:
            return len(principals)
        if size == MOST_ROWS:
            first = interests[min(terms.principal_grace, len(interests) - 1)]
            raise InvalidTerms(
                "amount_never_repays",
                "This amount does not cover the interest, so the loan would never be repaid.",
                amount=amount,
                interest=first,
            )
