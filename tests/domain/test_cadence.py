"""Reminders about a payment: one at each step, none in between, and an end."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.cadence import step_on, window

DUE = date(2027, 5, 10)
CADENCE = (-3, 0, 3, 10, 20)


@pytest.mark.parametrize(
    ("days_late", "step", "sentence"),
    [
        (-4, None, "four days before it is too early"),
        (-3, -3, "three days before the first comes"),
        (-1, -3, "the day before it still makes sense"),
        (0, 0, "on the day the next"),
        (2, 0, "what an outage kept back on the day may come two days later"),
        (3, 3, "then the one after it"),
        (9, 3, "until the fourth is due"),
        (10, 10, "ten days after"),
        (20, 20, "twenty days after comes the last"),
        (29, 20, "which makes sense as long as there were days before it"),
        (30, None, "then a person takes over"),
        (300, None, "and nothing more is written"),
    ],
)
def test_step_of_the_day(days_late: int, step: int | None, sentence: str) -> None:
    assert step_on(CADENCE, DUE, DUE + timedelta(days=days_late)) == step, sentence


def test_a_cadence_of_one_step_stays_fresh_for_three_days() -> None:
    assert [step_on((0,), DUE, DUE + timedelta(days=late)) for late in (0, 2, 3)] == [0, 0, None]


def test_an_empty_cadence_reminds_of_nothing() -> None:
    assert step_on((), DUE, DUE) is None
    assert window((), DUE) is None


@given(
    st.lists(st.integers(-30, 60), min_size=1, max_size=6, unique=True),
    st.integers(-100, 200),
)
def test_the_window_holds_exactly_the_due_dates_with_a_step(cadence: list[int], days_late: int) -> None:
    today = DUE + timedelta(days=days_late)
    found = window(cadence, today)
    assert found is not None
    assert (found[0] <= DUE <= found[1]) == (step_on(cadence, DUE, today) is not None)
