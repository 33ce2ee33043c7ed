"""Money: whole minor units of a currency that is known, rounded by a rule that is named."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import DomainError, UnknownCurrency
from portal.domain.money import Money, Rounding, exponent, round_ratio, round_to, split, to_decimal, to_minor


def test_a_currency_has_the_digits_of_iso_4217():
    assert [exponent(code) for code in ("JPY", "USD", "CNY", "TWD", "KWD", "CLF")] == [0, 2, 2, 2, 3, 4]
    for unknown in ("XYZ", "usd", "", None, []):
        with pytest.raises(UnknownCurrency) as refused:
            exponent(unknown)
        assert refused.value.code == "unknown_currency"


ROUNDED = [
    (Rounding.half_up, 3, -3, 2),
    (Rounding.half_even, 2, -2, 2),
    (Rounding.half_down, 2, -2, 2),
    (Rounding.up, 3, -3, 2),
    (Rounding.down, 2, -2, 1),
]


@pytest.mark.parametrize(("mode", "two_and_a_half", "below", "seven_quarters"), ROUNDED)
def test_a_tie_goes_where_the_rule_says(mode, two_and_a_half, below, seven_quarters):
    assert round_ratio(5, 2, mode) == two_and_a_half
    assert round_ratio(-5, 2, mode) == below
    assert round_ratio(7, 4, mode) == seven_quarters


@given(st.integers(-(10**20), 10**20), st.integers(1, 10**12), st.sampled_from(Rounding))
def test_rounding_never_moves_by_a_whole_unit_and_halves_by_at_most_half(num, den, mode):
    gap = abs(round_ratio(num, den, mode) - Fraction(num, den))
    assert gap < 1
    if mode.startswith("half"):
        assert gap <= Fraction(1, 2)


@given(st.integers(0, 10**15), st.integers(1, 1200))
def test_splitting_loses_no_cent(total, parts):
    shares = split(total, parts)
    assert sum(shares) == total
    assert len(shares) == parts
    assert max(shares) - min(shares) <= 1


def test_an_amount_has_no_more_digits_than_its_currency():
    assert to_minor(Decimal("12.34"), "USD") == 1234
    assert to_minor(Decimal("1200.00"), "JPY") == 1200
    assert str(to_decimal(120000, "USD")) == "1200.00"
    for amount, currency, code in (
        ("0.005", "USD", "too_many_digits"),
        ("0.5", "JPY", "too_many_digits"),
        ("Infinity", "USD", "amount_not_finite"),
        ("NaN", "USD", "amount_not_finite"),
    ):
        with pytest.raises(DomainError) as refused:
            to_minor(Decimal(amount), currency)
        assert refused.value.code == code


def test_two_currencies_are_never_reckoned_together():
    dollars, yuan = Money(100, "USD"), Money(100, "CNY")
    assert dollars + dollars - Money(50, "USD") == Money(150, "USD")
    assert Money(50, "USD") < dollars <= dollars
    assert sum(share.minor for share in dollars.split(3)) == 100
    for mix in (lambda: dollars + yuan, lambda: dollars - yuan, lambda: dollars < yuan, lambda: dollars >= yuan):
        with pytest.raises(DomainError) as refused:
            mix()
        assert refused.value.code == "mixed_currencies"
    assert dollars != yuan


def test_rounding_to_a_unit():
    assert round_to(30491, 1, 100, Rounding.half_even) == 30500
    assert round_to(1505172, 1, 100, Rounding.up) == 1505200
