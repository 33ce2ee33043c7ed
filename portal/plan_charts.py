"""The picture of a plan beside today: which payment falls into which period of the axis."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.domain.due_dates import Frequency, Unit, months_between, shift
from portal.pictures import BeforeAfter, before_after

DAYS = {Unit.days: 1, Unit.weeks: 7, Unit.half_months: 15}


@dataclass(frozen=True)
class Today:
    """What is still to pay as things are: (due date, minor units), what is overdue apart, on the day `on`."""

    on: date
    frequency: Frequency
    coming: tuple[tuple[date, int], ...]
    overdue: int

    @property
    def starts(self) -> date:
        return self.coming[0][0] if self.coming else self.on


def in_periods(payments: Iterable[tuple[date, int]], starts: date, frequency: Frequency) -> list[int]:
    """Payments by period from `starts` on; one that is moved within its period stays in it."""
    bars: list[int] = []
    for day, amount in payments:
        if frequency.unit is Unit.months:
            at = months_between(starts.replace(day=1), day.replace(day=1)) // frequency.every
        else:
            at = (day - starts).days // (DAYS[frequency.unit] * frequency.every)
        at = max(at, 0)
        bars.extend([0] * (at + 1 - len(bars)))
        bars[at] += amount
    return bars


@dataclass(frozen=True)
class Chart:
    """The drawing and the two ends of its axis."""

    drawing: BeforeAfter
    starts: date
    ends: date


def chart(today: Today, payments: tuple[tuple[date, int], ...], last_on: date) -> Chart:
    """`payments` of a plan beside today's; `last_on` is the end of an axis that several pictures share."""
    starts = min(today.starts, payments[0][0] if payments else today.starts)
    before = in_periods(today.coming, starts, today.frequency) or [0]
    before[0] += today.overdue
    plan = in_periods(payments, starts, today.frequency)
    periods = len(in_periods([(last_on, 1)], starts, today.frequency))
    ends = shift(starts, today.frequency, max(periods, len(before), len(plan), 12) - 1)
    return Chart(before_after(before, plan, today.overdue, periods), starts, ends)
