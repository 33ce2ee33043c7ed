"""Plans: what a borrower pays, until when, and the honest difference from today."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from portal.domain.allocation import LoanAccount, Opening, Payment, statement
from portal.domain.conventions import Conventions, FlatExtension
from portal.domain.due_dates import Frequency, Unit
from portal.domain.errors import InvalidPlan
from portal.domain.plan_terms import Arrears, PauseInterest, PauseTerm, PlanTerms, Season, Settlement, Step
from portal.domain.restructuring import account_after, earliest_first_on, restructure
from portal.domain.schedule import Method
from tests.domain.loans import a_loan, accounts, charges, paid_in_full, plans, with_payments

START = date(2027, 1, 2)


def totals(result):
    return [row.total for row in result.future]


@pytest.mark.case("R005")
def test_an_amount_that_never_repays_is_refused_with_the_least_that_does():
    loan = a_loan(12_000_00, 36, 24)
    for amount in (300_00, 360_00):
        with pytest.raises(InvalidPlan) as refused:
            restructure(loan, PlanTerms(amount=amount), START, longest=60)
        assert refused.value.code == "amount_never_repays"
        least = refused.value.params["least"]
        assert len(restructure(loan, PlanTerms(amount=least), START, longest=60).future) == 60
        with pytest.raises(InvalidPlan):
            restructure(loan, PlanTerms(amount=least - 1), START, longest=60)
    with pytest.raises(InvalidPlan) as refused:
        restructure(loan, PlanTerms(amount=360_01), START, longest=60)
    assert (refused.value.code, refused.value.params["installments"]) == ("longer_than_longest", 358)
    whole = restructure(loan, PlanTerms(amount=360_01), START)
    assert (len(whole.future), whole.schedule.total_interest) == (358, 116_596_19)


@pytest.mark.case("R007")
def test_an_amount_and_a_number_contradict_each_other_by_name():
    with pytest.raises(InvalidPlan) as refused:
        PlanTerms(installments=12, amount=140_00)
    assert refused.value.code == "contradictory_terms"
    assert (refused.value.params["first"], refused.value.params["second"]) == ("installments", "amount")
    loan = a_loan(1_300_00, 20, 12)
    assert totals(restructure(loan, PlanTerms(amount=140_00), START)) == [140_00] * 10 + [24_26]
    assert totals(restructure(loan, PlanTerms(installments=12), START)) == [120_42] * 11 + [120_51]


@pytest.mark.case("R010")
def test_a_time_of_interest_only_moves_the_end_and_leaves_no_balloon():
    loan = a_loan(6_000_00, 12, 6)
    plan = restructure(loan, PlanTerms(interest_only=2, extend_by=2), START)
    assert totals(plan) == [60_00, 60_00] + [1_035_29] * 5 + [1_035_30]
    assert plan.comparison.months_longer == 2
    assert (plan.comparison.interest_today, plan.comparison.interest_new) == (211_75, 331_75)
    assert plan.comparison.extra == 120_00


@pytest.mark.case("R019")
def test_a_first_payment_in_the_past_is_refused_with_the_earliest_date():
    loan = a_loan(1_200_00, 12, 12, first=date(2027, 4, 20))
    today = date(2027, 4, 6)
    with pytest.raises(InvalidPlan) as refused:
        restructure(loan, PlanTerms(amount=150_00, first_on=date(2027, 4, 3)), today)
    assert refused.value.code == "first_on_too_early"
    assert refused.value.params["earliest"] == earliest_first_on(loan, today) == today
    assert restructure(loan, PlanTerms(amount=150_00, first_on=today), today).comparison.first_due_new == today


@pytest.mark.case("R026")
def test_a_plan_that_takes_up_missed_installments_leaves_nothing_overdue():
    loan = a_loan(3_000_00, 0, 12)
    on = date(2027, 3, 10)
    before = statement(loan, on)
    assert before.overdue == 500_00
    plan = restructure(loan, PlanTerms(arrears=Arrears.spread), on)
    after = statement(account_after(loan, plan, on), on)
    assert (after.overdue, after.days_past_due) == (0, 0)
    assert after.next_due == (date(2027, 4, 1), 300_00)
    assert after.left_to_pay == before.left_to_pay == 3_000_00
    assert [line.state for line in before.lines[:2]] == ["not_received", "not_received"]


@pytest.mark.case("R029")
def test_ten_installments_from_now_on_are_ten_rows_to_come():
    loan = a_loan(12_000_00, 12, 12)
    loan = with_payments(loan, paid_in_full(loan, 4))
    plan = restructure(loan, PlanTerms(installments=10), date(2027, 5, 10))
    assert len(plan.future) == plan.comparison.installments_new == 10
    assert [row.number for row in plan.schedule.installments] == list(range(1, 15))
    assert plan.schedule.installments[:4] == loan.schedule.installments[:4]


@pytest.mark.case("R032")
def test_a_plan_stands_on_the_payment_of_the_same_day():
    loan = a_loan(3_000_00, 0, 5, first=date(2027, 3, 1))
    today = date(2027, 2, 20)
    paid = with_payments(loan, [Payment("today", today, 600_00)])
    plan = restructure(paid, PlanTerms(installments=8, first_on=date(2027, 4, 1), from_due=date(2027, 4, 1)), today)
    assert plan.comparison.left_to_pay_new == 2_400_00
    assert totals(plan) == [300_00] * 8


def test_a_pause_asks_nothing_and_says_what_it_costs():
    loan = a_loan(6_000_00, 12, 6)
    kept_aside = restructure(loan, PlanTerms(pause=2), START)
    assert kept_aside.comparison.first_due_new == date(2027, 4, 1)
    assert kept_aside.comparison.amount_new == kept_aside.comparison.amount_today == 1_035_29
    assert kept_aside.comparison.extra == kept_aside.kept_aside == 120_00
    assert kept_aside.comparison.highest_new <= 1_035_30
    joined = restructure(loan, PlanTerms(pause=2, pause_interest=PauseInterest.capitalise), START)
    assert joined.capitalised == 120_00
    assert joined.schedule.total_principal == 6_120_00
    assert joined.comparison.highest_new <= 1_035_29
    same_end = restructure(loan, PlanTerms(pause=2, pause_term=PauseTerm.keep), START)
    assert len(same_end.future) >= 4
    free = restructure(loan, PlanTerms(pause=2, pause_interest=PauseInterest.waive), START)
    assert (free.comparison.extra, free.waived_interest) == (0, 120_00)


def test_what_is_overdue_is_spread_joined_or_put_at_the_end():
    loan = a_loan(6_000_00, 12, 6)
    on = date(2027, 3, 10)
    overdue = statement(loan, on).overdue
    spread = restructure(loan, PlanTerms(arrears=Arrears.spread), on)
    assert spread.comparison.extra == 0
    assert spread.future[0].total - loan.schedule.installments[2].total == pytest.approx(overdue / 4, abs=1)
    joined = restructure(loan, PlanTerms(arrears=Arrears.capitalise), on)
    assert joined.capitalised == statement(loan, on).overdue_interest
    at_end = restructure(loan, PlanTerms(arrears=Arrears.at_end), on)
    assert at_end.comparison.extra == 0
    assert at_end.comparison.highest_new <= 1_035_30
    kept = restructure(loan, PlanTerms(extend_by=2), on)
    assert statement(account_after(loan, kept, on), on).overdue == overdue


def test_another_day_adds_the_days_between_and_nothing_else():
    loan = a_loan(6_000_00, 12, 6)
    plan = restructure(loan, PlanTerms(due_day=16), START)
    assert [row.due_on.day for row in plan.future] == [16] * 6
    assert plan.comparison.extra == 30_00  # 15 days of 30/360 on 6,000.00 at 12 %
    assert plan.future[0].total == loan.schedule.installments[0].total + 30_00
    assert totals(plan)[1:] == [row.total for row in loan.schedule.installments][1:]


def test_less_now_and_more_later_never_capitalises_in_silence():
    loan = a_loan(6_000_00, 12, 6)
    plan = restructure(loan, PlanTerms(steps=(Step(2, 20_00),), extend_by=2), START)
    assert totals(plan)[:2] == [20_00, 20_00]
    assert plan.kept_aside == 80_00
    assert plan.capitalised == 0
    assert plan.schedule.total_principal == 6_000_00


def test_a_season_asks_nothing_and_the_harvest_more():
    loan = a_loan(6_000_00, 12, 12)
    plan = restructure(loan, PlanTerms(seasons=(Season(3, 0), Season(4, 0), Season(10, 200))), START)
    by_month = {row.due_on.month: row.total for row in plan.future}
    assert (by_month[3], by_month[4]) == (0, 0)
    assert by_month[10] == pytest.approx(2 * by_month[9], abs=1)


def test_a_rate_from_a_date_is_solved_anew_from_there():
    loan = a_loan(6_000_00, 12, 6)
    at_once = restructure(loan, PlanTerms(rate=Decimal(0)), START)
    assert at_once.comparison.interest_new == 0
    later = restructure(loan, PlanTerms(rate=Decimal(0), rate_from=date(2027, 4, 2)), START)
    assert totals(later)[:3] == [row.total for row in loan.schedule.installments][:3]
    assert [row.interest for row in later.future[3:]] == [0, 0, 0]


def test_a_waiver_is_at_most_what_it_waives():
    loan = a_loan(6_000_00, 12, 6)
    on = date(2027, 3, 10)
    most = statement(loan, on).overdue_interest
    plan = restructure(loan, PlanTerms(arrears=Arrears.spread, waive_interest=most), on)
    assert (plan.waived_interest, plan.comparison.extra) == (most, -most)
    with pytest.raises(InvalidPlan) as refused:
        restructure(loan, PlanTerms(arrears=Arrears.spread, waive_interest=most + 1), on)
    assert (refused.value.code, refused.value.params["most"]) == ("waiver_exceeds", most)


def test_a_settlement_is_its_amount_in_its_parts():
    loan = a_loan(6_000_00, 12, 6)
    plan = restructure(loan, PlanTerms(settlement=Settlement(4_000_00, 3)), START)
    assert sum(totals(plan)) == plan.comparison.left_to_pay_new == 4_000_00
    assert plan.waived_principal == 2_000_00
    with pytest.raises(InvalidPlan) as refused:
        restructure(loan, PlanTerms(settlement=Settlement(9_000_00)), START)
    assert refused.value.code == "settlement_too_high"


def test_another_frequency_pays_oftener_until_the_same_time():
    loan = a_loan(6_000_00, 12, 6)
    plan = restructure(loan, PlanTerms(frequency=Frequency(1, Unit.weeks)), START)
    assert plan.schedule.last_due_on <= loan.schedule.last_due_on
    assert (loan.schedule.last_due_on - plan.schedule.last_due_on).days < 7
    assert plan.comparison.amount_new < plan.comparison.amount_today / 4


def test_lengthening_a_flat_loan_charges_or_does_not_as_the_product_says():
    charge = a_loan(1_200_00, 12, 6, method=Method.flat)
    nothing = a_loan(1_200_00, 12, 6, method=Method.flat, conventions=Conventions(flat_extension=FlatExtension.nothing))
    longer = PlanTerms(extend_by=6)
    assert restructure(charge, longer, START).comparison.extra == 6 * 12_00
    assert restructure(nothing, longer, START).comparison.extra == 0
    assert restructure(nothing, PlanTerms(amount=100_00), START).comparison.extra == 0
    assert restructure(charge, PlanTerms(amount=112_00), START).comparison.extra == 6 * 12_00


def test_a_payoff_after_a_plan_owes_what_the_plan_put_off():
    loan = a_loan(6_000_00, 12, 6)
    on = date(2027, 3, 10)
    before = statement(loan, on)
    plan = restructure(loan, PlanTerms(arrears=Arrears.at_end), on)
    assert statement(account_after(loan, plan, on), on).payoff == before.payoff


def test_a_payment_that_bounces_after_the_plan_is_owed_again():
    loan = a_loan(6_000_00, 12, 6)
    loan = with_payments(loan, paid_in_full(loan, 2))
    on = date(2027, 3, 10)
    plan = restructure(loan, PlanTerms(extend_by=2), on)
    after = account_after(loan, plan, on)
    bounced = replace(
        after, payments=(*after.payments, Payment("r", date(2027, 3, 12), loan.payments[1].amount, reverses="p0002"))
    )
    then = statement(bounced, date(2027, 3, 12))
    assert then.overdue == loan.payments[1].amount
    assert then.left_to_pay == statement(after, on).left_to_pay + loan.payments[1].amount
    late_news = replace(after, payments=(*after.payments, Payment("x", date(2027, 2, 20), 100_00)))
    assert statement(late_news, on).left_to_pay == statement(after, on).left_to_pay - 100_00


CONTRADICTIONS = [
    ({"extend_by": 2, "amount": 10_00}, ("extend_by", "amount")),
    ({"extend_by": 2, "installments": 10}, ("installments", "extend_by")),
    ({"amount": 10_00, "steps": (Step(1, 1),)}, ("amount", "steps")),
    ({"interest_only": 1, "amount": 10_00}, ("amount", "interest_only")),
    ({"seasons": (Season(1, 0),), "steps": (Step(1, 1),)}, ("steps", "seasons")),
    ({"settlement": Settlement(10_00), "pause": 1}, ("settlement", "pause")),
    ({"pause": 1, "pause_term": PauseTerm.keep, "extend_by": 1}, ("pause_term", "extend_by")),
    ({"due_day": 15, "first_on": date(2027, 3, 10)}, ("first_on", "due_day")),
]


@pytest.mark.parametrize(("terms", "names"), CONTRADICTIONS)
def test_terms_that_contradict_each_other_are_refused_by_their_names(terms, names):
    with pytest.raises(InvalidPlan) as refused:
        PlanTerms(**terms)
    assert refused.value.code == "contradictory_terms"
    assert (refused.value.params["first"], refused.value.params["second"]) == names
    assert refused.value.sentence.endswith(".")


IMPOSSIBLE = [
    ({"pause": 6, "pause_term": PauseTerm.keep}, "pause_too_long"),
    ({"interest_only": 6}, "interest_only_too_long"),
    ({"steps": (Step(6, 10_00),)}, "steps_too_long"),
    ({"extend_by": 100_000}, "longer_than_longest"),
    ({"pause": 10**9}, "pause_too_long"),
    ({"seasons": tuple(Season(month, 0) for month in range(1, 13))}, "season_never_pays"),
]


@pytest.mark.parametrize(("terms", "code"), IMPOSSIBLE)
def test_a_plan_that_this_loan_can_not_hold_is_refused_by_name(terms, code):
    with pytest.raises(InvalidPlan) as refused:
        restructure(a_loan(6_000_00, 12, 6), PlanTerms(**terms), START)
    assert refused.value.code == code


def test_a_loan_that_is_paid_off_has_no_plan():
    loan = a_loan(6_000_00, 12, 6)
    done = with_payments(loan, paid_in_full(loan, 6))
    with pytest.raises(InvalidPlan) as refused:
        restructure(done, PlanTerms(extend_by=2), date(2027, 8, 1))
    assert refused.value.code == "nothing_left"


def test_a_loan_past_its_last_date_can_still_be_spread():
    loan = a_loan(1_200_00, 0, 3)
    on = date(2027, 9, 1)
    plan = restructure(loan, PlanTerms(arrears=Arrears.spread, arrears_over=4), on)
    assert totals(plan) == [300_00] * 4
    assert statement(account_after(loan, plan, on), on).overdue == 0


def test_plan_terms_survive_storing():
    plan = PlanTerms(
        pause=2,
        pause_interest=PauseInterest.capitalise,
        extend_by=6,
        arrears=Arrears.spread,
        arrears_over=3,
        rate=Decimal("9.5"),
        rate_from=date(2027, 6, 1),
        seasons=(Season(3, 0),),
        frequency=Frequency(2, Unit.weeks),
    )
    assert PlanTerms.from_dict(plan.to_dict()) == plan
    with pytest.raises(InvalidPlan):
        PlanTerms.from_dict({"surprise": 1})


def test_a_pause_of_none_and_a_longer_term_by_none_change_nothing():
    loan = a_loan(6_000_00, 12, 6)
    for nothing in (PlanTerms(), PlanTerms(pause=0, pause_interest=PauseInterest.capitalise), PlanTerms(extend_by=0)):
        result = restructure(loan, nothing, START)
        assert result.schedule == loan.schedule
        assert result.comparison.extra == 0
        assert account_after(loan, result, START) == loan


@given(accounts(most=24), plans(), st.integers(0, 600))
@settings(max_examples=400)
def test_a_plan_never_loses_or_invents_a_cent(account, plan, days):
    on = account.terms.disbursed_on + timedelta(days=days)
    before = statement(account, on)
    try:
        result = restructure(account, plan, on, longest=240)
    except InvalidPlan as refused:
        assert refused.code
        assert refused.sentence.endswith(".")
        return
    after = account_after(account, result, on)
    then = statement(after, on)
    rows = result.schedule.installments
    assert rows[-1].balance == 0
    assert all(min(row.principal, row.interest, row.fees, row.balance) >= 0 for row in rows)
    assert all(one.due_on < other.due_on for one, other in pairwise(rows))
    change = result.capitalised - result.waived_principal
    assert result.schedule.total_principal == account.schedule.total_principal + change
    assert then.paid_so_far == before.paid_so_far
    assert then.outstanding_principal == before.outstanding_principal + change
    assert then.left_to_pay == result.comparison.left_to_pay_new
    assert result.comparison.extra == then.left_to_pay - before.left_to_pay
    if plan.arrears is not Arrears.keep or plan.settlement:
        assert then.overdue == 0 or account.terms.conventions.due_day_is_late
    for number, (old, line) in enumerate(zip(account.schedule.installments, before.lines, strict=True)):
        if line.state == "paid" and all(earlier.state == "paid" for earlier in before.lines[:number]):
            assert rows[number][:4] == old[:4]  # what is paid stays as it is
    assert LoanAccount.from_dict(after.to_dict(), after.payments) == after


@given(accounts(most=18), plans(), st.integers(0, 400), st.data())
@settings(max_examples=200)
def test_fees_and_penalties_go_through_a_plan_to_the_cent(account, plan, days, data):
    on = account.terms.disbursed_on + timedelta(days=days)
    account = replace(account, charges=data.draw(charges(account)))
    before = statement(account, on)
    try:
        result = restructure(account, plan, on, longest=240)
    except InvalidPlan:
        reject()
    then = statement(account_after(account, result, on), on)
    assert then.paid_so_far == before.paid_so_far == sum(line.paid for line in then.lines) + then.overpaid
    assert then.left_to_pay == result.comparison.left_to_pay_new == before.left_to_pay + result.comparison.extra


@given(accounts(most=18, plain=True), plans(), st.integers(0, 400))
@settings(max_examples=200)
def test_paying_a_plan_as_it_says_ends_the_loan(account, plan, days):
    on = account.terms.disbursed_on + timedelta(days=days)
    account = with_payments(account, [entry for entry in account.payments if entry.effective_on <= on])
    try:
        result = restructure(account, plan, on, longest=240)
    except InvalidPlan:
        reject()
    after = account_after(account, result, on)
    kept_open = statement(after, on).lines
    coming = [Payment(f"z{line.number:05}", max(line.due_on, on), line.open) for line in kept_open if line.open]
    paid = replace(after, payments=(*after.payments, *coming))
    end = statement(paid, max(result.schedule.last_due_on, on) + timedelta(days=1))
    assert end.is_paid_off
    assert end.overpaid == statement(after, on).overpaid


@given(st.integers(1, 12), st.integers(0, 11))
def test_a_plan_on_a_plan_keeps_the_books(extend, paid):
    loan = a_loan(6_000_00, 12, 12)
    loan = with_payments(loan, paid_in_full(loan, paid))
    on = date(2027, 12, 20)
    first = restructure(loan, PlanTerms(extend_by=extend, arrears=Arrears.spread), on)
    once = account_after(loan, first, on)
    later = on + timedelta(days=40)
    second = restructure(once, PlanTerms(pause=1, arrears=Arrears.spread), later)
    twice = account_after(once, second, later)
    assert statement(twice, later).overdue == 0
    assert statement(twice, later).outstanding_principal == statement(once, later).outstanding_principal
    assert statement(twice, later).paid_so_far == statement(loan, later).paid_so_far


def test_an_imported_opening_position_goes_through_a_plan():
    loan = a_loan(6_000_00, 12, 6)
    first = loan.schedule.installments[0]
    opened = replace(loan, opening=Opening(date(2027, 2, 10), first.principal + 50_00, first.interest))
    on = date(2027, 2, 20)
    plan = restructure(opened, PlanTerms(extend_by=3), on)
    after = statement(account_after(opened, plan, on), on)
    assert after.paid_so_far == first.total + 50_00
    assert after.outstanding_principal == 6_000_00 - first.principal - 50_00
