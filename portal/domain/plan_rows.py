"""The rows of a plan: the arithmetic behind restructuring.restructure().

Rows come in layers that are added up: the balance that bears interest (plan_base, plan_amount); what is overdue; interest
kept aside during a pause; fees of installments to come. Each layer adds up to exactly what it holds.
"""

from collections.abc import Sequence
from datetime import date

from portal.domain.conventions import FlatExtension
from portal.domain.due_dates import due_dates
from portal.domain.errors import InvalidPlan
from portal.domain.loan_terms import Method
from portal.domain.money import round_to, split
from portal.domain.plan_amount import amount_rows
from portal.domain.plan_base import base_rows, full_rows
from portal.domain.plan_terms import Arrears, PauseInterest, PlanTerms, Settlement
from portal.domain.plan_work import FEES, INTEREST, PENALTIES, PRINCIPAL, NewRow, Outcome, Remaining, Work, too_long


def new_rows(remaining: Remaining, plan: PlanTerms) -> tuple[list[NewRow], Outcome]:
    """The rows to come under `plan`. Raises InvalidPlan."""
    if plan.settlement is not None:
        return _settled(remaining, plan.settlement)
    work = Work.begin(remaining, plan)
    arrears = list(remaining.overdue)
    first_fees = 0
    if plan.arrears is Arrears.capitalise:
        work.outcome.capitalised += arrears[INTEREST] + arrears[FEES]
        work.balance += sum(arrears[FEES:])
        first_fees, arrears = arrears[PENALTIES], [0, 0, 0, 0]
    aside = _pause_interest(work)
    spread = plan.arrears is Arrears.spread
    if plan.amount is not None:
        base, dates = amount_rows(work, arrears if spread else [0, 0, 0, 0])
    else:
        base, dates = base_rows(work)
    rows = [NewRow(due, principal, interest) for due, principal, interest in zip(dates, *base, strict=False)]
    rows = rows or [NewRow(dates[0])]
    for index, fees in work.fees_by_row.items():
        rows[index].fees += fees
    for index, parts in work.put_off_by_row.items():
        rows[index].put_off_interest(*parts)
    _credit_prepaid(rows, remaining.prepaid)
    if spread and plan.amount is None and any(arrears):
        _spread(work, rows, arrears)
    if aside and plan.pause_interest is PauseInterest.spread:
        places = full_rows(work, [row.due_on for row in rows])
        for index, share in zip(places, reversed(split(aside, len(places))), strict=True):
            rows[index].put_off_interest(share, remaining.boundary, work.start)
    paused = aside if plan.pause_interest is PauseInterest.at_end else 0
    overdue = arrears if plan.arrears is Arrears.at_end else [0, 0, 0, 0]
    if paused or any(overdue):
        _append(work, rows, paused, overdue)
    _add_fees(rows, remaining)
    rows[0].fees += first_fees + remaining.prepaid[FEES] + remaining.prepaid[PENALTIES]
    rows[0].principal += remaining.prepaid[PRINCIPAL]
    work.outcome.kept_aside += aside if plan.pause_interest is not PauseInterest.capitalise else 0
    while len(rows) > 1 and not rows[-1].total:
        rows.pop()
    if len(rows) > remaining.longest:
        raise too_long(len(rows), remaining.longest)
    work.outcome.runs_from = work.start
    return rows, work.outcome


def _pause_interest(work: Work) -> int:
    """Interest of the pause (minor units) that is kept aside; capitalised interest is added to the balance here."""
    plan, remaining = work.plan, work.remaining
    if not plan.pause:
        return 0
    terms = remaining.account.terms
    base = work.balance
    if terms.method is Method.flat:
        base = terms.financed if terms.conventions.flat_extension is FlatExtension.charge else 0
    before = Work(remaining, plan, remaining.boundary, remaining.first, work.rates, base)
    row = work.rounded
    interest = sum(row.of(base, ratio) for ratio in before.factors(before.dates(plan.pause)))
    if plan.pause_interest is PauseInterest.waive:
        work.outcome.waived_interest += interest
        return 0
    if plan.pause_interest is PauseInterest.capitalise:
        work.outcome.capitalised += interest
        work.balance += interest
        return 0
    return interest


def _credit_prepaid(rows: list[NewRow], prepaid: Sequence[int]) -> None:
    """Interest that was paid early lowers what the next rows ask of it, and stands in the first row as paid."""
    credit = prepaid[INTEREST]
    for row in rows:
        if not credit:
            break
        part = min(credit, row.interest)
        row.interest -= part
        credit -= part
    rows[0].interest += prepaid[INTEREST]


def _spread(work: Work, rows: list[NewRow], arrears: Sequence[int]) -> None:
    """Equal shares of what is overdue on the rows that ask the usual installment, the last of them taking the rest."""
    places = full_rows(work, [row.due_on for row in rows])
    over = work.plan.arrears_over or len(places)
    if over > len(places):
        raise InvalidPlan(
            "arrears_over_too_long",
            "What is overdue can't be spread over more installments than are left.",
            over=over,
            most=len(places),
        )
    conventions = work.remaining.account.terms.conventions
    for component, amount in enumerate(arrears):
        if not amount:
            continue
        share = round_to(amount, over, conventions.installment_unit, conventions.installment_rounding)
        left = amount
        for place, index in enumerate(places[:over]):
            part = left if place == over - 1 else min(share, left)
            left -= part
            if component == PRINCIPAL:
                rows[index].principal += part
            elif component == INTEREST:
                rows[index].put_off_interest(part, work.remaining.on, work.remaining.on)
            else:
                rows[index].fees += part


def _append(work: Work, rows: list[NewRow], paused: int, overdue: Sequence[int]) -> None:
    """Puts the interest of a pause and what is overdue at the end, filling the last row and further ones up to the usual
    installment."""
    level = max(work.level, max((row.total for row in rows[:-1]), default=0), 1)
    left = [overdue[INTEREST], paused, overdue[FEES] + overdue[PENALTIES], overdue[PRINCIPAL]]
    index = len(rows) - 1
    on = work.remaining.on
    while True:
        row = rows[index]
        room = max(level - row.total, 0)
        parts = []
        for amount in left:
            parts.append(min(amount, room))
            room -= parts[-1]
        row.put_off_interest(parts[0], on, on)
        row.put_off_interest(parts[1], work.remaining.boundary, work.start)
        row.fees += parts[2]
        row.principal += parts[3]
        left = [amount - part for amount, part in zip(left, parts, strict=True)]
        if not any(left):
            return
        index += 1
        if index + 1 > work.remaining.longest:
            raise too_long(index + 1, work.remaining.longest)
        rows.append(NewRow(_next_date(work, rows)))


def _next_date(work: Work, rows: list[NewRow]) -> date:
    """The due date after the last row's."""
    count = len(rows) + 1
    while (dates := work.dates(count))[-1] <= rows[-1].due_on:  # a bullet's one row stands on a late date
        count += 1
    return next(due for due in dates if due > rows[-1].due_on)


def _add_fees(rows: list[NewRow], remaining: Remaining) -> None:
    """Fees of today's installments to come stay with the installment of the same place, or the last."""
    paid = remaining.prepaid[FEES] + remaining.prepaid[PENALTIES]
    for index, row in enumerate(remaining.rows):
        if row.fees:
            part = min(paid, row.fees)
            paid -= part
            rows[min(index, len(rows) - 1)].fees += row.fees - part


def _settled(remaining: Remaining, settlement: Settlement) -> tuple[list[NewRow], Outcome]:
    """A settlement: the agreed amount in its parts, principal before interest; the rest is waived."""
    prepaid_fees = remaining.prepaid[FEES] + remaining.prepaid[PENALTIES]
    owed = [
        remaining.balance + remaining.overdue[PRINCIPAL],
        remaining.overdue[INTEREST] + max(sum(row.interest for row in remaining.rows) - remaining.prepaid[INTEREST], 0),
        remaining.overdue[FEES]
        + remaining.overdue[PENALTIES]
        + max(sum(row.fees for row in remaining.rows) - prepaid_fees, 0),
    ]
    if settlement.amount > sum(owed):
        raise InvalidPlan(
            "settlement_too_high",
            "A settlement can't ask for more than is left to pay.",
            amount=settlement.amount,
            most=sum(owed),
        )
    if settlement.expires_on is not None and settlement.expires_on < remaining.on:
        raise InvalidPlan(
            "settlement_expired", "This offer of a settlement has ended.", expires_on=settlement.expires_on
        )
    if settlement.parts > remaining.longest:
        raise too_long(settlement.parts, remaining.longest)
    if settlement.parts > settlement.amount:
        raise InvalidPlan("too_many_parts", "The amount can't be paid in that many parts.", parts=settlement.parts)
    dates = due_dates(remaining.first, remaining.frequency, settlement.parts, day=remaining.day)
    left = [min(settlement.amount, owed[0]), 0, 0]
    left[1] = min(settlement.amount - left[0], owed[1])
    left[2] = settlement.amount - left[0] - left[1]
    outcome = Outcome(0, owed[0] - left[0], owed[1] - left[1], owed[2] - left[2])
    rows = []
    for due, share in zip(dates, reversed(split(settlement.amount, settlement.parts)), strict=True):
        row = NewRow(due)
        row.principal = min(share, left[0])
        row.interest = min(share - row.principal, left[1])
        row.fees = share - row.principal - row.interest
        left = [left[0] - row.principal, left[1] - row.interest, left[2] - row.fees]
        rows.append(row)
    rows[0].principal += remaining.prepaid[PRINCIPAL]
    rows[0].interest += remaining.prepaid[INTEREST]
    rows[0].fees += prepaid_fees
    return rows, outcome
