"""A plan for who earns with the seasons: little in most months, more when the harvest, the holidays or the work come in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.domain.affordability import a_period
from portal.domain.allocation import LoanAccount
from portal.domain.ceilings import refuse_dearer
from portal.domain.due_dates import shift
from portal.domain.errors import DomainError
from portal.domain.options import OptionLimits, PlanOption
from portal.domain.plan_terms import Arrears, PlanTerms, Season
from portal.domain.restructuring import Restructured, restructure_from, standing

MONTHS = range(1, 13)
# What is asked in the other months, percent of a good month's: the most of these that the budget carries.
SHARES = (50, 25, 10, 0)
# Where there is no budget to tell: what most of those who live by a harvest can spare before it.
UNKNOWN = 25


@dataclass(frozen=True, slots=True)
class GoodMonths:
    """`months` (1 to 12) in which more money comes in, and how much more in each of them: minor units, None: not told."""

    months: frozenset[int]
    more: int | None = None

    def to_dict(self) -> dict[str, Any]:
        return {"months": sorted(self.months), "more": self.more}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "GoodMonths":
        return cls(frozenset(values["months"]), values["more"])

    def carries(self, month: int, left_over: int) -> int:
        """What `left_over` a month (minor units) comes to in `month`."""
        return left_over + (self.more or 0 if month in self.months else 0)


def season_option(
    account: LoanAccount, on: date, good: GoodMonths, left_over: int | None, limits: OptionLimits
) -> PlanOption | None:
    """The plan in which a good month pays most and another month the largest share of that which the budget carries; it ends
    in the first good month from the loan's last date of today on, since the last payment takes what is left. None where it
    doesn't suit the account: no good month, none but good months, nothing to pay.

    `left_over`: minor units a month, None where it is not known. `fits` where each payment is within what its own month
    leaves.
    """
    if not 0 < len(good.months) < len(MONTHS):
        return None
    found = standing(account, on)
    if found.today.is_paid_off:
        return None
    arrears = Arrears.spread if found.today.overdue else Arrears.keep
    extend_by = _until_good(found.today.lines[-1].due_on, account, good, limits)
    made: list[PlanOption] = []
    for share in (UNKNOWN,) if left_over is None else SHARES:
        plan = PlanTerms(seasons=_seasons(good.months, share), arrears=arrears, extend_by=extend_by)
        try:
            result = restructure_from(account, found, plan, on, limits.longest_term)
            refuse_dearer(account, result, on, limits.ceilings)
        except DomainError:
            continue
        made.append(_option(result, good, left_over, account))
    fitting = [option for option in made if option.fits is not False]
    return min(fitting or made, key=lambda option: option.over_by or 0, default=None)


def _until_good(last: date, account: LoanAccount, good: GoodMonths, limits: OptionLimits) -> int:
    """How many installments there are from `last` to the first in a good month; 0 where that is too far."""
    frequency = account.terms.frequency
    return next(
        (by for by in range(limits.longest_extension + 1) if shift(last, frequency, by).month in good.months), 0
    )


def _seasons(good: Collection[int], share: int) -> tuple[Season, ...]:
    return tuple(Season(month, 100 if month in good else share) for month in MONTHS)


def _option(result: Restructured, good: GoodMonths, left_over: int | None, account: LoanAccount) -> PlanOption:
    if left_over is None:
        return PlanOption("with_the_season", result.plan, result, None, None)
    over = max(
        row.total - a_period(good.carries(row.due_on.month, left_over), account.terms.frequency)
        for row in result.future
    )
    return PlanOption("with_the_season", result.plan, result, over <= 0, max(over, 0))
