"""The terms of a loan, and the interest that each of its periods bears."""

from collections.abc import Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from portal.domain.amortization import require_rows
from portal.domain.conventions import Conventions, Excess, InterestPeriod, LevelBasis, PayoffInterest
from portal.domain.day_count import YEAR_DAYS
from portal.domain.due_dates import Frequency, Unit, due_dates, shift
from portal.domain.errors import InvalidTerms
from portal.domain.interest import ZERO, Period, Rates, Ratio, factor, periods, rate_ratio, reduced
from portal.domain.money import exponent

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


def solving_ratio(conventions: Conventions, frequency: Frequency, annual: Decimal) -> Ratio | None:
    """The interest of one period that a level installment is solved from, where it is the same for all whatever their days:
    the conventions' basis. None where each period counts with its own."""
    basis = conventions.level_basis
    if basis is LevelBasis.each_period:
        return None
    num, den = rate_ratio(annual)
    per_year, every = frequency.per_year
    if basis is LevelBasis.thirty_days and conventions.interest_period is InterestPeriod.daily:
        days = {Unit.months: 30, Unit.half_months: 15, Unit.weeks: 7, Unit.days: 1}[frequency.unit] * every
        return reduced(num * days, den * YEAR_DAYS.get(conventions.day_count, 365))
    return reduced(num * every, den * per_year)


def level_factors(terms: LoanTerms, factors: list[Ratio]) -> list[Ratio]:
    """The factors that the level installment is solved from, by the conventions' basis."""
    same = solving_ratio(terms.conventions, terms.frequency, terms.annual_rate)
    return factors if same is None else [same] * len(factors)


def fixed_sum(terms: LoanTerms) -> LoanTerms:
    """A settlement is a sum that was agreed: it bears no interest, and neither early nor late money changes what it asks."""
    conventions = replace(
        terms.conventions,
        interest_recalculated=False,
        excess=Excess.next_installment,
        payoff_interest=PayoffInterest.all,
    )
    return replace(terms, annual_rate=Decimal(0), rate_changes=(), conventions=conventions)
