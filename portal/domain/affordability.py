"""What a budget leaves over. What was not said is said as missing, never taken for zero."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from portal.domain.due_dates import Frequency
from portal.domain.errors import DomainError
from portal.domain.money import Rounding, round_ratio


class Per(StrEnum):
    """How often an amount of a budget comes or goes."""

    day = "day"
    week = "week"
    two_weeks = "two_weeks"
    month = "month"
    season = "season"  # a quarter of a year
    year = "year"


# Times a month, as a ratio from the times a year: 365 days, 52 weeks, 26 fortnights, 4 seasons.
_A_MONTH = {
    Per.day: (365, 12),
    Per.week: (52, 12),
    Per.two_weeks: (26, 12),
    Per.month: (1, 1),
    Per.season: (4, 12),
    Per.year: (1, 12),
}


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One line: `amount` in minor units per `per`, coming in or going out; None where it was not answered."""

    code: str
    direction: Literal["in", "out"]
    amount: int | None
    per: Per = Per.month

    def __post_init__(self) -> None:
        object.__setattr__(self, "per", Per(self.per))
        if self.direction not in ("in", "out"):
            raise DomainError("invalid_direction", "A budget line is money in or money out.", line=self.code)
        if self.amount is not None and self.amount < 0:
            raise DomainError("negative_amount", "An amount in a budget can't be below zero.", line=self.code)


@dataclass(frozen=True, slots=True)
class Budget:
    """Lines of money in and out."""

    lines: tuple[BudgetLine, ...]


@dataclass(frozen=True, slots=True)
class Affordability:
    """Minor units a month. `missing` are the codes without an amount; `complete` is that none is missing and there is
    money in and money out. `left_over` is what the answered lines leave, so it is a promise only where `complete`."""

    money_in: int
    money_out: int
    left_over: int
    missing: tuple[str, ...]
    complete: bool


def a_month(amount: int, per: Per) -> int:
    """An amount per `per` as an amount a month, rounded half up."""
    num, den = _A_MONTH[per]
    return round_ratio(amount * num, den)


def assess(budget: Budget) -> Affordability:
    """Adds a budget up by the month. Money in is rounded down and money out up, so that nothing is promised twice."""
    totals = {"in": 0, "out": 0}
    answered = {"in": False, "out": False}
    missing = []
    for line in budget.lines:
        if line.amount is None:
            missing.append(line.code)
            continue
        num, den = _A_MONTH[line.per]
        mode = Rounding.down if line.direction == "in" else Rounding.up
        totals[line.direction] += round_ratio(line.amount * num, den, mode)
        answered[line.direction] = True
    complete = not missing and answered["in"] and answered["out"]
    return Affordability(totals["in"], totals["out"], totals["in"] - totals["out"], tuple(missing), complete)


def a_period(monthly: int, frequency: Frequency) -> int:
    """What an amount a month can carry each period of `frequency`, rounded down."""
    num, den = frequency.per_month
    return max(round_ratio(monthly * den, num, Rounding.down), 0)
