"""Due dates and day counts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.day_count import DayCount, YearBreak, days_30_360, year_share
from portal.domain.due_dates import (
    MONTHLY,
    ClosedDayRule,
    Frequency,
    Unit,
    due_dates,
    months_between,
    next_due_day,
    shift,
)
from portal.domain.errors import InvalidTerms
from tests.domain.loans import a_loan


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 60))
def test_a_monthly_date_keeps_its_day_or_is_the_last_of_its_month(first, count):
    dates = due_dates(first, MONTHLY, count)
    for index, due in enumerate(dates):
        assert months_between(first, due) == index
        assert due.day == first.day or (due.day < first.day and shift(due, Frequency(1, Unit.days), 1).day == 1)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.sampled_from(list(ClosedDayRule)), st.integers(1, 40))
def test_no_date_falls_on_a_closed_day_and_none_meets_another(first, rule, count):
    closed = () if rule is ClosedDayRule.stay else (4, 5, 6)
    dates = due_dates(first, Frequency(1, Unit.days), count, rule=rule, closed_weekdays=closed)
    assert all(due.weekday() not in closed for due in dates)
    assert len(set(dates)) == count
    assert sorted(dates) == list(dates)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 31), st.integers(1, 6))
def test_a_half_month_before_a_date_is_before_it(start, day, steps):
    half = Frequency(1, Unit.half_months)
    assert shift(start, half, -steps, day) < start < shift(start, half, steps + 1, day)


def test_a_long_first_period_of_half_months_on_the_31st_is_reckoned_and_ends():
    loan = a_loan(
        1_200_00, 12, 6, first=date(2027, 1, 31), paid_out=date(2026, 12, 7), frequency=Frequency(1, Unit.half_months)
    )
    # Three half months to 16 December, and the 9 days before it by 30/360.
    assert loan.schedule.installments[0].interest == 18_00 + 3_60


def test_a_due_day_moves_to_its_next_occurrence():
    assert next_due_day(date(2027, 1, 31), 31) == date(2027, 2, 28)
    assert next_due_day(date(2027, 1, 10), 15) == date(2027, 1, 15)
    assert next_due_day(date(2027, 12, 20), 5) == date(2028, 1, 5)


def test_a_week_without_an_open_day_is_refused():
    with pytest.raises(InvalidTerms) as refused:
        due_dates(date(2027, 1, 1), MONTHLY, 2, rule=ClosedDayRule.following, closed_weekdays=tuple(range(7)))
    assert refused.value.code == "no_open_day"


DAYS = [
    # 30/360 counts month ends by its rule: from the 31st as from the 30th; to the 31st only where the start is one too.
    (date(2027, 1, 31), date(2027, 2, 28), False, 28),
    (date(2027, 1, 30), date(2027, 3, 31), False, 60),
    (date(2027, 1, 15), date(2027, 3, 31), False, 76),
    (date(2027, 1, 15), date(2027, 3, 31), True, 75),
    (date(2027, 2, 28), date(2027, 3, 31), False, 33),
]


@pytest.mark.parametrize(("start", "end", "european", "days"), DAYS)
def test_months_of_30_days(start, end, european, days):
    assert days_30_360(start, end, european) == days


def test_actual_actual_breaks_the_year_where_the_convention_says():
    start, end = date(2023, 12, 12), date(2024, 1, 12)
    assert year_share(start, end, DayCount.actual_actual) == (20 * 366 + 11 * 365, 365 * 366)
    fineract = year_share(start, end, DayCount.actual_actual, YearBreak.december_31)
    assert fineract == (19 * 366 + 12 * 365, 365 * 366)
    assert year_share(date(2024, 2, 1), date(2024, 3, 1), DayCount.actual_actual) == (29, 366)
    assert year_share(date(2024, 2, 1), date(2024, 3, 1), DayCount.actual_364) == (29, 364)


@given(
    st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 900), st.integers(0, 900), st.sampled_from(YearBreak)
)
def test_actual_shares_add_up(start, first, second, year_break):
    days = Frequency(1, Unit.days)
    middle, end = shift(start, days, first), shift(start, days, first + second)
    for count in (DayCount.actual_360, DayCount.actual_365, DayCount.actual_actual):
        parts = [year_share(a, b, count, year_break) for a, b in ((start, middle), (middle, end), (start, end))]
        assert parts[0][0] * parts[1][1] * parts[2][1] + parts[1][0] * parts[0][1] * parts[2][1] == (
            parts[2][0] * parts[0][1] * parts[1][1]
        )
