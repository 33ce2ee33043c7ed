"""Who earns with the seasons pays little before the harvest and more after it, and never a cent too much or too little."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.options import OptionLimits
from portal.domain.season_plan import SHARES, GoodMonths, season_option
from tests.domain.loans import a_loan, paid_in_full

ON = date(2026, 12, 2)
HARVEST = GoodMonths(frozenset({9, 10}), 60_000)
LIMITS = OptionLimits()


def account():
    """2,400.00 at 18 % over 24 months, six of them paid."""
    loan = a_loan(240_000, 18, 24, first=date(2026, 6, 20))
    return replace(loan, payments=paid_in_full(loan, 6))


def rows(option, good):
    high = [row.total for row in option.result.future[:-1] if row.due_on.month in good.months]
    low = [row.total for row in option.result.future[:-1] if row.due_on.month not in good.months]
    return low, high


def test_the_other_months_ask_less_than_today_and_the_good_months_more():
    option = season_option(account(), ON, HARVEST, None, LIMITS)
    low, high = rows(option, HARVEST)
    today = option.result.comparison.amount_today
    assert max(low) < today < min(high)


def test_it_ends_in_the_first_good_month_from_todays_end_on_since_the_last_payment_takes_what_is_left():
    option = season_option(account(), ON, HARVEST, None, LIMITS)
    assert option.result.comparison.last_due_today == date(2028, 5, 20)
    assert option.result.comparison.last_due_new == date(2028, 9, 20)


def test_where_the_next_good_month_is_too_far_the_end_stays():
    option = season_option(account(), ON, HARVEST, None, replace(LIMITS, longest_extension=2))
    assert option.result.comparison.last_due_new == date(2028, 5, 20)


@pytest.mark.parametrize("left_over", [30_000, 9_000, 4_000, 500])
def test_the_most_that_a_budget_carries_in_the_other_months_is_asked(left_over):
    option = season_option(account(), ON, HARVEST, left_over, LIMITS)
    if option.fits:
        low, _ = rows(option, HARVEST)
        assert max(low) <= left_over
    else:
        assert option.over_by > 0


def test_a_payment_is_held_against_what_its_own_month_leaves():
    every_month = account()
    good = frozenset({3, 6, 9, 12})
    assert season_option(every_month, ON, GoodMonths(good, 0), 3_000, LIMITS).fits is False
    assert season_option(every_month, ON, GoodMonths(good, 500_000), 3_000, LIMITS).fits is True


@pytest.mark.parametrize("months", [set(), set(range(1, 13))])
def test_without_a_difference_between_months_there_is_no_such_plan(months):
    assert season_option(account(), ON, GoodMonths(frozenset(months)), 10_000, LIMITS) is None


def test_it_is_read_back_as_it_was_kept():
    assert GoodMonths.from_dict(HARVEST.to_dict()) == HARVEST
    assert GoodMonths.from_dict(replace(HARVEST, more=None).to_dict()).more is None


@given(months=st.frozensets(st.integers(1, 12), min_size=1, max_size=11), left_over=st.none() | st.integers(0, 200_000))
def test_principal_sums_to_the_principal_and_no_row_is_below_zero(months, left_over):
    option = season_option(account(), ON, GoodMonths(months, 20_000), left_over, LIMITS)
    if option is None:
        return
    assert sum(row.principal for row in option.result.schedule.installments) == 240_000
    assert all(row.total >= 0 for row in option.result.future)
    assert option.plan.seasons and {season.percent for season in option.plan.seasons} <= {100, 25, *SHARES}
