"""Ceilings on the cost of credit: the law's, by place; a loan above one is seen, a plan above one is refused."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.allocation import Payment
from portal.domain.ceilings import PLACES, Ceiling, Measure, above, ceilings_of, refuse_dearer, yearly_cost
from portal.domain.conventions import Component
from portal.domain.errors import DomainError, InvalidPlan
from portal.domain.loan_account import Charge, LoanAccount
from portal.domain.options import OptionLimits, own_amount, plan_options
from portal.domain.plan_terms import Arrears, PauseInterest, PlanTerms, Settlement
from portal.domain.restructuring import account_after, restructure
from portal.domain.schedule import Method
from tests.domain.loans import a_loan, accounts, paid_in_full, plans, with_payments

START = date(2020, 1, 1)
SIXTEEN = Ceiling("here", Decimal(16), Measure.rate, START, "a law")
EFFECTIVE = Ceiling("here", Decimal(20), Measure.effective, START, "a law")
APR = Ceiling("here", Decimal(20), Measure.apr, START, "a law")
ON = date(2027, 4, 10)


def at(rate, **more):
    loan = a_loan(12_000_00, rate, 12, **more)
    return with_payments(loan, paid_in_full(loan, 2))


def refused(loan, plan, *ceilings):
    """The code of the refusal; None where the plan may be."""
    try:
        refuse_dearer(loan, restructure(loan, plan, ON), ON, ceilings)
    except InvalidPlan as error:
        return error.code
    return None


@pytest.mark.parametrize(
    ("loan", "measure", "cost"),
    [
        (a_loan(1_000_00, 12, 12), Measure.rate, "12"),
        (a_loan(1_000_00, 12, 12), Measure.apr, "12.00"),
        (a_loan(1_000_00, 12, 12), Measure.effective, "12.74"),
        # A flat rate counts on principal that has been repaid, so what stands in the terms is not what it costs.
        (a_loan(1_000_00, 12, 12, method=Method.flat), Measure.rate, "21.46"),
        (a_loan(1_000_00, 12, 12, rate_changes=((date(2027, 6, 1), Decimal(18)),)), Measure.rate, "18"),
    ],
)
def test_a_loan_is_measured_as_the_ceiling_says(loan, measure, cost):
    assert yearly_cost(measure, loan) == Decimal(cost)


def test_a_fee_counts_where_the_measure_is_of_what_is_paid_and_not_where_it_is_the_rate():
    loan = a_loan(1_000_00, 12, 12)
    dearer = LoanAccount(loan.terms, loan.schedule, charges=(Charge(Component.fees, date(2027, 2, 1), 50_00),))
    assert yearly_cost(Measure.rate, dearer) == 12
    assert yearly_cost(Measure.apr, dearer) > yearly_cost(Measure.apr, loan)
    assert above([Ceiling("here", Decimal(12), Measure.apr, START, "a law")], loan) == []
    assert [cost for _, cost in above([Ceiling("here", Decimal(12), Measure.apr, START, "a law")], dearer)] > [12]


def test_all_the_places_that_were_chosen_hold_and_one_that_is_not_known_has_none():
    held = ceilings_of(["tw", "hk", "atlantis"], date(2027, 1, 1), 100, "TWD")
    assert [ceiling.place for ceiling in held] == ["tw", "hk"]
    assert {"tw", "hk", "jp", "us-mla"} == set(PLACES)


@pytest.mark.parametrize(
    ("loan", "plan", "ceiling", "code"),
    [
        (at(12), PlanTerms(rate=Decimal(16)), SIXTEEN, None),
        (at(12), PlanTerms(rate=Decimal("16.01")), SIXTEEN, "above_ceiling"),
        (at(12), PlanTerms(rate=Decimal(30), rate_from=date(2027, 9, 1)), SIXTEEN, "above_ceiling"),
        (at(12), PlanTerms(rate=Decimal(40)), EFFECTIVE, "above_ceiling"),
        (at(12), PlanTerms(rate=Decimal(40)), APR, "above_ceiling"),
        (at(12), PlanTerms(pause=2, pause_interest=PauseInterest.capitalise), APR, None),
        (at(12), PlanTerms(extend_by=12), EFFECTIVE, None),
        # The loan was above the ceiling before: what makes it no dearer is relief, and refusing that would do harm.
        (at(30), PlanTerms(extend_by=12), SIXTEEN, None),
        (at(30), PlanTerms(rate=Decimal(24)), SIXTEEN, None),
        (at(30), PlanTerms(rate=Decimal(24)), EFFECTIVE, None),
        (at(30), PlanTerms(pause=2, pause_interest=PauseInterest.waive), APR, None),
        (at(30), PlanTerms(settlement=Settlement(1_000_00)), EFFECTIVE, None),
        (at(30), PlanTerms(rate=Decimal(31)), SIXTEEN, "above_ceiling"),
        (at(30), PlanTerms(rate=Decimal(31)), APR, "above_ceiling"),
        (at(8, method=Method.flat), PlanTerms(arrears=Arrears.spread), APR, None),
    ],
)
def test_a_plan_above_the_ceiling_is_refused_unless_the_loan_was_as_dear_before(loan, plan, ceiling, code):
    assert refused(loan, plan, ceiling) == code


def test_a_refusal_names_the_ceiling_in_a_sentence():
    with pytest.raises(InvalidPlan) as error:
        loan = at(12)
        refuse_dearer(loan, restructure(loan, PlanTerms(rate=Decimal(17)), ON), ON, [SIXTEEN])
    assert error.value.sentence == "The yearly cost can't be above 16 %."
    assert error.value.params == {"percent": "17", "ceiling": "16", "source": "a law"}


def test_a_borrower_s_own_amount_is_held_against_the_ceiling_too():
    loan = at(12, method=Method.flat)
    tight = Ceiling("here", yearly_cost(Measure.apr, loan), Measure.apr, START, "a law")
    with pytest.raises(InvalidPlan) as error:
        own_amount(loan, ON, 500_00, limits=OptionLimits(ceilings=(tight,)))
    assert error.value.code == "above_ceiling"
    assert own_amount(loan, ON, 500_00).result.comparison.installments_new > 10


@given(accounts(most=24), st.sampled_from(Measure), st.integers(1, 60))
@settings(max_examples=60)
def test_no_option_on_a_borrower_s_page_breaks_a_ceiling_that_the_loan_keeps(account, measure, percent):
    ceiling = Ceiling("here", Decimal(percent), measure, START, "a law")
    on = account.schedule.installments[0].due_on
    now = yearly_cost(measure, account, on)
    for option in plan_options(account, on, limits=OptionLimits(ceilings=(ceiling,))):
        after = account_after(account, option.result, on)
        assert yearly_cost(measure, after, on) <= max(Decimal(percent), now)


@given(accounts(most=24), plans(), st.sampled_from(Measure))
@settings(max_examples=60)
def test_a_ceiling_either_leaves_a_plan_as_it_is_or_refuses_it_by_name(account, plan, measure):
    on = account.schedule.installments[0].due_on
    try:
        result = restructure(account, plan, on)
    except DomainError:
        return
    ceiling = Ceiling("here", Decimal(10), measure, START, "a law")
    try:
        refuse_dearer(account, result, on, [ceiling])
    except InvalidPlan as error:
        assert error.code == "above_ceiling"
        dearer = yearly_cost(measure, account_after(account, result, on), on)
        assert dearer > max(10, yearly_cost(measure, account, on))


def test_a_payment_changes_nothing_of_what_a_loan_costs_by_its_terms():
    loan = at(12)
    more = with_payments(loan, (*loan.payments, Payment("late", ON, 100_00)))
    assert yearly_cost(Measure.effective, more) == yearly_cost(Measure.effective, loan)
