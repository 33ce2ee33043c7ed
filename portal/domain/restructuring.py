"""One algebra of plan terms: a loan, a plan and a day in; the whole new schedule and an honest comparison out.

How payments meet a plan, decided here once:

- Installments that are fully paid stay as they are. Of an installment that is overdue and part paid, the paid part stays in
  its row where the plan takes up the arrears; an unpaid one leaves the schedule (the former version keeps it). What was paid
  early on installments to come is part of the first new installment, which therefore starts part paid.
- `Restructured.opening` holds what was paid by the day of the plan, by component, and the keys of those payments. Laid on
  the new schedule it fills exactly those rows. Later payments, also ones dated back, are laid after it; a payment of it that
  is reversed later is taken back from the rows that were paid last. So nothing is lost or invented against the ledger.
- A charge of its own stands in the installment with which it falls due from then on, as a fee.
- Principal of the new schedule = principal of the old + capitalised - principal waived in a settlement.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.domain.allocation import (
    Laid,
    LoanAccount,
    Opening,
    Statement,
    counted_payments,
    in_force,
    replay,
    statement_of,
)
from portal.domain.amortization import MOST_ROWS
from portal.domain.comparison import Comparison, Today, compare, open_rows, today_side
from portal.domain.due_dates import Frequency, Unit, days_in_month, in_month, shift
from portal.domain.errors import InvalidPlan
from portal.domain.interest import Period, RowInterest, factor
from portal.domain.loan_account import Ahead, Otherwise
from portal.domain.loan_terms import fixed_sum
from portal.domain.plan_amount import about_lowest
from portal.domain.plan_rows import new_rows
from portal.domain.plan_terms import Arrears, PauseInterest, PauseTerm, PlanTerms, Season, Settlement, Step
from portal.domain.plan_work import NewRow, Remaining, Work
from portal.domain.schedule import Installment, Schedule

__all__ = [
    "Arrears",
    "Comparison",
    "PauseInterest",
    "PauseTerm",
    "PlanTerms",
    "Restructured",
    "Season",
    "Settlement",
    "Standing",
    "Step",
    "about_lowest_installments",
    "account_after",
    "earliest_first_on",
    "restructure",
    "restructure_from",
    "standing",
]


@dataclass(frozen=True, slots=True)
class Restructured:
    """The outcome of a plan. `schedule` is the whole of it, `future` its rows still to pay, numbered as there.

    `capitalised`: interest and fees that became principal. `waived_*`: what is not asked for any more. `kept_aside`:
    interest that the plan leaves unpaid for a time; it bears no interest. `opening` is what account_after() starts from.
    """

    plan: PlanTerms
    on: date
    schedule: Schedule
    future: tuple[Installment, ...]
    comparison: Comparison
    opening: Opening
    capitalised: int = 0
    waived_principal: int = 0
    waived_interest: int = 0
    waived_fees: int = 0
    kept_aside: int = 0


@dataclass(slots=True)
class _Position:
    """The loan on the day of the plan: rows that stay, what is overdue, what is left."""

    kept: list[Installment]
    overdue: list[int]  # penalties, fees, interest, principal
    prepaid: list[int]  # the same, paid on installments to come
    left: list[Installment]  # installments that the plan may change
    boundary: date  # interest of the first of them runs from here


def restructure(account: LoanAccount, plan: PlanTerms, on: date, longest: int = MOST_ROWS) -> Restructured:
    """`account` under `plan`, agreed on the day `on`; at most `longest` installments are left afterwards.

    Deterministic. Raises InvalidPlan: contradictory_terms, amount_never_repays and longer_than_longest (both with `least`,
    the lowest amount that repays within `longest`), first_on_too_early (with `earliest`), waiver_exceeds, nothing_left,
    pause_too_long, interest_only_too_long, steps_too_long, arrears_over_too_long, season_never_pays, settlement_too_high.
    """
    return restructure_from(account, standing(account, on), plan, on, longest)


@dataclass(frozen=True, slots=True)
class Standing:
    """A loan on the day of a plan, reckoned once for all the plans that are looked at."""

    today: Statement
    laid: Laid
    opening: Opening
    side: Today
    positions: "dict[bool, _Position]"  # by whether a plan takes up what is overdue


def standing(account: LoanAccount, on: date) -> Standing:
    """The loan as plans made on `on` find it."""
    account = in_force(account, on)
    laid = replay(account, on)
    today = statement_of(account, laid, on)
    return Standing(today, laid, _opening(account, laid, on), today_side(today, account.schedule, on), {})


def restructure_from(
    account: LoanAccount, found: Standing, plan: PlanTerms, on: date, longest: int = MOST_ROWS
) -> Restructured:
    """restructure(), from a standing() that is known already."""
    account = in_force(account, on)
    today, opening = found.today, found.opening
    if today.is_paid_off:
        raise InvalidPlan("nothing_left", "There is nothing left to pay on this loan.")
    if plan.changes_nothing:
        same = account.schedule
        still_open = tuple(row for row, line in zip(found.laid.rows, today.lines, strict=True) if line.open)
        then = [(line.due_on, line.open, line.open_interest) for line in today.lines if line.open]
        comparison = compare(found.side, then, same.last_due_on, on)
        return Restructured(plan, on, same, still_open, comparison, opening)
    position = _position(account, found, plan, on)
    waived_interest, waived_fees = _waive(position, plan)
    frequency = plan.frequency or account.terms.frequency
    remaining = _remaining(account, position, plan, on, frequency, longest)
    rows, outcome = new_rows(remaining, plan)
    _keep_earned(remaining, rows, found.laid, plan)
    first = rows[0].due_on
    earliest = _earliest(position, on)
    if first < earliest:
        raise InvalidPlan(
            "first_on_too_early",
            f"The first payment can be on {earliest.isoformat()} at the earliest.",
            first_on=first,
            earliest=earliest,
        )
    schedule, start = _assembled(account, position, rows, outcome.principal_change)
    ahead = tuple([Ahead(row.due_on, *parts) for row in rows if row.put_off for parts in row.put_off])
    opening = replace(opening, runs_from=outcome.runs_from or position.boundary, ahead=ahead)
    then = open_rows(schedule, opening)
    if not then:
        raise InvalidPlan("nothing_left", "There is nothing that this plan could change.")
    return Restructured(
        plan=plan,
        on=on,
        schedule=schedule,
        future=schedule.installments[start:],
        comparison=compare(found.side, then, schedule.last_due_on, on),
        opening=opening,
        capitalised=outcome.capitalised,
        waived_principal=outcome.waived_principal,
        waived_interest=waived_interest + outcome.waived_interest,
        waived_fees=waived_fees + outcome.waived_fees,
        kept_aside=outcome.kept_aside,
    )


def _keep_earned(remaining: Remaining, rows: list[NewRow], laid: Laid, plan: PlanTerms) -> None:
    """Where interest follows the money: what early or late money changed of the interest that the running period has earned
    stays in the first installment that asks something. Its total is as agreed where its principal has room for it."""
    left, terms = remaining.rows, remaining.account.terms
    waived = plan.pause and plan.pause_interest is PauseInterest.waive
    if laid.accrued is None or waived or not left or not remaining.boundary < remaining.on < left[0].due_on:
        return
    period = Period(remaining.boundary, left[0].due_on, remaining.boundary)
    ratio = factor(period, terms.frequency, terms.conventions, terms.rates, end=remaining.on)
    more = laid.accrued - RowInterest(terms.conventions).of(remaining.balance, ratio)
    row = next((row for row in rows if row.total), rows[0])
    more = max(more, -row.interest)
    row.interest += more
    if row is not rows[-1] and row.principal - more >= remaining.prepaid[3] and rows[-1].principal + more >= 0:
        row.principal -= more
        rows[-1].principal += more


def _absorbs(plan: PlanTerms) -> bool:
    """Whether the plan takes up what is overdue."""
    return plan.arrears is not Arrears.keep or plan.settlement is not None


def account_after(account: LoanAccount, restructured: Restructured, on: date) -> LoanAccount:
    """The account once the plan is in force: its schedule, and what was paid by the day of the plan as the opening.

    `on` is the day of the plan, as given to restructure().
    """
    account = in_force(account, on)
    plan = restructured.plan
    if plan.changes_nothing:
        return account
    terms = account.terms
    changed = replace(
        terms,
        frequency=plan.frequency or terms.frequency,
        due_day=plan.due_day or (plan.first_on.day if plan.first_on else terms.due_day),
        rate_changes=terms.rate_changes + (((plan.rate_from or on, plan.rate),) if plan.rate is not None else ()),
    )
    otherwise = account.otherwise
    if otherwise is not None:  # a plan for a settlement that still runs is one for its dates; its condition stays
        otherwise = replace(otherwise, kept_by=max(otherwise.kept_by, restructured.schedule.last_due_on))
    if plan.settlement is not None:
        changed = fixed_sum(changed)
        ends = max(restructured.schedule.last_due_on, plan.settlement.expires_on or on)
        otherwise = Otherwise(ends, replace(account, payments=()))
    return replace(
        account,
        terms=changed,
        schedule=restructured.schedule,
        opening=restructured.opening,
        charges=(),
        otherwise=otherwise,
    )


def about_lowest_installments(
    account: LoanAccount, found: Standing, on: date, counts: Sequence[int]
) -> tuple[int, ...]:
    """About the lowest installment (minor units) that repays what is left, overdue amounts spread in it, in each of `counts`
    rows; exact but for the cents that rounding each row can ask more."""
    account = in_force(account, on)
    plan = PlanTerms(arrears=Arrears.spread, amount=1)
    position = _position(account, found, plan, on)
    remaining = _remaining(account, position, plan, on, account.terms.frequency, max(counts))
    work = Work.begin(remaining, plan)
    return tuple(about_lowest(work, position.overdue, count) for count in counts)


def earliest_first_on(account: LoanAccount, on: date) -> date:
    """The earliest date that a plan agreed on `on` can ask for its first payment."""
    account = in_force(account, on)
    return _earliest(_position(account, standing(account, on), PlanTerms(), on), on)


def _earliest(position: _Position, on: date) -> date:
    return max(on, date.fromordinal(position.kept[-1].due_on.toordinal() + 1)) if position.kept else on


def _opening(account: LoanAccount, laid: Laid, on: date) -> Opening:
    paid = [sum(row[component] for row in laid.paid) for component in range(4)]
    held = account.opening.counted if account.opening else frozenset()
    keys = {payment.key for payment in counted_payments(account, on)}
    settled = {p.key for p in account.payments if p.reverses is not None and p.effective_on <= on}
    settled |= {p.reverses for p in account.payments if p.reverses is not None and p.effective_on <= on}
    surplus = laid.money - sum(paid) - laid.beyond  # an overpayment stays the borrower's
    return Opening(
        on,
        principal_paid=paid[3] + max(surplus, 0),
        interest_paid=paid[2],
        fees_paid=paid[1] + paid[0] + laid.beyond,
        counted=frozenset(key for key in held | keys | settled if key is not None),
    )


def _position(account: LoanAccount, found: Standing, plan: PlanTerms, on: date) -> _Position:
    absorbs = _absorbs(plan)
    if plan.from_due is not None:
        return _positioned(account, found.laid, absorbs, plan.from_due, on)
    known = found.positions.get(absorbs)
    if known is None:
        known = found.positions[absorbs] = _positioned(account, found.laid, absorbs, None, on)
    return replace(known, overdue=list(known.overdue))  # a waiver is taken off it


def _positioned(account: LoanAccount, laid: Laid, absorbs: bool, from_due: date | None, on: date) -> _Position:
    kept: list[Installment] = []
    overdue, prepaid = [0, 0, 0, 0], [0, 0, 0, 0]
    left: list[Installment] = []
    boundary = account.terms.disbursed_on
    for index, row in enumerate(laid.rows):
        due, paid = laid.due[index], laid.paid[index]
        row = row if row.fees == due[1] + due[0] else row._replace(fees=due[1] + due[0])
        is_paid = due == paid
        stays = from_due is not None and on <= row.due_on < from_due
        if not left and (row.due_on < on or is_paid or stays):
            boundary = row.due_on
            if is_paid or stays or not absorbs:
                kept.append(row)
            else:
                for component in range(4):
                    overdue[component] += due[component] - paid[component]
                if any(paid):
                    kept.append(row._replace(principal=paid[3], interest=paid[2], fees=paid[1] + paid[0]))
        else:
            left.append(row)
            for component in range(4):
                prepaid[component] += paid[component]
    return _Position(kept, overdue, prepaid, left, boundary)


def _waive(position: _Position, plan: PlanTerms) -> tuple[int, int]:
    """Takes waived amounts off what is overdue. Raises InvalidPlan where more is waived than there is."""
    asked = {0: plan.waive_penalties, 1: plan.waive_fees, 2: plan.waive_interest}
    for component, amount in asked.items():
        most = position.overdue[component]
        if amount > most:
            raise InvalidPlan(
                "waiver_exceeds",
                "More can't be waived than is overdue of it and taken up by the plan.",
                component=("penalties", "fees", "interest")[component],
                most=most,
                amount=amount,
            )
        position.overdue[component] -= amount
    return plan.waive_interest, plan.waive_fees + plan.waive_penalties


def _remaining(
    account: LoanAccount, position: _Position, plan: PlanTerms, on: date, frequency: Frequency, longest: int
) -> Remaining:
    terms = account.terms
    left = position.left
    if not left and not any(position.overdue):
        raise InvalidPlan("nothing_left", "There is nothing that this plan could change.")
    usual = left[0].due_on if left else _next_after(position.boundary, terms.frequency, on)
    seed = _seed_day(account, left)
    first = plan.first_on or usual
    if frequency != terms.frequency and plan.first_on is None:
        first, seed = _next_after(position.boundary, frequency, on), None
    if plan.due_day is not None and plan.first_on is None:
        first = in_month(usual.year, usual.month, plan.due_day)
        if first < usual:
            first = in_month(usual.year, usual.month + 1, plan.due_day)
    if plan.first_on is not None or plan.due_day is not None:
        seed = plan.due_day or first.day
    return Remaining(
        account=account,
        on=on,
        boundary=position.boundary,
        rows=tuple(left),
        balance=sum(row.principal for row in left) - position.prepaid[3],
        overdue=tuple(position.overdue),
        prepaid=tuple(position.prepaid),
        frequency=frequency,
        usual_first=usual,
        first=first,
        day=seed,
        longest=longest,
    )


def _next_after(last: date, frequency: Frequency, on: date) -> date:
    periods = 1
    while (due := shift(last, frequency, periods)) < on:
        periods += 1
    return due


def _seed_day(account: LoanAccount, left: list[Installment]) -> int | None:
    """The day of the month that the installments left are seeded from: the largest that they show, or that of the terms
    where all of them fell on shorter months."""
    if account.terms.frequency.unit not in (Unit.months, Unit.half_months) or not left:
        return None
    shown = max(row.due_on.day for row in left)
    agreed = account.terms.due_day or account.terms.first_due_on.day
    last_days = all(row.due_on.day == days_in_month(row.due_on.year, row.due_on.month) for row in left)
    return agreed if agreed > shown and last_days else left[0].due_on.day if shown <= 28 else shown


def _assembled(
    account: LoanAccount, position: _Position, rows: list[NewRow], principal_change: int
) -> tuple[Schedule, int]:
    """Kept rows and new ones, numbered through; the index of the first new row."""
    balance = account.schedule.total_principal
    result: list[Installment] = []
    for number, kept in enumerate(position.kept, 1):
        balance -= kept.principal
        same = kept.number == number and kept.balance == balance
        result.append(kept if same else kept._replace(number=number, balance=balance))
    start = number = len(result)
    balance += principal_change
    for row in rows:
        balance -= row.principal
        number += 1
        result.append(Installment(number, row.due_on, row.principal, row.interest, row.fees, balance))
    return Schedule(account.schedule.currency, tuple(result)), start
