"""Loan terms, payments and plans as a JSON file states them: money as text in currency units, ISO dates, percent a year.

A `profile` names the conventions in force; what the terms state beside it wins. This is the form that `portal schedule` and
`portal restructure` read.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from portal.domain.allocation import Charge, LoanAccount, Payment
from portal.domain.conventions import (
    Component,
    Conventions,
    Excess,
    InterestPeriod,
    LevelBasis,
    OddPeriod,
    PayoffInterest,
    Remainder,
)
from portal.domain.day_count import DayCount, YearBreak
from portal.domain.due_dates import Frequency, Unit, shift
from portal.domain.loan_terms import LoanTerms, Method
from portal.domain.money import Rounding, to_minor
from portal.domain.plan_terms import Arrears, PlanTerms
from portal.domain.schedule import build_schedule
from portal.stated_values import Stated, Unstated, day_of, decimal, one_of, required_day, whole_number

_FINERACT = Conventions(rounding=Rounding.half_even, installment_rounding=Rounding.half_even)
_FRAPPE = Conventions(
    installment_rounding=Rounding.up,
    installment_unit=100,
    due_day_is_late=True,
    order_in_advance=(Component.principal, Component.interest, Component.fees, Component.penalties),
)

PROFILES = {
    "half-up": Conventions(),
    "exact": Conventions(),
    "fineract-cumulative": replace(_FINERACT, installment_unit=100, odd_period=OddPeriod.as_whole),
    "fineract-progressive": replace(
        _FINERACT,
        odd_period=OddPeriod.share_of_period,
        remainder=Remainder.smoothed,
        stretches_rounded=False,
        year_break=YearBreak.december_31,
    ),
    "frappe-2024": replace(_FRAPPE, interest_carried=True),
    "frappe-2025": replace(
        _FRAPPE,
        interest_period=InterestPeriod.daily,
        day_count=DayCount.actual_365,
        level_basis=LevelBasis.nominal,
    ),
}

_METHODS = {
    "equal_instalments": Method.equal_installments,
    "equal_installments": Method.equal_installments,
    "equal_principal": Method.equal_principal,
    "fixed_instalment": Method.fixed_installment,
    "fixed_installment": Method.fixed_installment,
    "fixed_principal_percent": Method.principal_share,
    "interest_only": Method.interest_only,
    "bullet": Method.bullet,
}
_UNITS = {
    "days": (Unit.days, 1),
    "weeks": (Unit.weeks, 1),
    "fortnights": (Unit.weeks, 2),
    "half_months": (Unit.half_months, 1),
    "months": (Unit.months, 1),
    "quarters": (Unit.months, 3),
    "years": (Unit.months, 12),
}
# Other names of what we know: ISDA's, and those of rounding modes in programs.
_DAY_COUNTS = {
    "act/360": DayCount.actual_360,
    "act/364": DayCount.actual_364,
    "act/365": DayCount.actual_365,
    "act/365f": DayCount.actual_365,
    "actual/365f": DayCount.actual_365,
    "act/act": DayCount.actual_actual,
    "30e/360": DayCount.thirty_e_360,
    "30u/360": DayCount.thirty_360,
}
_ROUNDINGS = {
    "ceiling": Rounding.up,
    "floor": Rounding.down,
    "half_ceiling": Rounding.half_up,
    "none": Rounding.half_up,
}
_STAND_INS = {0: "JPY", 2: "USD", 3: "KWD", 4: "CLF"}
_NO_DATE = date(2000, 1, 1)  # where terms state no date, the rows hang on this one and only their figures mean anything


def currency_of(stated: Stated) -> str:
    """The currency that is stated, or a stand-in with as many digits after the point."""
    if "currency" in stated:
        return str(stated["currency"])
    decimals = whole_number(stated.get("currency_decimals", 2), "currency_decimals")
    if decimals not in _STAND_INS:
        raise Unstated("unknown_decimals", f"No currency has {decimals} digits after the point.", decimals=decimals)
    return _STAND_INS[decimals]


def conventions_of(stated: Stated, profile: str) -> Conventions:
    """The conventions of `profile`, with what `stated` says put over them. Raises Unstated on a name that is not known."""
    if not isinstance(profile, str) or profile not in PROFILES:
        raise Unstated("unknown_profile", f"{profile} is not a profile that we know.", profile=profile)
    conventions = PROFILES[profile]
    currency = currency_of(stated)
    changes: dict[str, Any] = {}
    if "rounding_mode" in stated:
        changes["rounding"] = changes["installment_rounding"] = one_of(
            Rounding, stated["rounding_mode"], "rounding_mode", _ROUNDINGS
        )
    whole = to_minor(Decimal(1), currency)
    if profile == "fineract-cumulative" or profile.startswith("frappe"):
        changes["installment_unit"] = whole
    unit = (
        to_minor(decimal(stated["currency_minor_unit"], "currency_minor_unit"), currency)
        if ("currency_minor_unit" in stated)
        else 1
    )
    if unit > 1:
        changes["interest_unit"] = changes["installment_unit"] = unit
    if "instalment_multiple" in stated:
        multiple = stated["instalment_multiple"]
        changes["installment_unit"] = unit if multiple is None else to_minor(decimal(multiple, "multiple"), currency)
    rounding = stated.get("instalment_rounding")
    if rounding is not None:
        if not str(rounding).startswith("ceiling"):
            raise Unstated("unknown_rounding", f"{rounding} is not a rounding of installments that we know.")
        changes["installment_rounding"] = Rounding.up
    if "remainder" in stated:
        changes["remainder"] = one_of(Remainder, stated["remainder"], "remainder")
    if "row_rounding" in stated:
        changes["interest_carried"] = stated["row_rounding"] == "none"
    changes.update(_days_of(stated, profile, conventions))
    if "order_due" in stated:
        changes["order_due"] = order_of(stated["order_due"])
        if not profile.startswith("frappe"):  # there, what is not due yet lowers the principal
            changes["order_in_advance"] = changes["order_due"]
    if "order_in_advance" in stated:
        changes["order_in_advance"] = order_of(stated["order_in_advance"])
    if stated.get("interest_until") == "next due date":
        changes["payoff_interest"] = PayoffInterest.to_next_due
    if "grace_days" in stated:
        changes["grace_days"] = whole_number(stated["grace_days"], "grace_days")
    if "conventions" in stated and not isinstance(stated["conventions"], dict):
        raise Unstated("unknown_convention", "Conventions are a JSON object of names and values.")
    if "conventions" in stated:
        changes = {**conventions.to_dict(), **_plain(changes), **stated["conventions"]}
        return Conventions.from_dict(changes)
    return replace(conventions, **changes)


def _plain(changes: Stated) -> Stated:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in changes.items()}


def _days_of(stated: Stated, profile: str, conventions: Conventions) -> Stated:
    """How the days of a period count."""
    changes: Stated = {}
    if "day_count" in stated:
        day_count = day_count_of(stated)
        changes["day_count"] = day_count
        monthly = day_count is DayCount.thirty_360 and profile != "half-up"
        if not monthly and profile != "fineract-cumulative":
            changes["interest_period"] = InterestPeriod.daily
    period = stated.get("interest_calculation_period")
    if period == "daily":
        changes["interest_period"] = InterestPeriod.daily
        changes.setdefault("day_count", DayCount.actual_365)
        if profile == "fineract-cumulative":
            changes["level_basis"] = LevelBasis.thirty_days
    elif period == "same_as_repayment_period":
        changes["interest_period"] = InterestPeriod.per_period
    return changes


def day_count_of(stated: Stated) -> DayCount:
    """The day count that is stated."""
    return one_of(DayCount, stated["day_count"], "day_count", _DAY_COUNTS)


def order_of(names: list[str]) -> tuple[Component, ...]:
    """An order of components from their names; what is not named comes last."""
    plural = {"penalty": "penalties", "fee": "fees"}
    if not isinstance(names, list | tuple):
        raise Unstated("invalid_order", f"An order of payment is a list of components, not {names!s}.")
    named = [one_of(Component, plural.get(str(name), name), "component") for name in names]
    return (*named, *(component for component in Component if component not in named))


def frequency_of(stated: Stated) -> Frequency:
    """`every` and `unit`, once a month where they are not stated."""
    name = str(stated.get("unit", "months")).lower()
    name = name if name.endswith("s") else name + "s"
    if name not in _UNITS:
        raise Unstated("unknown_unit", f"{stated['unit']!s} is not a unit of time that we know.", unit=stated["unit"])
    unit, times = _UNITS[name]
    return Frequency(whole_number(stated.get("every", 1), "every") * times, unit)


def method_of(stated: Stated) -> Method:
    """The method that the interest and the way of repayment come to."""
    name = stated.get("amortisation", "equal_instalments")
    if name not in _METHODS:
        raise Unstated("unknown_method", f"{name} is not a way of repayment that we know.", method=name)
    interest = stated.get("interest_method", "declining_balance")
    if interest == "flat":
        return Method.flat
    if interest != "declining_balance":
        raise Unstated("unknown_method", f"{interest} is not a way of interest that we know.", method=interest)
    return _METHODS[name]


def terms_of(stated: Stated, profile: str = "half-up") -> LoanTerms:
    """Loan terms as they are stated. Raises Unstated, InvalidTerms, UnknownCurrency."""
    currency = currency_of(stated)
    frequency = frequency_of(stated)
    if "annual_rate_percent" in stated:
        rate = decimal(stated["annual_rate_percent"], "annual_rate_percent")
    elif "rate_percent_per_month" in stated:
        rate = decimal(stated["rate_percent_per_month"], "rate_percent_per_month") * 12
    else:
        raise Unstated("no_rate", "The terms state no interest rate.")
    if "principal" not in stated:
        raise Unstated("no_principal", "The terms state no amount.")
    principal = to_minor(decimal(stated["principal"], "principal"), currency)
    disbursed = day_of(stated, "disbursement_date") or _NO_DATE
    anchor = day_of(stated, "schedule_anchor_date") or disbursed
    first = day_of(stated, "first_due_date")
    percent = stated.get("fixed_principal_percent")
    down = stated.get("down_payment_percent")
    fixed = stated.get("fixed_instalment")
    return LoanTerms(
        principal=principal,
        currency=currency,
        annual_rate=rate,
        installments=whole_number(stated.get("instalments", 0), "instalments"),
        frequency=frequency,
        disbursed_on=disbursed,
        first_due_on=first or shift(anchor, frequency, 1),
        method=method_of(stated),
        conventions=conventions_of(stated, profile),
        due_day=None if first or frequency.unit is not Unit.months else anchor.day,
        principal_grace=whole_number(stated.get("grace_principal_periods", 0), "grace_principal_periods"),
        interest_payment_grace=whole_number(
            stated.get("grace_interest_payment_periods", 0), "grace_interest_payment_periods"
        ),
        interest_free=whole_number(stated.get("grace_interest_free_periods", 0), "grace_interest_free_periods"),
        amount=to_minor(decimal(fixed, "fixed_instalment"), currency) if fixed is not None else None,
        principal_percent=decimal(percent, "fixed_principal_percent") if percent is not None else None,
        down_payment=_share(principal, down),
    )


def _share(principal: int, percent: Any) -> int:
    """`percent` of `principal`, whole minor units; 0 where none is stated."""
    share = decimal(0 if percent is None else percent, "down_payment_percent")
    if not share.is_finite():
        raise Unstated(
            "not_a_number", f"down_payment_percent is not a number: {percent!s}", name="down_payment_percent"
        )
    return int(principal * share / 100)


def payments_of(stated: Stated, terms: LoanTerms) -> tuple[Payment, ...]:
    """Payments as they are stated; a down payment of which nothing is said was paid on its day."""
    listed = stated.get("payments", [])
    result = [
        Payment(f"{index:06}", required_day(item, "date"), to_minor(decimal(item["amount"], "amount"), terms.currency))
        for index, item in enumerate(listed, 1)
    ]
    if terms.down_payment and not any(payment.effective_on == terms.disbursed_on for payment in result):
        result.insert(0, Payment("000000", terms.disbursed_on, terms.down_payment))
    return tuple(result)


def account_of(stated: Stated, profile: str = "half-up", **conventions: Any) -> LoanAccount:
    """A loan with its payments and charges: terms under `loan`, or beside the payments. `conventions` win over all."""
    loan = {**stated, **stated["loan"]} if "loan" in stated else stated
    terms = terms_of(loan, profile)
    if conventions:
        terms = replace(terms, conventions=replace(terms.conventions, **conventions))
    charges = tuple(
        Charge(
            order_of([item["kind"]])[0],
            required_day(item, "due"),
            to_minor(decimal(item["amount"], "amount"), terms.currency),
        )
        for item in stated.get("charges", [])
    )
    return LoanAccount(terms, build_schedule(terms), payments_of(stated, terms), charges=charges)


_AMOUNTS = ("amount", "waive_interest", "waive_fees", "waive_penalties")


def plan_of(stated: Stated, currency: str) -> PlanTerms:
    """A plan: the names of PlanTerms with amounts in currency units, or a peer's words for one (`effective_from_due_date`,
    `new_due_date`, `extra_instalments`, `principal_grace_periods`, `new_annual_rate_percent`, `type`)."""
    if not _PEER & set(stated):
        own = dict(stated)
        for name in _AMOUNTS:
            if own.get(name) is not None:
                own[name] = to_minor(decimal(own[name], name), currency)
        for name in ("steps", "settlement"):
            if own.get(name):
                own[name] = _with_minor(own[name], currency)
        return PlanTerms.from_dict(own)
    kind = stated.get("type")
    if kind == "re_age":
        return PlanTerms(
            arrears=Arrears.capitalise,
            installments=whole_number(stated["new_instalments"], "new_instalments"),
            frequency=frequency_of(stated),
            first_on=day_of(stated, "first_new_due_date"),
        )
    if kind == "spread_arrears_over_remaining":
        return PlanTerms(arrears=Arrears.spread)
    if kind is not None:
        raise Unstated("unknown_plan", f"{kind} is not a kind of plan that we know.", kind=kind)
    grace = whole_number(stated.get("principal_grace_periods", 0), "principal_grace_periods")
    rate = stated.get("new_annual_rate_percent")
    return PlanTerms(
        from_due=day_of(stated, "effective_from_due_date"),
        first_on=day_of(stated, "new_due_date"),
        extend_by=whole_number(stated.get("extra_instalments", 0), "extra_instalments") + grace,
        interest_only=grace,
        rate=decimal(rate, "new_annual_rate_percent") if rate is not None else None,
    )


_PEER = {"type", "effective_from_due_date", "new_due_date", "extra_instalments", "new_annual_rate_percent"} | {
    "principal_grace_periods",
    "interest_grace_periods",
}


def _with_minor(value: Any, currency: str) -> Any:
    if isinstance(value, list):
        return [_with_minor(item, currency) for item in value]
    return {**value, "amount": to_minor(decimal(value["amount"], "amount"), currency)}


EXCESS = {
    "next instalment": Excess.next_installment,
    "last instalment": Excess.last_installment,
    "spread equally over future instalments": Excess.spread,
}
