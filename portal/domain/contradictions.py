"""Conventions that contradict one another. Each alone is sound; together one of them would never act, or deny the other.

`Conventions` itself holds them, since a peer's book may; what a lender writes for its own product is refused by name.
"""

from collections.abc import Callable

from portal.domain.conventions import (
    Component,
    Conventions,
    InterestPeriod,
    LevelBasis,
    OddPeriod,
    PayoffInterest,
    Remainder,
)
from portal.domain.day_count import DayCount, YearBreak
from portal.domain.due_dates import ClosedDayRule
from portal.domain.errors import InvalidTerms
from portal.domain.recalculation import follows_money

_FOLLOWED = (Component.fees, Component.interest, Component.principal)  # portal.domain.recalculation
# Code, the two conventions by their names in `Conventions`, the sentence, and when it holds.
_TABLE: tuple[tuple[str, str, str, str, Callable[[Conventions], bool]], ...] = (
    (
        "odd_period_by_days",
        "odd_period",
        "interest_period",
        "Where interest counts each day, a longer or shorter first period counts its days too.",
        lambda c: c.interest_period is InterestPeriod.daily and c.odd_period is not OddPeriod.by_days,
    ),
    (
        "thirty_days_need_days",
        "level_basis",
        "interest_period",
        "Months of 30 days are for interest that counts each day; here each period bears the same interest.",
        lambda c: c.interest_period is InterestPeriod.per_period and c.level_basis is LevelBasis.thirty_days,
    ),
    (
        "year_break_needs_actual",
        "year_break",
        "day_count",
        "The night of 31 December can only change years where years are counted with 365 or 366 days.",
        lambda c: c.day_count is not DayCount.actual_actual and c.year_break is not YearBreak.january_1,
    ),
    (
        "carried_not_rounded",
        "interest_carried",
        "interest_unit",
        "Fractions that are carried on are not rounded to a larger unit as well.",
        lambda c: c.interest_carried and c.interest_unit > 1,
    ),
    (
        "carried_leaves_nothing",
        "remainder",
        "interest_carried",
        "Where fractions are carried on, nothing is left over to spread; what remains is in the last installment.",
        lambda c: c.interest_carried and c.remainder is not Remainder.last,
    ),
    (
        "closed_but_stay",
        "closed_day_rule",
        "closed_weekdays",
        "Closed days of the week are named, but a due date stays where it is.",
        lambda c: bool(c.closed_weekdays) and c.closed_day_rule is ClosedDayRule.stay,
    ),
    (
        "no_open_day",
        "closed_weekdays",
        "closed_day_rule",
        "At least one day of the week must be open.",
        lambda c: len(set(c.closed_weekdays)) >= 7,
    ),
    (
        "order_follows_money",
        "order_due",
        "excess",
        "Where money lowers the principal or changes the interest, what is due is paid as fees, interest, principal.",
        lambda c: follows_money(c) and [x for x in c.order_due if x is not Component.penalties] != list(_FOLLOWED),
    ),
    (
        "follows_money_but_all",
        "payoff_interest",
        "interest_recalculated",
        "Interest that follows the day money came can't ask for all the interest when a loan is paid off early.",
        lambda c: c.interest_recalculated and c.payoff_interest is PayoffInterest.all,
    ),
)


def contradictions(conventions: Conventions) -> tuple[InvalidTerms, ...]:
    """Every pair of `conventions` that contradict one another, each as the refusal that it is: `params` names the two as
    `first` (the one to change) and `second`. Empty where they agree."""
    return tuple(
        InvalidTerms(code, sentence, first=first, second=second)
        for code, first, second, sentence, holds in _TABLE
        if holds(conventions)
    )
