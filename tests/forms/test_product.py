"""Every convention has its sentence, in each language of the staff, and a place in the form."""

import json
from dataclasses import fields, replace
from enum import Enum
from typing import Any

import pytest
from flask import Flask, g

from portal.domain.contradictions import contradictions
from portal.domain.conventions import (
    Component,
    Conventions,
    Excess,
    InterestPeriod,
    LateFee,
    LevelBasis,
    OddPeriod,
    PayoffInterest,
    Remainder,
)
from portal.domain.day_count import DayCount, YearBreak
from portal.domain.due_dates import ClosedDayRule
from portal.domain.money import Rounding
from portal.forms import convention_labels as labels
from portal.forms import conventions as words
from portal.forms.product import ProductForm, Units, as_shown
from tests import gallery

STAFF_LANGUAGES = ("en", "zh-Hans", "zh-Hant")
STANDARD = Conventions()
# Field -> every value that is one of a few.
VALUES = {
    item.name: [True, False]
    if isinstance(getattr(STANDARD, item.name), bool)
    else list(type(getattr(STANDARD, item.name)))
    for item in fields(STANDARD)
    if isinstance(getattr(STANDARD, item.name), bool | Enum)
}
USD = Units("USD")


@pytest.fixture(scope="module")
def app() -> Flask:
    app = gallery.make_app()
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture(params=STAFF_LANGUAGES)
def reading(app, request):
    """A request in each language of the staff."""
    with app.test_request_context("/"):
        g.language = request.param
        yield request.param


@pytest.fixture
def in_english(app):
    with app.test_request_context("/"):
        g.language = "en"
        yield


def sentences(conventions: Conventions, of: Any = USD) -> list[str]:
    return [said.sentence for _, rules in words.in_force(conventions, of) for said in rules]


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in VALUES.items() for value in values])
def test_each_value_of_each_convention_has_a_sentence_of_its_own(reading, name, value):
    of_this = sentences(replace(STANDARD, **{name: value}))
    assert all(of_this) and "%(" not in " ".join(of_this)
    others = [sentences(replace(STANDARD, **{name: other})) for other in VALUES[name] if other != value]
    assert of_this not in others


def test_no_sentence_is_of_a_value_that_there_is_not():
    assert {name: set(known) for name, known in labels.SENTENCES.items()} == {
        name: set(values) for name, values in VALUES.items() if not name.endswith("rounding")
    } | {"stretches_rounded": {True, False}}
    assert set(labels.ROUNDINGS) == set(Rounding)
    assert set(labels.COMPONENTS) == set(Component)


def test_each_convention_has_one_rule_and_one_field_of_the_form(in_english):
    named = [name for _, rules in words.RULES for rule in rules for name in rule.names]
    assert sorted(named) == sorted(item.name for item in fields(Conventions))
    assert set(named) <= {field.name for field in ProductForm(formdata=None, of=USD)}


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_a_sentence_is_written_in_the_readers_language(app, language):
    with app.test_request_context("/"):
        g.language = language
        said = [
            str(text)
            for values in (*labels.SENTENCES.values(), labels.ROUNDINGS, labels.COMPONENTS, labels.TITLES)
            for text in values.values()
        ]
    assert [text for text in said if text.isascii()] == []


@pytest.mark.parametrize(
    ("unit", "currency", "expected"),
    [
        (1, "USD", "to the cent"),
        (100, "USD", "to the whole unit"),
        (1, "JPY", "to the whole unit"),
        (500, "TWD", "to a multiple of NT$5.00"),
        (1, "KWD", "to a multiple of KWD\N{NO-BREAK SPACE}0.001"),
    ],
)
def test_a_unit_of_rounding_is_named_as_one_would_say_it(in_english, unit, currency, expected):
    assert words.unit_words(unit, currency) == expected


def test_a_borrower_is_told_how_interest_is_worked_out_and_nothing_that_cannot_act(in_english):
    said = words.convention_sentences(Conventions(InterestPeriod.daily and Rounding.half_up), USD)
    assert "Each period bears an equal part of the year’s interest, whatever its days: a month a twelfth." in said
    assert "A payment pays what is due in this order: Penalties, then Fees, then Interest, then Principal." in said
    assert not any("31 December" in text or "late fee" in text for text in said)
    by_days = Conventions(interest_period=InterestPeriod.daily, day_count=DayCount.actual_actual, late_fee=LateFee.none)
    said = words.convention_sentences(by_days, USD)
    assert said[:3] == [
        "Interest counts each day.",
        "Days are counted as they are, and a year has its own 365 or 366 days.",
        "The night of 31 December belongs to the old year.",
    ]
    assert said[-1] == "There is no late fee."


def test_one_line_tells_days_and_rounding(in_english):
    by_days = Conventions(interest_period=InterestPeriod.daily, day_count=DayCount.actual_365)
    assert words.convention_line(by_days, USD) == "Interest by days, 365 a year; rounded to the cent"
    assert words.convention_line(STANDARD, USD) == "Interest by periods, equal whatever their days; rounded to the cent"


CONTRADICTORY = [
    ("odd_period_by_days", {"interest_period": InterestPeriod.daily, "odd_period": OddPeriod.as_whole}),
    ("thirty_days_need_days", {"level_basis": LevelBasis.thirty_days}),
    ("year_break_needs_actual", {"year_break": YearBreak.december_31}),
    ("carried_not_rounded", {"interest_carried": True, "interest_unit": 100}),
    ("carried_leaves_nothing", {"interest_carried": True, "remainder": Remainder.smoothed}),
    ("closed_but_stay", {"closed_weekdays": (6,)}),
    ("no_open_day", {"closed_weekdays": (0, 1, 2, 3, 4, 5, 6), "closed_day_rule": ClosedDayRule.following}),
    (
        "order_follows_money",
        {
            "excess": Excess.shorter_term,
            "order_due": (Component.principal, Component.interest, Component.fees, Component.penalties),
        },
    ),
    ("follows_money_but_all", {"interest_recalculated": True, "payoff_interest": PayoffInterest.all}),
]


@pytest.mark.parametrize(("code", "chosen"), CONTRADICTORY, ids=[code for code, _ in CONTRADICTORY])
def test_conventions_that_contradict_one_another_are_named(code, chosen):
    (refusal,) = contradictions(replace(STANDARD, **chosen))
    assert refusal.code == code
    assert {refusal.params["first"], refusal.params["second"]} <= set(labels.TITLES) | {"interest_unit"}


def test_what_peers_do_is_no_contradiction():
    assert contradictions(STANDARD) == ()
    assert contradictions(Conventions(interest_recalculated=True, payoff_interest=PayoffInterest.to_next_due)) == ()
    assert contradictions(Conventions(closed_day_rule=ClosedDayRule.following, closed_weekdays=(5, 6))) == ()


UNUSUAL = Conventions(
    rounding=Rounding.half_even,
    interest_unit=5,
    installment_rounding=Rounding.up,
    installment_unit=100,
    interest_period=InterestPeriod.daily,
    day_count=DayCount.actual_actual,
    year_break=YearBreak.december_31,
    order_due=(Component.interest, Component.fees, Component.principal, Component.penalties),
    stretches_rounded=False,
    due_day_is_late=True,
    grace_days=3,
    buckets=(7, 30),
    closed_day_rule=ClosedDayRule.modified_following,
    closed_weekdays=(5, 6),
    late_fee=LateFee.charged,
)


@pytest.mark.parametrize("conventions", [STANDARD, UNUSUAL, Conventions(buckets=())])
def test_a_form_sent_back_as_it_was_shown_is_the_conventions_it_was_filled_with(app, conventions):
    with app.test_request_context("/"):
        g.language = "en"
        shown = ProductForm.filled(conventions, 4, USD)
        sent: dict[str, Any] = {"reason": "Because.", "closed_weekdays": [str(d) for d in conventions.closed_weekdays]}
        for field in shown:
            if field.name.startswith("order_"):
                sent |= {f"{field.name}-{place}": code for place, code in enumerate(field.places, 1)}
            elif field.name != "closed_weekdays" and field.name != "reason":
                sent[field.name] = field._value() if hasattr(field, "_value") else field.data
    with app.test_request_context("/", method="POST", data=sent):
        g.language = "en"
        form = ProductForm(of=USD)
        assert form.validate(), form.errors
        assert form.conventions == conventions
        assert form.seen_version == 4
        assert not form.has_shown(conventions)


def test_what_was_shown_is_known_again(in_english):
    form = ProductForm(formdata=None, of=USD, shown=as_shown(UNUSUAL))
    assert form.has_shown(UNUSUAL) and not form.has_shown(STANDARD)
    assert json.loads(as_shown(STANDARD)) == {}
