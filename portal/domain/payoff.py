"""What is laid on a loan's installments, and what would settle the loan on a day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.domain.conventions import InterestPeriod, PayoffInterest
from portal.domain.interest import Period, RowInterest, factor
from portal.domain.loan_account import LoanAccount
from portal.domain.money import round_ratio
from portal.domain.schedule import Installment


@dataclass(slots=True)
class Laid:
    """Working state of a replay: what each row owes and has had paid, by component (the order of COMPONENTS)."""

    rows: Sequence[Installment]
    due: list[list[int]]
    paid: list[list[int]]
    charges: list[tuple[int, int, date, int]]  # row, component, due date, amount
    in_advance: list[int] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    money: int = 0
    overpaid: int = 0
    beyond: int = 0  # charged and paid before the opening, on top of what the schedule holds
    closed_on: date | None = None
    first_open: int = 0  # every row before it is paid
    accrued: int | None = None  # interest of the running period, where it follows the money

    def owed_without_interest(self) -> int:
        """Principal, fees and charges of the whole loan, and what the opening holds beyond the schedule."""
        return self.beyond + sum(due[0] + due[1] + due[3] for due in self.due)

    def put(self, index: int, component: int, most: int, money: int, when: date | None) -> int:
        """Pays up to `most` of a component of a row; returns the money left."""
        part = min(most, money)
        if part > 0:
            self.paid[index][component] += part
            if when is not None:
                due_on = self.rows[index].due_on
                if when < due_on:
                    self.in_advance[index] += part
                elif when > due_on:
                    self.late[index] += part
            money -= part
        return money


def interest_earned(account: LoanAccount, on: date, laid: Laid | None = None) -> tuple[int, int]:
    """Interest of installments due by `on`, and what else is earned by then: by the period that runs, and of what a plan put
    off to later installments (minor units)."""
    rows = laid.rows if laid else account.schedule.installments
    ahead = account.opening.ahead if account.opening else ()
    put_off = sum(part.earned(on) for part in ahead if part.due_on > on)
    due = 0
    start = account.terms.disbursed_on
    for row in rows:
        if row.due_on > on:
            if laid is not None and laid.accrued is not None:
                to_next = account.terms.conventions.payoff_interest is PayoffInterest.to_next_due
                return due, row.interest if to_next else laid.accrued
            return due, put_off + _running(
                account, row, start, on, sum(p.interest for p in ahead if p.due_on == row.due_on)
            )
        due += row.interest
        start = row.due_on
    return due, put_off


def _running(account: LoanAccount, row: Installment, start: date, on: date, put_off: int) -> int:
    """What the period of `row` has earned of its own interest, which is without what was `put_off` to it."""
    terms = account.terms
    conventions = terms.conventions
    own = row.interest - put_off
    if account.opening and account.opening.runs_from and start < account.opening.runs_from < row.due_on:
        start = account.opening.runs_from
    if conventions.payoff_interest is PayoffInterest.to_next_due:
        return own
    if on <= start or not own:
        return 0
    regular = start
    if (
        conventions.interest_period is InterestPeriod.per_period
        and start == terms.disbursed_on
        and not terms.is_regular
    ):
        regular = date.min
    if regular == start and not put_off:
        balance, rounded = row.balance + row.principal, RowInterest(conventions)
        period = Period(start, row.due_on, start)
        if rounded.of(balance, factor(period, terms.frequency, conventions, terms.rates)) == own:
            return rounded.of(balance, factor(period, terms.frequency, conventions, terms.rates, start, on))
    return round_ratio(own * (on - start).days, (row.due_on - start).days, conventions.rounding)


def payoff_of(account: LoanAccount, laid: Laid, on: date, earned: tuple[int, int] | None = None) -> int:
    """What settles the loan on `on`: all principal, interest earned to the day, fees; less all that was paid.

    It depends on totals alone, so two payments on one day come to the same in either order. Below zero where more has come.
    `earned` is interest_earned(), where that is known already.
    """
    if laid.closed_on is not None:
        return -laid.overpaid
    owed = laid.owed_without_interest()
    if account.terms.conventions.payoff_interest is PayoffInterest.all:
        owed += sum(row.interest for row in laid.rows)
    else:
        due, running = earned or interest_earned(account, on, laid)
        owed += due + running
    return owed - laid.money


def close(account: LoanAccount, laid: Laid, on: date) -> None:
    """The loan is settled: interest that was never earned is owed no more, and what came beyond is overpaid."""
    laid.overpaid = -payoff_of(account, laid, on)
    laid.closed_on = on
    rest = laid.money - laid.overpaid - laid.beyond
    for component in (3, 1, 0):
        for index in range(len(laid.rows)):
            laid.paid[index][component] = laid.due[index][component]
            rest -= laid.due[index][component]
    for index in range(len(laid.rows)):  # what is left of the money is the interest that was earned
        part = max(min(rest, laid.due[index][2]), 0)
        laid.due[index][2] = laid.paid[index][2] = part
        rest -= part
