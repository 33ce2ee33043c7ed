"""Ceilings on the yearly cost of credit, by place: data with its source, which a lender confirms before going live.

None of these was read in the text of its law (field mark [K]). A place that is not here has no ceiling that we know of,
which is not the same as having none.

A plan is held against the ceiling of the day on which it is made, over the whole life of the loan: what was paid out, and
every installment and charge under the plan. It is refused where it is above the ceiling **and** dearer than the loan is
without it. Relief for a loan that was above the ceiling before is never refused for what the loan was: that would keep the
borrower in the dearer one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.domain.allocation import LoanAccount, in_force
from portal.domain.apr import HIGHEST, effective_rate, reg_z_apr, rounded, unit_payments
from portal.domain.errors import InvalidPlan, InvalidTerms
from portal.domain.loan_terms import Method
from portal.domain.money import to_decimal
from portal.domain.restructuring import Restructured, account_after


class Measure(StrEnum):
    """What is held against a ceiling."""

    rate = "rate"  # the yearly interest rate of the terms; of a flat one, which counts on repaid principal too, the APR
    effective = "effective"  # the effective yearly rate, fees included
    apr = "apr"  # the US Regulation Z APR


@dataclass(frozen=True, slots=True)
class Ceiling:
    """At most `percent` a year for loans of `currency` below `below` currency units (any amount where None), from
    `holds_from` on. `place` is a code that a lender chooses from; `source` names the rule."""

    place: str
    percent: Decimal
    measure: Measure
    holds_from: date
    source: str
    currency: str | None = None
    below: Decimal | None = None


def _japan(percent: int, below: int | None) -> Ceiling:
    return Ceiling(
        "jp",
        Decimal(percent),
        Measure.rate,
        date(2010, 6, 18),
        "Interest Rate Restriction Act, article 1 [K]",
        "JPY",
        Decimal(below) if below else None,
    )


CEILINGS = (
    Ceiling("tw", Decimal(16), Measure.rate, date(2021, 7, 20), "Civil Code, article 205 [K]"),
    Ceiling("hk", Decimal(48), Measure.effective, date(2022, 12, 30), "Money Lenders Ordinance, section 24 [K]"),
    Ceiling("us-mla", Decimal(36), Measure.apr, date(2007, 10, 1), "Military Lending Act, 10 USC 987 [K]"),
    _japan(20, 100_000),
    _japan(18, 1_000_000),
    _japan(15, None),
)


def ceiling_for(
    place: str, on: date, principal: int, currency: str, ceilings: Iterable[Ceiling] = CEILINGS
) -> Ceiling | None:
    """The ceiling in force in `place` on the day `on` for a loan of `principal` minor units: the latest, and of those of one
    day the one for the smallest loans that holds this one. None where none is known."""
    amount = to_decimal(principal, currency)
    held = [
        ceiling
        for ceiling in ceilings
        if ceiling.place == place
        and ceiling.holds_from <= on
        and ceiling.currency in (None, currency)
        and (ceiling.below is None or amount < ceiling.below)
    ]
    if not held:
        return None
    latest = max(ceiling.holds_from for ceiling in held)
    of_day = [ceiling for ceiling in held if ceiling.holds_from == latest]
    return min(of_day, key=lambda ceiling: (ceiling.below is None, ceiling.below or 0))


PLACES = tuple(sorted({ceiling.place for ceiling in CEILINGS}))


def ceilings_of(places: Iterable[str], on: date, principal: int, currency: str) -> tuple[Ceiling, ...]:
    """What holds on the day `on` for a loan of `principal` minor units in all of `places`."""
    found = (ceiling_for(place, on, principal, currency) for place in places)
    return tuple(ceiling for ceiling in found if ceiling is not None)


def yearly_cost(measure: Measure, account: LoanAccount, since: date | None = None) -> Decimal:
    """What the loan costs a year by `measure`, in percent with two digits, fees and charges included where the measure has
    them. A rate is the highest that holds from `since` on, or ever. Zero where less comes back than was paid out; no more
    than portal.domain.apr.HIGHEST."""
    terms = account.terms
    if measure is Measure.rate and terms.method is not Method.flat:
        changes = sorted(terms.rate_changes)
        before = [rate for day, rate in changes if since is not None and day <= since]
        later = [rate for day, rate in changes if since is None or day > since]
        return max([before[-1] if before else terms.annual_rate, *later])
    dues = _dues(account)
    try:
        if measure is Measure.effective:
            return rounded(effective_rate(Decimal(terms.financed), terms.disbursed_on, dues))
        payments, per_year = unit_payments(terms.disbursed_on, terms.frequency, dues)
        return rounded(reg_z_apr(Decimal(terms.financed), payments, per_year))
    except InvalidTerms as error:
        if error.code == "repays_too_little":
            return Decimal(0)
        if error.code == "apr_too_high":
            return HIGHEST
        raise


def _dues(account: LoanAccount) -> list[tuple[date, Decimal]]:
    start = account.terms.disbursed_on
    rows = [(row.due_on, Decimal(row.total)) for row in account.schedule.installments if row.due_on > start]
    return sorted(rows + [(charge.due_on, Decimal(charge.amount)) for charge in account.charges])


def above(ceilings: Iterable[Ceiling], account: LoanAccount) -> list[tuple[Ceiling, Decimal]]:
    """The ceilings that a loan is above, each with what it costs by the ceiling's measure."""
    costs = ((ceiling, yearly_cost(ceiling.measure, account)) for ceiling in ceilings)
    return [(ceiling, cost) for ceiling, cost in costs if exceeds(ceiling, cost)]


def refuse_dearer(account: LoanAccount, result: Restructured, on: date, ceilings: Sequence[Ceiling]) -> None:
    """Raises InvalidPlan above_ceiling where a plan made on the day `on` for `account` is above one of `ceilings` and dearer
    than the loan is without it."""
    if not ceilings or result.plan.changes_nothing:
        return
    account = in_force(account, on)
    after = account_after(account, result, on)
    for ceiling in ceilings:
        cost = yearly_cost(ceiling.measure, after, on)
        if exceeds(ceiling, cost) and cost > yearly_cost(ceiling.measure, account, on):
            refuse_above(ceiling, cost)


def exceeds(ceiling: Ceiling | None, percent: Decimal) -> bool:
    """Whether a yearly cost, in the ceiling's own measure, is above it. Exactly at it is not."""
    return ceiling is not None and percent > ceiling.percent


def refuse_above(ceiling: Ceiling | None, percent: Decimal) -> None:
    """Raises InvalidPlan above_ceiling where a plan would cost more a year than the place allows."""
    if ceiling is not None and percent > ceiling.percent:
        raise InvalidPlan(
            "above_ceiling",
            f"The yearly cost can't be above {ceiling.percent} %.",
            percent=str(percent),
            ceiling=str(ceiling.percent),
            source=ceiling.source,
        )
