"""The layer of a plan's rows that bears interest, for each way in which a loan is repaid."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from portal.domain import amortization
from portal.domain.amortization import Rows
from portal.domain.conventions import FlatExtension
from portal.domain.due_dates import shift
from portal.domain.errors import InvalidPlan
from portal.domain.interest import ZERO, Period, Ratio, RowInterest, factor
from portal.domain.loan_terms import Method
from portal.domain.money import round_ratio, split
from portal.domain.plan_terms import Arrears
from portal.domain.plan_work import Work

_LEVEL = (Method.equal_installments, Method.fixed_installment)


def base_rows(work: Work) -> tuple[Rows, tuple[date, ...]]:
    """Principal and interest of each row and the due dates. Raises InvalidPlan."""
    dates = work.dates(work.count())
    if not work.balance:  # only what is overdue is left, and bears no interest
        return ([0] * len(dates), [0] * len(dates)), dates
    factors = work.factors(dates)
    if work.plan.steps:
        return _stepped(work, factors, dates), dates
    if work.plan.seasons:
        return _seasonal(work, factors, dates), dates
    if work.plan.interest_only:
        return _interest_only_first(work, factors), dates
    method = work.remaining.account.terms.method
    if method in _LEVEL:
        return _level(work, dates, factors)
    if method is Method.flat:
        return _flat(work, factors), dates
    if method is Method.bullet:
        return _bullet(work, dates, factors)
    return _by_principal(work, factors), dates


def full_rows(work: Work, dates: Sequence[date]) -> list[int]:
    """The rows that ask the usual installment, and can bear a share of something beside it."""
    eased = sum(step.periods for step in work.plan.steps)
    months = {season.month for season in work.plan.seasons if season.percent < 100}
    full = [index for index, due in enumerate(dates) if index >= eased and due.month not in months]
    return full or list(range(len(dates)))


def _level(work: Work, dates: tuple[date, ...], factors: list[Ratio]) -> tuple[Rows, tuple[date, ...]]:
    conventions = work.remaining.account.terms.conventions
    if work.resolves:
        return _resolved(work, factors), dates
    frequency, day = work.remaining.frequency, work.remaining.day
    regular = factors[0]
    if not work.is_unchanged:
        start = shift(work.first, frequency, -1, day)
        regular = factor(Period(start, work.first, start), frequency, conventions, work.rates)
    alike = [regular, *factors[1:]]
    # Interest that was capitalised makes no first row dearer, and a fixed installment is what was agreed.
    fixed = bool(work.outcome.capitalised) or work.remaining.account.terms.method is Method.fixed_installment
    rows = amortization.equal_installments(work.balance, alike, conventions, work.level, fixed)
    count = len(dates)
    while rows[0][-1] + rows[1][-1] > work.level and work.outcome.capitalised and count < work.remaining.longest:
        count += 1  # interest that was capitalised is paid in installments of the usual size, not in one at the end
        dates = work.dates(count)
        alike = [regular, *work.factors(dates)[1:]]
        rows = amortization.equal_installments(work.balance, alike, conventions, work.level, fixed)
    if regular != factors[0]:  # the days by which the first period is longer or shorter, on top of the installment
        rows[1][0] = work.rounded.of(work.balance, factors[0])
    return rows, dates


def _resolved(work: Work, factors: list[Ratio]) -> Rows:
    """Level installments solved anew, from the row on in which the plan's rate begins to hold."""
    conventions = work.remaining.account.terms.conventions
    changed = _rate_starts(work, len(factors))
    if not changed:
        return amortization.equal_installments(work.balance, factors, conventions, work.solve(work.balance, factors))
    head = amounts_rows(work.balance, factors[: changed + 1], [work.level] * (changed + 1), work.rounded)
    principals, interests = head[0][:changed], head[1][:changed]
    balance = work.balance - sum(principals)
    if not balance:
        return principals, interests
    rest = factors[changed:]
    tail = amortization.equal_installments(balance, rest, conventions, work.solve(balance, rest))
    return principals + tail[0], interests + tail[1]


def _rate_starts(work: Work, count: int) -> int:
    """The index of the first new row that the plan's rate changes; 0 where it holds from the start or is not asked for."""
    plan = work.plan
    other = plan.extend_by or plan.installments or plan.pause or plan.arrears is Arrears.capitalise
    if plan.rate is None or plan.rate_from is None or other:
        return 0
    night = date.fromordinal(plan.rate_from.toordinal() - 1)
    return next((index for index, due in enumerate(work.dates(count)) if due > night), 0)


def _by_principal(work: Work, factors: list[Ratio]) -> Rows:
    """Equal principal, a share of it, or nothing until the end: interest on what is left."""
    terms = work.remaining.account.terms
    conventions, balance = terms.conventions, work.balance
    if terms.method is Method.interest_only:
        return amortization.fixed_principal(balance, factors, 0, conventions)
    shares = [row.principal for row in work.remaining.rows]
    if work.resolves or len(shares) != len(factors):
        if terms.method is Method.principal_share and shares:
            return amortization.fixed_principal(balance, factors, shares[0], conventions)
        return amortization.equal_principal(balance, factors, conventions)
    row = work.rounded
    principals, interests = [], []
    for index, ratio in enumerate(factors):
        interests.append(row.of(balance, ratio))
        principals.append(balance if index == len(factors) - 1 else min(shares[index], balance))
        balance -= principals[-1]
        if not balance:
            break
    return principals, interests


def _bullet(work: Work, dates: tuple[date, ...], factors: list[Ratio]) -> tuple[Rows, tuple[date, ...]]:
    """One payment at the end: the interest that was agreed, and that of the time added."""
    rows, row = work.remaining.rows, work.rounded
    frequency, conventions = work.remaining.frequency, work.remaining.account.terms.conventions
    if not rows:
        return ([work.balance], [sum(row.of(work.balance, ratio) for ratio in factors)]), dates[-1:]
    agreed = rows[-1].due_on
    marks = [agreed, *(due for due in dates if due > agreed)]
    paused = work.start != work.remaining.boundary  # the interest of a pause is reckoned with the pause
    if paused:
        marks = list(dates)
    added = (factor(Period(a, b, a), frequency, conventions, work.rates) for a, b in pairwise(marks))
    interest = rows[-1].interest + sum(row.of(work.balance, ratio) for ratio in added)
    return ([work.balance], [interest]), dates[-1:]


def _flat(work: Work, factors: list[Ratio], free: int = 0) -> Rows:
    """Interest on the original principal; the first `free` rows ask no principal."""
    terms = work.remaining.account.terms
    conventions, balance, count = terms.conventions, work.balance, len(factors)
    rows = work.remaining.rows
    if not work.resolves and not free and len(rows) == count:
        principals = []
        for index, row in enumerate(rows):
            principals.append(balance if index == count - 1 else min(row.principal, balance))
            balance -= principals[-1]
        return principals, [row.interest for row in rows]
    rows_of = amortization.FlatRows(terms.financed, free)
    principals = rows_of.rows(balance, [ZERO] * count, conventions)[0]
    count = len(principals)
    if conventions.flat_extension is FlatExtension.nothing and work.plan.rate is None:
        agreed = sum(row.interest for row in rows)
        return principals, list(reversed(split(agreed, count)))
    rounded = work.rounded
    return principals, [rounded.of(terms.financed, ratio) for ratio in factors[:count]]


def amounts_rows(
    balance: int, factors: Sequence[Ratio], amounts: Sequence[int], row: RowInterest
) -> tuple[list[int], list[int], int]:
    """Rows that ask given amounts: interest first; what an amount leaves of it unpaid is kept aside without interest; the
    last row takes what is left. Returns principal, interest, and the most that stood aside."""
    principals: list[int] = []
    interests: list[int] = []
    aside = most_aside = 0
    for index, (ratio, amount) in enumerate(zip(factors, amounts, strict=True)):
        owed = row.of(balance, ratio) + aside
        last = index == len(factors) - 1
        interest = owed if last else min(owed, amount)
        principal = balance if last else min(amount - interest, balance)
        aside = owed - interest
        most_aside = max(most_aside, aside)
        principals.append(principal)
        interests.append(interest)
        balance -= principal
        if not balance and not aside:
            break
    return principals, interests, most_aside


def _stepped(work: Work, factors: list[Ratio], dates: Sequence[date]) -> Rows:
    """Given amounts first, then a level installment; interest that the steps left unpaid is shared over the rows after."""
    conventions = work.remaining.account.terms.conventions
    amounts = [step.amount for step in work.plan.steps for _ in range(step.periods)]
    count = len(amounts)
    if count >= len(factors):
        raise InvalidPlan(
            "steps_too_long",
            "At least one installment must be left after the steps.",
            periods=count,
            most=len(factors) - 1,
        )
    row = work.rounded
    principals, interests, most_aside = amounts_rows(work.balance, factors[: count + 1], [*amounts, 0], row)
    principals, interests = principals[:count], interests[:count]
    balance = work.balance - sum(principals)
    if not balance:
        return principals, interests
    charged = 0
    running = work.balance
    for ratio, principal in zip(factors, principals, strict=False):
        charged += row.of(running, ratio)
        running -= principal
    aside = charged - sum(interests)
    work.outcome.kept_aside += most_aside
    rest = factors[count:]
    tail = amortization.equal_installments(balance, rest, conventions, work.solve(balance, rest))
    for index, share in enumerate(reversed(split(aside, len(tail[0]))), count):
        work.put_off_by_row[index] = (share, work.start, dates[count - 1])
    return principals + tail[0], interests + tail[1]


def _interest_only_first(work: Work, factors: list[Ratio]) -> Rows:
    terms = work.remaining.account.terms
    count = work.plan.interest_only
    if count >= len(factors):
        raise InvalidPlan(
            "interest_only_too_long",
            "At least one installment must be left after the time of interest only.",
            periods=count,
            most=len(factors) - 1,
        )
    if terms.method is Method.flat:
        return _flat(work, factors, count)
    head = amortization.interest_only_rows(work.balance, factors[:count], terms.conventions)
    rest = factors[count:]
    if terms.method is Method.equal_principal:
        tail = amortization.equal_principal(work.balance, rest, terms.conventions)
    elif terms.method in (Method.interest_only, Method.bullet):
        tail = amortization.fixed_principal(work.balance, rest, 0, terms.conventions)
    else:
        tail = amortization.equal_installments(work.balance, rest, terms.conventions, work.solve(work.balance, rest))
    return head[0] + tail[0], head[1] + tail[1]


def _seasonal(work: Work, factors: list[Ratio], dates: Sequence[date]) -> Rows:
    """Each month's installment is a percentage of the usual one, which is the smallest that repays by the last date."""
    unit = work.remaining.account.terms.conventions.installment_unit
    shares = {season.month: season.percent for season in work.plan.seasons}
    weights = [shares.get(due.month, 100) for due in dates]
    if not any(weights):
        raise InvalidPlan("season_never_pays", "No month is left in which anything would be paid.")
    row = work.rounded
    most = max(weights[-1], 100)

    def rows_of(usual: int) -> tuple[list[int], list[int], int]:
        return amounts_rows(work.balance, factors, [round_ratio(usual * weight, 100) for weight in weights], row)

    def repays(usual: int) -> bool:
        principals, interests, _ = rows_of(usual)
        return len(principals) < len(factors) or principals[-1] + interests[-1] <= usual * most // 100

    low, high = 0, -(-work.solve(work.balance, factors) // unit)
    while not repays(high * unit):
        low, high = high, high * 2 + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if repays(middle * unit) else (middle, high)
    principals, interests, most_aside = rows_of(high * unit)
    work.outcome.kept_aside += most_aside
    return principals, interests
