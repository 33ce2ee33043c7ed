"""What a budget leaves over, and the plans that fit it."""

from datetime import date

import pytest

from portal.domain.affordability import Budget, BudgetLine, Per, a_month, a_period, assess
from portal.domain.allocation import Payment
from portal.domain.due_dates import MONTHLY, Frequency, Unit
from portal.domain.errors import DomainError, InvalidPlan
from portal.domain.options import OptionLimits, own_amount, plan_options, round_unit
from tests.domain.loans import a_loan, paid_in_full, with_payments

ON = date(2027, 5, 10)


def test_amounts_by_day_week_season_and_year_come_to_a_month():
    assert a_month(12_00, Per.day) == 365_00
    assert a_month(12_00, Per.week) == 52_00
    assert a_month(12_00, Per.two_weeks) == 26_00
    assert a_month(12_00, Per.season) == 4_00
    assert a_month(12_00, Per.year) == 1_00


def test_what_is_missing_is_said_and_not_taken_for_nothing():
    budget = Budget(
        (
            BudgetLine("wages", "in", 2_000_00),
            BudgetLine("harvest", "in", 1_200_00, Per.year),
            BudgetLine("rent", "out", 900_00),
            BudgetLine("food", "out", None, Per.week),
        )
    )
    found = assess(budget)
    assert (found.money_in, found.money_out, found.left_over) == (2_100_00, 900_00, 1_200_00)
    assert found.missing == ("food",)
    assert not found.complete


def test_a_budget_of_one_side_is_not_complete():
    assert not assess(Budget((BudgetLine("wages", "in", 100),))).complete
    assert not assess(Budget(())).complete
    whole = assess(Budget((BudgetLine("wages", "in", 100), BudgetLine("rent", "out", 300))))
    assert (whole.complete, whole.left_over) == (True, -200)


def test_a_budget_line_that_makes_no_sense_is_refused():
    for line in ({"direction": "sideways", "amount": 1}, {"direction": "in", "amount": -1}):
        with pytest.raises(DomainError):
            BudgetLine("x", **line)


def test_what_is_left_over_a_month_carries_less_each_week():
    assert a_period(520_00, Frequency(1, Unit.weeks)) == 120_00
    assert a_period(520_00, MONTHLY) == 520_00
    assert a_period(-5, MONTHLY) == 0


def behind():
    loan = a_loan(10_000_00, 12, 12)
    return with_payments(loan, [*paid_in_full(loan, 1), Payment("part", date(2027, 3, 1), 400_00)])


def test_the_options_of_somebody_behind_and_those_that_fit_come_first():
    found = plan_options(behind(), ON, left_over=600_00)
    assert [option.code for option in found] == ["smaller_for_longer", "pause_then_on", "spread_overdue", "another_day"]
    first = found[0]
    assert first.fits
    assert first.over_by == 0
    assert first.result.comparison.highest_new <= 600_00
    assert all(option.over_by > 0 for option in found[1:])
    assert {option.fits for option in plan_options(behind(), ON)} == {None}


def test_options_that_make_no_sense_are_absent():
    loan = a_loan(10_000_00, 12, 12)
    on_time = with_payments(loan, paid_in_full(loan, 4))
    assert "spread_overdue" not in {option.code for option in plan_options(on_time, ON)}
    done = with_payments(loan, paid_in_full(loan, 12))
    assert plan_options(done, date(2028, 2, 1)) == ()
    none = OptionLimits(longest_pause=0, longest_extension=0, days=())
    assert {option.code for option in plan_options(behind(), ON, limits=none)} == {"spread_overdue"}
    weekly = a_loan(1_000_00, 12, 20, frequency=Frequency(1, Unit.weeks))
    assert "another_day" not in {option.code for option in plan_options(weekly, date(2027, 1, 10))}


def test_every_option_repays_the_loan_and_says_what_it_costs():
    for left_over in (None, 100_00, 450_00, 700_00, 2_000_00):
        for option in plan_options(behind(), ON, left_over=left_over):
            comparison = option.result.comparison
            assert option.result.schedule.installments[-1].balance == 0
            assert comparison.extra == comparison.left_to_pay_new - comparison.left_to_pay_today
            assert comparison.extra >= 0
            assert option.result.plan == option.plan


def test_a_smaller_installment_stays_within_the_longest_term_of_the_lender():
    found = plan_options(behind(), ON, left_over=1_00, limits=OptionLimits(longest_extension=6))
    smaller = next(option for option in found if option.code == "smaller_for_longer")
    assert len(smaller.result.future) <= 8 + 6
    assert not smaller.fits


def test_an_amount_of_ones_own_is_kept_to():
    option = own_amount(behind(), ON, 500_00, first_on=date(2027, 6, 1), left_over=520_00)
    assert option.code == "own_amount"
    assert option.fits
    assert {row.total for row in option.result.future[:-1]} == {500_00}
    with pytest.raises(InvalidPlan) as refused:
        own_amount(behind(), ON, 50_00)
    assert refused.value.params["least"] > 50_00
    with pytest.raises(InvalidPlan) as refused:
        own_amount(behind(), ON, 99, limits=OptionLimits(least_amount=100_00))
    assert (refused.value.code, refused.value.params["least"]) == ("amount_too_low", 100_00)


def test_amounts_are_said_in_units_of_their_size():
    assert round_unit(612_34, "USD") == 10_00
    assert round_unit(5_00, "USD") == 1
    assert round_unit(61_234, "JPY") == 1000
