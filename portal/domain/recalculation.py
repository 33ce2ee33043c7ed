"""Schedules that follow the money: interest on what was really outstanding, installments re-solved after an early payment.

For loan products whose conventions say so (`interest_recalculated`, or an `excess` that lowers the principal). Interest of a
period is reckoned over the stretches between payments. Money that comes before a due day lowers the principal at once; money
on the day pays the interest first. Where an installment's principal is exceeded, the rest is re-solved for the same end
(smaller_installment) or keeps its installment and ends earlier (shorter_term). A statement takes what is overdue as paid on
its day, and what is to come as paid when due (Apache Fineract's interest recalculation).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.domain import amortization
from portal.domain.conventions import Conventions, Excess, Remainder
from portal.domain.due_dates import shift
from portal.domain.interest import Period, Ratio, RowInterest, factor, reduced
from portal.domain.loan_terms import LoanTerms, solving_ratio
from portal.domain.money import round_to
from portal.domain.schedule import Installment

LOWERS_PRINCIPAL = (Excess.smaller_installment, Excess.shorter_term)


def follows_money(conventions: Conventions) -> bool:
    """Whether a loan's installments depend on when money came."""
    return conventions.interest_recalculated or conventions.excess in LOWERS_PRINCIPAL


@dataclass(slots=True)
class FollowedRow:
    """An installment as the payments made it; amounts in minor units."""

    number: int
    due_on: date
    fees: int = 0
    principal: int = 0
    interest: int = 0
    balance: int = 0
    paid_principal: int = 0
    paid_interest: int = 0
    paid_fees: int = 0
    in_advance: int = 0
    late: int = 0
    accrued: int = 0  # interest of this row that is earned by the day of the statement
    assumed: bool = False  # its principal no longer bears interest, though it may not have come

    @property
    def total(self) -> int:
        return self.principal + self.interest + self.fees

    @property
    def paid(self) -> int:
        return self.paid_principal + self.paid_interest + self.paid_fees


@dataclass(slots=True)
class _Walk:
    terms: LoanTerms
    on: date
    bearing: int  # principal that bears interest now
    rows: list[FollowedRow] = field(default_factory=list)
    overpaid: int = 0

    def pay(self, row: FollowedRow, name: str, most: int, money: int, when: date) -> int:
        """Pays up to `most` of a component of a row; returns what is left of the money."""
        part = max(min(most, money), 0)
        setattr(row, "paid_" + name, getattr(row, "paid_" + name) + part)
        if when < row.due_on:
            row.in_advance += part
        elif when > row.due_on:
            row.late += part
        if name == "principal" and not row.assumed:
            self.bearing -= part
        return money - part

    def settle_due(self, money: int, when: date) -> int:
        """Pays the rows that are past, oldest first: fees, interest, principal."""
        for row in self.rows:
            money = self.pay(row, "fees", row.fees - row.paid_fees, money, when)
            money = self.pay(row, "interest", row.interest - row.paid_interest, money, when)
            money = self.pay(row, "principal", row.principal - row.paid_principal, money, when)
        return money

    def carry_on(self, row: FollowedRow, scheduled: int) -> int:
        """What came in advance beyond a row's principal pays its interest; the rest is for the next row."""
        surplus = row.paid_principal - scheduled
        row.principal = row.paid_principal = scheduled
        part = min(surplus, row.interest - row.paid_interest)
        row.paid_interest += part
        row.in_advance -= surplus - part
        self.bearing += surplus
        return surplus - part


def follow(
    terms: LoanTerms,
    installments: Sequence[Installment],
    payments: Sequence[tuple[date, int]],
    on: date,
    start: date | None = None,
) -> tuple[list[FollowedRow], int]:
    """`installments` as `payments` (date, minor units; rising dates, none after `on`) made them by the day `on`, and what
    was paid beyond them. `start` is where interest of the first begins, the day of disbursement unless given."""
    conventions = terms.conventions
    rounded = RowInterest(conventions)
    balance = sum(row.principal for row in installments)
    walk = _Walk(terms, on, balance)
    left = list(payments)
    at = start or terms.disbursed_on
    level: int | None = None
    begun: int | None = None  # of the first row after a solving
    in_hand = 0
    for index, planned in enumerate(installments):
        end = planned.due_on
        period = _period(terms, at, end, planned)
        row = FollowedRow(planned.number, end, planned.fees)
        last = index == len(installments) - 1
        interest, in_hand = _stretch_out(walk, row, period, left, balance, in_hand, rounded)
        if not planned.interest and not terms.annual_rate:
            interest = 0
        row.interest = interest
        usual = planned.principal + planned.interest if level is None else level
        asked = (usual if begun is None else begun) - interest
        begun = None
        scheduled = balance if last else max(min(asked, balance), 0)
        row.principal = max(scheduled, min(row.paid_principal, balance))
        exceeded = row.paid_principal > scheduled
        if conventions.excess not in LOWERS_PRINCIPAL and exceeded and not last:
            in_hand += walk.carry_on(row, scheduled)
        if in_hand and row.paid_principal == balance:
            in_hand = walk.pay(row, "interest", row.interest, in_hand, at)
        if end <= on:
            row.accrued = row.interest
        while left and left[0][0] == end:
            when, money = left.pop(0)
            money = walk.settle_due(money, when)
            money = walk.pay(row, "fees", row.fees - row.paid_fees, money, when)
            money = walk.pay(row, "interest", row.interest - row.paid_interest, money, when)
            money = walk.pay(row, "principal", row.principal - row.paid_principal, money, when)
            more = min(money, balance - row.principal) if conventions.excess in LOWERS_PRINCIPAL else 0
            if more:
                row.principal += more
                money = walk.pay(row, "principal", more, money, when)
                exceeded = True
            in_hand += money
        balance -= row.principal
        row.balance = balance
        if end >= on or not conventions.interest_recalculated:
            walk.bearing -= row.principal - row.paid_principal
            row.assumed = True
        walk.rows.append(row)
        at = end
        if not balance:
            break
        if exceeded and conventions.excess is Excess.smaller_installment:
            level, begun = _solved(terms, balance, at, [later.due_on for later in installments[index + 1 :]])
    for when, money in left:
        in_hand += walk.settle_due(money, when)
    return walk.rows, in_hand


def _stretch_out(
    walk: _Walk,
    row: FollowedRow,
    period: Period,
    left: list[tuple[date, int]],
    balance: int,
    in_hand: int,
    rounded: RowInterest,
) -> tuple[int, int]:
    """Interest of a period over its stretches; payments within it are laid as they come. Returns what remains in hand."""
    terms = walk.terms
    conventions = terms.conventions
    whole: list[tuple[int, Ratio]] = []
    total = 0
    at = period.start

    def accrue(until: date) -> None:
        nonlocal total, at
        if until > at:
            ratio = factor(period, terms.frequency, conventions, terms.rates, at, until)
            if conventions.stretches_rounded:
                total += rounded.of(walk.bearing, ratio)
            else:
                whole.append((walk.bearing, ratio))
            at = until

    if in_hand:  # what came beyond the last installment is in advance on this one
        in_hand = walk.pay(row, "principal", balance - row.paid_principal, in_hand, period.start)
    marks = sorted({when for when, _ in left if when < period.end} | {walk.on})
    for mark in marks:
        if mark >= period.end:
            break
        accrue(max(mark, period.start))
        while left and left[0][0] <= mark:
            when, money = left.pop(0)
            money = walk.settle_due(money, when)
            money = walk.pay(row, "principal", balance - row.paid_principal, money, when)
            in_hand += money
        if mark == walk.on:
            row.accrued = total if not whole else _sum_of(whole, conventions)
            for past in walk.rows:
                if not past.assumed:
                    walk.bearing -= past.principal - past.paid_principal
                    past.assumed = True
    accrue(period.end)
    return _sum_of(whole, conventions) if whole else total, in_hand


def _sum_of(stretches: list[tuple[int, Ratio]], conventions: Conventions) -> int:
    """The interest of several stretches, summed exactly and rounded once."""
    num, den = 0, 1
    for bearing, (a, b) in stretches:
        num, den = reduced(num * b + bearing * a * den, den * b)
    return round_to(num, den, conventions.interest_unit, conventions.rounding)


def _period(terms: LoanTerms, start: date, end: date, planned: Installment) -> Period:
    if planned.number == 1 and start == terms.disbursed_on and not terms.is_regular:
        return Period(start, end, shift(terms.first_due_on, terms.frequency, -1, terms.due_day))
    return Period(start, end, start)


def _solved(terms: LoanTerms, balance: int, start: date, dues: list[date]) -> tuple[int, int | None]:
    """The level installment for what is left, from the same basis as at the start; and what the first of them asks, where
    that one takes the remainder."""
    conventions = terms.conventions
    if not dues:
        return balance, None
    factors = []
    for due in dues:
        factors.append(factor(Period(start, due, start), terms.frequency, conventions, terms.rates))
        start = due
    same = solving_ratio(conventions, terms.frequency, terms.annual_rate)
    basis = factors if same is None else [same] * len(dues)
    level = amortization.level_amount(balance, basis, conventions)
    if conventions.remainder is not Remainder.first:
        return level, None
    principals, interests = amortization.equal_installments(balance, factors, conventions, level)
    return level, principals[0] + interests[0]
