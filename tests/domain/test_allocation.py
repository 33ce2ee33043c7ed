"""A loan on any date: what was paid, what is late, what is left, whatever the order in which things were entered."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.allocation import Charge, LoanAccount, Opening, Payment, statement
from portal.domain.conventions import Component, Conventions, Excess, PayoffInterest
from portal.domain.errors import InvalidPayment
from tests.domain.loans import a_loan, accounts, paid_in_full, with_payments


@pytest.mark.case("R008")
def test_paying_what_is_shown_settles_the_loan():
    loan = a_loan(1_000_00, 0, 3)
    assert [row.total for row in loan.schedule.installments] == [333_33, 333_33, 333_34]
    payments = [Payment(str(row.number), row.due_on, row.total) for row in loan.schedule.installments]
    after = statement(with_payments(loan, payments), date(2027, 4, 1))
    assert (after.outstanding_principal, after.left_to_pay, after.overdue) == (0, 0, 0)
    assert after.is_paid_off
    assert after.next_due is None


@pytest.mark.case("R016")
def test_what_is_due_today_is_not_late_and_is_late_by_a_day_tomorrow():
    loan = a_loan(1_000_00, 12, 3, first=date(2027, 5, 10))
    today = statement(loan, date(2027, 5, 10))
    assert (today.overdue, today.days_past_due, today.bucket) == (0, 0, "current")
    assert today.next_due == (date(2027, 5, 10), loan.schedule.installments[0].total)
    tomorrow = statement(loan, date(2027, 5, 11))
    assert (tomorrow.days_past_due, tomorrow.bucket) == (1, "1-30")
    assert tomorrow.overdue_since == date(2027, 5, 10)


def test_a_convention_can_count_the_due_day_as_late():
    loan = a_loan(1_000_00, 12, 3, first=date(2027, 5, 10), conventions=Conventions(due_day_is_late=True))
    today = statement(loan, date(2027, 5, 10))
    assert (today.days_past_due, today.overdue) == (1, loan.schedule.installments[0].total)


@pytest.mark.case("R031")
@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_a_part_prepayment_and_a_settlement_on_one_day_end_at_nought_in_either_order(order):
    loan = a_loan(2_000_00, 12, 10, first=date(2027, 7, 1))
    day = date(2027, 6, 15)
    payoff = statement(loan, day).payoff
    assert payoff == 2_000_00 + 9_33  # 14 of the 30 nights from 1 June, counted once
    amounts = {order[0]: 500_00, order[1]: payoff - 500_00}
    for only_first in (True, False):
        entries = [Payment(key, day, amount) for key, amount in amounts.items()][: 1 if only_first else 2]
        now = statement(with_payments(loan, entries), day)
        assert now.accrued_interest >= 0
        assert now.payoff == payoff - sum(entry.amount for entry in entries)
    assert (now.left_to_pay, now.outstanding_principal, now.overpaid) == (0, 0, 0)
    assert now.is_paid_off


@pytest.mark.case("R034")
def test_a_small_prepayment_is_seen_in_one_place_and_changes_no_installment():
    loan = a_loan(5_000_00, "7.0", 8)
    early = with_payments(loan, [Payment("early", date(2027, 1, 20), 100_00)])
    before, after = statement(loan, date(2027, 1, 21)), statement(early, date(2027, 1, 21))
    assert [line.due for line in after.lines] == [line.due for line in before.lines]
    assert [line.paid for line in after.lines] == [100_00] + [0] * 7
    assert after.next_due == (date(2027, 2, 1), before.lines[0].due - 100_00)
    assert after.left_to_pay == before.left_to_pay - 100_00


def test_a_payment_pays_the_oldest_installment_first_and_interest_before_principal():
    loan = a_loan(1_200_00, 12, 3)
    first = loan.schedule.installments[0]
    late = statement(with_payments(loan, [Payment("p", date(2027, 3, 10), first.interest + 1)]), date(2027, 3, 10))
    assert late.lines[0].open_interest == 0
    assert late.lines[0].open_principal == first.principal - 1
    assert [line.state for line in late.lines] == ["part_paid", "not_received", "next"]


def test_a_reversed_payment_is_as_if_it_had_never_come():
    loan = a_loan(1_200_00, 12, 3)
    came = Payment("p", date(2027, 2, 1), 405_00)
    bounced = Payment("r", date(2027, 2, 8), 405_00, reverses="p")
    books = with_payments(loan, [came, bounced])
    assert statement(books, date(2027, 2, 7)).paid_so_far == 405_00
    assert statement(books, date(2027, 2, 8)) == statement(loan, date(2027, 2, 8))
    with pytest.raises(InvalidPayment) as refused:
        statement(with_payments(loan, [Payment("r", date(2027, 2, 8), 1, reverses="nothing")]), date(2027, 3, 1))
    assert refused.value.code == "unknown_reversal"


def test_an_overpayment_is_shown_and_nothing_is_owed():
    loan = a_loan(1_200_00, 0, 3)
    after = statement(with_payments(loan, [Payment("p", date(2027, 2, 1), 1_300_00)]), date(2027, 2, 2))
    assert (after.left_to_pay, after.overpaid, after.is_paid_off) == (0, 100_00, True)


def test_paying_off_early_saves_the_interest_to_come():
    loan = a_loan(1_200_00, 12, 12)
    day = date(2027, 2, 1)
    payoff = statement(loan, day).payoff
    assert payoff == 1_200_00 + 12_00
    settled = statement(with_payments(loan, [Payment("all", day, payoff)]), day)
    assert settled.is_paid_off
    whole = a_loan(1_200_00, 12, 12, conventions=Conventions(payoff_interest=PayoffInterest.all))
    assert statement(whole, day).payoff == statement(whole, day).left_to_pay


def test_a_charge_is_due_on_its_own_day_and_paid_before_interest():
    loan = a_loan(1_200_00, 12, 3)
    charged = LoanAccount(
        loan.terms,
        loan.schedule,
        (Payment("p", date(2027, 1, 20), 30_00),),
        charges=(
            Charge(Component.penalties, date(2027, 1, 15), 25_00),
            Charge(Component.fees, date(2027, 2, 20), 10_00),
        ),
    )
    line = statement(charged, date(2027, 1, 20)).lines[0]
    assert (line.open_penalties, line.paid) == (0, 30_00)
    late = statement(replace(charged, payments=()), date(2027, 3, 2))
    assert (late.overdue_penalties, late.overdue_fees) == (25_00, 10_00)


def test_an_opening_position_is_laid_on_the_installments_in_their_order():
    loan = a_loan(1_200_00, 12, 3)
    first, second = loan.schedule.installments[:2]
    opened = replace(loan, opening=Opening(date(2027, 2, 15), first.principal + 10_00, first.interest))
    now = statement(opened, date(2027, 2, 15))
    assert now.paid_so_far == first.total + 10_00
    assert now.lines[0].state == "paid"
    assert now.lines[1].open == second.total - 10_00
    assert LoanAccount.from_dict(opened.to_dict()) == opened


def test_a_loan_repaid_before_it_came_to_us_owes_nothing_whatever_interest_it_paid():
    loan = a_loan(1_200_00, 12, 12)
    opened = replace(loan, opening=Opening(date(2027, 3, 15), 1_200_00, 20_00, fees_paid=15_00))
    now = statement(opened, date(2027, 6, 1))
    assert now.is_paid_off
    assert (now.left_to_pay, now.overpaid, now.paid_so_far) == (0, 0, 1_235_00)


def test_excess_goes_where_the_product_says():
    def opens(excess):
        loan = a_loan(400_00, 0, 4, conventions=Conventions(excess=excess))
        paid = with_payments(loan, [Payment("p", date(2027, 2, 1), 150_00)])
        return [line.open for line in statement(paid, date(2027, 2, 1)).lines]

    assert opens(Excess.next_installment) == [0, 50_00, 100_00, 100_00]
    assert opens(Excess.last_installment) == [0, 100_00, 100_00, 50_00]
    assert sum(opens(Excess.spread)) == 250_00
    assert opens(Excess.smaller_installment)[1:] == [83_33, 83_33, 83_34]
    assert opens(Excess.shorter_term)[1:] == [100_00, 100_00, 50_00]


@given(accounts(most=24), st.randoms(use_true_random=False), st.integers(0, 400))
@settings(max_examples=200)
def test_a_statement_is_the_replay_of_events_whatever_their_order(account, random: Random, days):
    on = account.terms.disbursed_on + timedelta(days=days)
    mixed = list(account.payments)
    random.shuffle(mixed)
    assert statement(with_payments(account, mixed), on) == statement(account, on)
    known = [entry for entry in account.payments if entry.effective_on <= on]
    assert statement(with_payments(account, known), on) == statement(account, on)


@given(accounts(most=24), st.integers(0, 900))
@settings(max_examples=200)
def test_no_cent_is_lost_between_the_ledger_and_the_installments(account, days):
    on = account.terms.disbursed_on + timedelta(days=days)
    now = statement(account, on)
    came = {entry.key: entry.amount for entry in account.payments if not entry.reverses and entry.effective_on <= on}
    for entry in account.payments:
        if entry.reverses and entry.effective_on <= on:
            came.pop(entry.reverses, None)
    assert now.paid_so_far == sum(came.values())
    assert now.paid_so_far == sum(line.paid for line in now.lines) + now.overpaid
    assert now.left_to_pay == sum(line.open for line in now.lines)
    assert all(0 <= line.open <= line.due for line in now.lines)
    parts = now.overdue_principal + now.overdue_interest + now.overdue_fees + now.overdue_penalties
    assert now.overdue == parts <= now.left_to_pay
    assert 0 <= now.payoff <= now.left_to_pay
    assert (now.days_past_due > 0) == (now.overdue > 0) == (now.overdue_since is not None)
    assert now.is_paid_off == (now.left_to_pay == 0)


@given(accounts(most=24))
@settings(max_examples=100)
def test_paying_each_installment_on_its_day_ends_the_loan(account):
    paid = with_payments(account, paid_in_full(account, len(account.schedule.installments)))
    end = statement(paid, account.schedule.last_due_on)
    assert end.is_paid_off
    assert end.overpaid == 0
    assert all(line.state == "paid" for line in end.lines)
