"""Due dates: seeded from the original day, moved off closed days by a stated rule, never through a time zone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from portal.domain.errors import InvalidTerms

MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
LAST_YEAR = 9999


class Unit(StrEnum):
    """What a period is counted in."""

    days = "days"
    weeks = "weeks"
    months = "months"
    half_months = "half_months"


class ClosedDayRule(StrEnum):
    """Where a due date goes that falls on a closed day."""

    stay = "stay"
    following = "following"  # the next open day
    preceding = "preceding"  # the open day before
    modified_following = "modified_following"  # the next open day, or the one before where the month would end


@dataclass(frozen=True, slots=True)
class Frequency:
    """A payment every `every` `unit`: Frequency(2, Unit.weeks) is once a fortnight."""

    every: int
    unit: Unit

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", Unit(self.unit))
        if not 1 <= self.every <= 3650:
            raise InvalidTerms("invalid_frequency", "A period must be at least one day.", every=self.every)

    @property
    def per_year(self) -> tuple[int, int]:
        """Periods a year as a ratio: 12/1 for monthly, 26/1 for each two weeks."""
        return _PER_YEAR[self.unit], self.every

    @property
    def per_month(self) -> tuple[int, int]:
        """Periods a month as a ratio, from the periods a year."""
        return _PER_YEAR[self.unit], 12 * self.every

    def to_dict(self) -> dict[str, Any]:
        return {"every": self.every, "unit": self.unit.value}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Frequency":
        return cls(int(values["every"]), Unit(values["unit"]))


_PER_YEAR = {Unit.days: 365, Unit.weeks: 52, Unit.months: 12, Unit.half_months: 24}
MONTHLY = Frequency(1, Unit.months)


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    if month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
        return 29
    return MONTH_DAYS[month - 1]


def in_month(year: int, month: int, day: int) -> date:
    """That day of the month, or the month's last where it is shorter. `month` may run past 12 or below 1."""
    carry, index = divmod(month - 1, 12)
    year += carry
    if not 1 <= year <= LAST_YEAR:
        raise InvalidTerms("date_out_of_range", "The dates of these terms run out of the calendar.")
    return date(year, index + 1, day if day <= 28 else min(day, days_in_month(year, index + 1)))


def add_months(start: date, months: int, day: int | None = None) -> date:
    """`months` later (or earlier), on `day` of the month, which is the day of `start` unless given."""
    return in_month(start.year, start.month + months, day or start.day)


def shift(start: date, frequency: Frequency, periods: int, day: int | None = None) -> date:
    """The date `periods` periods after `start` (before it, where negative), seeded from `day` or the day of `start`."""
    steps = frequency.every * periods
    unit = frequency.unit
    if unit is Unit.months:
        return add_months(start, steps, day)
    if unit is Unit.half_months:
        return _half_months(start, steps, day)
    try:
        return start + timedelta(days=steps * (7 if unit is Unit.weeks else 1))
    except OverflowError:
        raise InvalidTerms("date_out_of_range", "The dates of these terms run out of the calendar.") from None


def _half_months(start: date, steps: int, day: int | None) -> date:
    seed = day or start.day
    early, late = (seed, seed + 15) if seed <= 15 else (seed - 15, seed)
    index = 2 * (start.year * 12 + start.month - 1) + (start.day > early) + steps
    year, month = divmod(index // 2, 12)
    return in_month(year, month + 1, late if index % 2 else early)


def due_dates(
    first: date,
    frequency: Frequency,
    count: int,
    *,
    day: int | None = None,
    rule: ClosedDayRule = ClosedDayRule.stay,
    closed_weekdays: Collection[int] = (),
    closed_days: Collection[date] = (),
) -> tuple[date, ...]:
    """`count` due dates from `first` on. Each is reckoned from `first`, so the 31st comes back after February.

    `day` is the day of the month meant where `first` itself was shortened (28 February of the 31st). Closed weekdays
    are 0 for Monday to 6. A date that is moved off a closed day moves alone; the next is reckoned from the original.
    """
    unit = frequency.unit
    if unit is Unit.months:
        every, year, month, seed = frequency.every, first.year, first.month - 1, day or first.day
        if (year * 12 + month + every * count) // 12 > LAST_YEAR:
            raise InvalidTerms("date_out_of_range", "The dates of these terms run out of the calendar.")
        if seed <= 28:
            dates = [
                date(year + index // 12, index % 12 + 1, seed) for index in range(month, month + every * count, every)
            ]
        else:
            dates = [in_month(year, index + 1, seed) for index in range(month, month + every * count, every)]
    else:
        dates = [shift(first, frequency, index, day) for index in range(count)]
    if rule is not ClosedDayRule.stay and (closed_weekdays or closed_days):
        moved: list[date] = []
        for due in dates:
            open_day = off_closed_day(due, rule, closed_weekdays, closed_days)
            # Two dates may not meet on one open day (daily loans, a long holiday): the later goes on to the next one.
            while moved and open_day <= moved[-1]:
                open_day = off_closed_day(
                    moved[-1] + timedelta(days=1), ClosedDayRule.following, closed_weekdays, closed_days
                )
            moved.append(open_day)
        return tuple(moved)
    return tuple(dates)


def off_closed_day(
    due: date, rule: ClosedDayRule, closed_weekdays: Collection[int] = (), closed_days: Collection[date] = ()
) -> date:
    """`due` itself where it is open, or where `rule` moves it."""
    if len(set(closed_weekdays)) >= 7:
        raise InvalidTerms("no_open_day", "At least one day of the week must be open.")

    def walk(step: int) -> date:
        day = due
        for _ in range(366):
            if day.weekday() not in closed_weekdays and day not in closed_days:
                return day
            day += timedelta(days=step)
        raise InvalidTerms("no_open_day", "No open day was found within a year.")

    if rule is ClosedDayRule.stay:
        return due
    if rule is ClosedDayRule.preceding:
        return walk(-1)
    later = walk(1)
    if rule is ClosedDayRule.modified_following and later.month != due.month:
        return walk(-1)
    return later


def next_due_day(after: date, day: int) -> date:
    """The first date later than `after` that is the `day` of a month (the last day, where a month is shorter)."""
    if not 1 <= day <= 31:
        raise InvalidTerms("invalid_due_day", "The day of the month must be between 1 and 31.", day=day)
    this_month = in_month(after.year, after.month, day)
    return this_month if this_month > after else in_month(after.year, after.month + 1, day)


def month_ends(first: date, count: int) -> tuple[date, ...]:
    """The last days of `count` months from the month of `first` on."""
    return due_dates(in_month(first.year, first.month, 31), MONTHLY, count, day=31)


def months_between(earlier: date, later: date) -> int:
    """Calendar months from one month to the other; negative where `later` comes first."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month
