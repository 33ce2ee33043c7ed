"""What people type is read as they meant it, or refused with what it may mean; nothing is guessed and nothing crashes."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import formats, languages
from portal.domain.money import exponent, to_decimal
from portal.forms.reading import Unreadable, plain_text, read_amount, read_birth_dates, read_last_four

TODAY = date(2026, 11, 25)


def refusal(typed: str, currency: str = "USD", decimals: int | None = None) -> tuple[str, list[str]]:
    with pytest.raises(Unreadable) as refused:
        read_amount(typed, currency, "en", decimals)
    return refused.value.code, [str(to_decimal(minor, currency)) for minor in refused.value.readings]


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("1200", "CNY", 120000),
        ("1,200.50", "CNY", 120050),
        ("1,234,567.8", "USD", 123456780),
        ("1 200", "USD", 120000),
        (".5", "USD", 50),
        ("12.", "USD", 1200),
        ("0", "USD", 0),
        ("$5", "USD", 500),
        ("US$ 5", "USD", 500),
        ("$5", "TWD", 500),
        ("NT$1,200", "TWD", 120000),
        ("1200元", "TWD", 120000),
        ("¥8,333", "JPY", 8333),
        ("1,200 yuan", "CNY", 120000),
        ("KES 300", "KES", 30000),
        ("1.234", "KWD", 1234),
    ],
)
def test_an_amount_is_read(typed, currency, minor):
    assert read_amount(typed, currency, "en") == minor


@pytest.mark.case("R095")
@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
@pytest.mark.parametrize(
    ("typed", "readings"),
    [
        ("1,,200", [120000]),
        ("12,00.50", [120050]),
        ("11,11.11", [111111]),
        ("25,00", [2500, 250000]),
        ("1.200,50", [120050]),
        ("1.200", [120, 120000]),
        ("1,2", [120, 1200]),
        ("12 00", [120000]),
    ],
)
def test_a_badly_grouped_figure_is_refused_with_what_it_may_mean(typed, readings, language):
    with pytest.raises(Unreadable) as refused:
        read_amount(typed, "CNY", language)
    assert (refused.value.code, list(refused.value.readings)) == ("unclear", readings)


@pytest.mark.case("R097")
@pytest.mark.parametrize(
    ("typed", "minor"),
    [("１２００", 120000), ("１，２３４．５０", 123450), ("１２００元", 120000), ("￥1,200", 120000)],
)
def test_wide_digits_of_an_east_asian_keyboard_are_digits(typed, minor):
    assert read_amount(typed, "CNY", "zh-Hans") == minor
    assert refusal("－５００", "CNY") == ("negative", [])


@pytest.mark.case("R098")
@pytest.mark.parametrize("typed", ["٣٤٠", "۳۴۰", "٣40"])
def test_arabic_and_persian_digits_are_digits(typed):
    assert read_amount(typed, "USD", "ar") == 34000
    assert formats.amount(34000, "USD", "ar") == "340.00"


def test_arabic_separators_are_separators():
    assert read_amount("١٬٢٣٤٫٥٠", "USD", "ar") == 123450


@pytest.mark.case("R110")
@pytest.mark.parametrize(
    "typed",
    [
        "NaN",
        "sNaN",
        "Infinity",
        "-Infinity",
        "1e5",
        "1E+30",
        "1_000",
        "0x10",
        "10²",
        "½",
        "１e5",
        "+5",
        "abc",
        ".",
        "9" * 400,
    ],
)
def test_special_words_of_numbers_are_no_amounts(typed):
    assert refusal(typed)[0] == "not_a_number"


@pytest.mark.case("R110")
def test_an_amount_of_forty_digits_is_too_large():
    assert refusal("9" * 40)[0] == "too_large"


@pytest.mark.case("R094")
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("-0", "negative"),
        ("-1", "negative"),
        ("-0.01", "negative"),
        ("(500)", "negative"),
        ("500-", "negative"),
        ("0.001", "decimals"),
        ("0.004", "decimals"),
        ("", "empty"),
        ("  ", "empty"),
        ("99999999999999", "too_large"),
    ],
)
def test_what_is_no_payment_is_refused(typed, code):
    assert refusal(typed)[0] == code


@pytest.mark.case("R092")
@pytest.mark.parametrize("currency", ["JPY", "VND"])
def test_a_currency_without_cents_takes_none(currency):
    assert refusal("8333.50", currency)[0] == "decimals"
    assert read_amount("8333", currency, "zh-Hans") == 8333


def test_a_lender_that_shows_no_cents_takes_none():
    assert refusal("8333.50", "TWD", 0)[0] == "decimals"
    assert read_amount("8333.00", "TWD", "zh-Hant", 0) == 833300


def test_a_sign_of_another_currency_is_not_taken_for_the_loans():
    for typed, currency in (("$5", "CNY"), ("NT$5", "USD"), ("5元", "USD"), ("€5", "USD")):
        assert refusal(typed, currency)[0] == "not_a_number"


@given(
    minor=st.integers(0, 10**12 - 1),
    currency=st.sampled_from(
        ["USD", "CNY", "TWD", "HKD", "JPY", "KRW", "VND", "IDR", "EUR", "INR", "KWD", "KES", "EGP"]
    ),
    language=st.sampled_from([*languages.LANGUAGES, *languages.REGIONS]),
    decimals=st.sampled_from([None, 0]),
)
def test_an_amount_that_we_write_is_read_back(minor, currency, language, decimals):
    if decimals == 0:
        minor -= minor % 10 ** exponent(currency)
    for written in (formats.money, formats.amount):
        assert read_amount(written(minor, currency, language, decimals), currency, language, decimals) == minor


@pytest.mark.parametrize(
    ("typed", "minor"),
    [("1万", 1_000_000), ("1.5萬", 1_500_000), ("１２万元", 12_000_000), ("¥3千", 300_000), ("3.25 千", 325_000)],
)
def test_an_amount_in_chinese_thousands_is_read(typed, minor):
    assert read_amount(typed, "CNY", "zh-Hans") == minor


@pytest.mark.parametrize("typed", ["1,5万", "1.23456万", "万", "1万2", "1千万", "一万"])
def test_a_figure_in_thousands_that_is_not_plain_is_refused(typed):
    assert refusal(typed, "CNY")[0] == "not_a_number"


@given(st.text(max_size=120), st.sampled_from(["USD", "JPY", "TWD"]))
def test_nothing_that_is_typed_breaks_the_reading_of_an_amount(typed, currency):
    try:
        minor = read_amount(typed, currency, "en")
    except Unreadable as refused:
        assert all(reading >= 0 for reading in refused.readings)
        assert bool(refused.readings) == (refused.code == "unclear")
    else:
        assert 0 <= minor < 10**15


@given(st.from_regex(r"[0-9.,]{1,12}", fullmatch=True))
def test_an_amount_with_its_separators_means_one_thing_or_is_refused(typed):
    try:
        minor = read_amount(typed, "USD", "en")
    except Unreadable:
        return
    assert Decimal(minor) / 100 == Decimal(
        typed.replace(",", "") if not typed.endswith(".") else typed.replace(",", "")[:-1]
    )


@pytest.mark.parametrize(
    ("boxes", "dates"),
    [
        (("1980", "4", "5"), ["1980-04-05"]),
        (("１９９０", "１２", "３１"), ["1990-12-31"]),
        (("١٩٨٠", "٤", "٥"), ["1980-04-05"]),
        (("1980年", "4月", "5日"), ["1980-04-05"]),
        (("19800405", "", ""), ["1980-04-05"]),
        (("", "", "19800405"), ["1980-04-05"]),
        (("", "1980-4-5", ""), ["1980-04-05"]),
        (("1980年4月5日", "", ""), ["1980-04-05"]),
        (("79", "4", "5"), ["1979-04-05", "1990-04-05"]),
        (("民國79", "4", "5"), ["1990-04-05"]),
        (("民國79年4月5日", "", ""), ["1990-04-05"]),
        (("0790405", "", ""), ["1990-04-05"]),
        (("790405", "", ""), ["1979-04-05", "1990-04-05"]),
        (("100", "4", "5"), ["2011-04-05"]),
        (("5/4/1980", "", ""), ["1980-04-05", "1980-05-04"]),
        (("25/4/1980", "", ""), ["1980-04-25"]),
        (("05041980", "", ""), ["1980-04-05", "1980-05-04"]),
        (("2000", "2", "29"), ["2000-02-29"]),
        (("5 April 1980", "", ""), ["1980-04-05"]),
        (("apr. 5, 1980", "", ""), ["1980-04-05"]),
        (("5may1980", "", ""), ["1980-05-05"]),
        (("1980", "April", "5"), ["1980-04-05"]),
        (("5 أبريل 1980", "", ""), ["1980-04-05"]),
        (("٥ ابريل ١٩٨٠", "", ""), ["1980-04-05"]),
        (("5 نيسان 1980", "", ""), ["1980-04-05"]),
        (("一九八〇年四月五日", "", ""), ["1980-04-05"]),
        (("民國七十九年十二月廿五日", "", ""), ["1990-12-25"]),
        (("中華民國一百零五年十月三十一日", "", ""), ["2016-10-31"]),
        (("西元1980年4月5日", "", ""), ["1980-04-05"]),
        (("5 April 79", "", ""), ["1979-04-05", "1990-04-05"]),
    ],
)
def test_a_birth_date_is_read_as_every_date_that_it_may_be(boxes, dates):
    assert [day.isoformat() for day in read_birth_dates(*boxes, today=TODAY)] == dates


@pytest.mark.parametrize(
    ("boxes", "code"),
    [
        (("", "", ""), "empty"),
        ((" ", "\u200b", ""), "empty"),
        (("1980", "13", "5"), "not_a_date"),
        (("1981", "2", "29"), "not_a_date"),
        (("1980", "4", ""), "not_a_date"),
        (("2027", "1", "1"), "not_a_date"),
        (("1850", "1", "1"), "not_a_date"),
        (("soon", "", ""), "not_a_date"),
        (("1" * 5000, "", ""), "not_a_date"),
        (("1980", "٤٤٤", "5"), "not_a_date"),
    ],
)
def test_what_is_no_birth_date_is_refused(boxes, code):
    with pytest.raises(Unreadable) as refused:
        read_birth_dates(*boxes, today=TODAY)
    assert refused.value.code == code


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_nothing_that_is_typed_breaks_the_reading_of_a_date(year, month, day):
    try:
        dates = read_birth_dates(year, month, day, TODAY)
    except Unreadable:
        return
    assert dates
    assert all(date(1906, 1, 1) <= found <= TODAY for found in dates)


@given(st.dates(date(1920, 1, 1), TODAY), st.sampled_from([*languages.LANGUAGES, *languages.REGIONS]))
def test_a_date_that_we_write_is_read_back_as_that_date_alone(day, language):
    for written in (formats.date_long, formats.date_short):
        assert read_birth_dates(written(day, language), "", "", TODAY) == (day,)


@given(st.dates(date(1920, 1, 1), TODAY))
def test_a_date_is_found_however_it_is_written(day):
    republic = day.year - 1911
    written = [(f"{day:%Y%m%d}", "", ""), (str(day.year), str(day.month), str(day.day)), (f"{day:%Y/%m/%d}", "", "")]
    written += [(f"{day:%d/%m/%Y}", "", ""), (f"{day.year}年{day.month}月{day.day}日", "", "")]
    written += [(str(republic), str(day.month), str(day.day)), (f"民國{republic}年{day.month}月{day.day}日", "", "")]
    for boxes in written:
        assert day in read_birth_dates(*boxes, today=TODAY), boxes


@pytest.mark.parametrize(
    ("typed", "four"),
    [
        ("123X", "123X"),
        ("１２３ｘ", "123X"),
        (" 12 34 ", "1234"),
        ("١٢٣٤", "1234"),
        ("11010519491231002x", "002X"),
        ("+886 912-345-678", "5678"),
        ("0912‑345‑678", "5678"),
        ("\u202a1234\u202c", "1234"),
    ],
)
def test_the_last_four_characters_are_read(typed, four):
    assert read_last_four(typed) == four


@pytest.mark.parametrize("typed", ["", "12", "??12", "…", "１２", "身份證"])
def test_fewer_than_four_characters_are_refused(typed):
    with pytest.raises(Unreadable):
        read_last_four(typed)


@pytest.mark.case("R107")
def test_marks_that_turn_or_hide_text_are_taken_out_of_it():
    assert plain_text("Amir\u202e00.001") == "Amir00.001"
    assert plain_text("\u2067note\x00\x1b[0m\u200b") == "note[0m"
    assert plain_text(" محمد\r\nline ") == "محمد\nline"


@pytest.mark.case("R106")
def test_words_are_kept_in_composed_form():
    assert plain_text("Nguye\u0302\u0303n A\u0301nh") == "Nguyễn Ánh"
