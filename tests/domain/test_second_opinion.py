"""A second opinion: mortgagemath, written by others, on 2,000 loans drawn by lot."""

import warnings
from datetime import date
from decimal import Decimal
from random import Random

import mortgagemath

from portal.domain.conventions import Conventions
from portal.domain.due_dates import MONTHLY
from portal.domain.money import Rounding
from portal.domain.schedule import LoanTerms, build_schedule

ROUNDINGS = {
    mortgagemath.PaymentRounding.ROUND_HALF_UP: Rounding.half_up,
    mortgagemath.PaymentRounding.ROUND_UP: Rounding.up,
    mortgagemath.PaymentRounding.ROUND_DOWN: Rounding.down,
    mortgagemath.PaymentRounding.ROUND_HALF_EVEN: Rounding.half_even,
}


def test_2000_loans_agree_to_the_cent_on_every_row():
    lots = Random(20270101)
    for _ in range(2000):
        cents = lots.randrange(100_00, 500_000_00)
        rate = Decimal(lots.randrange(0, 40_000)).scaleb(-3)
        months = lots.randrange(12, 121) // 12 * 12
        level, interest = lots.choice(list(ROUNDINGS)), lots.choice(list(ROUNDINGS))
        theirs = mortgagemath.LoanParams(
            principal=Decimal(cents).scaleb(-2),
            annual_rate=rate,
            term_months=months,
            payment_rounding=level,
            interest_rounding=interest,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", mortgagemath.EarlyPayoffWarning)
            rows = mortgagemath.amortization_schedule(theirs)[1:]
        ours = build_schedule(
            LoanTerms(
                principal=cents,
                currency="USD",
                annual_rate=rate,
                installments=months,
                frequency=MONTHLY,
                disbursed_on=date(2027, 1, 1),
                first_due_on=date(2027, 2, 1),
                conventions=Conventions(installment_rounding=ROUNDINGS[level], rounding=ROUNDINGS[interest]),
            )
        )
        assert [(row.principal, row.interest, row.balance) for row in ours.installments] == [
            (row.principal * 100, row.interest * 100, row.balance * 100) for row in rows
        ]
