"""The yearly cost of credit, for an agreement: the effective rate, and the APR of US Regulation Z, appendix J.

Appendix J to 12 CFR part 1026: the APR is the rate of a unit period times the unit periods of a year. An advance grows by
whole unit periods with compound interest, and by a fraction of one with simple interest; the payments, discounted so, equal
what was financed. The effective rate compounds over days / 365 (Directive (EU) 2023/2225, annex III).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

from portal.domain.due_dates import Frequency, Unit, shift
from portal.domain.errors import InvalidTerms
from portal.domain.schedule import LoanTerms, Schedule

DIGITS = 40
ONE = Decimal(1)
HIGHEST = Decimal(1_000_000)  # percent a year beyond which no APR is given


@dataclass(frozen=True, slots=True)
class UnitPayment:
    """A payment `periods` whole unit periods and a `fraction` of one after the advance. Amounts in any one unit."""

    amount: Decimal
    periods: int
    fraction: Decimal = Decimal(0)


def reg_z_apr(financed: Decimal, payments: Sequence[UnitPayment], unit_periods_per_year: Decimal) -> Decimal:
    """The APR in percent by the actuarial method, unrounded. Raises InvalidTerms where there is none."""
    with localcontext(prec=DIGITS):

        def surplus(rate: Decimal) -> Decimal:
            growth = ONE + rate
            return sum((p.amount / ((ONE + p.fraction * rate) * growth**p.periods) for p in payments), -financed)

        return _root(surplus, unit_periods_per_year) * unit_periods_per_year * 100


def effective_rate(financed: Decimal, advanced_on: date, payments: Sequence[tuple[date, Decimal]]) -> Decimal:
    """The effective yearly rate in percent, each payment discounted by (1 + r) ** (days / 365). Unrounded."""
    with localcontext(prec=DIGITS):
        days = [(on - advanced_on).days for on, _ in payments]

        def surplus(rate: Decimal) -> Decimal:
            daily = (ONE + rate) ** (
                ONE / 365
            )  # whole powers of a day's growth are far cheaper than fractions of a year's
            pairs = zip(payments, days, strict=True)
            return sum((amount / daily**count for (_, amount), count in pairs), -financed)

        return _root(surplus, ONE) * 100


def _root(surplus: Callable[[Decimal], Decimal], per_year: Decimal) -> Decimal:
    """The rate at or above zero where `surplus`, which falls as the rate rises, is nought."""
    low, high = Decimal(0), Decimal("0.01")
    at_low = surplus(low)
    if at_low < 0:
        raise InvalidTerms("repays_too_little", "The payments come to less than what was paid out.")
    if not at_low:
        return low
    while surplus(high) > 0:
        low, high = high, high * 4
        if high * per_year * 100 > HIGHEST:
            raise InvalidTerms("apr_too_high", f"The yearly cost is above {HIGHEST} %.")
    for _ in range(70):
        middle = (low + high) / 2
        if surplus(middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def rounded(rate: Decimal) -> Decimal:
    """A rate as it is printed: percent with two digits, half up."""
    return rate.quantize(Decimal("0.01"), ROUND_HALF_UP)


def unit_payments(
    advanced_on: date, frequency: Frequency, dues: Sequence[tuple[date, Decimal]]
) -> tuple[list[UnitPayment], Decimal]:
    """Payments by unit period, and unit periods a year, for payments at a regular `frequency` after the advance.

    The fraction is the days before the first whole period over 30 for months (15 for half months), over the unit's own days
    for weeks and days: appendix J (b)(5).
    """
    per_year, every = frequency.per_year
    dues = sorted(dues)
    first = dues[0][0]
    whole = 0
    start = first
    while (before := shift(first, frequency, -(whole + 1))) >= advanced_on:
        whole, start = whole + 1, before
    spare = (start - advanced_on).days
    length = {Unit.months: 30, Unit.half_months: 15, Unit.weeks: 7, Unit.days: 1}[frequency.unit] * every
    fraction = Decimal(spare) / length
    result = []
    index = 0
    for on, amount in dues:
        while shift(first, frequency, index) < on:
            index += 1
        result.append(UnitPayment(amount, whole + index, fraction))
    return result, Decimal(per_year) / every


def apr_of(terms: LoanTerms, schedule: Schedule, fees_at_start: int = 0) -> Decimal:
    """The Regulation Z APR of a loan in percent, two digits: `fees_at_start` (minor units) lower what was financed."""
    financed = Decimal(terms.financed - fees_at_start)
    dues = [(row.due_on, Decimal(row.total)) for row in schedule.installments if row.due_on > terms.disbursed_on]
    payments, per_year = unit_payments(terms.disbursed_on, terms.frequency, dues)
    return rounded(reg_z_apr(financed, payments, per_year))


def effective_of(terms: LoanTerms, schedule: Schedule, fees_at_start: int = 0) -> Decimal:
    """The effective yearly rate of a loan in percent, two digits."""
    financed = Decimal(terms.financed - fees_at_start)
    dues = [(row.due_on, Decimal(row.total)) for row in schedule.installments if row.due_on > terms.disbursed_on]
    return rounded(effective_rate(financed, terms.disbursed_on, dues))
