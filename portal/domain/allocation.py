"""Which part of a payment goes where, and what a loan looks like on a date.

A statement is a replay: the opening position first, then every payment effective by the date, in order of its date, whatever
the order in which they were entered. A reversed payment is left out as if it had never come. Payments that the opening
position already holds (`Opening.counted`) are not laid again, so nothing is counted twice and a payment dated back to before
an agreed plan still counts.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from portal.domain import arrears
from portal.domain.laying import COMPONENTS, INDEX, counted_payments, lay, lay_opening, taken_back
from portal.domain.loan_account import Charge, LoanAccount, Opening, Payment
from portal.domain.payoff import Laid, close, interest_earned, payoff_of
from portal.domain.recalculation import Agreed, FollowedRow, follow, follows_money
from portal.domain.schedule import Installment

__all__ = [
    "COMPONENTS",
    "Charge",
    "Laid",
    "Line",
    "LoanAccount",
    "Opening",
    "Payment",
    "Statement",
    "counted_payments",
    "in_force",
    "interest_earned",
    "is_kept",
    "payoff_of",
    "replay",
    "statement",
    "statement_of",
]


class Line(NamedTuple):
    """One installment on a date. `state` is paid, part_paid, not_received (both late), next or to_come.

    `paid_in_advance` and `paid_late` are the parts of `paid` that came before and after the due day.
    """

    number: int
    due_on: date
    due: int
    paid: int
    open: int
    state: str
    open_principal: int
    open_interest: int
    open_fees: int
    open_penalties: int = 0
    paid_in_advance: int = 0
    paid_late: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """A loan on a date, amounts in minor units.

    `left_to_pay` is everything still to pay under the schedule in force; `payoff` what settles the loan on the day itself;
    `overdue_since` the due date of the oldest installment that is late; `overpaid` what came beyond all that was owed.
    """

    on: date
    currency: str
    paid_so_far: int
    outstanding_principal: int
    left_to_pay: int
    overdue: int
    overdue_principal: int
    overdue_interest: int
    overdue_fees: int
    overdue_penalties: int
    days_past_due: int
    delinquent_days: int
    overdue_since: date | None
    bucket: str
    next_due: tuple[date, int] | None
    is_paid_off: bool
    payoff: int
    accrued_interest: int
    overpaid: int
    lines: tuple[Line, ...]


def in_force(account: LoanAccount, on: date) -> LoanAccount:
    """The account that holds on the day `on`: where a settlement was not kept by its day, what was before it."""
    otherwise = account.otherwise
    if otherwise is None or on <= otherwise.kept_by or is_kept(account, otherwise.kept_by, on):
        return account
    return in_force(replace(otherwise.former, payments=account.payments), on)


def is_kept(account: LoanAccount, by: date, on: date) -> bool:
    """Whether all of a settlement came by the day `by`, as far as is known on `on`: a payment that is told late and counts
    from a day in time keeps it, one that is reversed does not."""
    held = account.opening.counted if account.opening else frozenset()
    in_time = {entry.key for entry in account.payments if entry.reverses is None and entry.effective_on <= by} | held
    came = tuple(entry for entry in account.payments if (entry.reverses or entry.key) in in_time)
    return statement(replace(account, payments=came, otherwise=None), on).is_paid_off


def replay(account: LoanAccount, on: date) -> Laid:
    """Lays the opening position and every payment effective by `on` on the schedule's installments."""
    account = in_force(account, on)
    if follows_money(account.terms.conventions):
        return _followed(account, on)
    rows = account.schedule.installments
    due = [[0, row.fees, row.interest, row.principal] for row in rows]
    charges = []
    for charge in account.charges:
        index = next((i for i, row in enumerate(rows) if row.due_on >= charge.due_on), len(rows) - 1)
        component = INDEX[charge.component]
        due[index][component] += charge.amount
        charges.append((index, component, charge.due_on, charge.amount))
    laid = Laid(rows, due, [[0, 0, 0, 0] for _ in rows], charges, [0] * len(rows), [0] * len(rows))
    lay_opening(account, laid, on)
    conventions = account.terms.conventions
    without_interest = laid.owed_without_interest()
    for payment in counted_payments(account, on):
        laid.money += payment.amount
        lay(laid, payment.effective_on, payment.amount, conventions)
        if laid.money >= without_interest and payoff_of(account, laid, payment.effective_on) <= 0:
            close(account, laid, payment.effective_on)
    return laid


def _followed(account: LoanAccount, on: date) -> Laid:
    """A replay of a loan whose installments depend on when money came (see recalculation)."""
    terms, rows = account.terms, account.schedule.installments
    held = 0
    money = [(payment.effective_on, payment.amount) for payment in counted_payments(account, on)]
    opening = account.opening
    agreed = None
    begun = Laid(rows, [[0, row.fees, row.interest, row.principal] for row in rows], [[0, 0, 0, 0] for _ in rows], [])
    begun.in_advance, begun.late = [0] * len(rows), [0] * len(rows)
    if opening is not None and opening.runs_from is not None:
        lay_opening(account, begun, on)
        while held < len(rows) and (rows[held].due_on < opening.as_of or begun.due[held] == begun.paid[held]):
            held += 1
        agreed = _agreed(account, opening, begun, held)
    elif (
        opening is not None
    ):  # installments that it covers stay as they are; what it holds beyond is laid like a payment
        principal, interest, fees = opening.principal_paid, opening.interest_paid, opening.fees_paid
        while held < len(rows) and rows[held].principal <= principal and rows[held].interest <= interest:
            principal, interest = principal - rows[held].principal, interest - rows[held].interest
            fees -= rows[held].fees
            held += 1
        spare = principal + interest + max(fees, 0) - taken_back(account, on)
        if spare > 0:
            money.insert(0, (opening.as_of, spare))
    charged = [0] * len(account.charges)
    for place, (when, amount) in enumerate(money):
        for index, charge in enumerate(account.charges):
            if charge.due_on <= when:
                part = min(amount, charge.amount - charged[index])
                charged[index] += part
                amount -= part
        money[place] = (when, amount)
    start = rows[held - 1].due_on if held else terms.disbursed_on
    followed, in_hand = follow(terms, rows[held:], sorted(money, key=lambda entry: entry[0]), on, start, agreed)
    new = [Installment(r.number, r.due_on, r.principal, r.interest, r.fees, r.balance) for r in followed]
    laid = Laid((*rows[:held], *new), [], [], [])
    for index, row in enumerate(rows[:held]):
        laid.due.append([0, row.fees, row.interest, row.principal])
        past = agreed.past[index] if agreed else None
        parts = [0, past.paid_fees, past.paid_interest, past.paid_principal] if past else list(laid.due[-1])
        laid.paid.append(parts)
        laid.in_advance.append(past.in_advance if past else 0)
        laid.late.append(past.late if past else 0)
    for new_row in followed:
        laid.due.append([0, new_row.fees, new_row.interest, new_row.principal])
        laid.paid.append([0, new_row.paid_fees, new_row.paid_interest, new_row.paid_principal])
        laid.in_advance.append(new_row.in_advance)
        laid.late.append(new_row.late)
    for charge, paid in zip(account.charges, charged, strict=True):
        index = next((i for i, row in enumerate(laid.rows) if row.due_on >= charge.due_on), len(laid.rows) - 1)
        component = INDEX[charge.component]
        laid.due[index][component] += charge.amount
        laid.paid[index][component] += paid
        laid.charges.append((index, component, charge.due_on, charge.amount))
    laid.overpaid = in_hand + begun.overpaid
    laid.beyond = begun.beyond
    laid.money = (opening.total - taken_back(account, on) if opening else 0) + sum(
        payment.amount for payment in counted_payments(account, on)
    )
    if agreed is None:
        laid.accrued = sum(row.accrued for row in followed if row.due_on > on)
    if all(due == paid for due, paid in zip(laid.due, laid.paid, strict=True)):
        laid.closed_on = on
    return laid


def _agreed(account: LoanAccount, opening: Opening, begun: Laid, held: int) -> Agreed:
    """What a plan fixed of a loan whose interest follows the money; the first `held` rows are past."""
    recalculated = account.terms.conventions.interest_recalculated
    past = [
        FollowedRow(
            row.number,
            row.due_on,
            row.fees,
            row.principal,
            row.interest,
            row.balance,
            paid[3],
            paid[2],
            paid[1],
            assumed=not recalculated,
        )
        for row, paid in zip(begun.rows[:held], begun.paid, strict=False)
    ]
    put_off: dict[date, int] = {}
    for part in opening.ahead:
        put_off[part.due_on] = put_off.get(part.due_on, 0) + part.interest
    return Agreed(
        past,
        [paid[1:4] for paid in begun.paid[held:]],
        max(opening.as_of, opening.runs_from or opening.as_of),
        put_off,
    )


def statement(account: LoanAccount, on: date) -> Statement:
    """The loan on `on`, from a replay of all that was effective by then."""
    account = in_force(account, on)
    return statement_of(account, replay(account, on), on)


def statement_of(account: LoanAccount, laid: Laid, on: date) -> Statement:
    """The statement of a replay to `on`."""
    conventions = account.terms.conventions
    late_today = conventions.due_day_is_late
    overdue = [0, 0, 0, 0]
    since: date | None = None
    next_due: tuple[date, int] | None = None
    lines = []
    left_to_pay = left_principal = 0
    for row, due, paid, in_advance, late in zip(
        laid.rows, laid.due, laid.paid, laid.in_advance, laid.late, strict=True
    ):
        penalties, fees, interest, principal = due
        total = penalties + fees + interest + principal
        due_on = row.due_on
        if due == paid:
            lines.append(Line(row.number, due_on, total, total, 0, "paid", 0, 0, 0, 0, in_advance, late))
            continue
        penalties -= paid[0]
        fees -= paid[1]
        interest -= paid[2]
        principal -= paid[3]
        still = penalties + fees + interest + principal
        left_to_pay += still
        left_principal += principal
        if due_on < on or (late_today and due_on == on):
            state = "part_paid" if still < total else "not_received"
            since = since or due_on
            overdue = [overdue[0] + penalties, overdue[1] + fees, overdue[2] + interest, overdue[3] + principal]
        elif next_due is None:
            state = "next"
            next_due = (due_on, still)
        else:
            state = "to_come"
        lines.append(
            Line(
                row.number,
                due_on,
                total,
                total - still,
                still,
                state,
                principal,
                interest,
                fees,
                penalties,
                in_advance,
                late,
            )
        )
    days = arrears.days_past_due(since, on, late_today)
    earned = interest_earned(account, on, laid)
    return Statement(
        on=on,
        currency=account.schedule.currency,
        paid_so_far=laid.money,
        outstanding_principal=left_principal,
        left_to_pay=left_to_pay,
        overdue=sum(overdue),
        overdue_principal=overdue[3],
        overdue_interest=overdue[2],
        overdue_fees=overdue[1],
        overdue_penalties=overdue[0],
        days_past_due=days,
        delinquent_days=arrears.delinquent_days(since, on, conventions.grace_days, account.pauses, late_today),
        overdue_since=since,
        bucket=arrears.bucket_of(days, conventions.buckets),
        next_due=next_due,
        is_paid_off=left_to_pay == 0,
        payoff=min(max(payoff_of(account, laid, on, earned), 0), left_to_pay),
        accrued_interest=0 if laid.closed_on else earned[1],
        overpaid=laid.overpaid,
        lines=tuple(lines),
    )
