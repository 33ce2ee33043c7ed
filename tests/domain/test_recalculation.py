"""Loans whose interest follows the money: early money lowers the principal, late money costs its days."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.allocation import Payment, statement
from portal.domain.conventions import Conventions, Excess
from portal.domain.schedule import Method
from tests.domain.loans import a_loan, accounts, with_payments

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
