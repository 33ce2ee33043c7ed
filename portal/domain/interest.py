"""Interest of periods and stretches of days, as exact ratios: rates from a date, pauses, odd first periods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from math import gcd

from portal.domain.conventions import Conventions, InterestPeriod, OddPeriod
from portal.domain.day_count import year_share
from portal.domain.due_dates import Frequency, shift
from portal.domain.errors import InvalidTerms
from portal.domain.money import Rounding

Ratio = tuple[int, int]
HIGHEST_RATE = Decimal(10_000)
ZERO: Ratio = (0, 1)


def rate_ratio(percent: Decimal) -> Ratio:
    """A yearly rate in percent as an exact ratio: Decimal('12') -> (3, 25). Raises InvalidTerms."""
    if not isinstance(percent, Decimal) or not percent.is_finite():
        raise InvalidTerms("invalid_rate", "The interest rate must be an ordinary number.", rate=str(percent))
    if percent < 0:
        raise InvalidTerms("negative_rate", "The interest rate can't be below zero.", rate=str(percent))
    if percent > HIGHEST_RATE:
        raise InvalidTerms("rate_too_high", f"The interest rate can't be above {HIGHEST_RATE} % a year.")
    exponent = percent.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -30:
        raise InvalidTerms("rate_too_precise", "The interest rate has more than 30 digits after the point.")
    num, den = percent.as_integer_ratio()
    return reduced(num, den * 100)


def reduced(num: int, den: int) -> Ratio:
    """The same ratio in its smallest terms."""
    common = gcd(num, den)
    return num // common, den // common


def add(one: Ratio, other: Ratio) -> Ratio:
    if one[1] == other[1]:
        return reduced(one[0] + other[0], one[1])
    return reduced(one[0] * other[1] + other[0] * one[1], one[1] * other[1])


@dataclass(frozen=True, slots=True)
class Rates:
    """What rate holds when. A change dated D earns from the night D-1 to D on; a pause from A to B takes the nights that
    end on A up to B, so one day's pause is one night (Apache Fineract's rule, fixed by its interest-pause tests)."""

    annual: Decimal
    changes: tuple[tuple[date, Decimal], ...] = ()
    pauses: tuple[tuple[date, date], ...] = ()

    @property
    def is_constant(self) -> bool:
        return not self.changes and not self.pauses

    def stretches(self, start: date, end: date) -> list[tuple[date, date, Decimal]]:
        """`start` to `end` cut where the rate changes, each with its rate in percent a year."""
        if self.is_constant:
            return [(start, end, self.annual)]
        cuts = {start, end}
        edges = [_before(day) for day, _ in self.changes]
        for first, last in self.pauses:
            edges += [_before(first), last]
        cuts.update(edge for edge in edges if start < edge < end)
        ordered = sorted(cuts)
        return [(a, b, self.rate_of(a)) for a, b in pairwise(ordered)]

    def rate_of(self, night_from: date) -> Decimal:
        """The rate of the night that starts on `night_from`."""
        if any(_before(first) <= night_from < last for first, last in self.pauses):
            return Decimal(0)
        rate = self.annual
        for day, changed in sorted(self.changes):
            if _before(day) <= night_from:
                rate = changed
        return rate


def _before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


@dataclass(frozen=True, slots=True)
class Period:
    """One period: the days it bears interest for, and where it would regularly have started."""

    start: date
    end: date
    regular_start: date


def periods(start: date, dues: Sequence[date], frequency: Frequency, day: int | None) -> list[Period]:
    """The periods that end on `dues`, the first one bearing interest from `start`."""
    result = []
    at = start
    for index, due in enumerate(dues):
        regular = shift(due, frequency, -1, day) if index == 0 else at
        result.append(Period(at, due, regular))
        at = due
    return result


def year_fraction(period: Period, frequency: Frequency, conventions: Conventions) -> Ratio:
    """How much of a year's interest a whole period bears."""
    if conventions.interest_period is InterestPeriod.daily:
        return year_share(period.start, period.end, conventions.day_count, conventions.year_break)
    per_year, every = frequency.per_year
    whole = (every, per_year)
    if period.start == period.regular_start or conventions.odd_period is OddPeriod.as_whole:
        return whole
    count = 0
    regular = period.regular_start
    previous = period.end
    while regular > period.start:  # whole periods counted back from the due date, then what is left over
        count += 1
        previous = regular
        regular = shift(period.regular_start, frequency, -count, period.end.day)
    if regular == period.start:
        return reduced(every * (count + 1), per_year)
    if conventions.odd_period is OddPeriod.share_of_period:
        nights = (previous - regular).days
        left_over = ((previous - period.start).days * every, nights * per_year)
    else:
        left_over = year_share(period.start, previous, conventions.day_count, conventions.year_break)
    return add((every * count, per_year), left_over)


def factor(
    period: Period,
    frequency: Frequency,
    conventions: Conventions,
    rates: Rates,
    start: date | None = None,
    end: date | None = None,
) -> Ratio:
    """Interest on one unit of balance over a period, or over its days from `start` to `end`, as an exact ratio."""
    start, end = start or period.start, end or period.end
    nights = (period.end - period.start).days
    result = ZERO
    for from_day, to_day, rate in rates.stretches(start, end):
        num, den = rate_ratio(rate)
        if not num or from_day == to_day:
            continue
        if from_day == period.start and to_day == period.end:
            part = year_fraction(period, frequency, conventions)
        elif conventions.interest_period is InterestPeriod.daily:
            part = year_share(from_day, to_day, conventions.day_count, conventions.year_break)
        else:
            whole = year_fraction(period, frequency, conventions)
            part = (whole[0] * (to_day - from_day).days, whole[1] * nights)
        result = add(result, (num * part[0], den * part[1]))
    return result


class RowInterest:
    """Rounds interest: `of(balance, factor)` to the conventions' unit, by their mode, exactly."""

    __slots__ = ("even", "mode", "unit")

    def __init__(self, conventions: Conventions) -> None:
        self.mode = conventions.rounding
        self.unit = conventions.interest_unit
        self.even = self.mode is Rounding.half_even

    def prepared(self, ratio: Ratio) -> tuple[int, int, int]:
        """(twice num, offset, twice den) with which interest in units is (balance * 2num + offset) // 2den."""
        num, den = ratio
        den *= self.unit
        mode = self.mode
        if mode is Rounding.half_up or mode is Rounding.half_even:
            offset = den
        elif mode is Rounding.up:
            offset = 2 * den - 1
        elif mode is Rounding.down:
            offset = 0
        else:
            offset = den - 1
        return 2 * num, offset, 2 * den

    def of(self, balance: int, ratio: Ratio) -> int:
        twice, offset, den = self.prepared(ratio)
        exact = balance * twice + offset
        units = exact // den
        if self.even and units & 1 and exact == units * den:
            units -= 1
        return units * self.unit
