"""Repayment schedules: every figure right, to the cent, or a refusal that says why."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings

from portal.domain.conventions import Conventions, InterestPeriod, Remainder
from portal.domain.day_count import DayCount
from portal.domain.due_dates import MONTHLY, ClosedDayRule, Frequency, Unit, due_dates
from portal.domain.errors import DomainError, InvalidTerms, UnknownCurrency
from portal.domain.money import Rounding
from portal.domain.schedule import LoanTerms, Method, Schedule, build_schedule, level_installment
from tests.domain.loans import a_loan, loan_terms


def totals(account):
    return [row.total for row in account.schedule.installments]


@pytest.mark.case("R001")
def test_rows_add_up_to_the_amount_lent_and_the_last_takes_the_difference():
    schedule = a_loan(10_000_00, 12, 12).schedule
    assert [row.total for row in schedule.installments] == [888_49] * 11 + [888_47]
    assert (schedule.total_principal, schedule.total_interest, schedule.total_due) == (10_000_00, 661_86, 10_661_86)


@pytest.mark.case("R002")
def test_a_small_balance_is_repaid_early_rather_than_by_a_negative_row():
    whole_units_up = Conventions(installment_unit=100, installment_rounding=Rounding.up)
    assert totals(a_loan(10_00, 0, 6, conventions=whole_units_up)) == [2_00] * 5


@pytest.mark.case("R004")
def test_a_rate_of_almost_nothing_loses_no_cent():
    schedule = a_loan(120_000_00, "0.000000000001", 360).schedule
    assert [row.total for row in schedule.installments] == [333_33] * 359 + [334_53]
    assert schedule.total_interest == 0
    assert schedule.installments[-1].balance == 0


@pytest.mark.case("R011")
def test_the_31st_comes_back_after_february_and_survives_storing():
    schedule = a_loan(6_000_00, 12, 6, first=date(2027, 1, 31)).schedule
    days = ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30"]
    assert [row.due_on.isoformat() for row in schedule.installments] == days
    assert Schedule.from_rows(schedule.to_rows(), "USD") == schedule


@pytest.mark.case("R013")
def test_each_installment_has_a_date_of_its_own():
    schedule = a_loan(6_000_00, 12, 12, first=date(2027, 1, 13)).schedule
    assert [row.due_on for row in schedule.installments] == [date(2027, month, 13) for month in range(1, 13)]
    with pytest.raises(InvalidTerms) as refused:
        Schedule.given("USD", [(date(2027, 1, 13), 100, 0, 0), (date(2027, 1, 13), 100, 0, 0)])
    assert refused.value.code == "dates_not_rising"


FIRST = Conventions(remainder=Remainder.first)


@pytest.mark.parametrize(
    ("loan", "asked"),
    [
        (a_loan(100_00, 0, 3, conventions=FIRST), [33_34, 33_33, 33_33]),
        (a_loan(200_00, 0, 3, conventions=FIRST), [66_66, 66_67, 66_67]),
        (a_loan(10_000_00, 12, 12, conventions=FIRST), [888_47] + [888_49] * 11),
        (
            a_loan(10_000_00, 12, 12, conventions=Conventions(remainder=Remainder.first, installment_unit=100)),
            [893_56] + [888_00] * 11,
        ),
        (a_loan(100_00, 0, 3, conventions=FIRST, method=Method.equal_principal), [33_34, 33_33, 33_33]),
        (a_loan(100_00, 10, 3, conventions=FIRST, method=Method.flat), [34_18, 34_16, 34_16]),
        (a_loan(100_00, 12, 4, conventions=FIRST, method=Method.flat, principal_grace=1), [1_00, 34_34, 34_33, 34_33]),
        (a_loan(10_000_00, 12, 12, conventions=FIRST, interest_payment_grace=1), [887_48] + [888_49] * 11),
        # The amount was agreed as it is, so what is left can only be in the last.
        (a_loan(100_00, 0, 0, conventions=FIRST, method=Method.fixed_installment, amount=40_00), [40_00, 40_00, 20_00]),
        # Rounded up so far that it ends early, nothing is left over for the first.
        (a_loan(10_00, 0, 6, conventions=replace(FIRST, installment_unit=2_00)), [2_00] * 5),
    ],
)
def test_the_first_installment_takes_what_rounding_leaves_where_the_product_says_so(loan, asked):
    assert totals(loan) == asked
    assert loan.schedule.installments[-1].balance == 0


def test_the_level_installment_is_the_usual_one_not_the_first():
    assert level_installment(a_loan(10_000_00, 12, 12, conventions=FIRST).terms) == 888_49


@given(loan_terms(methods=(Method.equal_installments,), most=60))
@settings(max_examples=150)
def test_the_first_row_brings_the_last_as_near_to_the_level_as_whole_units_can(terms):
    terms = replace(terms, conventions=replace(terms.conventions, remainder=Remainder.first, interest_carried=False))
    level = level_installment(terms)
    by_last = build_schedule(replace(terms, conventions=replace(terms.conventions, remainder=Remainder.last)))
    by_first = build_schedule(terms)
    assert by_first.total_principal == by_last.total_principal
    if len(by_last.installments) == terms.installments > 1:
        gaps = [abs(each.installments[-1].total - level) for each in (by_first, by_last)]
        assert gaps[0] <= gaps[1]
        asked = {row.total for row in by_last.installments[terms.principal_grace : -1]} | {level}
        for row in by_first.installments[terms.principal_grace + 1 : -1]:
            # Where a period's interest alone is above the level, that is what its row asks.
            assert row.total in asked or (row.principal == 0 and row.total > level)


def test_each_way_of_repaying_asks_what_its_name_says():
    level = a_loan(1_200_00, 12, 3).schedule
    assert len({row.total for row in level.installments[:-1]}) == 1
    equal = a_loan(1_200_00, 12, 3, method=Method.equal_principal).schedule
    assert [(row.principal, row.interest) for row in equal.installments] == [
        (400_00, 12_00),
        (400_00, 8_00),
        (400_00, 4_00),
    ]
    flat = a_loan(1_200_00, 12, 3, method=Method.flat).schedule
    assert [(row.principal, row.interest) for row in flat.installments] == [(400_00, 12_00)] * 3
    only = a_loan(1_200_00, 12, 3, method=Method.interest_only).schedule
    assert [(row.principal, row.interest) for row in only.installments] == [(0, 12_00), (0, 12_00), (1_200_00, 12_00)]
    bullet = a_loan(1_200_00, 12, 3, method=Method.bullet).schedule
    assert [row[1:4] for row in bullet.installments] == [(date(2027, 4, 1), 1_200_00, 36_00)]
    fixed = a_loan(1_200_00, 12, 0, method=Method.fixed_installment, amount=500_00).schedule
    assert [row.total for row in fixed.installments] == [500_00, 500_00, 221_31]
    balloon = a_loan(1_200_00, 12, 3, method=Method.principal_share, principal_percent=Decimal(10)).schedule
    assert [row.principal for row in balloon.installments] == [120_00, 120_00, 960_00]


def test_a_first_period_that_is_longer_bears_its_days():
    # 1 January to 16 February is a whole month to 16 January is 15 days over: 1,200 x 12 % x (1/12 + 15/360).
    longer = a_loan(1_200_00, 12, 3, first=date(2027, 2, 16), paid_out=date(2027, 1, 1)).schedule
    assert longer.installments[0].interest == 18_00
    shorter = a_loan(1_200_00, 12, 3, first=date(2027, 1, 16), paid_out=date(2027, 1, 1)).schedule
    assert shorter.installments[0].interest == 6_00


def test_grace_defers_what_it_names():
    no_principal = a_loan(1_200_00, 12, 4, principal_grace=2).schedule
    assert [row.principal for row in no_principal.installments[:2]] == [0, 0]
    assert no_principal.installments[0].interest == 12_00
    later = a_loan(1_200_00, 12, 4, interest_payment_grace=2, method=Method.equal_principal).schedule
    assert [row.interest for row in later.installments] == [0, 0, 12_00 + 9_00 + 6_00, 3_00]
    free = a_loan(1_200_00, 12, 4, interest_free=2, method=Method.equal_principal).schedule
    assert [row.interest for row in free.installments] == [0, 0, 6_00, 3_00]


def test_a_due_date_moves_off_a_closed_day_alone():
    # 2027: 1 May is a Saturday, 1 August a Sunday.
    weekend = {"closed_weekdays": (5, 6)}
    following = due_dates(date(2027, 4, 1), MONTHLY, 5, rule=ClosedDayRule.following, **weekend)
    assert [day.isoformat()[5:] for day in following] == ["04-01", "05-03", "06-01", "07-01", "08-02"]
    month_end = due_dates(date(2027, 7, 31), MONTHLY, 2, rule=ClosedDayRule.modified_following, **weekend)
    assert month_end == (date(2027, 7, 30), date(2027, 8, 31))


def test_twice_a_month_keeps_its_two_days():
    days = due_dates(date(2027, 1, 15), Frequency(1, Unit.half_months), 5)
    assert [day.isoformat()[5:] for day in days] == ["01-15", "01-30", "02-15", "02-28", "03-15"]


def test_a_rate_that_changes_is_solved_anew_and_a_pause_keeps_the_installment():
    steps = a_loan(1_200_00, 12, 6, rate_changes=((date(2027, 4, 2), Decimal(6)),)).schedule
    assert len({row.total for row in steps.installments[:3]}) == 1
    assert len({row.total for row in steps.installments[3:5]}) == 1
    assert steps.installments[3].total < steps.installments[0].total
    paused = a_loan(1_200_00, 12, 6, interest_pauses=((date(2027, 2, 2), date(2027, 3, 1)),)).schedule
    assert paused.installments[1].interest == 0
    assert paused.installments[1].total == paused.installments[0].total


REFUSED = [
    ("no principal", {"principal": 0}, "no_principal"),
    ("a negative principal", {"principal": -100}, "no_principal"),
    ("a principal that is no whole number of cents", {"principal": 10.5}, "invalid_principal"),
    ("more money than there is", {"principal": 10**16}, "principal_too_high"),
    ("a currency that nobody has", {"currency": "XYZ"}, "unknown_currency"),
    ("a rate that is not a number", {"annual_rate": Decimal("NaN")}, "invalid_rate"),
    ("a rate without end", {"annual_rate": Decimal("Infinity")}, "invalid_rate"),
    ("a rate as a float", {"annual_rate": 12.5}, "invalid_rate"),
    ("a negative rate", {"annual_rate": Decimal(-1)}, "negative_rate"),
    ("a rate beyond belief", {"annual_rate": Decimal("1e9")}, "rate_too_high"),
    ("a rate of a million digits", {"annual_rate": Decimal("1e-1000000")}, "rate_too_precise"),
    ("no installment", {"installments": 0}, "no_installments"),
    ("fewer than none", {"installments": -3}, "no_installments"),
    ("absurdly many", {"installments": 10**9}, "too_many_installments"),
    ("a first date before the money", {"first_due_on": date(2026, 1, 1)}, "first_due_too_early"),
    ("a 32nd day", {"due_day": 32}, "invalid_due_day"),
    ("grace to the end", {"principal_grace": 12}, "grace_too_long"),
    ("a down payment of everything", {"down_payment": 1_000_00}, "invalid_down_payment"),
    ("a fixed installment without an amount", {"method": Method.fixed_installment}, "no_amount"),
    (
        "a fixed installment below the interest",
        {"method": Method.fixed_installment, "amount": 5_00},
        "amount_never_repays",
    ),
    ("a share of nothing", {"method": Method.principal_share, "principal_percent": Decimal(0)}, "invalid_share"),
    ("dates beyond the calendar", {"first_due_on": date(9999, 6, 1)}, "date_out_of_range"),
]


@pytest.mark.parametrize(("what", "change", "code"), REFUSED, ids=[row[0] for row in REFUSED])
def test_terms_that_make_no_schedule_are_refused_by_name(what, change, code):
    plain = {
        "principal": 1_000_00,
        "currency": "USD",
        "annual_rate": Decimal(12),
        "installments": 12,
        "frequency": MONTHLY,
        "disbursed_on": date(2027, 1, 1),
        "first_due_on": date(2027, 2, 1),
    }
    with pytest.raises(DomainError) as refused:
        build_schedule(LoanTerms(**{**plain, **change}))
    assert refused.value.code == code
    assert refused.value.sentence.endswith(".")
    assert isinstance(refused.value, InvalidTerms | UnknownCurrency)


EXACT = [
    ("a rate of 0", 100_00, "0", 3),
    ("a rate of 1e-14", 120_000_00, "1e-14", 360),
    ("a rate of 400 %", 1_000_00, "400", 60),
    ("400 % for 1,200 months", 1_000_00, "400", 1200),
    ("one installment", 1_000_00, "12", 1),
    ("a balance of one cent", 1, "12", 12),
    ("a balance smaller than a unit", 7, "0", 60),
    ("1,200 rows", 10**12, "5.125", 1200),
]


@pytest.mark.parametrize(("what", "principal", "rate", "count"), EXACT, ids=[row[0] for row in EXACT])
def test_terms_at_the_edge_make_an_exact_schedule(what, principal, rate, count):
    schedule = a_loan(principal, rate, count).schedule
    assert schedule.total_principal == principal
    assert schedule.installments[-1].balance == 0
    assert all(min(row.principal, row.interest) >= 0 and row.total > 0 for row in schedule.installments)


@given(loan_terms())
@settings(max_examples=300)
def test_any_terms_give_rows_that_sum_to_the_principal_and_end_at_zero(terms):
    try:
        schedule = build_schedule(terms)
    except InvalidTerms as refused:
        assert refused.code == "amount_never_repays"  # the only refusal that takes rows to find out
        return
    rows = schedule.installments
    assert schedule.total_principal == terms.principal
    assert rows[-1].balance == 0
    assert all(min(row.principal, row.interest, row.balance) >= 0 for row in rows)
    assert all(before.due_on < after.due_on for before, after in pairwise(rows))
    assert len(rows) <= (terms.installments if terms.method is not Method.fixed_installment else 1200)
    assert Schedule.from_rows(schedule.to_rows(), terms.currency) == schedule
    assert LoanTerms.from_dict(terms.to_dict()) == terms
    assert level_installment(terms) >= 0


def test_the_days_of_a_period_decide_where_the_conventions_say_so():
    daily = Conventions(interest_period=InterestPeriod.daily, day_count=DayCount.actual_360)
    loan = a_loan(36_000_00, 10, 3, conventions=daily, method=Method.equal_principal)
    assert [row.interest for row in loan.schedule.installments] == [310_00, 186_67, 103_33]
