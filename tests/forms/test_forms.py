"""The borrower's forms: what was typed stays, what is wrong is said beside it, and only what was asked for is read."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from flask import Flask, g

from portal import languages
from portal.domain.hardship import CHANGES, LASTING
from portal.forms.answer import OfferAnswerForm, QuestionAnswerForm
from portal.forms.difficulty import (
    CHANGE_LABELS,
    LASTING_LABELS,
    BudgetForm,
    ChangeForm,
    PlanForm,
    WordsForm,
)
from portal.forms.dispute import DisputeForm
from portal.forms.fields import LONGEST_WORDS
from portal.forms.verify import VerifyForm
from tests import gallery

TODAY = date(2026, 11, 25)
KEY = "0" * 32


@pytest.fixture(scope="module")
def app() -> Flask:
    app = gallery.make_app()
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@contextmanager
def posted(app: Flask, language: str = "en", **fields: str) -> Iterator[None]:
    with app.test_request_context("/", method="POST", data={"form_key": KEY, **fields}):
        g.language = language
        yield


def errors_of(app: Flask, form: Any, language: str = "en", of: Any = None, **fields: str) -> dict[str, list[str]]:
    with posted(app, language, **fields):
        filled = form(of=of, today=TODAY) if of else form(today=TODAY)
        filled.validate()
        return {name: [str(error) for error in errors] for name, errors in filled.errors.items()}


def test_a_budget_keeps_what_was_typed_and_reads_what_was_meant(app):
    with posted(app, wages="１，４８０", home=" $720.00 ", food=""):
        form = BudgetForm(of=gallery.loan("en"))
        assert form.validate()
        assert form.lines == {"wages": 148000, "home": 72000}
        assert form.wages._value() == "１，４８０"


def test_a_budget_that_was_saved_is_shown_as_it_can_be_typed(app):
    with app.test_request_context():
        g.language = "zh-Hant"
        form = BudgetForm(of=gallery.loan("zh-Hant"), data={"wages": 3650000, "food": None})
        assert (form.wages._value(), form.food._value(), form.home._value()) == ("36,500", "", "")


@pytest.mark.case("R095")
@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "This can be read as $25.00 or as $2,500.00. Please write it in one of these ways."),
        ("zh-Hans", "这可以看成 ¥25.00，也可以看成 ¥2,500.00。请写成其中一种。"),
        ("zh-Hant", "這可以看成 NT$25，也可以看成 NT$2,500。請寫成其中一種。"),
    ],
)
def test_an_unclear_amount_is_refused_with_its_readings_in_the_readers_language(app, language, sentence):
    found = errors_of(app, BudgetForm, language, gallery.loan(language), wages="25,00")
    assert found == {"wages": [sentence]}


@pytest.mark.case("R092")
def test_cents_in_a_currency_without_them_are_refused_in_a_sentence(app):
    found = errors_of(app, BudgetForm, "en", gallery.Loan(currency="JPY"), wages="8333.50")
    assert found == {"wages": ["Please write a whole amount, without anything after the point."]}


@pytest.mark.case("R094")
@pytest.mark.parametrize("typed", ["0", "0.0", "0.00", "-0", "0.001", "0.004", "-1", "-0.01", "", "99999999999999"])
def test_an_own_amount_that_is_none_is_refused_at_its_field(app, typed):
    with posted(app, plan="own", own_amount=typed):
        form = PlanForm(of=gallery.loan("en"), values=["a"], starts=[date(2026, 12, 5)])
        assert not form.validate()
        assert list(form.errors) == ["own_amount"]
        assert form.own_amount._value() == typed
        assert "-0" not in str(form.own_amount.errors)


def test_an_own_amount_counts_only_where_it_was_chosen(app):
    with posted(app, plan="a", own_amount="nonsense"):
        form = PlanForm(of=gallery.loan("en"), values=["a", "b"])
        assert form.validate()
        assert form.own_amount.data is None
        assert form.own_amount._value() == "nonsense"


def test_an_own_amount_starts_on_a_day_of_the_list(app):
    starts = [date(2026, 12, 5), date(2027, 1, 5)]
    for chosen, day in (("2027-01-05", starts[1]), ("", starts[0])):
        with posted(app, plan="own", own_amount="150", own_from=chosen):
            form = PlanForm(of=gallery.loan("en"), values=[], starts=starts)
            assert form.validate()
            assert (form.own_amount.data, form.own_starts_on) == (15000, day)
    with posted(app, plan="own", own_amount="150", own_from="2031-01-01"):
        form = PlanForm(of=gallery.loan("en"), values=[], starts=starts)
        assert not form.validate()


def test_a_plan_that_is_not_on_the_page_cannot_be_chosen(app):
    with posted(app, plan="elsewhere"):
        form = PlanForm(of=gallery.loan("en"), values=["a"])
        assert not form.validate()
        assert form.errors == {"plan": ["Please choose one of these."]}


@pytest.mark.parametrize(
    ("fields", "valid"), [({"change": "illness"}, True), ({"change": "guilt"}, False), ({}, False)]
)
def test_one_answer_of_the_list_is_needed(app, fields, valid):
    assert (errors_of(app, ChangeForm, **fields) == {}) is valid


def test_every_code_of_the_domain_has_its_words_and_its_order():
    assert tuple(CHANGE_LABELS) == CHANGES
    assert tuple(LASTING_LABELS) == LASTING


@pytest.mark.parametrize(
    ("way", "typed", "answer"),
    [
        ("birth_date", {"birth_date-year": "1980", "birth_date-month": "4", "birth_date-day": "5"}, ("1980-04-05",)),
        ("birth_date", {"birth_date-day": "19800405"}, ("1980-04-05",)),
        (
            "birth_date",
            {"birth_date-year": "79", "birth_date-month": "4", "birth_date-day": "5"},
            ("1979-04-05", "1990-04-05"),
        ),
        ("id_last_four", {"id_last_four": "１２３x"}, ("123X",)),
        ("phone_last_four", {"phone_last_four": "٥٦٧٨"}, ("5678",)),
    ],
)
def test_only_the_way_that_was_chosen_is_read(app, way, typed, answer):
    others = {"birth_date-month": "99", "id_last_four": "1", "phone_last_four": "?"}
    others = {} if way == "birth_date" else {name: value for name, value in others.items() if name != way}
    with posted(app, way=way, **(others | typed)):
        form = VerifyForm(methods=["birth_date", "id_last_four", "phone_last_four"], today=TODAY)
        assert form.validate(), form.errors
        assert form.answer == answer


def test_a_way_that_the_lender_does_not_take_is_refused(app):
    with posted(app, way="phone_last_four", phone_last_four="5678"):
        form = VerifyForm(methods=["birth_date"], today=TODAY)
        assert not form.validate()


def test_a_birth_date_that_cannot_be_read_stays_in_its_boxes(app):
    with posted(app, way="birth_date", **{"birth_date-year": "80 or so", "birth_date-month": "4"}):
        form = VerifyForm(methods=["birth_date"], today=TODAY)
        assert not form.validate()
        assert form.birth_date.boxes == {"year": "80 or so", "month": "4", "day": ""}
        assert "19800405" in form.errors["birth_date"][0]


def test_words_lose_what_nobody_typed_on_purpose_and_nothing_else(app):
    with posted(app, words="  Two lines\r\nand \u202edirection\x00.  "):
        form = WordsForm()
        assert form.validate()
        assert form.words.data == "Two lines\nand direction."


def test_words_that_are_too_long_are_refused_and_kept(app):
    with posted(app, words="字" * (LONGEST_WORDS + 1)):
        form = WordsForm()
        assert not form.validate()
        assert len(form.words._value()) == LONGEST_WORDS + 1


def test_a_dispute_needs_to_know_what_is_wrong_and_nothing_more(app):
    assert errors_of(app, DisputeForm, kind="not_mine") == {}
    assert errors_of(app, DisputeForm, kind="not_mine", detail="name_used") == {}
    assert list(errors_of(app, DisputeForm, kind="amount", detail="invented")) == ["detail"]
    assert list(errors_of(app, DisputeForm)) == ["kind"]


def test_an_answer_to_an_offer_is_one_of_three(app):
    assert errors_of(app, OfferAnswerForm, act="accept") == {}
    assert list(errors_of(app, OfferAnswerForm, act="steal")) == ["act"]
    assert list(errors_of(app, QuestionAnswerForm, answer="  ")) == ["answer"]


def test_every_form_has_a_key_of_its_own_that_comes_back(app):
    with app.test_request_context():
        g.language = "en"
        first, second = WordsForm().form_key.data, WordsForm().form_key.data
        assert first != second
        assert len(first) == 32
    with posted(app, words="x"):
        assert WordsForm().form_key.data == KEY
    assert list(errors_of(app, WordsForm, form_key="../../x", words="x")) == ["form_key"]


def test_a_label_follows_the_language_of_each_request(app):
    said = {}
    for language in (*languages.LANGUAGES, "en"):
        with app.test_request_context():
            g.language = language
            said.setdefault(language, set()).add(str(ChangeForm().change.choices[3][1]))
    assert said["en"] == {"Somebody in the family has died"}
    assert said["zh-Hans"] == {"家里有人过世"}
    assert said["zh-Hant"] == {"家裡有人過世"}
