"""A plan beside today: what is paid each period, until when, in all, and the honest difference."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from portal.domain.allocation import Opening, Statement
from portal.domain.due_dates import months_between
from portal.domain.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Comparison:
    """A plan beside today. Amounts in minor units; counts are of installments still to pay.

    `amount_*` is the usual installment, `highest_new` the largest one to come. `extra` is what the plan costs more (below
    zero: less). `months_longer` counts calendar months between the two last dates.
    """

    amount_today: int
    amount_new: int
    highest_new: int
    first_due_today: date | None
    first_due_new: date
    last_due_today: date
    last_due_new: date
    left_to_pay_today: int
    left_to_pay_new: int
    extra: int
    interest_today: int
    interest_new: int
    installments_today: int
    installments_new: int
    months_longer: int


def _usual(amounts: list[int]) -> int:
    """The amount that most installments ask, the earliest of those that tie."""
    counts = Counter(amounts)
    return max(counts, key=counts.__getitem__)


OpenRows = list[tuple[date, int, int]]  # due date, open amount, open interest


@dataclass(frozen=True, slots=True)
class Today:
    """Today's side of a comparison."""

    amount: int
    first_due: date | None
    last_due: date
    left_to_pay: int
    interest: int
    installments: int


def today_side(today: Statement, schedule: Schedule, on: date) -> Today:
    """Today's side, reckoned once for all plans."""
    to_come = [line for line in today.lines if line.open]
    coming = [line.open for line in to_come if line.due_on >= on] or [line.open for line in to_come]
    return Today(
        amount=_usual(coming) if coming else 0,
        first_due=today.next_due[0] if today.next_due else None,
        last_due=schedule.last_due_on,
        left_to_pay=today.left_to_pay,
        interest=sum([line.open_interest for line in to_come]),
        installments=len(to_come),
    )


def compare(today: Today, then: OpenRows, last_new: date, on: date) -> Comparison:
    """The comparison with a plan whose open rows are `then` and whose last date is `last_new`."""
    planned = [amount for due_on, amount, _ in then if due_on >= on] or [amount for _, amount, _ in then]
    left = sum([amount for _, amount, _ in then])
    return Comparison(
        amount_today=today.amount,
        amount_new=_usual(planned),
        highest_new=max(planned),
        first_due_today=today.first_due,
        first_due_new=next((due_on for due_on, _, _ in then if due_on >= on), then[0][0]),
        last_due_today=today.last_due,
        last_due_new=last_new,
        left_to_pay_today=today.left_to_pay,
        left_to_pay_new=left,
        extra=left - today.left_to_pay,
        interest_today=today.interest,
        interest_new=sum([interest for _, _, interest in then]),
        installments_today=today.installments,
        installments_new=len(then),
        months_longer=months_between(today.last_due, last_new),
    )


def open_rows(schedule: Schedule, opening: Opening) -> OpenRows:
    """The rows that a statement on the day of the plan would show as open: the opening of a plan is exact, so laying it
    says it all."""
    principal, interest, fees = opening.principal_paid, opening.interest_paid, opening.fees_paid
    result = []
    for _, due_on, owed, charged, extra, _ in schedule.installments:
        if principal or interest or fees:
            paid = min(owed, principal), min(charged, interest), min(extra, fees)
            principal, interest, fees = principal - paid[0], interest - paid[1], fees - paid[2]
            owed, charged, extra = owed - paid[0], charged - paid[1], extra - paid[2]
        if owed or charged or extra:
            result.append((due_on, owed + charged + extra, charged))
    return result
