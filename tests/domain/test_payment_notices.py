"""'I have paid', 'I will pay on that day': how long it is quiet, and how the ledger answers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.payment_notices import (
    PAID_STATUSES,
    PROMISE_STATUSES,
    is_the_payment,
    judge_promise,
    paid_rests_until,
    promise_rests_until,
)

WEDNESDAY = date(2026, 11, 25)


def test_after_i_have_paid_it_is_quiet_for_five_working_days():
    assert paid_rests_until(WEDNESDAY) == date(2026, 12, 2)


def test_after_a_promise_it_is_quiet_until_three_days_after_its_day():
    assert promise_rests_until(date(2026, 12, 5)) == date(2026, 12, 8)


@pytest.mark.parametrize(
    ("came", "came_on", "is_it"),
    [
        pytest.param(30_000, WEDNESDAY, True, id="the amount on the day"),
        pytest.param(29_999, WEDNESDAY, False, id="a cent less is another payment"),
        pytest.param(30_001, WEDNESDAY, False, id="so is a cent more"),
        pytest.param(30_000, date(2026, 11, 22), True, id="dated by the bank three days before"),
        pytest.param(30_000, date(2026, 11, 21), False, id="four days before it is another"),
        pytest.param(30_000, date(2026, 12, 2), True, id="on the last day of the rest"),
        pytest.param(30_000, date(2026, 12, 3), False, id="after it, a person looks"),
    ],
)
def test_which_money_answers_i_have_paid(came, came_on, is_it):
    assert is_the_payment(30_000, WEDNESDAY, date(2026, 12, 2), came, came_on) is is_it


@pytest.mark.parametrize(
    ("came", "status"),
    [
        pytest.param([(date(2026, 12, 5), 30_000)], "kept", id="all of it on the day"),
        pytest.param(
            [(date(2026, 12, 1), 10_000), (date(2026, 12, 8), 20_000)], "kept", id="in parts, within the grace"
        ),
        pytest.param([(date(2026, 12, 5), 40_000)], "kept", id="more than promised"),
        pytest.param([(date(2026, 12, 5), 1)], "part_kept", id="some of it"),
        pytest.param([(date(2026, 11, 24), 30_000)], "not_kept", id="what came before was for something else"),
        pytest.param([(date(2026, 12, 9), 30_000)], "not_kept", id="what came after the grace"),
        pytest.param([], "not_kept", id="nothing"),
    ],
)
def test_what_becomes_of_a_promise(came, status):
    assert judge_promise(30_000, WEDNESDAY, date(2026, 12, 5), came) == status


@given(
    st.integers(1, 10**9),
    st.lists(st.tuples(st.dates(date(2026, 11, 1), date(2026, 12, 31)), st.integers(1, 10**9)), max_size=6),
    st.integers(0, 31),
)
def test_more_money_never_makes_a_promise_worse(amount, came, days):
    order = ("not_kept", "part_kept", "kept")
    promised = WEDNESDAY + timedelta(days=days)
    before = judge_promise(amount, WEDNESDAY, promised, came)
    after = judge_promise(amount, WEDNESDAY, promised, [*came, (promised, 1)])
    assert order.index(after) >= order.index(before) and {before, after} <= PROMISE_STATUSES
    assert "found" in PAID_STATUSES
