"""A complaint's clock: fifteen working days, the last of them the day of the answer."""

from datetime import date, timedelta

import pytest

from portal.domain.complaints import WORKING_DAYS, answered_by, clock, working_day

WEDNESDAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("sent_on", "answer_by"),
    [
        (WEDNESDAY, date(2026, 12, 9)),
        (date(2026, 11, 21), date(2026, 12, 11)),  # a Saturday: Monday is the first working day
        (date(2026, 11, 20), date(2026, 12, 11)),
    ],
)
def test_the_answer_is_due_on_the_fifteenth_working_day(sent_on, answer_by):
    assert answered_by(sent_on) == answer_by
    assert working_day(sent_on, answer_by) == WORKING_DAYS


@pytest.mark.parametrize(
    ("days", "passed", "last"),
    [(0, 0, "next"), (7, 5, "next"), (21, 14, "next"), (22, 14, "not_received"), (90, 14, "not_received")],
)
def test_each_working_day_is_a_box_that_is_stamped_when_it_has_passed(days, passed, last):
    boxes = clock(WEDNESDAY, WEDNESDAY + timedelta(days=days))
    assert len(boxes) == WORKING_DAYS and boxes[-1] == last
    assert boxes[:-1].count("paid") == passed
