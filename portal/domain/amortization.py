"""The arithmetic of installments: from a balance and each period's interest to the principal and interest of each row.

Everything is whole numbers. A period's interest is an exact ratio, a level installment is solved exactly and rounded once,
so a rate of 1e-12 or 400 % loses no digit on the way.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from math import lcm

from portal.domain.conventions import Conventions, Remainder
from portal.domain.errors import InvalidTerms
from portal.domain.interest import Ratio, RowInterest
from portal.domain.money import Rounding, round_ratio, round_to

MOST_ROWS = 1200
Prepared = tuple[int, int, int]  # see RowInterest.prepared
Rows = tuple[list[int], list[int]]  # principal and interest of each row


def exact_level(balance: int, factors: Sequence[Ratio]) -> Ratio:
    """The payment, as an exact ratio, that repays `balance` in one payment at the end of each period.

    P·i / (1-(1+i)^-n) where all periods are alike; else from the product of each period's growth.
    """
    count = len(factors)
    num, den = factors[0]
    if factors.count(factors[0]) == count:
        if not num:
            return balance, count
        grown, unit = (num + den) ** count, den**count
        return balance * num * grown, den * (grown - unit)
    common = lcm(*{ratio[1] for ratio in factors})
    product, worth, power = 1, 0, 1
    for index, (num, den) in enumerate(factors):
        growth = common + num * (common // den)
        product *= growth
        worth = worth * growth + power if index else 1
        power *= common
    return balance * product, common * worth


def level_amount(balance: int, factors: Sequence[Ratio], conventions: Conventions) -> int:
    """The level installment in minor units, rounded as the conventions say, and never below what the first period's
    interest and one unit of principal ask, so that no balance is left standing by rounding alone."""
    num, den = exact_level(balance, factors)
    unit = conventions.installment_unit
    level = round_to(num, den, unit, conventions.installment_rounding)
    if len(factors) > 1 and level < unit:
        level = unit
    return level


def level_rows(
    balance: int, factors: Iterable[Prepared], level: int, count: int, even: bool = False, unit: int = 1
) -> Rows:
    """Rows of `level` until the balance is repaid, the last of `count` rows taking what is left.

    A row never asks for less than its interest, so no principal is negative; where the balance is repaid early the rows
    end early.
    """
    principals: list[int] = []
    interests: list[int] = []
    add_principal, add_interest = principals.append, interests.append
    left = count
    for twice, offset, den in factors:
        exact = balance * twice + offset
        interest = exact // den
        if even and interest & 1 and exact == interest * den:
            interest -= 1
        interest *= unit
        principal = level - interest
        left -= 1
        if principal >= balance or not left:
            add_principal(balance)
            add_interest(interest)
            break
        if principal < 0:
            principal = 0
        add_principal(principal)
        add_interest(interest)
        balance -= principal
    return principals, interests


def fast_level_rows(balance: int, twice: int, offset: int, den: int, level: int, count: int) -> Rows:
    """`level_rows` for one and the same factor in each period, rounding units of one, no ties to even."""
    principals: list[int] = []
    interests: list[int] = []
    add_principal, add_interest = principals.append, interests.append
    interest = (balance * twice + offset) // den
    for _ in repeat(None, count - 1):
        principal = level - interest
        if principal >= balance:
            break
        if principal < 0:
            principal = 0
        add_principal(principal)
        add_interest(interest)
        balance -= principal
        interest = (balance * twice + offset) // den
    add_principal(balance)
    add_interest(interest)
    return principals, interests


def equal_installments(
    balance: int, factors: Sequence[Ratio], conventions: Conventions, level: int | None = None, fixed: bool = False
) -> Rows:
    """Level installments over the periods of `factors`; `level` (minor units) is solved where it is not given. `fixed`: it
    was agreed as it is, so the last row takes what is left, whatever the conventions say."""
    count = len(factors)
    solved = level is None
    if level is None:
        level = level_amount(balance, factors, conventions)
    if conventions.interest_carried:
        return carried_rows(balance, factors, level, conventions)
    row = RowInterest(conventions)
    if factors.count(factors[0]) == count:
        first = row.prepared(factors[0])
        if not row.even and row.unit == 1:
            rows = fast_level_rows(balance, *first, level, count)
        else:
            rows = level_rows(balance, repeat(first), level, count, row.even, row.unit)
        prepared = [] if conventions.remainder is Remainder.last else [first] * count
    else:
        prepared = [row.prepared(ratio) for ratio in factors]
        rows = level_rows(balance, prepared, level, count, row.even, row.unit)
    if solved and conventions.remainder is Remainder.smoothed:
        return _smoothed(balance, prepared, level, rows, row, conventions)
    if conventions.remainder is Remainder.first and not fixed:
        return first_takes(lambda first: _begun(balance, prepared, level, first, row), level, rows, count, row.unit)
    return rows


def _begun(balance: int, factors: list[Prepared], level: int, first: int, row: RowInterest) -> Rows:
    """`level_rows` whose first row asks `first` instead."""
    begun = level_rows(balance, factors[:1], first, 2, row.even, row.unit)
    if begun[0][0] == balance:
        return begun
    rest = level_rows(balance - begun[0][0], factors[1:], level, len(factors) - 1, row.even, row.unit)
    return begun[0] + rest[0], begun[1] + rest[1]


def first_takes(rows_of: Callable[[int], Rows], level: int, rows: Rows, count: int, unit: int) -> Rows:
    """The rows of which the first asks what makes the last one come nearest to `level`, which is to the minor unit unless
    interest on a cent less can't be met exactly. `rows_of` gives the rows by the total of the first, `rows` are those with
    `level`; where these end before `count`, nothing is left over to take."""
    gap = _gap(rows, level, count)
    if count < 2 or not gap or len(rows[0]) < count:
        return rows
    low, high = (gap // unit - 1, 0) if gap < 0 else (0, -(-gap // unit))
    while high - low > 1:  # the dearer the first, the cheaper the last
        middle = (low + high) // 2
        low, high = (middle, high) if _gap(rows_of(level + middle * unit), level, count) > 0 else (low, middle)
    tried = [rows_of(level + steps * unit) for steps in (high, low)]
    # A first row that takes so much that fewer are left is no better than what it was to mend.
    whole = [*(each for each in tried if len(each[0]) == count), rows]
    return min(whole, key=lambda each: abs(_gap(each, level, count)))


def _smoothed(
    balance: int, factors: list[Prepared], level: int, rows: Rows, row: RowInterest, conventions: Conventions
) -> Rows:
    """One pass that moves the level by its share of the last row's gap (Apache Fineract's progressive schedule)."""
    count = len(factors)
    gap = _gap(rows, level, count)
    if count < 2 or abs(gap) <= count // 2:
        return rows
    step = round_to(gap, count, conventions.installment_unit, Rounding.half_even)
    if not step:
        return rows
    again = level_rows(balance, factors, level + step, count, row.even, row.unit)
    return again if abs(_gap(again, level + step, count)) < abs(gap) else rows


def _gap(rows: Rows, level: int, count: int) -> int:
    if len(rows[0]) < count:
        return -level
    return rows[0][-1] + rows[1][-1] - level


CARRY_BITS = 160


def carried_rows(balance: int, factors: Sequence[Ratio], level: int, conventions: Conventions) -> Rows:
    """Level rows on the exact balance. Each balance shown is the exact one rounded, so fractions carry on and the sum of
    the rows differs from the exact sum by less than one unit, whatever their number."""
    exact = balance << CARRY_BITS
    one = 1 << CARRY_BITS
    shown = balance
    principals: list[int] = []
    interests: list[int] = []
    count = len(factors)
    for index, (num, den) in enumerate(factors):
        interest = exact * num // den
        principal = (level << CARRY_BITS) - interest
        if principal >= exact or index == count - 1:
            principals.append(shown)
            interests.append(round_ratio(interest, one, conventions.rounding))
            break
        exact -= max(principal, 0)
        new_shown = round_ratio(exact, one, conventions.rounding)
        principals.append(shown - new_shown)
        interests.append(max(level - (shown - new_shown), 0))
        shown = new_shown
    return principals, interests


def interest_only_rows(balance: int, factors: Sequence[Ratio], conventions: Conventions) -> Rows:
    """Each period's interest, nothing of the principal."""
    row = RowInterest(conventions)
    return [0] * len(factors), [row.of(balance, ratio) for ratio in factors]


def fixed_principal(
    balance: int, factors: Sequence[Ratio], share: int, conventions: Conventions, first: int | None = None
) -> Rows:
    """`share` of principal a row (`first` in the first one, where given) and the interest on what is left; the last row
    takes the rest."""
    row = RowInterest(conventions)
    principals: list[int] = []
    interests: list[int] = []
    count = len(factors)
    for index, ratio in enumerate(factors):
        interests.append(row.of(balance, ratio))
        asked = share if first is None or index else first
        part = balance if index == count - 1 else min(asked, balance)
        principals.append(part)
        balance -= part
        if not balance:
            break
    return principals, interests


def equal_principal(balance: int, factors: Sequence[Ratio], conventions: Conventions) -> Rows:
    """Equal shares of principal in the unit of a row's figures (never nothing), and the interest on what is left."""
    unit = conventions.interest_unit
    share = round_to(balance, len(factors), unit, conventions.installment_rounding) or unit
    return fixed_principal(
        balance, factors, share, conventions, _first_share(balance, share, len(factors), conventions)
    )


def _first_share(total: int, share: int, count: int, conventions: Conventions) -> int | None:
    """What the first of `count` shares asks where it takes the remainder; None where it does not, or has not enough."""
    first = total - share * (count - 1)
    return first if conventions.remainder is Remainder.first and first >= 0 else None


@dataclass(frozen=True, slots=True)
class FlatRows:
    """Rows of a flat loan: interest on the `original` principal whatever is left of it, in equal shares.

    `no_principal` and `no_interest` count rows at the start that ask none of it; the interest then falls on the others.
    `share` fixes the principal of a row (minor units).
    """

    original: int
    no_principal: int = 0
    no_interest: int = 0
    share: int | None = None

    def rows(self, balance: int, factors: Sequence[Ratio], conventions: Conventions) -> Rows:
        """Principal and interest shares are rounded to the installment's unit apart and added (Apache Fineract); the last
        row takes both remainders, or the first that asks for principal, and for interest."""
        count = len(factors)
        num, den = _total(factors)
        mode, unit = conventions.installment_rounding, conventions.installment_unit
        total = round_to(self.original * num, den, conventions.interest_unit, conventions.rounding)
        bearing = count - self.no_interest
        interest = round_to(self.original * num, den * bearing, conventions.interest_unit, conventions.rounding)
        share, first = self.share, None
        if share is None:
            rounded = round_to(self.original * num, den * bearing, unit, mode)
            share = max((round_to(balance, count - self.no_principal, unit, mode) or unit) + rounded - interest, 0)
            first = _first_share(balance, share, count - self.no_principal, conventions)
        dearest = _first_share(total, interest, bearing, conventions)
        principals: list[int] = []
        interests: list[int] = []
        for index in range(count):
            last = index == count - 1
            part = share if first is None or index != self.no_principal else first
            part = balance if last else 0 if index < self.no_principal else min(part, balance)
            charged = interest if dearest is None or index != self.no_interest else dearest
            charged = total if last or part == balance else 0 if index < self.no_interest else min(charged, total)
            principals.append(part)
            interests.append(charged)
            balance -= part
            total -= charged
            if not balance:  # repaid early: what interest was agreed came with it
                break
        return principals, interests


def _total(factors: Sequence[Ratio]) -> Ratio:
    if factors.count(factors[0]) == len(factors):
        return factors[0][0] * len(factors), factors[0][1]
    common = lcm(*{den for _, den in factors})
    return sum(num * (common // den) for num, den in factors), common


def deferring_rows(
    balance: int,
    factors: Sequence[Prepared],
    level: int,
    deferred: int,
    no_principal: int,
    row: RowInterest,
    first: int | None = None,
) -> Rows:
    """Level rows of which the first `deferred` ask no interest: it waits, bears none itself, and falls due in the first row
    after them. A row's total stays the level, so its principal is what the interest leaves (Apache Fineract). `first` is the
    total of the first row that asks for principal, where it is another."""
    principals: list[int] = []
    interests: list[int] = []
    waiting = 0
    for index, (twice, offset, den) in enumerate(factors):
        exact = balance * twice + offset
        interest = exact // den
        if row.even and interest & 1 and exact == interest * den:
            interest -= 1
        waiting += interest * row.unit
        last = index == len(factors) - 1
        asked = 0 if index < deferred and not last else waiting
        amount = level if first is None or index != no_principal else first
        principal = balance if last else 0 if index < no_principal else min(max(amount - asked, 0), balance)
        if principal == balance:
            asked = waiting
        waiting -= asked
        principals.append(principal)
        interests.append(asked)
        balance -= principal
        if not balance:
            break
    return principals, interests


def periods_for(balance: int, ratio: Ratio, level: int, conventions: Conventions, most: int = MOST_ROWS) -> int | None:
    """How many rows of `level` repay `balance`, each period alike; None where it never does within `most` rows."""
    row = RowInterest(conventions)
    twice, offset, den = row.prepared(ratio)
    for count in range(1, most + 1):
        exact = balance * twice + offset
        interest = exact // den
        if row.even and interest & 1 and exact == interest * den:
            interest -= 1
        interest *= row.unit
        if level <= interest and level < balance + interest:
            return None
        balance -= level - interest
        if balance <= 0:
            return count
    return None


def require_rows(count: int) -> None:
    """Refuses a number of installments that no schedule has: none, or more than 1,200."""
    if count < 1:
        raise InvalidTerms("no_installments", "A loan needs at least one installment.", installments=count)
    if count > MOST_ROWS:
        raise InvalidTerms(
            "too_many_installments",
            f"A schedule has at most {MOST_ROWS} installments.",
            installments=count,
            most=MOST_ROWS,
        )
