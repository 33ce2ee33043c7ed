"""Amounts and dates read as a neighbour would write them, and never say one thing for another."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import formats
from portal.formats import NBSP
from portal.languages import LANGUAGES

DAY = date(2026, 12, 5)
CURRENCIES = ["USD", "CNY", "JPY", "TWD", "HKD", "EUR", "VND", "IDR", "KWD", "INR", "KES"]


@pytest.mark.parametrize(
    ("minor", "currency", "language", "decimals", "text"),
    [
        (467902, "USD", "en", None, "$4,679.02"),
        (467902, "USD", "ar", None, "$4,679.02"),
        (467902, "CNY", "zh-Hans", None, "¥4,679.02"),
        (467902, "CNY", "zh-Hant", None, "CN¥4,679.02"),
        (467902, "CNY", "en", None, "CN¥4,679.02"),
        (252000, "TWD", "zh-Hant", 0, "NT$2,520"),
        (252000, "TWD", "zh-Hant", None, "NT$2,520.00"),
        (467950, "TWD", "zh-Hant", 0, "NT$4,680"),
        (-500, "USD", "en", None, "−$5.00"),
        (0, "USD", "en", None, "$0.00"),
        (-40, "TWD", "zh-Hant", 0, "NT$0"),
        (300000, "KES", "en", None, f"KES{NBSP}3,000.00"),
        (1234567, "KWD", "en", None, f"KWD{NBSP}1,234.567"),
    ],
)
def test_an_amount_is_written_as_its_reader_knows_it(minor, currency, language, decimals, text):
    assert formats.money(minor, currency, language, decimals) == text


@pytest.mark.case("R092")
@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_currencies_without_cents_show_none(language):
    assert formats.money(100_000, "JPY", language) == "JP¥100,000"
    assert formats.money(2_000_000, "VND", language) == "₫2,000,000"
    assert formats.money(5_000_000, "TWD", language, 0) == "NT$50,000"
    assert formats.money(300_000_000, "IDR", language, 0) == f"IDR{NBSP}3,000,000"


@pytest.mark.case("R092")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_currencies_share_a_sign(language):
    signs = [formats.sign(currency, language) for currency in CURRENCIES]
    assert len(set(signs)) == len(signs)
    assert not (language != "zh-Hans" and "¥" in signs), "a bare ¥ is yuan, on Simplified pages alone"


@given(
    minor=st.integers(-(10**15), 10**15),
    currency=st.sampled_from(CURRENCIES),
    language=st.sampled_from(list(LANGUAGES)),
    decimals=st.sampled_from([None, 0, 2]),
)
def test_an_amount_is_in_western_digits_and_zero_has_no_minus(minor, currency, language, decimals):
    text = formats.money(minor, currency, language, decimals)
    figures = [letter for letter in text if letter.isdigit()]
    assert all(letter in "0123456789" for letter in figures)
    assert "-" not in text
    if not any(letter in "123456789" for letter in figures):
        assert formats.MINUS not in text
    if decimals is None:
        assert int("".join(figures)) == abs(minor)
        assert (formats.MINUS in text) == (minor < 0)


@pytest.mark.parametrize(
    ("write", "en", "hans", "hant", "ar"),
    [
        (formats.date_long, "5 December 2026", "2026年12月5日", "2026年12月5日", "5 ديسمبر 2026"),
        (formats.date_short, "5 Dec 2026", "2026年12月5日", "2026年12月5日", "5 ديسمبر 2026"),
        (
            formats.date_day,
            "Saturday 5 December 2026",
            "2026年12月5日，星期六",
            "2026年12月5日，星期六",
            "السبت 5 ديسمبر 2026",
        ),
        (formats.weekday_date, "Saturday 5 December", "12_月_5_日（星期六）", "12_月_5_日（星期六）", "السبت 5 ديسمبر"),
        (formats.day_month, "5 December", "12_月_5_日", "12_月_5_日", "5 ديسمبر"),
        (formats.month, "December", "12_月", "12_月", "ديسمبر"),
        (formats.month_year, "December 2026", "2026年12月", "2026年12月", "ديسمبر 2026"),
        (formats.year, "2026", "2026_年", "2026_年", "2026"),
        (formats.month_short, "Dec 2026", "2026年12月", "2026年12月", "ديسمبر 2026"),
    ],
)
def test_a_date_is_written_in_the_readers_manner(write, en, hans, hant, ar):
    written = [write(DAY, language).replace(NBSP, "_") for language in ("en", "zh-Hans", "zh-Hant", "ar")]
    assert written == [en, hans, hant, ar]


def test_a_moment_is_told_by_the_clock_on_the_wall():
    moment = datetime(2026, 11, 25, 16, 5, tzinfo=UTC)
    assert formats.instant(moment, "Asia/Taipei", "zh-Hant") == "2026年11月26日 00:05"
    assert formats.instant(moment, UTC, "en") == "25 November 2026, 16:05"


@pytest.mark.parametrize(("rate", "text"), [("1.50", "1.5%"), ("18", "18%"), ("0.0001", "0.0001%"), ("-2", "−2%")])
def test_a_rate_keeps_the_digits_that_it_has(rate, text):
    assert {formats.percent(Decimal(rate), language) for language in LANGUAGES} == {text}
