"""What a book states of a loan beside what we reckon from its terms. Pure: plain values in, plain values out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.domain.allocation import LoanAccount, Opening
from portal.domain.ceilings import above, ceilings_of
from portal.domain.conventions import Remainder
from portal.domain.due_dates import shift
from portal.domain.opening_position import (
    Standing,
    installments_that_leave,
    opening_by_overdue,
    opening_position,
    standing,
)
from portal.domain.schedule import LoanTerms, Method, Schedule, build_schedule, level_installment
from portal.exchange.loan_book import LoanRow
from portal.exchange.mapping import Mapping

# Methods whose every installment but the last is the same, so that the one that a book states can be compared.
_LEVEL = (Method.equal_installments, Method.flat)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A figure of the file that is not ours; both stand until somebody decides. what: installment, balance,
    principal_paid or overdue. stated, ours: minor units of `currency`."""

    line: int
    loan_number: str
    what: str
    stated: int
    ours: int
    currency: str


@dataclass(frozen=True, slots=True)
class AboveCeiling:
    """A loan that costs more a year than a place of the lender's allows: `cost` and `ceiling` in percent by the ceiling's
    `measure` (rate, effective, apr), at the day on which it was paid out. It is taken in all the same."""

    line: int
    loan_number: str
    place: str
    measure: str
    cost: Decimal
    ceiling: Decimal


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one loan. opening: where our books begin. then, today: how it stands on the day of the file and now.
    installment_agrees, balance_agrees: None where there is nothing to compare."""

    terms: LoanTerms
    schedule: Schedule
    opening: Opening
    then: Standing
    today: Standing
    installment_agrees: bool | None
    balance_agrees: bool | None
    disagreements: tuple[Disagreement, ...]


def figures(row: LoanRow, mapping: Mapping, as_of: date, today: date) -> Figures:
    """What follows from the row's terms under the mapping's product. Raises InvalidTerms."""
    terms = loan_terms(row, mapping)
    schedule = build_schedule(terms)
    opening = _opening(row, schedule, as_of)
    late_today = terms.conventions.due_day_is_late
    then = standing(schedule, opening, as_of, late_today)
    found: list[Disagreement] = []

    def compare(what: str, stated: int | None, ours: int, within: int = 0) -> bool | None:
        if stated is None:
            return None
        if abs(stated - ours) > within:
            found.append(Disagreement(row.line, row.loan_number, what, stated, ours, row.currency))
            return False
        return True

    first = schedule.installments[0]
    installment = first.principal + first.interest
    if terms.conventions.remainder is Remainder.first:  # there the first installment is not like the others
        installment = level_installment(terms)
    installment_agrees = compare("installment", row.stated_installment, installment) if terms.method in _LEVEL else None
    balance_agrees = None
    if row.status == "current" and row.stated_balance is not None:
        balance_agrees = installments_that_leave(schedule, row.stated_balance) is not None
        if not balance_agrees:
            compare("balance", row.stated_balance, _nearest_balance(schedule, row.stated_balance))
    if row.status != "written_off":
        if row.stated_balance is not None:
            compare("principal_paid", row.paid_principal, row.principal - row.stated_balance, within=1)
        # Whoever calls a loan current says that nothing is overdue.
        overdue = 0 if row.stated_overdue is None and row.status == "current" else row.stated_overdue
        compare("overdue", overdue, then.overdue)
    return Figures(
        terms,
        schedule,
        opening,
        then,
        then if today == as_of else standing(schedule, opening, today, late_today),
        installment_agrees,
        balance_agrees,
        tuple(found),
    )


def above_ceilings(row: LoanRow, ours: Figures, places: Sequence[str]) -> list[AboveCeiling]:
    """The ceilings of `places` that the row's loan is above. Raises InvalidTerms where its cost is beyond all reckoning."""
    if not places:
        return []
    terms = ours.terms
    held = ceilings_of(places, terms.disbursed_on, terms.principal, terms.currency)
    return [
        AboveCeiling(row.line, row.loan_number, ceiling.place, ceiling.measure.value, cost, ceiling.percent)
        for ceiling, cost in above(held, LoanAccount(terms, ours.schedule))
    ]


def loan_terms(row: LoanRow, mapping: Mapping) -> LoanTerms:
    """The terms of a row's loan. Raises InvalidTerms."""
    product = mapping.product
    due_day = None
    if row.issued_on.day > max(row.first_due_on.day, 28):
        # Paid out on the 31st and due on the 28th of February: the 31st is meant in the months that have one.
        by_rule = shift(row.issued_on, product.frequency, mapping.periods_to_first_due or 1)
        due_day = row.issued_on.day if row.first_due_on == by_rule else None
    return LoanTerms(
        principal=row.principal,
        currency=row.currency,
        annual_rate=row.rate,
        installments=row.installments,
        frequency=product.frequency,
        disbursed_on=row.issued_on,
        first_due_on=row.first_due_on,
        method=product.method,
        conventions=product.conventions,
        due_day=due_day,
    )


def _opening(row: LoanRow, schedule: Schedule, as_of: date) -> Opening:
    """The balance tells what was paid where it is stated; a written-off one is no balance that somebody paid down."""
    if row.status == "paid_off":
        return opening_position(schedule, as_of, row.principal, row.paid_interest, settled=True)
    principal = row.paid_principal
    if row.stated_balance is not None and (principal is None or row.status != "written_off"):
        principal = max(row.principal - row.stated_balance, 0)
    if principal is None:
        return opening_by_overdue(schedule, as_of, row.stated_overdue or 0)
    on_time = row.status == "current" and not row.stated_overdue
    return opening_position(schedule, as_of, principal, row.paid_interest, on_time=on_time)


def _nearest_balance(schedule: Schedule, balance: int) -> int:
    """What the whole number of paid installments leaves that comes nearest to `balance`."""
    left = [schedule.total_principal, *(row.balance for row in schedule.installments)]
    return min(left, key=lambda ours: abs(ours - balance))
