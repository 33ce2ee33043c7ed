"""From what another system says of a loan to the position in which our books begin, and what that position leaves to pay.

A book states what is left of the principal and perhaps what was paid. Its interest rarely equals ours to the cent (a first
period some days shorter, a day count), and a borrower must not become late by such cents. So where the principal that was
paid covers whole installments, these count as paid, with the interest that our schedule has for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.allocation import Opening
from portal.domain.schedule import Installment, Schedule

PER_CENT_OF_DIFFERENCE = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """What `portal.domain.allocation.statement` says of a loan on which nothing was laid but its opening position, without
    a line for each installment: the next due date, the due date of the oldest late installment, and what is late in minor
    units."""

    next_due_on: date | None
    overdue_since: date | None
    overdue: int
    is_paid_off: bool


def installments_that_leave(schedule: Schedule, balance: int, within: int = 1) -> int | None:
    """How many paid installments leave `balance` of the principal, to within `within` minor units; None where no whole
    number does."""
    rows = schedule.installments
    if abs(rows[0].principal + rows[0].balance - balance) <= within:
        return 0
    for row in rows:
        if abs(row.balance - balance) <= within:
            return row.number
        if row.balance < balance - within:
            return None
    return None


def opening_position(
    schedule: Schedule,
    as_of: date,
    principal_paid: int,
    interest_paid: int | None = None,
    settled: bool = False,
    on_time: bool = False,
) -> Opening:
    """The position of a loan of which `principal_paid` and, where known, `interest_paid` (minor units) came by `as_of`.

    Whole installments by their principal, to within a unit, count as paid in full; those that ask interest alone, by their
    interest, or by their day where that is not known. Of the one after them what was paid is kept (its interest first,
    where that is not known). `settled`: nothing is owed any more, and the interest that was paid stands as it is.
    `on_time`: the other books call the loan current; then what an installment that was due lacks counts as a difference of
    interest, not as arrears, as long as it is below PER_CENT_OF_DIFFERENCE of that installment.
    """
    if settled:
        return Opening(as_of, schedule.total_principal, min(interest_paid or 0, schedule.total_interest))
    principal = interest = 0
    for row in schedule.installments:
        if row.principal:
            within = 1
            if on_time and row.due_on < as_of:
                within = max(within, row.total * PER_CENT_OF_DIFFERENCE // 100)
            covered = principal + row.principal <= principal_paid + within
        elif interest_paid is None:
            covered = row.due_on < as_of
        else:
            covered = interest + row.interest <= interest_paid + 1
        if not covered:
            part_paid = principal_paid > principal + 1
            if part_paid or not row.principal:
                most = interest + row.interest
                interest = most if interest_paid is None else max(interest, min(interest_paid, most))
            if part_paid:
                principal = principal_paid
            break
        principal += row.principal
        interest += row.interest
    return Opening(as_of, principal, interest)


def opening_by_overdue(schedule: Schedule, as_of: date, overdue: int) -> Opening:
    """The position of a loan of which only `overdue` (minor units, 0 where it is on time) is known: all that was due
    before `as_of` is paid but for so much, the oldest installments first, interest before principal."""
    due = [row for row in schedule.installments if row.due_on < as_of]
    money = max(sum(row.principal + row.interest for row in due) - overdue, 0)
    principal = interest = 0
    for row in due:
        part = min(row.interest, money)
        interest += part
        money -= part
        part = min(row.principal, money)
        principal += part
        money -= part
    return Opening(as_of, principal, interest)


def standing(schedule: Schedule, opening: Opening, on: date, due_day_is_late: bool = False) -> Standing:
    """How a loan with `opening` and no payment since stands on `on`."""
    rows = schedule.installments
    index, principal, interest, fees = _first_open(rows, opening)
    if index == len(rows) or opening.principal_paid >= rows[0].principal + rows[0].balance:
        return Standing(None, None, 0, True)
    since, overdue = None, 0
    for row in rows[index:]:
        still = row.principal + row.interest + row.fees
        if principal or interest or fees:
            # Each component was laid on the rows in their order, so one may reach further than another.
            laid = min(principal, row.principal), min(interest, row.interest), min(fees, row.fees)
            still -= sum(laid)
            principal, interest, fees = principal - laid[0], interest - laid[1], fees - laid[2]
        if not still:
            continue
        if row.due_on > on or (row.due_on == on and not due_day_is_late):
            return Standing(row.due_on, since, overdue, False)
        overdue += still
        since = since or row.due_on
    return Standing(None, since, overdue, False)


def _first_open(rows: Sequence[Installment], opening: Opening) -> tuple[int, int, int, int]:
    """The index of the first row that is not wholly paid, and what is left for it and those after it by component."""
    principal, interest, fees = opening.principal_paid, opening.interest_paid, opening.fees_paid
    for index, row in enumerate(rows):
        if row.principal > principal or row.interest > interest or row.fees > fees:
            return index, principal, interest, fees
        principal -= row.principal
        interest -= row.interest
        fees -= row.fees
    return len(rows), principal, interest, fees
