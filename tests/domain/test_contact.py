"""The gate, a plain sentence per row. The public cases are held in tests/contacts."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.contact_rules import rule_sets
from portal.domain.contact import Decision, Defer, Hold, Send, decide
from portal.domain.contact_facts import ActiveHold, BadFacts, Facts, Holiday, PastContact, Window, read_facts
from portal.domain.contact_rules import BadRules, Cap, Hours, RuleSet, read_rule_set

TAIPEI = "Asia/Taipei"
SAFE = rule_sets(["safe-default"])
REMINDER = Facts(zone=TAIPEI, form="text", purpose="reminder", to="borrower")


def at(text: str, zone: str = TAIPEI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def past(text: str, zone: str = TAIPEI, **more: Any) -> PastContact:
    return PastContact(at(text, zone), more.pop("form", "text"), more.pop("unit", "attempt"), **more)


def in_words(decision: Decision) -> str:
    """'send', 'hold: dispute', 'defer to 2026-11-04T09:00: hours' (in the borrower's time)."""
    if isinstance(decision, Send):
        return "send"
    if isinstance(decision, Hold):
        return f"hold: {decision.reason}"
    return f"defer to {decision.until.replace(tzinfo=None).isoformat(timespec='minutes')}: {decision.reason}"


@pytest.mark.parametrize(
    ("rules", "facts", "now", "words", "sentence"),
    [
        (["safe-default"], {}, "2026-11-04T10:00", "send", "a reminder goes in the morning"),
        (["safe-default"], {}, "2026-11-04T19:00", "defer to 2026-11-05T09:00: hours", "the closing minute is outside"),
        (["safe-default"], {"purpose": "code"}, "2026-11-04T03:00", "send", "a code comes when it is asked for"),
        (["safe-default"], {"purpose": "answer"}, "2026-11-04T03:00", "send", "so does an answer"),
        (
            ["safe-default"],
            {"purpose": "offer_notice"},
            "2026-11-04T20:00",
            "defer to 2026-11-05T09:00: hours",
            "the notice of an offer keeps the hours",
        ),
        (
            ["safe-default"],
            {"purpose": "offer_notice", "history": (past("2026-11-04T09:00"),)},
            "2026-11-04T10:00",
            "send",
            "but passes the caps",
        ),
        (
            ["safe-default"],
            {"history": (past("2026-11-04T09:00"),)},
            "2026-11-04T10:00",
            "defer to 2026-11-05T09:00: cap_day",
            "a second reminder waits for tomorrow",
        ),
        (
            ["safe-default"],
            {"history": (past("2026-11-04T09:00", purpose="answer"),)},
            "2026-11-04T10:00",
            "send",
            "an answer uses up no reminder",
        ),
        (
            ["safe-default"],
            {"history": tuple(past(f"2026-11-{day:02d}T10:00") for day in (1, 4, 7, 10, 13, 16, 19, 22, 25, 28))},
            "2026-11-30T10:00",
            "defer to 2026-12-01T10:01: cap_30_days",
            "the eleventh in 30 days waits until the first has left them",
        ),
        (
            ["safe-default"],
            {"history": tuple(past(f"2026-11-{day:02d}T10:00") for day in (2, 4, 6))},
            "2026-11-08T22:00",
            "defer to 2026-11-09T10:01: cap_7_days",
            "where hours and a cap both keep it, what keeps it longer is the reason",
        ),
        (
            ["safe-default"],
            {"wish": Window(time(12), time(14))},
            "2026-11-04T10:00",
            "defer to 2026-11-04T12:00: wish",
            "their wish",
        ),
        (
            ["safe-default"],
            {"wish": Window(time(20), time(22))},
            "2026-11-04T10:00",
            "hold: wish",
            "a wish that the hours never meet",
        ),
        (
            ["safe-default"],
            {"wish": Window(time(12), time(12))},
            "2026-11-04T10:00",
            "send",
            "equal ends are the whole day",
        ),
        (
            ["safe-default"],
            {"holidays": (Holiday(date(2026, 11, 4), "state"), Holiday(date(2026, 11, 5)))},
            "2026-11-04T10:00",
            "defer to 2026-11-06T09:00: holiday",
            "two holidays in a row, one of a state",
        ),
        (["safe-default"], {"to": "family"}, "2026-11-04T10:00", "hold: third_party", "never to family"),
        (
            ["safe-default"],
            {"to": "nominated_contact"},
            "2026-11-04T10:00",
            "hold: third_party",
            "nor to a nominated contact",
        ),
        (
            ["ph"],
            {"to": "family", "purpose": "answer"},
            "2026-11-04T10:00",
            "hold: third_party",
            "whatever the place says",
        ),
        (
            ["safe-default"],
            {"to": "guarantor", "purpose": "legal_notice", "form": "letter"},
            "2026-11-04T10:00",
            "send",
            "a guarantor has to be told before legal steps",
        ),
        (["in-rbi"], {"to": "guarantor"}, "2026-11-04T10:00", "send", "India lets guarantors be reminded"),
        (
            ["ph"],
            {"days_past_due": 15},
            "2026-11-04T22:30",
            "defer to 2026-11-05T06:00: hours",
            "15 days are not over 15",
        ),
        (["ph"], {"consent": frozenset({"hours"})}, "2026-11-04T22:30", "send", "they consented to late hours"),
        (
            ["safe-default", "ph"],
            {"consent": frozenset({"hours"})},
            "2026-11-04T22:30",
            "defer to 2026-11-05T09:00: hours",
            "consent loosens the rule that knows it and no other",
        ),
        (["uk-conc-7"], {}, "2026-11-04T03:00", "send", "a place without numbers sets no hours"),
        ([], {}, "2026-11-04T03:00", "defer to 2026-11-04T09:00: hours", "where none is chosen the safe default holds"),
        (
            ["cn-gbt-45251"],
            {
                "form": "call",
                "history": tuple(
                    past(f"2026-11-04T{hour:02d}:00", form="call", unit="answered") for hour in (9, 10, 11)
                ),
            },
            "2026-11-04T15:00",
            "defer to 2026-11-05T08:00: cap_answered",
            "three answered calls are a day's",
        ),
        (
            ["au-accc"],
            {
                "form": "call",
                "debt": "L1",
                "history": tuple(past(f"2026-11-0{day}T10:00", form="call", debt="L1") for day in (2, 3, 4)),
            },
            "2026-11-05T10:00",
            "send",
            "attempts are no contacts in Australia",
        ),
        (
            ["au-accc"],
            {
                "form": "call",
                "debt": "L1",
                "history": tuple(
                    past(f"2026-11-0{day}T10:00", form="call", unit="answered", debt="L1") for day in (2, 3, 4)
                ),
            },
            "2026-11-05T10:00",
            "defer to 2026-11-09T10:01: cap_week",
            "three actual contacts are a week's",
        ),
        (
            ["au-accc"],
            {
                "form": "call",
                "debt": "L2",
                "history": tuple(
                    past(f"2026-11-0{day}T10:00", form="call", unit="answered", debt="L1") for day in (2, 3, 4)
                ),
            },
            "2026-11-05T10:00",
            "send",
            "counted for each account",
        ),
        (
            ["au-accc"],
            {
                "form": "visit",
                "debt": "L1",
                "history": tuple(
                    past(f"2026-11-{day:02d}T10:00", form="call", unit="answered", debt="L1")
                    for day in (1, 3, 5, 9, 11, 13, 17, 19, 21, 22)
                ),
            },
            "2026-11-30T10:00",
            "defer to 2026-12-01T09:00: cap_month",
            "ten are a calendar month's",
        ),
        (
            ["au-accc"],
            {"form": "visit", "place": "workplace"},
            "2026-11-05T17:00",
            "defer to 2026-11-06T09:00: hours",
            "a workplace closes at five",
        ),
        (
            ["us-reg-f"],
            {"history": (past("2026-11-03T10:00", form="call", unit="conversation"),)},
            "2026-11-04T10:00",
            "send",
            "a text is no call after a conversation",
        ),
    ],
)
def test_gate(rules: list[str], facts: dict[str, Any], now: str, words: str, sentence: str) -> None:
    assert in_words(decide(replace(REMINDER, **facts), rule_sets(rules), at(now))) == words, sentence


@pytest.mark.parametrize(
    ("hold", "purpose", "form", "words", "sentence"),
    [
        (ActiveHold("opt_out"), "reminder", "text", "hold: opt_out", "who opted out gets no reminder"),
        (ActiveHold("opt_out"), "code", "text", "send", "but the code that they asked for"),
        (ActiveHold("opt_out"), "answer", "text", "send", "and answers"),
        (ActiveHold("open_request"), "legal_notice", "letter", "hold: open_request", "no law before an answer"),
        (ActiveHold("dispute"), "offer_notice", "text", "send", "an offer may end a dispute"),
        (ActiveHold("wrong_number"), "code", "text", "hold: wrong_number", "a wrong number gets nothing at all"),
        (ActiveHold("wrong_number"), "reminder", "email", "send", "while other ways stay open"),
        (ActiveHold("wrong_number", number="B"), "reminder", "text", "send", "and other numbers"),
        (ActiveHold("bounced", form="email"), "reminder", "text", "send", "a bounced address says nothing of a number"),
        (ActiveHold("deceased"), "agreement", "letter", "hold: deceased", "nothing goes to somebody who died"),
        (ActiveHold("bereavement"), "reminder", "text", "hold: bereavement", "a reason that we don't know holds too"),
        (ActiveHold("promise", ends=date(2026, 11, 3)), "reminder", "text", "send", "a promise was due yesterday"),
        (ActiveHold("promise", ends=date(2026, 11, 4)), "reminder", "text", "hold: promise", "a promise is due today"),
        (ActiveHold("dispute", starts=date(2026, 11, 5)), "reminder", "text", "send", "a hold that begins tomorrow"),
        (
            ActiveHold("draft_request", ends=at("2026-11-04T10:01")),
            "reminder",
            "text",
            "hold: draft_request",
            "a fresh draft",
        ),
        (ActiveHold("draft_request", ends=at("2026-11-04T10:00")), "reminder", "text", "send", "an abandoned one"),
    ],
)
def test_what_each_hold_stops(hold: ActiveHold, purpose: str, form: str, words: str, sentence: str) -> None:
    facts = replace(REMINDER, holds=(hold,), purpose=purpose, form=form, number="A")
    assert in_words(decide(facts, SAFE, at("2026-11-04T10:00"))) == words, sentence


@pytest.mark.parametrize(
    ("hold", "day", "words", "sentence"),
    [
        (ActiveHold("breathing_space", date(2026, 10, 2)), "2026-12-02", "send", "after 60 days"),
        (
            ActiveHold("breathing_space_mental_health", date(2026, 1, 2)),
            "2026-12-02",
            "hold: breathing_space_mental_health",
            "as long as the treatment",
        ),
        (
            ActiveHold("breathing_space_mental_health", treatment_ended=date(2026, 11, 2)),
            "2026-12-02",
            "hold: breathing_space_mental_health",
            "and 30 days",
        ),
        (
            ActiveHold("breathing_space_mental_health", treatment_ended=date(2026, 11, 2)),
            "2026-12-03",
            "send",
            "no longer",
        ),
    ],
)
def test_breathing_space(hold: ActiveHold, day: str, words: str, sentence: str) -> None:
    facts = replace(REMINDER, zone="Europe/London", holds=(hold,))
    decision = decide(facts, rule_sets(["uk-breathing-space"]), at(f"{day}T10:00", "Europe/London"))
    assert in_words(decision) == words, sentence


def hours(opens: str, closes: str) -> RuleSet:
    window = Window(time.fromisoformat(opens), time.fromisoformat(closes))
    every_form = frozenset({"text"})
    return RuleSet("test", "", "", "ours", hours=(Hours(every_form, None, dict.fromkeys(range(7), window)),))


@pytest.mark.case("R059")
@pytest.mark.parametrize(
    ("opens", "closes", "now", "words", "sentence"),
    [
        ("08:00", "21:00", "2026-11-04T20:59", "send", "the last minute before the quiet"),
        ("08:00", "21:00", "2026-11-04T21:00", "defer to 2026-11-05T08:00: hours", "the first of it"),
        ("08:00", "21:00", "2026-11-04T23:30", "defer to 2026-11-05T08:00: hours", "before midnight"),
        ("08:00", "21:00", "2026-11-05T03:00", "defer to 2026-11-05T08:00: hours", "after midnight"),
        ("08:00", "21:00", "2026-11-05T07:59", "defer to 2026-11-05T08:00: hours", "the last of it"),
        ("08:00", "21:00", "2026-11-05T08:00", "send", "the minute at which it ends"),
        ("08:00", "21:00", "2026-11-04T21:10", "defer to 2026-11-05T08:00: hours", "a retry that comes due in it"),
        ("00:00", "00:00", "2026-11-05T03:00", "send", "equal ends: no quiet at all"),
        ("12:00", "12:00", "2026-11-05T11:59", "send", "at noon as at midnight"),
        ("22:00", "02:00", "2026-11-05T01:59", "send", "hours of yesterday evening reach into today"),
        ("22:00", "02:00", "2026-11-05T02:00", "defer to 2026-11-05T22:00: hours", "and end"),
    ],
)
def test_quiet_hours(opens: str, closes: str, now: str, words: str, sentence: str) -> None:
    assert in_words(decide(REMINDER, [hours(opens, closes)], at(now))) == words, sentence


@pytest.mark.case("R062")
def test_a_day_is_the_borrowers_day_wherever_it_is_counted() -> None:
    one_a_day = [RuleSet("test", "", "", "ours", caps=(Cap("cap_day", 1, "day"),))]
    first, second = datetime(2027, 1, 15, 3, tzinfo=UTC), datetime(2027, 1, 15, 6, tzinfo=UTC)
    facts = replace(REMINDER, zone="America/Toronto", history=(PastContact(first, "text", "attempt"),))
    assert decide(facts, one_a_day, second) == Send()


@pytest.mark.parametrize(
    ("zone", "opens", "now", "until", "sentence"),
    [
        ("America/New_York", "02:30", "2026-03-08T01:00", "2026-03-08T03:30", "an hour that is skipped opens after it"),
        ("Africa/Cairo", "00:00", "2026-04-24T01:00", "", "a night without a midnight opens with its first minute"),
    ],
)
def test_days_of_23_hours(zone: str, opens: str, now: str, until: str, sentence: str) -> None:
    decision = decide(replace(REMINDER, zone=zone), [hours(opens, "05:00")], at(now, zone))
    found = decision.until.replace(tzinfo=None).isoformat(timespec="minutes") if isinstance(decision, Defer) else ""
    assert found == until, sentence


ZONES = st.sampled_from(["Asia/Taipei", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu"])
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=700)).map(
    lambda passed: datetime(2026, 1, 1, tzinfo=UTC) + passed
)
RULES = st.lists(
    st.sampled_from(["safe-default", "us-reg-f", "au-accc", "tw", "cn-banks-2026"]), max_size=2, unique=True
)


@given(
    zone=ZONES,
    now=INSTANTS,
    rules=RULES,
    form=st.sampled_from(["text", "call"]),
    before=st.lists(st.timedeltas(timedelta(0), timedelta(days=31)), max_size=12),
    holidays=st.lists(st.integers(0, 9), max_size=3),
)
def test_a_deferred_contact_may_be_made_at_that_instant_and_not_a_minute_earlier(
    zone: str, now: datetime, rules: list[str], form: str, before: list[timedelta], holidays: list[int]
) -> None:
    facts = Facts(
        zone,
        form,
        "reminder",
        "borrower",
        history=tuple(PastContact(now - ago, form, "conversation") for ago in before),
        holidays=tuple(Holiday((now + timedelta(days=days)).date()) for days in holidays),
    )
    chosen = rule_sets(rules)
    decision = decide(facts, chosen, now)
    if isinstance(decision, Defer):
        assert decision.until > now
        assert decide(facts, chosen, decision.until) == Send()
        a_minute_before = decision.until - timedelta(minutes=1, seconds=1)
        assert a_minute_before < now or decide(facts, chosen, a_minute_before) != Send()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"form": "fax"}, "form is 'fax'; it is one of text, email, call, visit, letter"),
        ({"to": None}, "to is missing"),
        ({"borrower_zone": "Mars/Olympus"}, "Mars/Olympus is no time zone"),
        ({"history": [{"at": "2026-11-03T10:00:00", "form": "text"}]}, "'2026-11-03T10:00:00' has no offset"),
        (
            {"history": [{"at": "2026-11-03T10:00:00Z", "form": "text", "unit": "shout"}]},
            "unit is 'shout'; it is one of attempt, answered, conversation",
        ),
    ],
)
def test_facts_that_cannot_be_read_say_why(change: dict[str, Any], sentence: str) -> None:
    record = {"borrower_zone": TAIPEI, "form": "text", "purpose": "reminder", "to": "borrower"} | change
    with pytest.raises(BadFacts) as refused:
        read_facts({name: value for name, value in record.items() if value is not None})
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    "part",
    [
        {"sure": "perhaps"},
        {"caps": [{"reason": "x", "most": 1, "window": "fortnight"}]},
        {"caps": [{"reason": "x", "most": 1, "window": "day", "forms": ["fax"]}]},
        {"caps": [{"reason": "x", "most": 1, "window": "day", "units": ["shout"]}]},
        {"caps": [{"reason": "x", "most": 1, "window": "day", "by": "household"}]},
        {"caps": [{"most": 1, "window": "day"}]},
        {"hours": [{"windows": {"feb-sun": "09:00-19:00"}}]},
        {"hours": [{"windows": {"mon": "nine to five"}}]},
    ],
)
def test_a_rule_set_that_cannot_be_read_is_refused(part: dict[str, Any]) -> None:
    with pytest.raises(BadRules):
        read_rule_set({"name": "x", "title": "X", "source": "x", "sure": "ours"} | part)
