"""A settlement is all or nothing: kept, the rest is waived; not kept by its day, the loan is as it was, less what came."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.allocation import Payment, in_force, statement
from portal.domain.conventions import Conventions, Excess
from portal.domain.errors import InvalidPlan
from portal.domain.loan_account import LoanAccount
from portal.domain.plan_terms import PlanTerms, Settlement
from portal.domain.restructuring import account_after, restructure
from tests.domain.loans import a_loan, accounts, paid_in_full, with_payments

ON = date(2027, 4, 10)  # three of twelve were paid; the fourth falls due on 1 May
LOAN = a_loan(12_000_00, 12, 12)
LOAN = with_payments(LOAN, paid_in_full(LOAN, 3))


def settled(loan=LOAN, **terms):
    plan = PlanTerms(settlement=Settlement(**({"amount": 5_000_00} | terms)))
    return account_after(loan, restructure(loan, plan, ON), ON)


def paying(account, *came):
    number = len(account.payments)
    more = tuple(Payment(f"z{number + at}", day, amount) for at, (day, amount) in enumerate(came))
    return replace(account, payments=(*account.payments, *more))


def as_it_was(account, on):
    """The loan without any settlement, with the same payments."""
    return statement(replace(LOAN, payments=account.payments), on)


def test_a_settlement_that_is_paid_ends_the_loan_and_the_rest_is_waived():
    paid = paying(settled(), (date(2027, 5, 1), 5_000_00))
    for on in (date(2027, 5, 1), date(2027, 5, 2), date(2028, 5, 1)):
        now = statement(paid, on)
        assert (now.is_paid_off, now.left_to_pay, now.overpaid) == (True, 0, 0)


@pytest.mark.parametrize("came", [(), ((date(2027, 4, 30), 2_000_00),), ((date(2027, 5, 1), 4_999_99),)])
def test_one_that_is_not_paid_by_its_day_gives_way_to_what_was_before_it(came):
    account = paying(settled(), *came)
    day = date(2027, 5, 1)
    assert statement(account, day).left_to_pay == 5_000_00 - sum(amount for _, amount in came)
    assert statement(account, day + timedelta(days=1)) == as_it_was(account, day + timedelta(days=1))


def test_parts_are_all_or_nothing_by_the_last_day():
    account = settled(parts=3)
    days = [row.due_on for row in account.schedule.installments[-3:]]
    parts = [row.total for row in account.schedule.installments[-3:]]
    # A part that is late is overdue, and still time to pay it.
    late = paying(account, (days[1], parts[0]), (days[2], parts[1] + parts[2]))
    assert statement(late, days[0] + timedelta(days=1)).overdue == parts[0]
    assert statement(late, days[2] + timedelta(days=1)).is_paid_off
    two = paying(account, *zip(days[:2], parts[:2], strict=True))
    end = days[2] + timedelta(days=1)
    assert statement(two, end) == as_it_was(two, end)


def test_the_last_day_of_the_offer_is_the_last_day_of_paying_where_it_is_later():
    account = settled(expires_on=date(2027, 6, 15))
    assert account.otherwise.kept_by == date(2027, 6, 15)
    assert statement(paying(account, (date(2027, 6, 15), 5_000_00)), date(2027, 7, 1)).is_paid_off
    assert settled(expires_on=date(2027, 4, 20)).otherwise.kept_by == date(2027, 5, 1)
    with pytest.raises(InvalidPlan) as refused:
        settled(expires_on=date(2027, 4, 9))
    assert refused.value.code == "settlement_expired"


def test_a_payment_told_late_that_counts_in_time_keeps_it_and_one_that_bounces_does_not():
    account = settled()
    later = date(2027, 8, 1)
    assert not statement(account, later).is_paid_off
    kept = paying(account, (date(2027, 4, 29), 5_000_00))
    assert statement(kept, later).is_paid_off
    bounced = replace(kept, payments=(*kept.payments, Payment("back", date(2027, 6, 1), 5_000_00, reverses="z3")))
    assert statement(bounced, date(2027, 5, 20)).is_paid_off
    assert statement(bounced, later) == as_it_was(bounced, later)


def test_money_after_the_last_day_pays_the_loan_as_it_was():
    account = paying(settled(), (date(2027, 5, 2), 5_000_00))
    assert statement(account, date(2027, 5, 3)) == as_it_was(account, date(2027, 5, 3))


def test_a_settlement_is_a_fixed_sum_even_where_interest_follows_the_money():
    follows = Conventions(interest_recalculated=True, excess=Excess.smaller_installment)
    loan = a_loan(12_000_00, 12, 12, conventions=follows)
    account = settled(with_payments(loan, paid_in_full(loan, 3)), parts=2)
    first, last = account.schedule.installments[-2:]
    early = paying(account, (date(2027, 4, 12), first.total))
    assert statement(early, date(2027, 4, 12)).left_to_pay == last.total
    assert statement(paying(early, (last.due_on, last.total)), last.due_on).is_paid_off


def test_another_day_for_a_settlement_leaves_it_all_or_nothing():
    account = settled()
    moved = account_after(account, restructure(account, PlanTerms(due_day=20), ON), ON)
    assert moved.otherwise.kept_by == date(2027, 5, 20)
    assert statement(moved, date(2027, 5, 20)).left_to_pay == 5_000_00
    assert statement(moved, date(2027, 5, 21)) == as_it_was(moved, date(2027, 5, 21))


def test_a_plan_after_one_that_was_not_kept_is_about_the_loan_as_it_was():
    account = settled()
    on = date(2027, 5, 10)
    plan = PlanTerms(extend_by=3)
    result = restructure(account, plan, on)
    assert result.schedule == restructure(LOAN, plan, on).schedule
    after = account_after(account, result, on)
    assert after.otherwise is None
    assert statement(after, on).outstanding_principal == statement(LOAN, on).outstanding_principal


@given(accounts(most=18), st.integers(0, 300), st.integers(1, 100), st.integers(1, 3), st.integers(0, 120))
@settings(max_examples=150)
def test_after_its_last_day_a_settlement_is_either_kept_or_as_if_it_had_never_been(account, days, share, parts, more):
    on = account.terms.disbursed_on + timedelta(days=days)
    left = statement(account, on).left_to_pay
    try:
        plan = PlanTerms(settlement=Settlement(max(left * share // 100, 1), parts))
        after = account_after(account, restructure(account, plan, on), on)
    except InvalidPlan:
        return
    later = after.otherwise.kept_by + timedelta(days=1 + more)
    now = statement(after, later)
    if in_force(after, later) is after:
        assert now.is_paid_off
    else:
        assert now == statement(account, later)
    assert LoanAccount.from_dict(after.to_dict(), after.payments) == after
