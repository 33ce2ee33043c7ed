"""Numbers: one format for the file, and what doesn't fit it is refused, never read in another way."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.exchange.amounts import NumberFormat, NumberReader, rate_reader, readings
from portal.exchange.row_errors import Unreadable

POINT = NumberFormat("point")
POINT_GROUPED = NumberFormat("point", "comma")
COMMA = NumberFormat("comma", "point")
LAKH = NumberFormat("point", "comma", groups="lakh")
SPACED = NumberFormat("comma", "space")
SIGNED = NumberFormat("point", "comma", signs=("NT$", "$", "¥", "￥", "元"))


def refusal(number_format: NumberFormat, cell: str, currency: str = "USD") -> str:
    with pytest.raises(Unreadable) as reason:
        NumberReader(number_format).amount(cell, currency)
    return reason.value.code


@pytest.mark.parametrize(
    ("number_format", "cell", "minor", "why"),
    [
        (POINT, "1234.5", 123450, "a missing decimal is a zero"),
        (POINT, "0", 0, "nothing is an amount too"),
        (POINT, "46419", 4641900, "an amount that could be a spreadsheet's date is still an amount"),
        (POINT, "12.3400", 1234, "zeros beyond the currency's decimals change nothing"),
        (POINT_GROUPED, "1,234,567.89", 123456789, "thousands in groups of three"),
        (POINT_GROUPED, "1234567.89", 123456789, "groups may be left out"),
        (COMMA, "1.355,90", 135590, "decimal comma with grouping points"),
        (COMMA, "10,00", 1000, "decimal comma alone"),
        (COMMA, "1.000", 100000, "the file's grouping point makes it a thousand"),
        (POINT_GROUPED, "1,000", 100000, "the file's grouping comma makes it a thousand"),
        (LAKH, "12,34,567.00", 123456700, "lakhs group by two after the thousands"),
        (SPACED, "1\u202f234,50", 123450, "a narrow no-break space groups as a space does"),
        (SIGNED, "NT$1,200", 120000, "a sign that the mapping names may stand before"),
        (SIGNED, "1200元", 120000, "or after"),
        (SIGNED, "￥1,200", 120000, "in its full-width form too"),
        (POINT_GROUPED, "１，２３４．５０", 123450, "full-width digits and marks"),
        (POINT, "٣٤٠", 34000, "Arabic digits"),
        (POINT, "۳۴۰", 34000, "Persian digits"),
        (POINT, "\u200b 340 \ufeff", 34000, "what nobody sees is not there"),
    ],
)
@pytest.mark.case("R076")
@pytest.mark.case("R079")
def test_an_amount_is_read_as_the_file_writes_it(number_format, cell, minor, why):
    assert NumberReader(number_format).amount(cell, "USD") == minor, why


@pytest.mark.parametrize(
    ("number_format", "cell", "code", "why"),
    [
        (POINT, "1.355,90", "number_format", "a decimal comma in a file of decimal points"),
        (POINT_GROUPED, "10,00", "number_format", "two digits after a grouping comma are no group"),
        (POINT_GROUPED, "1,,200", "number_format", "an empty group"),
        (POINT_GROUPED, "12,00.50", "number_format", "a group of two"),
        (POINT_GROUPED, "11,11.11", "number_format", "a group of two, with decimals"),
        (POINT_GROUPED, "25,00", "number_format", "never 2500"),
        (POINT_GROUPED, "1.200,50", "number_format", "marks the other way round"),
        (COMMA, "1.111.11", "number_format", "a last group of two"),
        (COMMA, "1234.56", "number_format", "a decimal point in a file of decimal commas"),
        (POINT, "-5.00", "negative", "less than nothing"),
        (POINT, "－５００", "negative", "the same in full width"),
        (POINT, "(5.00)", "negative", "as accountants write it"),
        (POINT, "5.00-", "negative", "as some systems write it"),
        (POINT, "1e+05", "scientific", "digits that a spreadsheet took away"),
        (POINT, "1,5E3", "scientific", "with a comma too"),
        (POINT, "0.001", "extra_decimals", "there is no tenth of a cent"),
        (POINT, "twelve", "not_a_number", "a word"),
        (POINT, "€12", "not_a_number", "a sign of another currency than the mapping's"),
        (POINT, "1" * 30, "too_large", "more money than there is"),
        (POINT, "9" * 9999, "too_large", "longer than Python converts"),
        (POINT, ".5", "number_format", "no digit before the mark"),
    ],
)
@pytest.mark.case("R076")
@pytest.mark.case("R077")
def test_an_amount_in_another_format_is_refused(number_format, cell, code, why):
    assert refusal(number_format, cell) == code, why


@pytest.mark.parametrize(
    ("currency", "cell", "minor"),
    [("JPY", "100000", 100000), ("VND", "2000000.00", 2000000), ("TWD", "50000", 5000000), ("KWD", "1.234", 1234)],
)
@pytest.mark.case("R092")
def test_minor_units_are_those_of_the_currency(currency, cell, minor):
    assert NumberReader(POINT).amount(cell, currency) == minor


def test_a_part_of_a_yen_is_refused():
    assert refusal(POINT, "8333.50", "JPY") == "extra_decimals"


@pytest.mark.parametrize(("cell", "minor"), [("21.100000028", 2110), ("0.005", 1), ("0.00499999", 0), ("1.995", 200)])
def test_extra_decimals_are_rounded_half_up_where_the_mapping_says_so(cell, minor):
    assert NumberReader(NumberFormat("point", round_extra=True)).amount(cell, "USD") == minor


@given(st.integers(0, 10**14), st.sampled_from([POINT, POINT_GROUPED, COMMA, LAKH, SPACED]))
def test_every_amount_comes_back_from_how_the_format_writes_it(minor, number_format):
    whole, cents = divmod(minor, 100)
    marks = {"point": ".", "comma": ",", "space": " ", "none": ""}
    text = f"{whole:,}"
    if number_format.groups == "lakh":
        head, tail = text.replace(",", "")[:-3], text.replace(",", "")[-3:]
        pairs = [head[max(end - 2, 0) : end] for end in range(len(head), 0, -2)][::-1]
        text = ",".join([*pairs, tail])
    text = text.replace(",", marks[number_format.grouping]) + marks[number_format.decimal] + f"{cents:02}"
    assert NumberReader(number_format).amount(text, "USD") == minor


@given(st.text(max_size=40), st.sampled_from([POINT, POINT_GROUPED, COMMA, LAKH, SPACED, SIGNED]))
def test_any_text_is_read_or_refused(cell, number_format):
    reader = NumberReader(number_format)
    for read in (lambda: reader.amount(cell, "USD"), lambda: reader.count(cell, 1200), lambda: reader.decimal(cell)):
        try:
            assert read() >= 0
        except Unreadable:
            continue


@pytest.mark.parametrize(
    ("unit", "per", "cell", "percent"),
    [
        ("percent", "year", "14.07", "14.07"),
        ("percent", "year", "14.07%", "14.07"),
        ("percent", "month", "1.5", "18"),
        ("permille", "month", "8.5", "10.2"),
        ("fraction", "year", "0.1407", "14.07"),
        ("percent", "year", "0", "0"),
    ],
)
def test_a_rate_is_percent_a_year_whatever_the_file_states(unit, per, cell, percent):
    assert rate_reader(NumberReader(POINT), unit, per)(cell) == Decimal(percent)


def test_a_rate_that_no_loan_has_is_refused():
    with pytest.raises(Unreadable) as reason:
        rate_reader(NumberReader(POINT), "fraction", "month")("14.07")
    assert reason.value.code == "rate_range"


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("1.000", {"point": Decimal("1.000"), "comma": Decimal(1000)}),
        ("1,000", {"point": Decimal(1000), "comma": Decimal("1.000")}),
        ("1.111,11", {"comma": Decimal("1111.11")}),
        ("652.53", {"point": Decimal("652.53")}),
        ("999", {"point": Decimal(999), "comma": Decimal(999)}),
    ],
)
@pytest.mark.case("R077")
def test_a_number_that_two_formats_read_differently_is_known(cell, found):
    assert readings(cell) == found
