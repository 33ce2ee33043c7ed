"""From the terms of a loan to its installments."""

from collections.abc import Iterable, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from portal.domain import amortization
from portal.domain.amortization import MOST_ROWS, Rows, require_rows
from portal.domain.conventions import Conventions, LevelBasis
from portal.domain.due_dates import Frequency, due_dates, shift
from portal.domain.errors import InvalidTerms
from portal.domain.interest import ZERO, Period, Rates, Ratio, factor, periods, rate_ratio, reduced
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

HIGHEST_PRINCIPAL = 10**15


class Method(StrEnum):
    """How a loan is repaid."""

    equal_installments = "equal_installments"  # declining balance, level installments
    equal_principal = "equal_principal"  # declining balance, equal shares of principal
    flat = "flat"  # interest on the original principal throughout
    interest_only = "interest_only"  # interest each period, the principal at the end
    bullet = "bullet"  # one payment at the end
    fixed_installment = "fixed_installment"  # an amount is given, the number of rows follows
    principal_share = "principal_share"  # a percentage of the principal each period, the rest at the end


@dataclass(frozen=True, slots=True)
class LoanTerms:
    """What was agreed. Amounts in minor units of `currency`, `annual_rate` in percent a year, dates without a time zone.

    `due_day` is the day of the month meant where `first_due_on` fell on a shorter month. `principal_grace`,
    `interest_payment_grace` and `interest_free` count installments at the start that ask no principal, defer their interest
    to the first one after, or bear none. `amount` is the installment of `fixed_installment`; `principal_percent` the share
    of `principal_share`; `flat` with it repays that share too. `down_payment` is a first row on the day of disbursement.
    `rate_changes` are (first day, percent a year), `interest_pauses` (first day, last day). Raises InvalidTerms.
    """

    principal: int
    currency: str
    annual_rate: Decimal
    installments: int
    frequency: Frequency
    disbursed_on: date
    first_due_on: date
    method: Method = Method.equal_installments
    conventions: Conventions = field(default_factory=Conventions)
    due_day: int | None = None
    principal_grace: int = 0
    interest_payment_grace: int = 0
    interest_free: int = 0
    amount: int | None = None
    principal_percent: Decimal | None = None
    down_payment: int = 0
    rate_changes: tuple[tuple[date, Decimal], ...] = ()
    interest_pauses: tuple[tuple[date, date], ...] = ()
    closed_days: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        exponent(self.currency)
        object.__setattr__(self, "method", Method(self.method))
        if not isinstance(self.principal, int) or isinstance(self.principal, bool):
            raise InvalidTerms("invalid_principal", "The amount of the loan must be a whole number of minor units.")
        if self.principal <= 0:
            raise InvalidTerms("no_principal", "The amount of the loan must be above zero.", principal=self.principal)
        if self.principal > HIGHEST_PRINCIPAL:
            raise InvalidTerms("principal_too_high", "The amount of the loan is too high to be true.")
        rate_ratio(self.annual_rate)
        for _, rate in self.rate_changes:
            rate_ratio(rate)
        if self.method is not Method.fixed_installment:
            require_rows(self.installments)
        if self.first_due_on <= self.disbursed_on:
            raise InvalidTerms(
                "first_due_too_early",
                "The first installment must be due after the day the money was paid out.",
                first_due_on=self.first_due_on,
                disbursed_on=self.disbursed_on,
            )
        if self.due_day is not None and not 1 <= self.due_day <= 31:
            raise InvalidTerms("invalid_due_day", "The day of the month must be between 1 and 31.", day=self.due_day)
        graces = (self.principal_grace, self.interest_payment_grace, self.interest_free)
        if min(graces) < 0 or (self.method is not Method.fixed_installment and max(graces[:2]) >= self.installments):
            raise InvalidTerms(
                "grace_too_long", "The periods of grace must be fewer than the installments.", graces=graces
            )
        if not 0 <= self.down_payment < self.principal:
            raise InvalidTerms("invalid_down_payment", "A down payment must be less than the amount of the loan.")
        if self.method is Method.fixed_installment and (self.amount is None or self.amount <= 0):
            raise InvalidTerms("no_amount", "A fixed installment needs an amount above zero.")
        percent = self.principal_percent
        if (self.method is Method.principal_share and percent is None) or (
            percent is not None and not (percent.is_finite() and 0 < percent <= 100)
        ):
            raise InvalidTerms("invalid_share", "The share of the principal must be above 0 and at most 100 %.")

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values: rates as text, dates in ISO form, what is at its default left out."""
        values: dict[str, Any] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if item.default is not MISSING and value == item.default:
                continue
            values[item.name] = _plain(value)
        return values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "LoanTerms":
        """From `to_dict()`."""
        read = dict(values)
        read["annual_rate"] = Decimal(read["annual_rate"])
        read["frequency"] = Frequency.from_dict(read["frequency"])
        read["conventions"] = Conventions.from_dict(read.get("conventions", {}))
        for name in ("disbursed_on", "first_due_on"):
            read[name] = date.fromisoformat(read[name])
        if read.get("principal_percent") is not None:
            read["principal_percent"] = Decimal(read["principal_percent"])
        day = date.fromisoformat
        read["rate_changes"] = tuple((day(on), Decimal(rate)) for on, rate in read.get("rate_changes", ()))
        read["interest_pauses"] = tuple((day(a), day(b)) for a, b in read.get("interest_pauses", ()))
        read["closed_days"] = frozenset(map(day, read.get("closed_days", ())))
        return cls(**read)

    @property
    def rates(self) -> Rates:
        return Rates(self.annual_rate, self.rate_changes, self.interest_pauses)

    @property
    def financed(self) -> int:
        """The principal that bears interest: without the down payment."""
        return self.principal - self.down_payment

    def dates(self, count: int) -> tuple[date, ...]:
        """The first `count` due dates."""
        conventions = self.conventions
        return due_dates(
            self.first_due_on,
            self.frequency,
            count,
            day=self.due_day,
            rule=conventions.closed_day_rule,
            closed_weekdays=conventions.closed_weekdays,
            closed_days=self.closed_days,
        )

    @property
    def is_regular(self) -> bool:
        """Whether the first period is exactly one period long."""
        return (
            shift(self.first_due_on, self.frequency, -1, self.due_day) == self.disbursed_on
            or shift(self.disbursed_on, self.frequency, 1) == self.first_due_on
        )


def _plain(value: Any) -> Any:
    if isinstance(value, Conventions | Frequency):
        return value.to_dict()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(_plain(item) for item in value)
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


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
    def total_fees(self) -> int:
        return sum(row.fees for row in self.installments)

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


def period_factors(terms: LoanTerms, dates: Sequence[date]) -> list[Ratio]:
    """The interest of each period that ends on `dates`, on one unit of balance."""
    conventions, frequency = terms.conventions, terms.frequency
    count = len(dates)
    rates = terms.rates
    if rates.is_constant and conventions.interest_period == "per_period" and not terms.interest_free:
        num, den = rate_ratio(terms.annual_rate)
        per_year, every = frequency.per_year
        whole = reduced(num * every, den * per_year)
        if terms.is_regular:
            return [whole] * count
        first = periods(terms.disbursed_on, dates[:1], frequency, terms.due_day)[0]
        return [factor(first, frequency, conventions, rates)] + [whole] * (count - 1)
    result = [factor(period, frequency, conventions, rates) for period in regular_periods(terms, dates)]
    result[: terms.interest_free] = [ZERO] * min(terms.interest_free, count)
    return result


def regular_periods(terms: LoanTerms, dates: Sequence[date]) -> list[Period]:
    """The periods that end on `dates`; a regular first period starts where it should, whatever the month's length."""
    result = periods(terms.disbursed_on, dates, terms.frequency, terms.due_day)
    if terms.is_regular:
        result[0] = Period(terms.disbursed_on, result[0].end, terms.disbursed_on)
    return result


def level_factors(terms: LoanTerms, factors: list[Ratio]) -> list[Ratio]:
    """The factors that the level installment is solved from, by the conventions' basis."""
    basis = terms.conventions.level_basis
    if basis is LevelBasis.each_period:
        return factors
    if basis is LevelBasis.first_period:
        return [factors[0]] * len(factors)
    num, den = rate_ratio(terms.annual_rate)
    per_year, every = terms.frequency.per_year
    return [reduced(num * every, den * per_year)] * len(factors)


def level_installment(terms: LoanTerms) -> int:
    """The level installment in minor units (of a method without one: what the first row after any grace asks)."""
    if terms.method is Method.fixed_installment and terms.amount is not None:
        return terms.amount
    if terms.method is Method.equal_installments and terms.conventions.remainder == "last":
        factors = level_factors(terms, period_factors(terms, terms.dates(terms.installments)))
        return amortization.level_amount(terms.financed, factors[terms.principal_grace :], terms.conventions)
    schedule = build_schedule(terms)
    index = min(terms.principal_grace + (1 if terms.down_payment else 0), len(schedule.installments) - 1)
    return schedule.installments[index].total


def figures(terms: LoanTerms, factors: list[Ratio]) -> Rows:
    """Principal and interest of each row from the interest of each period."""
    conventions, balance, grace = terms.conventions, terms.financed, terms.principal_grace
    method = terms.method
    if method is Method.equal_installments and not grace and not terms.interest_payment_grace:
        level = None
        if conventions.level_basis is not LevelBasis.each_period:
            level = amortization.level_amount(balance, level_factors(terms, factors), conventions)
        return amortization.equal_installments(balance, factors, conventions, level)
    start = amortization.interest_only_rows(balance, factors[:grace], conventions)
    rest = factors[grace:]
    if method is Method.equal_installments or method is Method.fixed_installment:
        level = terms.amount if method is Method.fixed_installment else None
        if level is None and conventions.level_basis is not LevelBasis.each_period:
            level = amortization.level_amount(balance, level_factors(terms, factors)[grace:], conventions)
        rows = amortization.equal_installments(balance, rest, conventions, level)
    elif method is Method.equal_principal:
        rows = amortization.equal_principal(balance, rest, conventions)
    elif method is Method.principal_share:
        rows = amortization.fixed_principal(balance, rest, _share(terms), conventions)
    elif method is Method.interest_only:
        rows = amortization.fixed_principal(balance, rest, 0, conventions)
    elif method is Method.bullet:
        interest = amortization.interest_only_rows(balance, rest, conventions)[1]
        rows = [0] * (len(rest) - 1) + [balance], [0] * (len(rest) - 1) + [sum(interest) + sum(start[1])]
        start = [0] * grace, [0] * grace
    else:
        share = _share(terms) if terms.principal_percent is not None else None
        rows = _flat(terms, factors, share)
        start = [], []
    rows = start[0] + rows[0], start[1] + rows[1]
    deferred = terms.interest_payment_grace
    if deferred:
        interests = rows[1]
        at = min(deferred, len(interests) - 1)
        interests[at] += sum(interests[:at])
        interests[:at] = [0] * at
    return rows


def _flat(terms: LoanTerms, factors: list[Ratio], share: int | None) -> Rows:
    grace, balance = terms.principal_grace, terms.financed
    principals, interests = amortization.flat(balance, balance, factors, terms.conventions, share)
    if grace:
        only_principal = amortization.equal_principal(balance, [ZERO] * (len(factors) - grace), terms.conventions)[0]
        principals = [0] * grace + only_principal
        interests = amortization.flat(balance, balance, factors, terms.conventions, 0)[1][: len(principals)]
    return principals, interests


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
    principals, interests = figures(terms, period_factors(terms, dates))
    if terms.method is Method.bullet:
        dates, principals, interests = dates[-1:], principals[-1:], interests[-1:]
    return assembled(terms, dates, principals, interests)


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


def first_due_after(disbursed_on: date, frequency: Frequency) -> date:
    """One period after the money was paid out."""
    return shift(disbursed_on, frequency, 1)
