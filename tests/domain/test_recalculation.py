"""Loans whose interest follows the money: early money lowers the principal, late money costs its days."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from portal.domain.allocation import Payment, in_force, replay, statement
from portal.domain.conventions import Conventions, Excess
from portal.domain.errors import InvalidPlan
from portal.domain.plan_terms import PlanTerms, Season
from portal.domain.restructuring import account_after, restructure
from portal.domain.schedule import Method
from tests.domain.loans import a_loan, accounts, paid_in_full, plans, with_payments

RECALCULATED = Conventions(interest_recalculated=True, excess=Excess.smaller_installment)


def test_a_loan_paid_on_its_days_is_as_its_schedule_says():
    plain = a_loan(10_000_00, 12, 12)
    followed = a_loan(10_000_00, 12, 12, conventions=RECALCULATED)
    entries = [Payment(str(row.number), row.due_on, row.total) for row in plain.schedule.installments]
    for count in range(13):
        on = date(2027, 1, 1) if not count else entries[count - 1].effective_on
        one = statement(with_payments(plain, entries[:count]), on)
        other = statement(with_payments(followed, entries[:count]), on)
        assert (one.left_to_pay, one.overdue, one.outstanding_principal) == (
            other.left_to_pay,
            other.overdue,
            other.outstanding_principal,
        )


def test_early_money_saves_interest_and_makes_installments_smaller_or_fewer():
    early = Payment("early", date(2027, 1, 16), 3_000_00)
    on = date(2027, 1, 16)
    smaller = statement(with_payments(a_loan(10_000_00, 12, 12, conventions=RECALCULATED), [early]), on)
    shorter = Conventions(interest_recalculated=True, excess=Excess.shorter_term)
    fewer = statement(with_payments(a_loan(10_000_00, 12, 12, conventions=shorter), [early]), on)
    assert len(smaller.lines) == 12
    assert smaller.lines[2].due < 888_49
    assert len(fewer.lines) < 12
    assert fewer.lines[2].due == 888_49
    assert smaller.left_to_pay > fewer.left_to_pay


def test_late_money_costs_its_days():
    loan = a_loan(10_000_00, 12, 12, conventions=RECALCULATED)
    first = loan.schedule.installments[0]
    late = with_payments(loan, [Payment("late", date(2027, 2, 11), first.total)])
    now = statement(late, date(2027, 2, 11))
    # Of the 28 nights of February, 10 on 10,000.00 and 18 on the 9,211.51 that the late payment left.
    assert now.lines[1].open_interest == 35_71 + 59_22


def test_paying_all_that_is_owed_closes_it():
    loan = a_loan(10_000_00, 12, 12, conventions=RECALCULATED)
    on = date(2027, 1, 20)
    payoff = statement(loan, on).payoff
    assert 10_000_00 < payoff < 10_100_00
    closed = statement(with_payments(loan, [Payment("all", on, payoff)]), on)
    assert closed.is_paid_off
    assert closed.overpaid == 0


@given(
    accounts(methods=(Method.equal_installments, Method.equal_principal), follows_money=True, most=24),
    st.integers(0, 900),
)
@settings(max_examples=200)
def test_following_the_money_loses_no_cent(account, days):
    on = account.terms.disbursed_on + timedelta(days=days)
    now = statement(account, on)
    assert now.paid_so_far == sum(line.paid for line in now.lines) + now.overpaid
    assert all(0 <= line.open <= line.due for line in now.lines)
    assert now.left_to_pay == sum(line.open for line in now.lines)


FOLLOWED = {"methods": (Method.equal_installments, Method.equal_principal), "follows_money": True, "most": 18}


def under_a_plan(account, plan, days):
    """The account under `plan`, and the day; rejected where the plan can't be."""
    on = account.terms.disbursed_on + timedelta(days=days)
    account = with_payments(account, [entry for entry in account.payments if entry.effective_on <= on])
    try:
        result = restructure(account, plan, on, longest=240)
    except InvalidPlan:
        reject()
    return account, result, account_after(account, result, on), on


@given(accounts(**FOLLOWED), plans(), st.integers(0, 500))
@settings(max_examples=200)
def test_a_plan_for_it_neither_loses_nor_invents_a_cent(account, plan, days):
    before, result, after, on = under_a_plan(account, plan, days)
    was, now = statement(before, on), statement(after, on)
    change = result.capitalised - result.waived_principal
    assert now.paid_so_far == was.paid_so_far == sum(line.paid for line in now.lines) + now.overpaid
    assert now.outstanding_principal == was.outstanding_principal + change
    assert now.left_to_pay == result.comparison.left_to_pay_new == was.left_to_pay + result.comparison.extra
    assert result.schedule.total_principal == sum(row.principal for row in before.schedule.installments) + change


@given(accounts(**FOLLOWED), plans(), st.integers(0, 500))
@settings(max_examples=200)
def test_whoever_pays_a_plan_as_agreed_pays_exactly_what_was_agreed(account, plan, days):
    _, result, after, on = under_a_plan(account, plan, days)
    open_lines = [line for line in statement(after, on).lines if line.open]
    assume(all(line.due_on >= on for line in open_lines))
    for line in open_lines:
        assert (
            line.open
            == next(found for found in statement(after, line.due_on).lines if found.number == line.number).open
        )
        after = replace(after, payments=(*after.payments, Payment(f"z{line.number:05}", line.due_on, line.open)))
    end = statement(after, result.schedule.last_due_on + timedelta(days=1))
    assert end.is_paid_off
    assert end.paid_so_far == sum(line.paid for line in end.lines) + end.overpaid


@given(accounts(**FOLLOWED), plans(), st.integers(0, 300), st.data())
@settings(max_examples=200)
def test_early_late_part_and_over_payments_of_a_plan_are_all_in_the_books(account, plan, days, data):
    _, result, after, on = under_a_plan(account, plan, days)
    first = result.schedule.installments[0].total
    came = data.draw(
        st.lists(
            st.tuples(st.integers(0, 400), st.integers(1, 3 * max(first, 1))), max_size=5, unique_by=lambda one: one[0]
        )
    )
    later = [Payment(f"z{number}", on + timedelta(days=day), amount) for number, (day, amount) in enumerate(came)]
    paid = replace(after, payments=(*after.payments, *later))
    total = statement(after, on).paid_so_far
    for days_on in (0, 40, 200, 800):
        at = on + timedelta(days=days_on)
        now = statement(paid, at)
        assert now.paid_so_far == total + sum(entry.amount for entry in later if entry.effective_on <= at)
        assert now.paid_so_far == sum(line.paid for line in now.lines) + now.overpaid
        assert all(0 <= line.open <= line.due for line in now.lines)
        assert now == statement(replace(paid, payments=tuple(reversed(paid.payments))), at)
        assert sum(row.principal for row in replay(paid, at).rows) == in_force(paid, at).schedule.total_principal


def test_early_money_under_a_plan_saves_its_days_and_late_money_costs_them():
    loan = a_loan(10_000_00, 12, 12, conventions=RECALCULATED)
    loan = with_payments(loan, paid_in_full(loan, 2))
    on = date(2027, 3, 10)
    result = restructure(loan, PlanTerms(extend_by=6), on)
    agreed = account_after(loan, result, on)
    april, may = result.future[0], result.future[1]
    early = replace(agreed, payments=(*agreed.payments, Payment("early", date(2027, 3, 22), 1_000_00)))
    # Of the 31 nights of March, ten without the 1,000.00.
    saved = statement(early, date(2027, 3, 22)).lines[2]
    assert april.interest - (saved.due - saved.paid) == 3_23
    late = replace(agreed, payments=(*agreed.payments, Payment("late", date(2027, 4, 11), april.total)))
    cost = statement(late, date(2027, 4, 11)).lines[3].open_interest - may.interest
    # April's principal was outstanding for ten nights of thirty more than the plan counted on.
    assert abs(cost - april.principal * 10 // 3000) <= 1


def test_what_late_money_cost_before_a_plan_is_in_its_first_installment():
    loan = a_loan(10_000_00, 12, 12, conventions=RECALCULATED)
    first = loan.schedule.installments[0]
    late = with_payments(loan, [Payment("late", date(2027, 2, 11), first.total)])
    on = date(2027, 2, 15)
    plain = restructure(with_payments(loan, [Payment("p", date(2027, 2, 1), first.total)]), PlanTerms(extend_by=3), on)
    after = restructure(late, PlanTerms(extend_by=3), on)
    # Ten of February's 28 nights on the 788.49 that came on the eleventh.
    assert abs(after.future[0].interest - plain.future[0].interest - 2_82) <= 1
    assert after.future[0].total == plain.future[0].total


def test_months_that_ask_nothing_still_ask_nothing_where_interest_follows_the_money():
    loan = a_loan(10_000_00, 12, 12, conventions=RECALCULATED)
    on = date(2027, 1, 5)
    result = restructure(loan, PlanTerms(seasons=(Season(3, 0), Season(4, 0), Season(10, 200))), on)
    agreed = account_after(loan, result, on)
    dues = {line.due_on.month: line.due for line in statement(agreed, on).lines}
    assert dues[3] == dues[4] == 0 < dues[10]
    early = replace(agreed, payments=(Payment("early", date(2027, 2, 1), 2_000_00),))
    after = {line.due_on.month: line.due for line in statement(early, date(2027, 2, 1)).lines}
    assert after[3] == after[4] == 0 < after[10] < dues[10]
