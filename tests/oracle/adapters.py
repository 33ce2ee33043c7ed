"""How a case's inputs reach the product, one adapter a kind. Each returns figures in the form of the case's `expected`."""

import re
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from portal.domain import arrears
from portal.domain.allocation import LoanAccount, replay, statement
from portal.domain.annuities import (
    cumulative,
    future_value,
    interest_part,
    number_of_periods,
    payment,
    present_value,
    principal_part,
    rate_per_period,
)
from portal.domain.apr import UnitPayment, effective_rate, reg_z_apr, rounded
from portal.domain.conventions import Component, Conventions
from portal.domain.day_count import YearBreak, year_share
from portal.domain.due_dates import MONTHLY, Unit, due_dates, month_ends, shift
from portal.domain.errors import DomainError
from portal.domain.interest import rate_ratio
from portal.domain.loan_account import Charge, Payment
from portal.domain.loan_terms import LoanTerms
from portal.domain.money import Rounding, round_ratio, to_minor
from portal.domain.schedule import Schedule
from portal.figures import money, restructure_figures, schedule_figures
from portal.stated_terms import EXCESS, account_of, conventions_of, day_count_of, frequency_of, order_of
from portal.stated_values import Unstated

Case = dict[str, Any]
Figures = dict[str, Any]


class NotExpressed(Exception):
    """A case that asks for what the product has no way to say."""


def schedule(case: Case) -> Figures:
    return schedule_figures(case["inputs"], case["profile"])


def restructure(case: Case) -> Figures:
    inputs = dict(case["inputs"])
    loan = inputs.get("loan", {})
    stated = re.search(r"(\d+(?:\.\d+)?)% down payment", case.get("convention_notes", ""))
    if stated and "down_payment_percent" not in loan:  # some cases say so in the rules in force alone
        inputs["loan"] = {**loan, "down_payment_percent": stated[1]}
    return restructure_figures(inputs, case["profile"], case["kind"])


def dates(case: Case) -> Figures:
    """Due dates alone: a first date and a period, or a peer's name for a way of counting months."""
    inputs = case["inputs"]
    count = int(inputs["instalments"])
    way = inputs.get("schedule_type")
    if way is None:
        frequency = frequency_of(inputs)
        first = inputs.get("first_due_date")
        seed = date.fromisoformat(inputs.get("schedule_anchor_date") or inputs.get("disbursement_date") or first)
        start = date.fromisoformat(first) if first else shift(seed, frequency, 1)
        day = None if first or frequency.unit is not Unit.months else seed.day
        found = due_dates(start, frequency, count, day=day)
    else:
        start = date.fromisoformat(inputs["repayment_start_date"])
        if "start of next month" in way:
            found = due_dates(shift(start.replace(day=1), MONTHLY, 1), MONTHLY, count)
        elif "end of current month" in way:
            found = month_ends(start, count)
        elif way.startswith("Monthly as per repayment start date"):
            found = due_dates(start, MONTHLY, count)
        else:
            raise NotExpressed(f"a way of counting months called {way!r}")
    listed = [day.isoformat() for day in found]
    return {"due_dates": listed, "first_two": listed[:2], "first": listed[0], "last": listed[-1]}


def _given_account(inputs: Case, conventions: Conventions, payments: list[Case]) -> LoanAccount:
    """A loan of which the installments are given: one component `due`, or principal and interest apart."""
    rows = [
        (
            date.fromisoformat(row.get("due_date") or row["due"]),
            _cents(row["principal"] if "principal" in row else row["due"]),
            _cents(row.get("interest", "0")),
            0,
        )
        for row in inputs["instalments"]
    ]
    given = Schedule.given("USD", rows)
    loan = inputs.get("loan", {})
    start = date.fromisoformat(loan.get("disbursement_date", "1970-01-01"))
    terms = LoanTerms(
        principal=max(given.total_principal, 1),
        currency="USD",
        annual_rate=Decimal(loan.get("annual_rate_percent", "0")),
        installments=len(rows),
        frequency=MONTHLY,
        disbursed_on=min(start, date.fromordinal(rows[0][0].toordinal() - 1)),
        first_due_on=rows[0][0],
        conventions=conventions,
    )
    charges = tuple(
        Charge(order_of([c["kind"]])[0], date.fromisoformat(c["due"]), _cents(c["amount"]))
        for c in inputs.get("charges", [])
    )
    entries = tuple(
        Payment(f"{index:06}", date.fromisoformat(item["date"]), _cents(item["amount"]))
        for index, item in enumerate(payments)
    )
    return LoanAccount(terms, given, entries, charges=charges)


def _cents(text: Any) -> int:
    return to_minor(Decimal(str(text)), "USD")


_COMPONENTS = {
    "penalty": Component.penalties,
    "fee": Component.fees,
    "interest": Component.interest,
    "principal": Component.principal,
}


def allocation(case: Case) -> Figures:
    """What each payment paid: the difference between the replay with it and the one without."""
    inputs = case["inputs"]
    if "instalments" in inputs:
        conventions = conventions_of({k: v for k, v in inputs.items() if k != "instalments"}, case["profile"])
        account = _given_account(inputs, conventions, inputs["payments"])
    else:
        account = account_of(inputs, case["profile"])
    before = [0, 0, 0, 0]
    result = []
    for count, entry in enumerate(account.payments, 1):
        part = LoanAccount(account.terms, account.schedule, account.payments[:count], None, account.charges)
        laid = replay(part, entry.effective_on)
        paid = [sum(row[index] for row in laid.paid) for index in range(4)]
        split = dict(zip(("penalty", "fee", "interest", "principal"), paid, strict=True))
        was = dict(zip(("penalty", "fee", "interest", "principal"), before, strict=True))
        result.append(
            {
                "date": entry.effective_on.isoformat(),
                "amount": money(entry.amount, "USD"),
                **{name: money(split[name] - was[name], "USD") for name in _COMPONENTS},
                "principal_balance_after": money(account.schedule.total_principal - split["principal"], "USD"),
            }
        )
        before = paid
    return {"allocation": result}


def excess(case: Case) -> Figures:
    """Where money goes that is more than what is due."""
    inputs = case["inputs"]
    if inputs["excess_to"] not in EXCESS:
        raise NotExpressed(f"an excess that goes to {inputs['excess_to']!r}")
    already = [
        {"date": row["due_date"], "amount": item["amount"]}
        for item in inputs.get("already_paid", [])
        for row in inputs["instalments"]
        if row["n"] == item["n"]
    ]
    conventions = Conventions(excess=EXCESS[inputs["excess_to"]])
    payments = already + inputs["payments"]
    account = _given_account(inputs, conventions, payments)
    today = statement(account, max(date.fromisoformat(item["date"]) for item in payments))
    rows = [
        {
            "n": line.number,
            "due_date": line.due_on.isoformat(),
            "paid": money(line.paid, "USD"),
            "outstanding": money(line.open, "USD"),
            "paid_in_advance": money(line.paid_in_advance, "USD"),
            "paid_late": money(line.paid_late, "USD"),
        }
        for line in today.lines
    ]
    return {"rows": rows}


_FINERACT_BUCKETS = (3, 30, 60, 90, 120, 150, 180, 240)


def lateness(case: Case) -> Figures:
    """Days past due, delinquent days and buckets; what was paid is laid on the oldest installments first."""
    inputs = case["inputs"]
    on = date.fromisoformat(inputs["as_of"])
    paid = _cents(inputs.get("paid_total", "0"))
    first = min(row["due_date"] for row in inputs["instalments"])
    payments = [{"date": first, "amount": str(Decimal(paid) / 100)}] if paid else []
    late_today = case["profile"].startswith("frappe")
    edges = tuple(inputs["buckets"]) if "buckets" in inputs else _FINERACT_BUCKETS
    conventions = Conventions(grace_days=int(inputs.get("grace_days", 0)), buckets=edges, due_day_is_late=late_today)
    account = _given_account(inputs, conventions, payments)
    pauses = inputs.get("pauses") or ([inputs["pause"]] if "pause" in inputs else [])
    listed = tuple((date.fromisoformat(p["from"]), date.fromisoformat(p["to"])) for p in pauses)
    account = LoanAccount(account.terms, account.schedule, account.payments, pauses=listed)
    today = statement(account, on)
    unpaid = [(line.due_on, line.open) for line in today.lines]
    by_bucket = arrears.by_bucket(unpaid, on, edges, late_today)
    bucket = arrears.bucket_of(today.delinquent_days, edges)
    return {
        "days_past_due": today.days_past_due,
        "delinquent_days": today.delinquent_days,
        "overdue_amount": money(today.overdue, "USD"),
        "loan_bucket": None if bucket == arrears.CURRENT else bucket,
        "by_bucket": {name: money(amount, "USD") for name, amount in by_bucket.items()},
    }


def _number(text: Any) -> Decimal:
    """A number, or a quotient of two: '0.08/12'."""
    top, _, bottom = str(text).partition("/")
    with_digits = Fraction(top) / Fraction(bottom or 1)
    with localcontext(prec=60):
        return Decimal(with_digits.numerator) / Decimal(with_digits.denominator)


def function(case: Case) -> Figures:
    """A financial function by its spreadsheet name."""
    kind, inputs = case["kind"], case["inputs"]
    given = {name: _number(inputs[name]) for name in ("rate_per_period", "pv", "fv", "pmt") if name in inputs}
    rate, present = given.get("rate_per_period", Decimal(0)), given.get("pv", Decimal(0))
    future, each = given.get("fv", Decimal(0)), given.get("pmt", Decimal(0))
    begin, count = bool(inputs.get("begin", 0)), int(inputs.get("n", 0))
    if kind == "pmt":
        value = payment(rate, count, present, future, begin)
    elif kind == "pv":
        value = present_value(rate, count, each, future, begin)
    elif kind == "fv":
        value = future_value(rate, count, each, present, begin)
    elif kind == "ipmt":
        value = interest_part(rate, int(inputs["period"]), count, present, future, begin)
    elif kind == "ppmt":
        value = principal_part(rate, int(inputs["period"]), count, present, future, begin)
    elif kind == "cumipmt":
        value = cumulative(interest_part, rate, count, present, int(inputs["from"]), int(inputs["to"]), begin)
    elif kind == "cumprinc":
        value = cumulative(principal_part, rate, count, present, int(inputs["from"]), int(inputs["to"]), begin)
    elif kind == "nper":
        value = number_of_periods(rate, each, present, future, begin)
    else:
        value = rate_per_period(count, each, present, future, begin)
    return {"value": value}


def rate_factor(case: Case) -> Figures:
    """The interest of a period on one unit, to twelve digits (Apache Fineract's precision)."""
    inputs = case["inputs"]
    year_break = YearBreak.december_31 if case["profile"].startswith("fineract") else YearBreak.january_1
    share = year_share(
        date.fromisoformat(inputs["from"]), date.fromisoformat(inputs["to"]), day_count_of(inputs), year_break
    )
    num, den = rate_ratio(Decimal(inputs["annual_rate_percent"]))
    digits = round_ratio(num * share[0] * 10**12, den * share[1], Rounding.half_even)
    return {"value": Decimal(digits).scaleb(-12)}


def apr(case: Case) -> Figures:
    """The APR of US Regulation Z: by unit periods, or one payment after a number of days."""
    inputs = case["inputs"]
    financed = Decimal(inputs["amount_financed"])
    listed = inputs["payments"]
    if "unit_periods_per_year" in inputs:
        payments = [UnitPayment(Decimal(p["amount"]), int(p["unit_periods"]), Decimal(p["fraction"])) for p in listed]
        return {"apr_percent": rounded(reg_z_apr(financed, payments, Decimal(inputs["unit_periods_per_year"])))}
    if len(listed) != 1:
        raise NotExpressed("several payments without unit periods")
    days = Decimal(inputs["days_in_year"]) / Decimal(listed[0]["days"])
    return {"apr_percent": rounded(reg_z_apr(financed, [UnitPayment(Decimal(listed[0]["amount"]), 1)], days))}


def effective(case: Case) -> Figures:
    """The effective yearly rate over days / 365."""
    inputs = case["inputs"]
    start = date.fromisoformat(inputs["advance_date"])
    payments = [(date.fromisoformat(p["date"]), Decimal(p["amount"])) for p in inputs["payments"]]
    return {"apr_percent": rounded(effective_rate(Decimal(inputs["amount_financed"]), start, payments))}


_SCHEDULES = (
    "declining_equal_instalments",
    "declining_equal_principal",
    "flat",
    "zero_rate",
    "grace_principal",
    "grace_interest_payment",
    "grace_interest",
    "balloon",
    "fixed_instalment",
    "interest_only",
    "bullet",
)
_RESTRUCTURES = (
    "due_date_change",
    "term_extension",
    "rate_change",
    "payment_holiday",
    "payment_holiday_and_extension",
    "arrears_spread",
    "prepayment_recalc",
    "late_payment_recalc",
    "partial_payment",
    "prepayment_reduce_instalment",
    "prepayment_reduce_term",
    "interest_holiday",
    "payoff",
)
ADAPTERS = {
    **dict.fromkeys(_SCHEDULES, schedule),
    **dict.fromkeys(_RESTRUCTURES, restructure),
    **dict.fromkeys(("pmt", "pv", "fv", "ipmt", "ppmt", "cumipmt", "cumprinc", "nper", "rate"), function),
    "due_dates": dates,
    "order": allocation,
    "excess_rule": excess,
    "days_past_due": lateness,
    "period_rate_factor": rate_factor,
    "apr_us_actuarial": apr,
    "apr_effective": effective,
}


def figures_of(case: Case) -> Figures:
    """The product's figures for a case. Raises NotExpressed with the reason."""
    kind = case["kind"]
    if kind in ADAPTERS:
        make = ADAPTERS[kind]
    elif "schedule" in case.get("expected", {}):
        make = restructure if {"restructure", "payments", "loan"} & set(case["inputs"]) else schedule
    else:
        raise NotExpressed(f"the kind {kind!r}")
    try:
        return make(case)
    except Unstated as error:
        raise NotExpressed(error.sentence) from error
    except DomainError:
        raise
    except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise NotExpressed(f"inputs of a form that is not known: {error!r}") from error
