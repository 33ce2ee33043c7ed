"""Where a loan begins that comes from another system: nobody becomes late by the cents in which two systems differ."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.allocation import LoanAccount, Opening, statement
from portal.domain.conventions import Conventions
from portal.domain.due_dates import MONTHLY
from portal.domain.money import Rounding
from portal.domain.opening_position import (
    installments_that_leave,
    opening_by_overdue,
    opening_position,
    standing,
)
from portal.domain.schedule import LoanTerms, Method, build_schedule

ISSUED = date(2018, 3, 28)


def terms(principal=2_800_000, rate="14.07", count=60, method=Method.equal_installments, late=False):
    return LoanTerms(
        principal=principal,
        currency="USD",
        annual_rate=Decimal(rate),
        installments=count,
        frequency=MONTHLY,
        disbursed_on=ISSUED,
        first_due_on=date(2018, 4, 28),
        method=method,
        conventions=Conventions(installment_rounding=Rounding.up, due_day_is_late=late),
    )


def paid(schedule, count):
    rows = schedule.installments[:count]
    return sum(row.principal for row in rows), sum(row.interest for row in rows)


@pytest.mark.parametrize(("off", "found"), [(0, 3), (1, 3), (-1, 3), (2, None), (-2, None)])
def test_a_balance_tells_how_many_installments_were_paid_to_within_a_cent(off, found):
    schedule = build_schedule(terms())
    assert installments_that_leave(schedule, schedule.installments[2].balance + off) == found


def test_the_whole_principal_is_what_no_installment_leaves_and_nothing_what_all_leave():
    schedule = build_schedule(terms())
    assert installments_that_leave(schedule, 2_800_000) == 0
    assert installments_that_leave(schedule, 0) == 60
    assert installments_that_leave(schedule, 2_800_500) is None


@pytest.mark.parametrize("cents", [-1, 0, 1])
@pytest.mark.parametrize("interest", [None, -4000, 0, 3000])
def test_whole_installments_count_as_paid_in_full_whatever_interest_the_other_books_have(cents, interest):
    schedule = build_schedule(terms())
    principal, ours = paid(schedule, 4)
    opening = opening_position(
        schedule, date(2018, 8, 1), principal + cents, None if interest is None else ours + interest
    )
    assert (opening.principal_paid, opening.interest_paid) == (principal, ours)
    assert standing(schedule, opening, date(2018, 8, 1)).overdue == 0


@pytest.mark.parametrize(
    ("lacks", "on_time", "late"),
    [(300, True, False), (300, False, True), (20_000, True, True), (1, False, False)],
)
def test_what_a_loan_called_current_lacks_of_an_installment_is_no_arrears_while_it_is_little(lacks, on_time, late):
    schedule = build_schedule(terms())
    principal, interest = paid(schedule, 4)
    day = date(2018, 8, 1)
    opening = opening_position(schedule, day, principal - lacks, interest, on_time=on_time)
    assert bool(standing(schedule, opening, day).overdue) is late


def test_of_an_installment_that_is_still_to_come_little_is_little():
    schedule = build_schedule(terms())
    principal, interest = paid(schedule, 4)
    opening = opening_position(schedule, date(2018, 7, 1), principal - 300, interest, on_time=True)
    assert opening.principal_paid == principal - 300


def test_of_a_part_of_an_installment_what_was_paid_is_kept():
    schedule = build_schedule(terms())
    principal, interest = paid(schedule, 2)
    opening = opening_position(schedule, date(2018, 8, 1), principal + 5000, interest + 20000)
    assert (opening.principal_paid, opening.interest_paid) == (principal + 5000, interest + 20000)


def test_interest_of_a_part_of_an_installment_is_never_more_than_it_asks():
    schedule = build_schedule(terms())
    principal, interest = paid(schedule, 2)
    opening = opening_position(schedule, date(2018, 8, 1), principal + 5000, interest + 900_000)
    assert opening.interest_paid == interest + schedule.installments[2].interest


def test_a_loan_paid_off_early_owes_nothing_and_keeps_what_was_paid():
    account_terms = terms()
    schedule = build_schedule(account_terms)
    opening = opening_position(schedule, date(2018, 8, 1), 2_700_000, 20_264, settled=True)
    assert (opening.principal_paid, opening.interest_paid) == (2_800_000, 20_264)
    assert standing(schedule, opening, date(2030, 1, 1)).is_paid_off
    found = statement(LoanAccount(account_terms, schedule, (), opening), date(2030, 1, 1))
    assert found.is_paid_off and found.paid_so_far == 2_820_264 and found.overpaid == 0


def test_installments_of_interest_alone_go_by_their_interest():
    schedule = build_schedule(terms(method=Method.interest_only, count=12))
    _, interest = paid(schedule, 3)
    assert opening_position(schedule, date(2018, 12, 1), 0, interest).interest_paid == interest
    assert standing(schedule, opening_position(schedule, date(2018, 12, 1), 0, interest), date(2018, 7, 1)).overdue == 0
    assert standing(schedule, opening_position(schedule, date(2018, 12, 1), 0, 0), date(2018, 7, 1)).overdue == interest


@pytest.mark.parametrize("late", [0, 1, 65_253, 100_000])
def test_where_only_the_overdue_amount_is_known_so_much_is_late(late):
    schedule = build_schedule(terms())
    opening = opening_by_overdue(schedule, date(2018, 8, 1), late)
    assert standing(schedule, opening, date(2018, 8, 1)).overdue == late


@given(
    st.sampled_from(
        [Method.equal_installments, Method.equal_principal, Method.flat, Method.interest_only, Method.bullet]
    ),
    st.integers(1, 24),
    st.integers(1_000, 500_000),
    st.sampled_from(["0", "9.5", "36"]),
    st.integers(0, 1_000_000),
    st.integers(0, 200_000),
    st.integers(0, 900),
    st.booleans(),
)
def test_the_standing_is_what_the_statement_says(
    method, count, principal, rate, principal_paid, interest_paid, days, late
):
    account_terms = terms(principal, rate, count, method, late)
    schedule = build_schedule(account_terms)
    on = ISSUED + timedelta(days=days)
    opening = Opening(on, min(principal_paid, principal), min(interest_paid, schedule.total_interest))
    found = statement(LoanAccount(account_terms, schedule, (), opening), on)
    ours = standing(schedule, opening, on, late)
    assert ours.overdue_since == found.overdue_since
    assert ours.overdue == found.overdue
    assert ours.next_due_on == (found.next_due[0] if found.next_due else None)
    assert ours.is_paid_off == found.is_paid_off
