"""Financial functions in exact decimals: payment, interest and principal of a period, number of periods, rate, present and
future value. Cash received is positive and cash paid negative; payments fall at the end of each period, or at its beginning
where `begin` is set. They are how a figure of ours is checked against a spreadsheet (numpy-financial, Excel, OpenOffice).
"""

from collections.abc import Callable
from decimal import Decimal, localcontext
from itertools import pairwise

from portal.domain.errors import InvalidTerms

DIGITS = 60
ONE, NOTHING = Decimal(1), Decimal(0)


def _checked(*values: Decimal) -> None:
    for value in values:
        if not value.is_finite():
            raise InvalidTerms("not_finite", "A figure must be an ordinary number.")


def payment(rate: Decimal, periods: int, present: Decimal, future: Decimal = NOTHING, begin: bool = False) -> Decimal:
    """The payment of each period. `rate` is per period, as a share (0.01 is one percent)."""
    _checked(rate, present, future)
    if periods < 1:
        raise InvalidTerms("no_installments", "At least one period is needed.", installments=periods)
    with localcontext(prec=DIGITS):
        if not rate:
            return -(present + future) / periods
        growth = (ONE + rate) ** periods
        due = ONE + rate if begin else ONE
        return -(present * growth + future) * rate / (due * (growth - ONE))


def future_value(rate: Decimal, periods: int, each: Decimal, present: Decimal, begin: bool = False) -> Decimal:
    """What is left after `periods` payments of `each`."""
    _checked(rate, each, present)
    with localcontext(prec=DIGITS):
        if not rate:
            return -(present + each * periods)
        growth = (ONE + rate) ** periods
        due = ONE + rate if begin else ONE
        return -(present * growth + each * due * (growth - ONE) / rate)


def present_value(
    rate: Decimal, periods: int, each: Decimal, future: Decimal = NOTHING, begin: bool = False
) -> Decimal:
    """What `periods` payments of `each`, and `future` at the end, are worth at the start."""
    _checked(rate, each, future)
    with localcontext(prec=DIGITS):
        if not rate:
            return -(future + each * periods)
        growth = (ONE + rate) ** periods
        due = ONE + rate if begin else ONE
        return -(future + each * due * (growth - ONE) / rate) / growth


def interest_part(
    rate: Decimal, period: int, periods: int, present: Decimal, future: Decimal = NOTHING, begin: bool = False
) -> Decimal:
    """The interest in the payment of `period` (1 is the first)."""
    if not 1 <= period <= periods:
        raise InvalidTerms("invalid_period", "The period must be one of the periods.", period=period)
    with localcontext(prec=DIGITS):
        each = payment(rate, periods, present, future, begin)
        if begin and period == 1:
            return NOTHING
        if begin:
            return (future_value(rate, period - 2, each, present, begin) - each) * rate
        return future_value(rate, period - 1, each, present, begin) * rate


def principal_part(
    rate: Decimal, period: int, periods: int, present: Decimal, future: Decimal = NOTHING, begin: bool = False
) -> Decimal:
    """The principal in the payment of `period`."""
    with localcontext(prec=DIGITS):
        each = payment(rate, periods, present, future, begin)
        return each - interest_part(rate, period, periods, present, future, begin)


def cumulative(
    part: Callable[..., Decimal],
    rate: Decimal,
    periods: int,
    present: Decimal,
    first: int,
    last: int,
    begin: bool = False,
) -> Decimal:
    """The sum of interest_part or principal_part over the periods `first` to `last`."""
    if not 1 <= first <= last <= periods:
        raise InvalidTerms("invalid_period", "The periods must be among the periods.", first=first, last=last)
    with localcontext(prec=DIGITS):
        return sum((part(rate, n, periods, present, NOTHING, begin) for n in range(first, last + 1)), NOTHING)


def number_of_periods(
    rate: Decimal, each: Decimal, present: Decimal, future: Decimal = NOTHING, begin: bool = False
) -> Decimal:
    """How many payments of `each` it takes, a fraction included. Raises InvalidTerms where it never ends."""
    _checked(rate, each, present, future)
    with localcontext(prec=DIGITS):
        if not rate:
            if not each:
                raise InvalidTerms("amount_never_repays", "This amount would never repay.")
            return -(present + future) / each
        worth = each * (ONE + rate if begin else ONE) / rate
        top, bottom = worth - future, worth + present
        if not bottom or top / bottom <= 0:
            raise InvalidTerms("amount_never_repays", "This amount does not cover the interest, so it never repays.")
        return (top / bottom).ln() / (ONE + rate).ln()


def rate_per_period(
    periods: int, each: Decimal, present: Decimal, future: Decimal = NOTHING, begin: bool = False
) -> Decimal:
    """The rate per period, as a share, by bisection. Raises InvalidTerms where none is between -100 % and 1000 %."""
    _checked(each, present, future)

    def value(rate: Decimal) -> Decimal:
        if not rate:
            return present + each * periods + future
        growth = (ONE + rate) ** periods
        due = ONE + rate if begin else ONE
        return present * growth + each * due * (growth - ONE) / rate + future

    with localcontext(prec=DIGITS):
        edges = [Decimal(text) for text in ("-0.999999", "-0.5", "-0.1", "0", "0.001", "0.01", "0.1", "1", "10")]
        for low, high in pairwise(edges):
            at_low, at_high = value(low), value(high)
            if not at_low:
                return low
            if at_low * at_high < 0:
                for _ in range(200):
                    middle = (low + high) / 2
                    if value(middle) * at_low > 0:
                        low = middle
                    else:
                        high = middle
                return (low + high) / 2
        raise InvalidTerms("no_rate", "No rate fits these figures.")
