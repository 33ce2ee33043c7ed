"""Which part of a payment goes where, and what a loan looks like on a date.

A statement is a replay: the opening position first, then every payment effective by the date, in order of its date, whatever
the order in which they were entered. A reversed payment is left out as if it had never come. Payments that the opening
position already holds (`Opening.counted`) are not laid again, so nothing is counted twice and a payment dated back to before
an agreed plan still counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from portal.domain import arrears
from portal.domain.conventions import Component, Conventions, Excess, InterestPeriod, PayoffInterest
from portal.domain.errors import InvalidPayment
from portal.domain.interest import Period, RowInterest, factor
from portal.domain.money import round_ratio, split
from portal.domain.schedule import Installment, LoanTerms, Schedule

COMPONENTS = (Component.penalties, Component.fees, Component.interest, Component.principal)
_INDEX = {component: index for index, component in enumerate(COMPONENTS)}


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came in, or the reversal of an earlier payment (`reverses` is that one's key).

    `amount` in minor units, above zero; `effective_on` the day from which it counts; `recorded_at` when we were told.
    """

    key: str
    effective_on: date
    amount: int
    recorded_at: datetime | None = None
    reverses: str | None = None

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise InvalidPayment("amount_not_positive", "A payment must be above zero.", key=self.key)


@dataclass(frozen=True, slots=True)
class Opening:
    """What had been paid by `as_of`: minor units by component, laid on the installments in their order.

    `counted` are the keys of payments that are part of it.
    """

    as_of: date
    principal_paid: int
    interest_paid: int
    fees_paid: int = 0
    penalties_paid: int = 0
    counted: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if min(self.principal_paid, self.interest_paid, self.fees_paid, self.penalties_paid) < 0:
            raise InvalidPayment("negative_opening", "What was paid before can't be below zero.")

    @property
    def total(self) -> int:
        return self.principal_paid + self.interest_paid + self.fees_paid + self.penalties_paid

    def to_dict(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of.isoformat(),
            "principal_paid": self.principal_paid,
            "interest_paid": self.interest_paid,
            "fees_paid": self.fees_paid,
            "penalties_paid": self.penalties_paid,
            "counted": sorted(self.counted),
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Opening":
        return cls(
            date.fromisoformat(values["as_of"]),
            values["principal_paid"],
            values["interest_paid"],
            values.get("fees_paid", 0),
            values.get("penalties_paid", 0),
            frozenset(values.get("counted", ())),
        )


@dataclass(frozen=True, slots=True)
class Charge:
    """A fee or penalty (`component`) that falls due on its own day, with the installment whose period holds that day."""

    component: Component
    due_on: date
    amount: int


@dataclass(frozen=True, slots=True)
class LoanAccount:
    """A loan as the books have it: terms, the schedule in force, and what was paid.

    `pauses` (first day, last day) are left out of delinquent days.
    """

    terms: LoanTerms
    schedule: Schedule
    payments: tuple[Payment, ...] = ()
    opening: Opening | None = None
    charges: tuple[Charge, ...] = ()
    pauses: tuple[tuple[date, date], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values of everything but the payments, which are the ledger's."""
        return {
            "terms": self.terms.to_dict(),
            "rows": self.schedule.to_rows(),
            "opening": self.opening.to_dict() if self.opening else None,
            "charges": [[charge.component.value, charge.due_on.isoformat(), charge.amount] for charge in self.charges],
            "pauses": [[first.isoformat(), last.isoformat()] for first, last in self.pauses],
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any], payments: Sequence[Payment] = ()) -> "LoanAccount":
        """From `to_dict()` and the ledger's payments."""
        terms = LoanTerms.from_dict(values["terms"])
        day = date.fromisoformat
        return cls(
            terms,
            Schedule.from_rows(values["rows"], terms.currency),
            tuple(payments),
            Opening.from_dict(values["opening"]) if values.get("opening") else None,
            tuple(Charge(Component(name), day(on), amount) for name, on, amount in values.get("charges", ())),
            tuple((day(first), day(last)) for first, last in values.get("pauses", ())),
        )


@dataclass(frozen=True, slots=True)
class Line:
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

    def open_of(self, index: int) -> int:
        return sum(self.due[index]) - sum(self.paid[index])

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


def counted_payments(account: LoanAccount, on: date) -> list[Payment]:
    """The payments that a replay to `on` lays, oldest first. Raises InvalidPayment on a reversal of nothing."""
    held = account.opening.counted if account.opening else frozenset()
    by_key = {payment.key: payment for payment in account.payments}
    reversed_keys = set()
    for entry in account.payments:
        if entry.reverses is not None:
            if entry.reverses not in by_key and entry.reverses not in held:
                raise InvalidPayment(
                    "unknown_reversal", "This reverses a payment that is not in the books.", key=entry.key
                )
            if entry.effective_on <= on:
                reversed_keys.add(entry.reverses)
    laid = [
        entry
        for entry in by_key.values()
        if entry.reverses is None
        and entry.effective_on <= on
        and entry.key not in held
        and entry.key not in reversed_keys
    ]
    return sorted(laid, key=lambda entry: (entry.effective_on, entry.key))


def taken_back(account: LoanAccount, on: date) -> int:
    """Minor units of payments inside the opening position that were reversed by `on`, after the opening was made."""
    opening = account.opening
    if opening is None:
        return 0
    keys = {
        entry.reverses: entry.amount
        for entry in account.payments
        if entry.reverses in opening.counted and entry.effective_on <= on and entry.key not in opening.counted
    }
    return sum(keys.values())


def replay(account: LoanAccount, on: date) -> Laid:
    """Lays the opening position and every payment effective by `on` on the schedule's installments."""
    rows = account.schedule.installments
    due = [[0, row.fees, row.interest, row.principal] for row in rows]
    charges = []
    for charge in account.charges:
        index = next((i for i, row in enumerate(rows) if row.due_on >= charge.due_on), len(rows) - 1)
        component = _INDEX[charge.component]
        due[index][component] += charge.amount
        charges.append((index, component, charge.due_on, charge.amount))
    laid = Laid(rows, due, [[0, 0, 0, 0] for _ in rows], charges, [0] * len(rows), [0] * len(rows))
    _lay_opening(account, laid, on)
    conventions = account.terms.conventions
    for payment in counted_payments(account, on):
        laid.money += payment.amount
        lay(laid, payment.effective_on, payment.amount, conventions)
        if payoff_of(account, laid, payment.effective_on) <= 0:
            _close(account, laid, payment.effective_on)
    return laid


def _lay_opening(account: LoanAccount, laid: Laid, on: date) -> None:
    opening = account.opening
    if opening is None:
        return
    amounts = (opening.penalties_paid, opening.fees_paid, opening.interest_paid, opening.principal_paid)
    for component, amount in enumerate(amounts):
        for index in range(len(laid.rows)):
            amount = laid.put(index, component, laid.due[index][component], amount, None)
        if component == 3:
            laid.overpaid += amount
        else:
            laid.beyond += amount
    back = taken_back(account, on)
    laid.money = opening.total - back
    overpaid = min(back, laid.overpaid)
    laid.overpaid -= overpaid
    back -= overpaid
    for index in reversed(range(len(laid.rows))):  # what was paid last is the first to be unpaid again
        for component in (3, 2, 1, 0):
            part = min(back, laid.paid[index][component])
            laid.paid[index][component] -= part
            back -= part
    if all(laid.due[index][3] == laid.paid[index][3] for index in range(len(laid.rows))) and not taken_back(
        account, on
    ):
        # All principal was repaid before the loan came to us: interest that was not earned by then is owed no more.
        laid.closed_on = opening.as_of
        for due, paid in zip(laid.due, laid.paid, strict=True):
            due[:] = paid


def lay(laid: Laid, when: date, amount: int, conventions: Conventions) -> None:
    """One payment: first what is due by its day, oldest installment first; then, in advance, by the rule for excess."""
    rows = laid.rows
    order = [_INDEX[component] for component in conventions.order_due]
    for index, row in enumerate(rows):
        if not amount:
            return
        if row.due_on <= when:
            for component in order:
                still = laid.due[index][component] - laid.paid[index][component]
                amount = laid.put(index, component, still, amount, when)
        else:
            for component in order:
                charged = sum(c[3] for c in laid.charges if c[0] == index and c[1] == component and c[2] <= when)
                amount = laid.put(index, component, charged - laid.paid[index][component], amount, when)
    ahead = [index for index, row in enumerate(rows) if row.due_on > when and laid.open_of(index)]
    order = [_INDEX[component] for component in conventions.order_in_advance]
    if conventions.excess is Excess.spread:
        while amount and ahead:
            shares = split(amount, len(ahead))
            amount = 0
            for index, share in zip(ahead, shares, strict=True):
                amount += _advance(laid, index, share, order, when)
            ahead = [index for index in ahead if laid.open_of(index)]
    else:
        for index in reversed(ahead) if conventions.excess is Excess.last_installment else ahead:
            amount = _advance(laid, index, amount, order, when)
    laid.overpaid += amount


def _advance(laid: Laid, index: int, amount: int, order: list[int], when: date) -> int:
    for component in order:
        amount = laid.put(index, component, laid.due[index][component] - laid.paid[index][component], amount, when)
    return amount


def interest_earned(account: LoanAccount, on: date) -> tuple[int, int]:
    """Interest of installments due by `on`, and what the period that runs has earned since (minor units)."""
    rows = account.schedule.installments
    due = sum(row.interest for row in rows if row.due_on <= on)
    start = account.terms.disbursed_on
    for row in rows:
        if row.due_on > on:
            return due, _running(account, row, start, on)
        start = row.due_on
    return due, 0


def _running(account: LoanAccount, row: Installment, start: date, on: date) -> int:
    terms = account.terms
    conventions = terms.conventions
    if conventions.payoff_interest is PayoffInterest.to_next_due:
        return row.interest
    if on <= start:
        return 0
    nights, of = (on - start).days, (row.due_on - start).days
    balance = row.balance + row.principal
    rounded = RowInterest(conventions)
    regular = start
    if conventions.interest_period is InterestPeriod.per_period and start == terms.disbursed_on:
        regular = terms.disbursed_on if terms.is_regular else date.min
    if regular == start:
        period = Period(start, row.due_on, start)
        if rounded.of(balance, factor(period, terms.frequency, conventions, terms.rates)) == row.interest:
            return rounded.of(balance, factor(period, terms.frequency, conventions, terms.rates, start, on))
    return round_ratio(row.interest * nights, of, conventions.rounding)


def payoff_of(account: LoanAccount, laid: Laid, on: date) -> int:
    """What settles the loan on `on`: all principal, interest earned to the day, fees; less all that was paid.

    It depends on totals alone, so two payments on one day come to the same in either order. Below zero where more has come.
    """
    if laid.closed_on is not None:
        return -laid.overpaid
    owed = laid.beyond + sum(row.principal + row.fees for row in laid.rows) + sum(c[3] for c in laid.charges)
    if account.terms.conventions.payoff_interest is PayoffInterest.all:
        owed += sum(row.interest for row in laid.rows)
    else:
        due, running = interest_earned(account, on)
        owed += due + running
    return owed - laid.money


def _close(account: LoanAccount, laid: Laid, on: date) -> None:
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


def statement(account: LoanAccount, on: date) -> Statement:
    """The loan on `on`, from a replay of all that was effective by then."""
    laid = replay(account, on)
    conventions = account.terms.conventions
    late_today = conventions.due_day_is_late
    overdue = [0, 0, 0, 0]
    since: date | None = None
    next_due: tuple[date, int] | None = None
    lines = []
    for index, row in enumerate(laid.rows):
        due, paid = laid.due[index], laid.paid[index]
        left = [a - b for a, b in zip(due, paid, strict=True)]
        still = sum(left)
        if not still:
            state = "paid"
        elif row.due_on < on or (late_today and row.due_on == on):
            state = "part_paid" if any(paid) else "not_received"
            since = since or row.due_on
            overdue = [a + b for a, b in zip(overdue, left, strict=True)]
        elif next_due is None:
            state = "next"
            next_due = (row.due_on, still)
        else:
            state = "to_come"
        lines.append(
            Line(
                row.number, row.due_on, sum(due), sum(paid), still, state, left[3], left[2], left[1], left[0],
                laid.in_advance[index], laid.late[index],
            )
        )  # fmt: skip
    left_to_pay = sum(line.open for line in lines)
    days = arrears.days_past_due(since, on, late_today)
    payoff = max(payoff_of(account, laid, on), 0)
    return Statement(
        on=on,
        currency=account.schedule.currency,
        paid_so_far=laid.money,
        outstanding_principal=sum(line.open_principal for line in lines),
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
        payoff=min(payoff, left_to_pay),
        accrued_interest=0 if laid.closed_on else interest_earned(account, on)[1],
        overpaid=laid.overpaid,
        lines=tuple(lines),
    )
