"""Loans, payments and plans for the tests of the domain: a plain one to write a sentence about, and any at all for a law."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import reject
from hypothesis import strategies as st

from portal.domain.allocation import Charge, LoanAccount, Payment
from portal.domain.conventions import (
    Component,
    Conventions,
    Excess,
    FlatExtension,
    InterestPeriod,
    LevelBasis,
    OddPeriod,
    PayoffInterest,
    Remainder,
)
from portal.domain.day_count import DayCount, YearBreak
from portal.domain.due_dates import MONTHLY, ClosedDayRule, Frequency, Unit, shift
from portal.domain.errors import InvalidTerms
from portal.domain.money import Rounding
from portal.domain.plan_terms import Arrears, PauseInterest, PauseTerm, PlanTerms, Season, Settlement, Step
from portal.domain.schedule import LoanTerms, Method, build_schedule

PAID_OUT = date(2027, 1, 1)


def a_loan(principal, rate, installments, first=date(2027, 2, 1), paid_out=None, payments=(), **more):
    """A monthly loan in US dollars: principal in cents, rate in percent a year, due from `first` on."""
    terms = LoanTerms(
        principal=principal,
        currency="USD",
        annual_rate=Decimal(rate),
        installments=installments,
        frequency=more.pop("frequency", MONTHLY),
        disbursed_on=paid_out or shift(first, MONTHLY, -1),
        first_due_on=first,
        **more,
    )
    return LoanAccount(terms, build_schedule(terms), tuple(payments))


def paid_in_full(account, count):
    """Payments of the first `count` installments, each on its day."""
    rows = account.schedule.installments[:count]
    return tuple(Payment(f"p{row.number:04}", row.due_on, row.total) for row in rows if row.total)


def with_payments(account, payments):
    return LoanAccount(account.terms, account.schedule, tuple(payments), account.opening, account.charges)


RATES = st.one_of(
    st.sampled_from([Decimal(text) for text in ("0", "1e-14", "0.000000000001", "1", "12", "36", "99.99", "400")]),
    st.decimals(min_value=0, max_value=60, places=4),
)
FREQUENCIES = st.sampled_from(
    [
        Frequency(1, Unit.months),
        Frequency(3, Unit.months),
        Frequency(1, Unit.weeks),
        Frequency(2, Unit.weeks),
        Frequency(10, Unit.days),
        Frequency(1, Unit.half_months),
    ]
)
DATES = st.dates(min_value=date(2019, 1, 1), max_value=date(2032, 12, 31))


@st.composite
def conventions(draw, follows_money=False):
    daily = draw(st.booleans())
    excess = [Excess.next_installment, Excess.last_installment, Excess.spread]
    if follows_money:
        excess = [Excess.smaller_installment, Excess.shorter_term, Excess.next_installment]
    return Conventions(
        rounding=draw(st.sampled_from(Rounding)),
        interest_unit=draw(st.sampled_from([1, 1, 1, 5, 100])),
        interest_carried=draw(st.sampled_from([False, False, False, True])),
        installment_rounding=draw(st.sampled_from(Rounding)),
        installment_unit=draw(st.sampled_from([1, 1, 5, 100, 10_000])),
        interest_period=InterestPeriod.daily if daily else InterestPeriod.per_period,
        day_count=draw(st.sampled_from(DayCount)),
        year_break=draw(st.sampled_from(YearBreak)),
        odd_period=draw(st.sampled_from(OddPeriod)),
        level_basis=draw(st.sampled_from(LevelBasis)),
        remainder=draw(st.sampled_from(Remainder)),
        excess=draw(st.sampled_from(excess)),
        interest_recalculated=follows_money and draw(st.booleans()),
        stretches_rounded=draw(st.booleans()),
        payoff_interest=draw(st.sampled_from(PayoffInterest)),
        flat_extension=draw(st.sampled_from(FlatExtension)),
        due_day_is_late=draw(st.booleans()),
        closed_day_rule=draw(st.sampled_from(ClosedDayRule)),
        closed_weekdays=draw(st.sampled_from([(), (5, 6)])),
    )


@st.composite
def loan_terms(draw, methods=tuple(Method), follows_money=False, most=48, plain=False):
    method = draw(st.sampled_from(methods))
    count = draw(st.integers(1, most))
    principal = draw(st.one_of(st.integers(1, 200), st.integers(1000, 10**9)))
    paid_out = draw(DATES)
    frequency = draw(FREQUENCIES)
    first = shift(paid_out, frequency, 1) + timedelta(days=draw(st.sampled_from([0, 0, 0, -3, 9, 40])))
    grace = draw(st.sampled_from([0, 0, 0, 1, 2]))
    rate = draw(RATES)
    amount = None
    if method is Method.fixed_installment:
        amount = principal // draw(st.integers(1, 20)) + int(principal * rate / 500) + 1
    return LoanTerms(
        principal=principal,
        currency=draw(st.sampled_from(["USD", "CNY", "TWD", "JPY", "KWD"])),
        annual_rate=rate,
        installments=count,
        frequency=frequency,
        disbursed_on=paid_out,
        first_due_on=max(first, paid_out + timedelta(days=1)),
        method=method,
        conventions=Conventions() if plain else draw(conventions(follows_money)),
        principal_grace=grace if grace < count and method is not Method.fixed_installment else 0,
        interest_payment_grace=draw(st.sampled_from([0, 0, 1])) if count > 1 and not follows_money else 0,
        interest_free=draw(st.sampled_from([0, 0, 0, 2])) if not follows_money else 0,
        amount=amount,
        principal_percent=Decimal(draw(st.integers(1, 100))) if method is Method.principal_share else None,
    )


@st.composite
def payments(draw, account, most=8):
    """Part, early, late and over-payments, several on one day, some of them reversed."""
    terms, last = account.terms, account.schedule.last_due_on
    entries = []
    usual = max(account.schedule.installments[0].total, 2)
    for number in range(draw(st.integers(0, most))):
        day = draw(st.dates(min_value=terms.disbursed_on, max_value=last + timedelta(days=60)))
        amount = draw(st.one_of(st.just(usual), st.integers(1, usual), st.integers(1, 3 * usual)))
        entries.append(Payment(f"p{number:04}", day, amount))
        if draw(st.integers(0, 5)) == 0:
            back = day + timedelta(days=draw(st.integers(0, 20)))
            entries.append(Payment(f"r{number:04}", back, amount, reverses=f"p{number:04}"))
    return tuple(entries)


@st.composite
def charges(draw, account):
    """Fees and penalties on days of their own."""
    first, last = account.terms.disbursed_on, account.schedule.last_due_on
    kinds = st.sampled_from([Component.fees, Component.penalties])
    one = st.builds(Charge, kinds, st.dates(first, last), st.integers(1, 10_000))
    return tuple(draw(st.lists(one, max_size=3)))


@st.composite
def accounts(draw, **how):
    terms = draw(loan_terms(**how))
    try:
        bare = LoanAccount(terms, build_schedule(terms))
    except InvalidTerms:  # a fixed installment that never repays
        reject()
    return with_payments(bare, draw(payments(bare)))


@st.composite
def plans(draw):
    """Plan terms of every kind and mixture that are not refused by themselves."""
    kind = draw(
        st.sampled_from(["longer", "pause", "amount", "spread", "steps", "seasons", "io", "day", "rate", "settle"])
    )
    more = {"arrears": draw(st.sampled_from(Arrears))}
    if kind in ("longer", "steps", "seasons", "io", "rate"):
        more["extend_by"] = draw(st.integers(0, 12))
    if kind == "pause" or draw(st.integers(0, 4)) == 0:
        more["pause"] = draw(st.integers(0, 4))
        more["pause_interest"] = draw(st.sampled_from(PauseInterest))
        if kind == "pause" and not more.get("extend_by"):
            more["pause_term"] = draw(st.sampled_from(PauseTerm))
    if kind == "amount":
        more["amount"] = draw(st.integers(1, 10**7))
        more["pause_term"] = PauseTerm.grow
    if kind == "steps":
        more["steps"] = (Step(draw(st.integers(1, 3)), draw(st.integers(0, 10**6))),)
    if kind == "seasons":
        more["seasons"] = (Season(draw(st.integers(1, 6)), 0), Season(draw(st.integers(7, 12)), 200))
    if kind == "io":
        more["interest_only"] = draw(st.integers(1, 4))
    if kind == "day":
        more["due_day"] = draw(st.integers(1, 31))
    if kind == "rate":
        more["rate"] = Decimal(draw(st.integers(0, 24)))
    if kind == "settle":
        more = {"settlement": Settlement(draw(st.integers(1, 10**6)), draw(st.integers(1, 4)))}
    return PlanTerms(**more)
