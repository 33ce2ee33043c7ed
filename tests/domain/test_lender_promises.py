"""What a lender promised is judged as a borrower's payments are: by its day, and by what was done."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.contact_rules import rule_sets
from portal.domain.contact_facts import FORMS, Window
from portal.domain.contact_wishes import UNSAID, Wish, caps_on_everything, hours_allowed, hours_wished
from portal.domain.lender_promises import TO_DO, TO_LEAVE_BE, LenderPromise, Spoken, calls_as_wished, judge

BY, DAY = date(2026, 12, 9), timedelta(days=1)
GIVEN = date(2026, 12, 2)


@pytest.mark.parametrize(
    ("facts", "today", "state"),
    [
        pytest.param({}, BY, "running", id="its last day is still in time"),
        pytest.param({}, BY + DAY, "missed", id="a day later nothing has come"),
        pytest.param({"done_on": BY}, BY + 9 * DAY, "kept", id="done on the last day"),
        pytest.param({"done_on": BY + DAY}, BY + 9 * DAY, "missed", id="done, but late"),
        pytest.param({"over_on": BY - DAY}, BY + 9 * DAY, "over", id="taken back before anything was due"),
        pytest.param({"over_on": BY + DAY}, BY + 9 * DAY, "missed", id="taken back when we were late already"),
    ],
)
@pytest.mark.parametrize("kind", TO_DO)
def test_a_promise_to_do_something_by_a_day(kind, facts, today, state):
    assert judge(LenderPromise(kind, GIVEN, BY, **facts), today) == state


@pytest.mark.parametrize(
    ("facts", "today", "state"),
    [
        pytest.param({}, BY, "running", id="its last day still binds"),
        pytest.param({}, BY + DAY, "kept", id="a day later it was kept"),
        pytest.param({"broken_on": BY}, BY, "missed", id="broken on its last day"),
        pytest.param({"over_on": BY - DAY}, BY, "kept", id="what it was about ended"),
        pytest.param({"broken_on": GIVEN, "over_on": BY}, BY + DAY, "missed", id="broken once stays broken"),
    ],
)
@pytest.mark.parametrize("kind", TO_LEAVE_BE)
def test_a_promise_to_leave_something_be(kind, facts, today, state):
    assert judge(LenderPromise(kind, GIVEN, BY, **facts), today) == state


@given(
    kind=st.sampled_from((*TO_DO, *TO_LEAVE_BE)),
    done=st.none() | st.dates(GIVEN, BY + 9 * DAY),
    today=st.dates(GIVEN, BY + 30 * DAY),
)
def test_what_was_missed_is_never_kept_by_waiting(kind, done, today):
    promise = LenderPromise(kind, GIVEN, BY, done_on=done)
    if kind in TO_DO and (done is None or done <= today):
        later = judge(promise, today + DAY)
        assert judge(promise, today) != "missed" or later == "missed"


AT_WORK = Wish(frozenset({"text", "call"}), frozenset(range(5)), Window(time(16), time(18)))
QUIET = Wish(frozenset({"text"}))
MONDAY = datetime(2026, 11, 30, tzinfo=UTC)


def called(hour, days=0, form="call"):
    return Spoken(7, form, MONDAY + timedelta(days=days, hours=hour))


@pytest.mark.parametrize(
    ("contact", "broken"),
    [
        pytest.param(called(16), False, id="the first minute is inside"),
        pytest.param(called(18), True, id="the last is outside"),
        pytest.param(called(15.9), True, id="too early"),
        pytest.param(called(17, days=5), True, id="a Saturday"),
        pytest.param(called(17, form="visit"), True, id="a visit, where calls are welcome"),
        pytest.param(called(-48), False, id="before the wish"),
    ],
)
def test_a_call_is_judged_by_the_wish_of_its_time(contact, broken):
    promise = calls_as_wished([(MONDAY, AT_WORK)], [contact], "UTC", "UTC")[0]
    assert (promise.broken_at is not None) is broken


def test_the_clock_of_a_wish_is_the_borrowers_and_the_date_the_lenders():
    late = Spoken(7, "call", datetime(2026, 11, 30, 20, tzinfo=UTC))
    promise = calls_as_wished([(MONDAY, AT_WORK)], [late], "America/New_York", "Asia/Shanghai")[0]
    assert promise.broken_on == date(2026, 12, 1), "20:00 in London is 15:00 in New York, and tomorrow in Shanghai"
    promise = calls_as_wished([(MONDAY, QUIET)], [late], "America/New_York", "Asia/Shanghai")[0]
    assert promise.broken_on == date(2026, 12, 1)


def test_a_new_wish_ends_the_promise_and_an_equal_one_goes_on():
    wishes = [(MONDAY, QUIET), (MONDAY + DAY, Wish(frozenset({"email"}))), (MONDAY + 2 * DAY, AT_WORK)]
    promises = calls_as_wished(wishes, [called(1, days=3)], "UTC", "UTC")
    assert [(p.given_on, p.over_on) for p in promises] == [
        (MONDAY.date(), (MONDAY + 2 * DAY).date()),
        ((MONDAY + 2 * DAY).date(), None),
    ]
    assert [p.broken_at is not None for p in promises] == [False, True]


def test_whoever_welcomes_any_call_and_visit_was_promised_nothing():
    assert calls_as_wished([(MONDAY, Wish(frozenset(FORMS)))], [called(3)], "UTC", "UTC") == []


def test_without_a_word_calls_and_visits_are_not_welcome():
    assert {form for form in FORMS if UNSAID.hold(form)} == {"call", "visit"}


def test_hours_that_cross_midnight_belong_to_the_day_on_which_they_open():
    night = Wish(frozenset(FORMS), frozenset({0}), Window(time(22), time(2)))
    assert night.allows("call", MONDAY + timedelta(hours=23)) and night.allows("call", MONDAY + timedelta(hours=25))
    assert not night.allows("call", MONDAY + timedelta(hours=1))
    assert hours_wished(night) == {22, 23, 0, 1}


def test_the_hours_of_rules_are_lifted_by_consent_where_a_rule_says_so():
    wish = Wish(frozenset(FORMS), window=Window(time(22), time(23)))
    assert 22 in hours_allowed(rule_sets(["tw"]), wish) and 22 not in hours_allowed(rule_sets(["safe-default"]), wish)
    assert hours_allowed(rule_sets(["tw"]), UNSAID) == frozenset(range(7, 22))


def test_caps_on_all_forms_together_are_read_from_the_rules():
    assert caps_on_everything(rule_sets(["safe-default"])) == (1, 10)
    assert caps_on_everything(rule_sets(["us-reg-f"])) == (None, None)
