"""When somebody with a plan is asked how it goes."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.check_ins import APART, KINDS, check_in_days

AGREED = date(2026, 11, 25)
TODAY = [(date(2026 + (11 + n) // 12, (11 + n) % 12 + 1, 5), 30_000) for n in range(15)]


def monthly(count, amount, start=0):
    return [(date(2026 + (11 + n) // 12, (11 + n) % 12 + 1, 5), amount) for n in range(start, start + count)]


def test_a_month_free_and_then_less_is_asked_a_week_before_the_first_payment():
    after = monthly(26, 20_000, start=1)
    asked = check_in_days(AGREED, TODAY, after)
    assert asked["before_end"] == date(2026, 12, 29)  # the 5th of January less a week
    assert (
        "first_payment" not in asked
    )  # the 8th of January is ten days after, and nobody is asked twice in a fortnight


def test_smaller_payments_to_the_end_are_asked_after_the_first_and_midway():
    asked = check_in_days(AGREED, TODAY, monthly(25, 20_000))
    assert asked == {"first_payment": date(2026, 12, 8), "midway": date(2027, 12, 5)}


def test_half_for_half_a_year_is_asked_three_times():
    asked = check_in_days(AGREED, TODAY, monthly(6, 15_000) + monthly(12, 30_000, start=6))
    assert asked == {
        "first_payment": date(2026, 12, 8),
        "midway": date(2027, 3, 6),
        "before_end": date(2027, 5, 29),
    }


def test_payments_that_stay_as_they_are_are_no_change():
    after = monthly(2, 30_000) + monthly(20, 20_000, start=2)
    assert check_in_days(AGREED, TODAY, after)["first_payment"] == date(2027, 2, 8)


@pytest.mark.parametrize(
    ("after", "why"),
    [
        pytest.param(TODAY, "nothing changes", id="a plan that changes no payment asks nothing"),
        pytest.param([], "nothing is left", id="nor one with nothing left to pay"),
    ],
)
def test_where_nothing_changes_nothing_is_asked(after, why):
    assert check_in_days(AGREED, TODAY, after) == {}


def test_the_odd_cents_of_the_last_payment_are_no_end_of_relief():
    after = [*monthly(20, 20_000), (date(2028, 8, 5), 20_013)]
    assert "before_end" not in check_in_days(AGREED, TODAY, after)


def test_another_day_of_the_month_is_no_pause():
    moved = [(day.replace(day=20), amount) for day, amount in TODAY]
    assert "before_end" not in check_in_days(AGREED, TODAY, moved)


@given(st.lists(st.integers(0, 60_000), min_size=1, max_size=40), st.integers(0, 5))
def test_nobody_is_asked_twice_in_a_fortnight_nor_before_the_plan(amounts, pause):
    after = [(day, amount) for (day, _), amount in zip(monthly(len(amounts), 0, pause), amounts, strict=True)]
    asked = check_in_days(AGREED, TODAY, after)
    days = sorted(asked.values())
    assert set(asked) <= set(KINDS) and all(day > AGREED for day in days)
    assert all(later - sooner >= APART for sooner, later in pairwise(days))
