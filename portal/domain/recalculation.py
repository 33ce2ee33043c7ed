"""Schedules that follow the money: interest on what was really outstanding, installments re-solved after an early payment.

For loan products whose conventions say so (`interest_recalculated`, or an `excess` that lowers the principal). Interest of a
period is reckoned over the stretches between payments. Money that comes before a due day lowers the principal at once; money
on the day pays the interest first. Where an installment's principal is exceeded, the rest is re-solved for the same end
(smaller_installment) or keeps its installment and ends earlier (shorter_term). A statement takes what is overdue as paid on
its day, and what is to come as paid when due (Apache Fineract's interest recalculation).

Under a plan, an installment asks the interest that was agreed and the interest on the difference between the principal that
is really outstanding and the one that the plan counted on, from the day of the plan. Whoever pays as agreed therefore pays
exactly what was agreed, whatever it is made of: interest put off, arrears that bear none, months that ask nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.domain import amortization
from portal.domain.conventions import Conventions, Excess, Remainder
from portal.domain.due_dates import shift
from portal.domain.interest import Period, Ratio, RowInterest, factor, reduced
from portal.domain.loan_terms import LoanTerms, solving_ratio
from portal.domain.money import round_ratio, round_to
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


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a plan fixed. `past`: the rows that it leaves as they are; `paid`: fees, interest and principal (minor units)
    paid in advance on the rows after them, by index. From `since` on the difference bears interest; `put_off`: interest that
    is earned outside the period of the row due on that day."""

    past: Sequence[FollowedRow]
    paid: Sequence[Sequence[int]]
    since: date
    put_off: Mapping[date, int]


@dataclass(slots=True)
class _Walk:
    terms: LoanTerms
    on: date
    bearing: int  # principal that bears interest now
    planned: int = 0  # what would bear it under a plan that is paid as agreed
    since: date = date.min
    rows: list[FollowedRow] = field(default_factory=list)
    overpaid: int = 0

    def begin(self, agreed: Agreed) -> None:
        """On the day of a plan: what it counted on is outstanding, and what is overdue beside it."""
        self.rows = list(agreed.past)
        self.since = agreed.since
        self.planned = self.bearing = self.bearing - sum(part[2] for part in agreed.paid)
        self.bearing += sum(row.principal - row.paid_principal for row in agreed.past if not row.assumed)

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
    agreed: Agreed | None = None,
) -> tuple[list[FollowedRow], int]:
    """`installments` as `payments` (date, minor units; rising dates, none after `on`) made them by the day `on`, and what
    was paid beyond them. `start` is where interest of the first begins, the day of disbursement unless given; `agreed` is of
    a plan, whose past rows are not returned."""
    conventions = terms.conventions
    rounded = RowInterest(conventions)
    balance = sum(row.principal for row in installments)
    walk = _Walk(terms, on, balance)
    left = list(payments)
    at = start or terms.disbursed_on
    carried = 0  # interest on the difference from a plan, for the next row that has room for it
    scaled = False
    if agreed is not None:
        walk.begin(agreed)
    level: int | None = None
    begun: int | None = None  # of the first row after a solving
    in_hand = 0
    for index, planned in enumerate(installments):
        end = planned.due_on
        period = _period(terms, at, end, planned)
        row = FollowedRow(planned.number, end, planned.fees)
        last = index == len(installments) - 1
        expected = walk.planned
        if agreed is not None:
            row.paid_fees, row.paid_interest, row.paid_principal = agreed.paid[index]
            walk.planned -= planned.principal - row.paid_principal
        interest, in_hand = _stretch_out(walk, row, period, left, balance, in_hand, rounded, expected)
        if agreed is not None:
            carried += interest
            if not balance and not walk.bearing:  # repaid: only what was put off is still to come
                carried = min(carried, agreed.put_off.get(end, 0) - planned.interest)
            most = max(planned.principal, 0) if not last else carried
            interest = planned.interest + max(min(carried, most), -planned.interest)
            carried -= interest - planned.interest
        elif not planned.interest and not terms.annual_rate:
            interest = 0
        row.interest = interest
        usual = planned.principal + planned.interest if level is None else level
        asked = (usual if begun is None else begun) - interest
        begun = None
        if scaled:
            whole = sum(later.principal for later in installments[index:])
            asked = round_ratio(balance * planned.principal, whole) if whole else 0
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
        put_off = agreed.put_off if agreed else {}
        if not balance and not any(later.fees or later.due_on in put_off for later in installments[index + 1 :]):
            break
        if exceeded and conventions.excess is Excess.smaller_installment and agreed is not None:
            scaled = True  # the same end and the same seasons and steps, each row smaller by the same share
        elif exceeded and conventions.excess is Excess.smaller_installment:
            level, begun = _solved(terms, balance, at, [later.due_on for later in installments[index + 1 :]])
    for when, money in left:
        in_hand += walk.settle_due(money, when)
    return walk.rows[len(agreed.past) if agreed else 0 :], in_hand


def _stretch_out(
    walk: _Walk,
    row: FollowedRow,
    period: Period,
    left: list[tuple[date, int]],
    balance: int,
    in_hand: int,
    rounded: RowInterest,
    expected: int,
) -> tuple[int, int]:
    """Interest of a period over its stretches, on what bears it beyond `expected`; payments within it are laid as they
    come. Returns what remains in hand."""
    terms = walk.terms
    conventions = terms.conventions
    stretches: list[tuple[int, date, date]] = []
    at = max(period.start, min(walk.since, period.end))

    def accrue(until: date) -> None:
        nonlocal at
        if until > at:
            begun = at
            if stretches and stretches[-1][0] == walk.bearing:  # a day on which nothing changed cuts no stretch
                begun = stretches.pop()[1]
            stretches.append((walk.bearing, begun, until))
            at = until

    def earned() -> int:
        ratios = [
            (bearing, factor(period, terms.frequency, conventions, terms.rates, begun, until))
            for bearing, begun, until in stretches
        ]
        if conventions.stretches_rounded:
            return sum(rounded.of(bearing, ratio) - rounded.of(expected, ratio) for bearing, ratio in ratios)
        return _sum_of(ratios, conventions) - _sum_of([(expected, ratio) for _, ratio in ratios], conventions)

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
            row.accrued = earned()
            for past in walk.rows:
                if not past.assumed:
                    walk.bearing -= past.principal - past.paid_principal
                    past.assumed = True
    accrue(period.end)
    return earned(), in_hand


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
