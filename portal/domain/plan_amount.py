"""A plan from the amount that a borrower can pay: how many installments it takes, or the least that would do."""

from collections.abc import Sequence
from datetime import date

from portal.domain import amortization
from portal.domain.amortization import Rows
from portal.domain.conventions import FlatExtension
from portal.domain.errors import InvalidPlan
from portal.domain.interest import ZERO, Ratio, RowInterest
from portal.domain.loan_terms import Method
from portal.domain.money import Rounding, round_ratio
from portal.domain.plan_work import FEES, INTEREST, PENALTIES, PRINCIPAL, Work

_Parts = tuple[list[int], list[int], list[int]]  # principal, interest, and what is overdue, of each row


def about_lowest(work: Work, arrears: Sequence[int], count: int) -> int:
    """About the lowest amount that repays within `count` rows, what is overdue beside it: exact but for the cents that the
    rounding of rows can ask more."""
    total = sum(arrears) + (sum(row.interest for row in work.remaining.rows) if _agreed_interest(work) else 0)
    factors = _factors(work, count)
    on = _interest_on(work)
    if on is not None:
        return -(-(work.balance + total) // count) + work.rounded.of(on, factors[-1])
    num, den = amortization.exact_level(work.balance, factors) if work.balance else (0, 1)
    return round_ratio(num, den, Rounding.up) + -(-total // count)


def amount_rows(work: Work, arrears: Sequence[int]) -> tuple[Rows, tuple[date, ...]]:
    """Rows of exactly the plan's amount, the last one smaller, in as few as it takes when what is overdue (`arrears`, by
    component) is spread evenly over them without interest. Raises InvalidPlan."""
    longest = work.remaining.longest
    amount = work.plan.amount or 0
    left = list(arrears)
    if _agreed_interest(work):  # flat interest that was fixed at the start is spread like what is overdue
        left[INTEREST] += sum(row.interest for row in work.remaining.rows)
    total = sum(left)
    factors = _factors(work, min(longest, max(-(-(work.balance + total) // amount) * 2, 12)))
    rows = _fewest(work, factors, amount, total)
    if rows is None and len(factors) < longest:
        factors = _factors(work, longest)
        rows = _fewest(work, factors, amount, total)
    if rows is None:
        raise _refused(work, factors, total)
    principals, interests, parts = rows
    for index, part in enumerate(parts) if total else ():
        for component in (INTEREST, FEES, PENALTIES, PRINCIPAL):
            if not part:
                break
            share = min(part, left[component])
            left[component] -= share
            part -= share
            if component == PRINCIPAL:
                principals[index] += share
            elif component == INTEREST and share:
                work.put_off_by_row[index] = (share, work.remaining.on, work.remaining.on)
            elif share:
                work.fees_by_row[index] = work.fees_by_row.get(index, 0) + share
    return (principals, interests), work.dates(len(principals))


def _agreed_interest(work: Work) -> bool:
    """Whether lengthening adds no interest: a flat loan whose interest was fixed at the start."""
    terms = work.remaining.account.terms
    return terms.method is Method.flat and terms.conventions.flat_extension is FlatExtension.nothing


def _interest_on(work: Work) -> int | None:
    """The principal that interest is reckoned on throughout, for a flat loan; None where it is on what is left."""
    terms = work.remaining.account.terms
    return terms.financed if terms.method is Method.flat else None


def _factors(work: Work, count: int) -> list[Ratio]:
    if _agreed_interest(work):
        return [ZERO] * count
    return work.alike_factors(count) if work.alike else work.factors(work.dates(count))


def _fewest(work: Work, factors: Sequence[Ratio], amount: int, total: int) -> _Parts | None:
    """The fewest rows of `amount` that repay the balance and the `total` spread over them; None where none do."""
    row = work.rounded
    first = row.prepared(factors[-1])  # periods are alike more often than not
    prepared = [first if ratio is factors[-1] else row.prepared(ratio) for ratio in factors]
    on = _interest_on(work)
    if not total:
        return _rows(work.balance, prepared, amount, 0, 0, row, on)
    alone = _rows(work.balance, prepared, amount, 0, 0, row, on) if work.balance else ([], [], [])
    if alone is None:
        return None
    # No fewer rows than the money asks; and where the balance alone took n, its shares lower each row by about total / n.
    low = max(len(alone[0]), -(-(work.balance + total) // amount)) - 1
    high, rows = len(prepared) + 1, None
    step = 1
    while high - low > 1:
        middle = min(low + step, high - 1) if rows is None else (low + high) // 2
        found = _rows(work.balance, prepared, amount, total, middle, row, on)
        if found is None:
            low, step = middle, step * 2
        else:
            high, rows = min(middle, len(found[0])), found
    return rows


def _rows(
    balance: int,
    factors: Sequence[tuple[int, int, int]],
    amount: int,
    total: int,
    count: int,
    row: RowInterest,
    interest_on: int | None = None,
) -> _Parts | None:
    """Rows of `amount` with `total` spread over `count` of them; None where they do not repay within `count` rows, or where
    a row would repay nothing. Interest is on what is left, or on `interest_on` throughout."""
    share = -(-total // count) if count else 0
    left, even, unit = total, row.even, row.unit
    principals: list[int] = []
    interests: list[int] = []
    parts: list[int] = []
    for twice, offset, den in factors[:count] if count else factors:
        exact = (balance if interest_on is None else interest_on) * twice + offset
        interest = exact // den
        if even and interest & 1 and exact == interest * den:
            interest -= 1
        interest *= unit
        part = share if share < left else left
        principal = amount - part - interest
        if principal >= balance:
            principal = balance
            if part < left:  # room left in the row goes to what is overdue
                part = min(left, amount - interest - principal)
        elif principal < 0 or (not principal and not part):
            return None
        principals.append(principal)
        interests.append(interest)
        parts.append(part)
        balance -= principal
        left -= part
        if not balance and not left:
            return principals, interests, parts
    return None


def _refused(work: Work, factors: list[Ratio], arrears: int) -> InvalidPlan:
    """Why an amount is refused: it never repays, or not within the longest term; with the least amount that does."""
    amount, longest, conventions = (
        work.plan.amount or 0,
        work.remaining.longest,
        work.remaining.account.terms.conventions,
    )
    on = _interest_on(work)
    least = least_amount(work.balance, factors, arrears, work.rounded, on)
    interest = work.rounded.of(work.balance if on is None else on, factors[0])
    needed = amortization.periods_for(work.balance, factors[-1], amount, conventions)
    if amount <= interest or needed is None or needed <= longest:
        return InvalidPlan(
            "amount_never_repays",
            "This amount is too low to repay the loan.",
            amount=amount,
            interest=interest,
            least=least,
            longest=longest,
        )
    return InvalidPlan(
        "longer_than_longest",
        f"This would take {needed} installments; at most {longest} are possible.",
        installments=needed,
        longest=longest,
        amount=amount,
        least=least,
    )


def least_amount(
    balance: int, factors: Sequence[Ratio], arrears: int, row: RowInterest, interest_on: int | None = None
) -> int:
    """The lowest amount per period that repays `balance`, and `arrears` beside it, within the periods of `factors`."""
    count = len(factors)
    prepared = [row.prepared(ratio) for ratio in factors]

    def repays(amount: int) -> bool:
        return amount > 0 and _rows(balance, prepared, amount, arrears, count, row, interest_on) is not None

    num, den = amortization.exact_level(balance, factors) if balance else (0, 1)
    guess = round_ratio(num, den, Rounding.up) + arrears // count
    low, high, step = 0, max(guess, 1), 1
    while not repays(high):
        low, high, step = high, high + step, step * 2
    low = max(low, high - 3) if repays(high) and not repays(max(high - 3, 0)) else low
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if repays(middle) else (middle, high)
    return high
