"""The yearly cost of credit, and the functions that a spreadsheet has."""

from datetime import date
from decimal import Decimal

import pytest

from portal.domain import annuities
from portal.domain.apr import UnitPayment, apr_of, effective_of, effective_rate, reg_z_apr, rounded
from portal.domain.ceilings import CEILINGS, Ceiling, Measure, ceiling_for, exceeds, refuse_above
from portal.domain.due_dates import MONTHLY
from portal.domain.errors import InvalidPlan, InvalidTerms
from tests.domain.loans import a_loan


def test_a_loan_without_fees_costs_its_rate():
    loan = a_loan(5_000_00, "9.69", 24)
    assert apr_of(loan.terms, loan.schedule) == Decimal("9.69")
    assert effective_of(loan.terms, loan.schedule) > Decimal("9.69")


def test_a_fee_at_the_start_makes_it_dearer():
    loan = a_loan(5_000_00, 12, 24)
    assert apr_of(loan.terms, loan.schedule, fees_at_start=100_00) > Decimal(14)


def test_appendix_j_an_odd_first_period():
    payments = [UnitPayment(Decimal("17.60"), 4 + n, Decimal(4) / 7) for n in range(30)]
    assert rounded(reg_z_apr(Decimal(500), payments, Decimal(52))) == Decimal("14.96")


def test_the_effective_rate_of_one_payment_a_year_later_is_its_interest():
    assert rounded(effective_rate(Decimal(1000), date(2027, 1, 1), [(date(2028, 1, 1), Decimal(1120))])) == Decimal(12)


def test_payments_below_what_was_lent_have_no_rate():
    with pytest.raises(InvalidTerms) as refused:
        reg_z_apr(Decimal(1000), [UnitPayment(Decimal(10), 1)], Decimal(12))
    assert refused.value.code == "repays_too_little"
    with pytest.raises(InvalidTerms) as refused:
        reg_z_apr(Decimal(1), [UnitPayment(Decimal(10**9), 1)], Decimal(12))
    assert refused.value.code == "apr_too_high"


def test_the_functions_undo_one_another():
    rate, count, present = Decimal("0.01"), 12, Decimal(1000)
    each = annuities.payment(rate, count, present)
    assert abs(annuities.present_value(rate, count, each) - present) < Decimal("1e-40")
    assert abs(annuities.number_of_periods(rate, each, present) - count) < Decimal("1e-40")
    assert abs(annuities.rate_per_period(count, each, present) - rate) < Decimal("1e-40")
    assert abs(annuities.future_value(rate, count, each, present)) < Decimal("1e-40")
    parts = [annuities.principal_part(rate, n, count, present) for n in range(1, 13)]
    assert abs(sum(parts) + present) < Decimal("1e-20")


def test_what_never_ends_is_refused():
    with pytest.raises(InvalidTerms) as refused:
        annuities.number_of_periods(Decimal("0.03"), Decimal(-300), Decimal(12000))
    assert refused.value.code == "amount_never_repays"
    for wrong in (
        lambda: annuities.payment(Decimal("NaN"), 12, Decimal(1)),
        lambda: annuities.payment(Decimal(0), 0, Decimal(1)),
        lambda: annuities.interest_part(Decimal(0), 13, 12, Decimal(1)),
        lambda: annuities.rate_per_period(12, Decimal(1), Decimal(1)),
    ):
        with pytest.raises(InvalidTerms):
            wrong()


def test_the_unit_periods_of_a_schedule_are_counted_back_from_its_first_date():
    loan = a_loan(5_000_00, 12, 12, first=date(2027, 2, 16), paid_out=date(2027, 1, 1), frequency=MONTHLY)
    assert abs(apr_of(loan.terms, loan.schedule) - 12) < Decimal("0.1")


def test_a_ceiling_is_that_of_the_place_the_day_and_the_amount():
    assert ceiling_for("tw", date(2027, 1, 1), 100_000_00, "TWD").percent == 16
    assert ceiling_for("tw", date(2020, 1, 1), 100_000_00, "TWD") is None
    assert [ceiling_for("jp", date(2027, 1, 1), amount, "JPY").percent for amount in (99_999, 100_000, 1_000_000)] == [
        20,
        18,
        15,
    ]
    assert ceiling_for("atlantis", date(2027, 1, 1), 1, "USD") is None
    lowered = (*CEILINGS, Ceiling("tw", Decimal(12), Measure.rate, date(2030, 1, 1), "a later law"))
    assert ceiling_for("tw", date(2031, 1, 1), 1, "TWD", lowered).percent == 12
    assert ceiling_for("tw", date(2029, 1, 1), 1, "TWD", lowered).percent == 16


def test_a_plan_above_the_ceiling_is_refused_and_one_at_it_is_not():
    taiwan = ceiling_for("tw", date(2027, 1, 1), 1, "TWD")
    assert not exceeds(taiwan, Decimal(16))
    assert exceeds(taiwan, Decimal("16.01"))
    assert not exceeds(None, Decimal(9999))
    refuse_above(taiwan, Decimal(16))
    with pytest.raises(InvalidPlan) as refused:
        refuse_above(taiwan, Decimal(17))
    assert (refused.value.code, refused.value.params["ceiling"]) == ("above_ceiling", "16")


def test_every_ceiling_names_its_source_and_how_far_it_is_known():
    assert all(ceiling.source.endswith("[K]") for ceiling in CEILINGS)
