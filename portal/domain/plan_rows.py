"""The rows of a plan: the arithmetic behind restructuring.restructure().

Rows come in layers that are added up: the balance that bears interest; what is overdue; interest kept aside during a pause;
fees of installments to come. Each layer adds up to exactly what it holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from portal.domain import amortization
from portal.domain.allocation import LoanAccount
from portal.domain.amortization import Rows, level_amount
from portal.domain.conventions import FlatExtension, LevelBasis
from portal.domain.due_dates import Frequency, due_dates, shift
from portal.domain.errors import InvalidPlan
from portal.domain.interest import Period, Rates, Ratio, RowInterest, factor, rate_ratio, reduced
from portal.domain.money import Rounding, round_ratio, round_to, split
from portal.domain.plan_terms import Arrears, PauseInterest, PauseTerm, PlanTerms
from portal.domain.schedule import Installment, Method, period_factors

PENALTIES, FEES, INTEREST, PRINCIPAL = range(4)
_LEVEL = (Method.equal_installments, Method.fixed_installment)


@dataclass(frozen=True, slots=True)
class Remaining:
    """What a plan works on: minor units, dates.

    `rows` are today's installments that may change, `balance` their principal still unpaid, `overdue` and `prepaid` by
    component (penalties, fees, interest, principal). Interest runs from `boundary`. `usual_first` is the first due date
    today, `first` the one under the plan before any pause, `day` the day of the month that dates are seeded from.
    """

    account: LoanAccount
    on: date
    boundary: date
    rows: tuple[Installment, ...]
    balance: int
    overdue: tuple[int, ...]
    prepaid: tuple[int, ...]
    frequency: Frequency
    usual_first: date
    first: date
    day: int | None
    longest: int


@dataclass(slots=True)
class NewRow:
    """A row to come, before it has a number."""

    due_on: date
    principal: int = 0
    interest: int = 0
    fees: int = 0

    @property
    def total(self) -> int:
        return self.principal + self.interest + self.fees


@dataclass(slots=True)
class Outcome:
    """What a plan did to the amounts owed."""

    capitalised: int = 0
    waived_principal: int = 0
    waived_interest: int = 0
    waived_fees: int = 0
    kept_aside: int = 0

    @property
    def principal_change(self) -> int:
        return self.capitalised - self.waived_principal


@dataclass(slots=True)
class _Work:
    """Working state: dates and factors of the new periods are made as far as they are needed."""

    remaining: Remaining
    plan: PlanTerms
    start: date
    first: date
    rates: Rates
    balance: int
    level: int = 0
    outcome: Outcome = field(default_factory=Outcome)
    fees_by_row: dict[int, int] = field(default_factory=dict)  # overdue fees that rows of an own amount hold

    def dates(self, count: int) -> tuple[date, ...]:
        terms = self.remaining.account.terms
        conventions = terms.conventions
        return due_dates(
            self.first,
            self.remaining.frequency,
            count,
            day=self.remaining.day,
            rule=conventions.closed_day_rule,
            closed_weekdays=conventions.closed_weekdays,
            closed_days=terms.closed_days,
        )

    def factors(self, dates: Sequence[date]) -> list[Ratio]:
        """Interest of the periods that end on `dates`."""
        frequency, conventions = self.remaining.frequency, self.remaining.account.terms.conventions
        if self.rates.is_constant and conventions.interest_period == "per_period":
            whole = self.nominal()
            return [factor(self.first_period(), frequency, conventions, self.rates)] + [whole] * (len(dates) - 1)
        result = []
        start = self.start
        for index, due in enumerate(dates):
            period = self.first_period() if index == 0 else Period(start, due, start)
            result.append(factor(period, frequency, conventions, self.rates))
            start = due
        return result

    def nominal(self) -> Ratio:
        """One period's interest at the rate in force at the start, whatever its days."""
        num, den = rate_ratio(self.rates.rate_of(self.start))
        per_year, every = self.remaining.frequency.per_year
        return reduced(num * every, den * per_year)

    def first_period(self) -> Period:
        """The first new period; one that is as it was today is regular if it was so."""
        remaining = self.remaining
        terms = remaining.account.terms
        unchanged = self.start == remaining.boundary and self.first == remaining.usual_first
        regular = self.start != terms.disbursed_on or terms.is_regular
        if unchanged and regular and remaining.frequency == terms.frequency:
            return Period(self.start, self.first, self.start)
        return Period(self.start, self.first, shift(self.first, remaining.frequency, -1, remaining.day))


def new_rows(remaining: Remaining, plan: PlanTerms) -> tuple[list[NewRow], Outcome]:
    """The rows to come under `plan`. Raises InvalidPlan."""
    if plan.settlement is not None:
        return _settled(remaining, plan)
    work = _begin(remaining, plan)
    arrears = list(remaining.overdue)
    first_fees = 0
    if plan.arrears is Arrears.capitalise:
        work.outcome.capitalised += arrears[INTEREST] + arrears[FEES]
        work.balance += sum(arrears[FEES:])
        first_fees, arrears = arrears[PENALTIES], [0, 0, 0, 0]
    aside = _pause_interest(work)
    base, dates = _base(work, arrears if plan.arrears is Arrears.spread else [0, 0, 0, 0])
    rows = [NewRow(due, *pair) for due, *pair in zip(dates, *base, strict=False)]
    rows = rows or [NewRow(dates[0])]
    for index, fees in work.fees_by_row.items():
        rows[index].fees += fees
    _credit_prepaid(rows, remaining.prepaid)
    if plan.arrears is Arrears.spread and plan.amount is None and any(arrears):
        _spread(work, rows, arrears)
    if aside and plan.pause_interest is PauseInterest.spread:
        for row, share in zip(rows, reversed(split(aside, len(rows))), strict=True):
            row.interest += share
    at_end = [0, 0, aside if plan.pause_interest is PauseInterest.at_end else 0, 0]
    if plan.arrears is Arrears.at_end:
        at_end = [a + b for a, b in zip(at_end, arrears, strict=True)]
    if any(at_end):
        _append(work, rows, at_end)
    _add_fees(rows, remaining)
    rows[0].fees += first_fees + remaining.prepaid[FEES] + remaining.prepaid[PENALTIES]
    rows[0].principal += remaining.prepaid[PRINCIPAL]
    work.outcome.kept_aside += aside if plan.pause_interest is not PauseInterest.capitalise else 0
    if len(rows) > remaining.longest:
        raise _too_long(len(rows), remaining.longest)
    return rows, work.outcome


def _begin(remaining: Remaining, plan: PlanTerms) -> _Work:
    terms = remaining.account.terms
    start, first = remaining.boundary, remaining.first
    changes = terms.rate_changes
    if plan.rate is not None:
        changes = (*changes, (plan.rate_from or date.fromordinal(remaining.boundary.toordinal() + 1), plan.rate))
    if plan.pause:
        if plan.pause > amortization.MOST_ROWS:
            raise InvalidPlan("pause_too_long", "A pause can't be that long.", pause=plan.pause)
        start = shift(remaining.first, remaining.frequency, plan.pause - 1, remaining.day)
        first = shift(remaining.first, remaining.frequency, plan.pause, remaining.day)
    rates = Rates(terms.annual_rate, changes, terms.interest_pauses)
    usual = _usual(remaining.rows)
    return _Work(remaining, plan, start, first, rates, remaining.balance, level=usual)


def _usual(rows: Sequence[Installment]) -> int:
    """Principal and interest of the installment that most rows ask."""
    counts: dict[int, int] = {}
    for row in rows:
        total = row.principal + row.interest
        counts[total] = counts.get(total, 0) + 1
    return max(counts, key=lambda total: counts[total]) if counts else 0


def _pause_interest(work: _Work) -> int:
    """Interest of the pause (minor units) that is kept aside; capitalised interest is added to the balance here."""
    plan, remaining = work.plan, work.remaining
    if not plan.pause:
        return 0
    terms = remaining.account.terms
    base = work.balance
    if terms.method is Method.flat:
        base = terms.financed if terms.conventions.flat_extension is FlatExtension.charge else 0
    before = _Work(remaining, plan, remaining.boundary, remaining.first, work.rates, base)
    row = RowInterest(terms.conventions)
    interest = sum(row.of(base, ratio) for ratio in before.factors(before.dates(plan.pause)))
    if plan.pause_interest is PauseInterest.waive:
        work.outcome.waived_interest += interest
        return 0
    if plan.pause_interest is PauseInterest.capitalise:
        work.outcome.capitalised += interest
        work.balance += interest
        return 0
    return interest


def _count(work: _Work) -> int:
    """How many rows the balance is repaid in, where no amount decides it."""
    plan, remaining = work.plan, work.remaining
    count = len(remaining.rows)
    if plan.frequency is not None and plan.frequency != remaining.account.terms.frequency and remaining.rows:
        last = remaining.rows[-1].due_on
        count = 1
        while count < remaining.longest and shift(work.first, remaining.frequency, count, remaining.day) <= last:
            count += 1
    if plan.installments is not None:
        count = plan.installments
    elif plan.pause and plan.pause_term is PauseTerm.keep:
        count -= plan.pause
        if count < 1:
            raise InvalidPlan(
                "pause_too_long",
                "A pause that keeps the last date must be shorter than what is left of the loan.",
                pause=plan.pause,
                most=max(len(remaining.rows) - 1, 0),
            )
    count += plan.extend_by
    if not count:
        count = plan.arrears_over or 1
    if count > remaining.longest:
        raise _too_long(count, remaining.longest)
    return count


def _too_long(count: int, longest: int) -> InvalidPlan:
    return InvalidPlan(
        "longer_than_longest",
        f"This would take {count} installments; at most {longest} are possible.",
        installments=count,
        longest=longest,
    )


def _resolves(work: _Work) -> bool:
    """Whether the installment is solved anew, rather than staying what it is today."""
    plan = work.plan
    return bool(
        plan.extend_by
        or plan.installments is not None
        or plan.rate is not None
        or (plan.frequency is not None and plan.frequency != work.remaining.account.terms.frequency)
        or (plan.pause and plan.pause_term is PauseTerm.keep)
        or plan.arrears is Arrears.capitalise
        or not work.remaining.rows
    )


def _base(work: _Work, spread: list[int]) -> tuple[Rows, tuple[date, ...]]:
    """The layer that bears interest (with `amount`, what is overdue too, so that a row is what the borrower said)."""
    plan = work.plan
    if plan.amount is not None:
        return _by_amount(work, spread)
    count = _count(work)
    dates = work.dates(count)
    factors = work.factors(dates)
    if plan.steps:
        return _stepped(work, factors), dates
    if plan.seasons:
        return _seasonal(work, factors, dates), dates
    if plan.interest_only:
        return _interest_only_first(work, factors), dates
    if work.remaining.account.terms.method in _LEVEL:
        return _level(work, dates, factors)
    return _other_method(work, dates, factors)


def _solve(work: _Work, balance: int, factors: Sequence[Ratio]) -> int:
    """The level installment that repays `balance` over the periods of `factors`."""
    terms = work.remaining.account.terms
    basis = terms.conventions.level_basis
    if basis is LevelBasis.nominal:
        factors = [work.nominal()] * len(factors)
    elif basis is LevelBasis.first_period:
        first = period_factors(terms, terms.dates(1))[0]
        factors = [first] * len(factors)
    return level_amount(balance, factors, terms.conventions)


def _level(work: _Work, dates: tuple[date, ...], factors: list[Ratio]) -> tuple[Rows, tuple[date, ...]]:
    conventions = work.remaining.account.terms.conventions
    if _resolves(work):
        changed = _rate_starts(work, factors)
        if not changed:
            level = _solve(work, work.balance, factors)
            return amortization.equal_installments(work.balance, factors, conventions, level), dates
        row = RowInterest(conventions)
        head = _amounts(work.balance, factors[: changed + 1], [work.level] * (changed + 1), row)
        principals, interests = head[0][:changed], head[1][:changed]
        balance = work.balance - sum(principals)
        if not balance:
            return (principals, interests), dates
        level = _solve(work, balance, factors[changed:])
        tail = amortization.equal_installments(balance, factors[changed:], conventions, level)
        return (principals + tail[0], interests + tail[1]), dates
    regular = factor(
        Period(shift(work.first, work.remaining.frequency, -1, work.remaining.day), work.first, date.min),
        work.remaining.frequency,
        conventions,
        work.rates,
    )
    if work.first_period().start == work.first_period().regular_start or factors[0] == factors[-1]:
        regular = factors[0]
    elif len(factors) > 1 and work.rates.is_constant and conventions.interest_period == "per_period":
        regular = factors[1]
    alike = [regular, *factors[1:]]
    rows = amortization.equal_installments(work.balance, alike, conventions, work.level)
    count = len(dates)
    while rows[0][-1] + rows[1][-1] > work.level and work.outcome.capitalised and count < work.remaining.longest:
        count += 1  # interest that was capitalised is paid in installments of the usual size, not in one at the end
        dates = work.dates(count)
        alike = [regular, *work.factors(dates)[1:]]
        rows = amortization.equal_installments(work.balance, alike, conventions, work.level)
    if regular != factors[0]:  # the days by which the first period is longer or shorter, on top of the installment
        rows[1][0] = RowInterest(conventions).of(work.balance, factors[0])
    return rows, dates


def _rate_starts(work: _Work, factors: list[Ratio]) -> int:
    """The index of the first new row that the plan's rate changes; 0 where it holds from the start or is not asked for."""
    plan = work.plan
    other = plan.extend_by or plan.installments or plan.pause or plan.arrears is Arrears.capitalise
    if plan.rate is None or plan.rate_from is None or other:
        return 0
    night = date.fromordinal(plan.rate_from.toordinal() - 1)
    for index, due in enumerate(work.dates(len(factors))):
        if due > night:
            return index
    return 0


def _other_method(work: _Work, dates: tuple[date, ...], factors: list[Ratio]) -> tuple[Rows, tuple[date, ...]]:
    terms = work.remaining.account.terms
    conventions, balance, count = terms.conventions, work.balance, len(factors)
    method = terms.method
    shares = [row.principal for row in work.remaining.rows]
    row = RowInterest(conventions)
    if method is Method.flat:
        return _flat(work, factors, shares), dates
    if method is Method.bullet:
        whole = work.dates(count)
        interest = sum(row.of(balance, ratio) for ratio in factors)
        if work.remaining.rows and work.start == work.remaining.boundary:
            agreed = work.remaining.rows[-1]
            stub = Period(agreed.due_on, whole[-1], agreed.due_on)
            extra = (
                factor(stub, work.remaining.frequency, conventions, work.rates) if whole[-1] > agreed.due_on else None
            )
            later = [
                factor(Period(a, b, a), work.remaining.frequency, conventions, work.rates) for a, b in pairwise(whole)
            ]
            added = sum(row.of(balance, ratio) for ratio in later)
            if whole[0] != agreed.due_on and extra is not None and not later:
                added = row.of(balance, extra)
            interest = agreed.interest + added
        return ([balance], [interest]), whole[-1:]
    if method is Method.interest_only:
        return amortization.fixed_principal(balance, factors, 0, conventions), dates
    if _resolves(work) or not shares:
        if method is Method.principal_share and shares:
            return amortization.fixed_principal(balance, factors, shares[0], conventions), dates
        return amortization.equal_principal(balance, factors, conventions), dates
    principals, interests = [], []
    for index, ratio in enumerate(factors):
        interests.append(row.of(balance, ratio))
        principals.append(balance if index == count - 1 else min(shares[index], balance))
        balance -= principals[-1]
        if not balance:
            break
    return (principals, interests), dates


def _flat(work: _Work, factors: list[Ratio], shares: list[int]) -> Rows:
    terms = work.remaining.account.terms
    conventions, balance, count = terms.conventions, work.balance, len(factors)
    agreed = sum(row.interest for row in work.remaining.rows)
    if not _resolves(work) and len(shares) == count:
        principals = []
        for index, share in enumerate(shares):
            principals.append(balance if index == count - 1 else min(share, balance))
            balance -= principals[-1]
        return principals, [row.interest for row in work.remaining.rows]
    principals = amortization.equal_principal(balance, [(0, 1)] * count, conventions)[0]
    count = len(principals)
    if conventions.flat_extension is FlatExtension.nothing and work.plan.rate is None:
        return principals, list(reversed(split(agreed, count)))
    row = RowInterest(conventions)
    return principals, [row.of(terms.financed, ratio) for ratio in factors[:count]]


def _amounts(
    balance: int, factors: Sequence[Ratio], amounts: Sequence[int], row: RowInterest
) -> tuple[list[int], list[int], int]:
    """Rows that ask given amounts: interest first, what it leaves unpaid is kept aside without interest; the last row takes
    what is left. Returns principal, interest, and the most that stood aside."""
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


def _stepped(work: _Work, factors: list[Ratio]) -> Rows:
    conventions = work.remaining.account.terms.conventions
    amounts = [step.amount for step in work.plan.steps for _ in range(step.periods)]
    if len(amounts) >= len(factors):
        raise InvalidPlan(
            "steps_too_long",
            "At least one installment must be left after the steps.",
            periods=len(amounts),
            most=len(factors) - 1,
        )
    row = RowInterest(conventions)
    count = len(amounts)
    principals, interests, most_aside = _amounts(work.balance, factors[: count + 1], [*amounts, 0], row)
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
    level = _solve(work, balance, rest)
    tail = amortization.equal_installments(balance, rest, conventions, level)
    shares = reversed(split(aside, len(tail[0])))
    return principals + tail[0], interests + [a + b for a, b in zip(tail[1], shares, strict=True)]


def _interest_only_first(work: _Work, factors: list[Ratio]) -> Rows:
    conventions = work.remaining.account.terms.conventions
    count = work.plan.interest_only
    if count >= len(factors):
        raise InvalidPlan(
            "interest_only_too_long",
            "At least one installment must be left after the time of interest only.",
            periods=count,
            most=len(factors) - 1,
        )
    head = amortization.interest_only_rows(work.balance, factors[:count], conventions)
    rest = factors[count:]
    method = work.remaining.account.terms.method
    if method is Method.equal_principal:
        tail = amortization.equal_principal(work.balance, rest, conventions)
    else:
        tail = amortization.equal_installments(work.balance, rest, conventions, _solve(work, work.balance, rest))
    return head[0] + tail[0], head[1] + tail[1]


def _seasonal(work: _Work, factors: list[Ratio], dates: Sequence[date]) -> Rows:
    """Each month's installment is a percentage of the usual one, which is the smallest that repays by the last date."""
    conventions = work.remaining.account.terms.conventions
    shares = {season.month: season.percent for season in work.plan.seasons}
    weights = [shares.get(due.month, 100) for due in dates]
    if not any(weights[:-1]) and len(weights) > 1:
        raise InvalidPlan("season_never_pays", "No month is left in which anything would be paid.")
    row = RowInterest(conventions)
    unit = conventions.installment_unit

    def rows_of(usual: int) -> tuple[list[int], list[int], int]:
        return _amounts(work.balance, factors, [round_ratio(usual * weight, 100) for weight in weights], row)

    def repays(usual: int) -> bool:
        principals, interests, _ = rows_of(usual)
        target = usual * max(weights[-1], 100 if not weights[-1] else 0) // 100
        return len(principals) < len(factors) or principals[-1] + interests[-1] <= target

    low, high = 0, -(-_solve(work, work.balance, factors) // unit)
    while not repays(high * unit):
        low, high = high, high * 2 + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if repays(middle * unit) else (middle, high)
    principals, interests, most_aside = rows_of(high * unit)
    work.outcome.kept_aside += most_aside
    return principals, interests


def _by_amount(work: _Work, arrears: list[int]) -> tuple[Rows, tuple[date, ...]]:
    """Rows of exactly the amount that was asked for, the last one smaller. What is overdue is spread evenly over them."""
    plan, remaining = work.plan, work.remaining
    amount = plan.amount or 0
    longest = remaining.longest
    dates = work.dates(longest)
    factors = work.factors(dates)
    total = sum(arrears)
    row = RowInterest(remaining.account.terms.conventions)

    def base_rows(count: int) -> tuple[list[int], list[int], list[int]] | None:
        share = -(-total // count)
        left, parts = total, []
        balance = work.balance
        principals: list[int] = []
        interests: list[int] = []
        while balance or left:
            index = len(principals)
            if index == count:
                return None
            part = min(share, left)
            interest = row.of(balance, factors[index])
            principal = min(amount - part - interest, balance)
            if principal < 0 or (not principal and balance and not part):
                return None
            if principal == balance and left != part:  # room left in the row goes to what is overdue
                part = min(left, amount - interest - principal)
            principals.append(principal)
            interests.append(interest)
            parts.append(part)
            balance -= principal
            left -= part
        return principals, interests, parts

    low, high = 0, longest
    rows = base_rows(high)
    if rows is None:
        raise _refused_amount(work, factors, total)
    while high - low > 1:
        middle = (low + high) // 2
        found = base_rows(middle)
        if found is None:
            low = middle
        else:
            high, rows = middle, found
    principals, interests, parts = rows
    taken = list(arrears)
    for index, part in enumerate(parts):
        for component in (INTEREST, FEES, PENALTIES, PRINCIPAL):
            share = min(part, taken[component])
            taken[component] -= share
            part -= share
            if component == PRINCIPAL:
                principals[index] += share
            elif component == INTEREST:
                interests[index] += share
            elif share:
                work.fees_by_row[index] = work.fees_by_row.get(index, 0) + share
    return (principals, interests), dates[: len(principals)]


def _refused_amount(work: _Work, factors: list[Ratio], arrears: int) -> InvalidPlan:
    """Why an amount is refused: it never repays, or not within the longest term; with the least amount that does."""
    amount, longest = work.plan.amount or 0, work.remaining.longest
    least = least_amount(work.balance, factors, arrears, RowInterest(work.remaining.account.terms.conventions))
    interest = RowInterest(work.remaining.account.terms.conventions).of(work.balance, factors[0])
    needed = amortization.periods_for(work.balance, factors[-1], amount, work.remaining.account.terms.conventions)
    if amount <= interest or needed is None:
        return InvalidPlan(
            "amount_never_repays",
            "This amount does not cover the interest, so the loan would never be repaid.",
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


def least_amount(balance: int, factors: Sequence[Ratio], arrears: int, row: RowInterest) -> int:
    """The lowest amount per period that repays `balance` within the periods of `factors`, and `arrears` beside it."""
    num, den = amortization.exact_level(balance, factors) if balance else (0, 1)
    amount = round_ratio(num, den, Rounding.up)
    prepared = [row.prepared(ratio) for ratio in factors]

    def repays(level: int) -> bool:
        principals, interests = amortization.level_rows(balance, prepared, level, len(prepared), row.even, row.unit)
        return principals[-1] + interests[-1] <= level

    while balance and not repays(amount):  # rounding of rows can ask for a unit more
        amount += 1
    while balance and amount > 1 and repays(amount - 1):
        amount -= 1
    return amount + -(-arrears // len(factors))


def _credit_prepaid(rows: list[NewRow], prepaid: Sequence[int]) -> None:
    """Interest that was paid early lowers what the next rows ask of it, and stands in the first row as paid."""
    credit = prepaid[INTEREST]
    for row in rows:
        part = min(credit, row.interest)
        row.interest -= part
        credit -= part
    rows[0].interest += prepaid[INTEREST]


def _spread(work: _Work, rows: list[NewRow], arrears: Sequence[int]) -> None:
    over = work.plan.arrears_over or len(rows)
    if over > len(rows):
        raise InvalidPlan(
            "arrears_over_too_long",
            "What is overdue can't be spread over more installments than are left.",
            over=over,
            most=len(rows),
        )
    conventions = work.remaining.account.terms.conventions
    for component, amount in enumerate(arrears):
        share = round_to(amount, over, conventions.installment_unit, conventions.installment_rounding)
        left = amount
        for index in range(over):
            part = left if index == over - 1 else min(share, left)
            left -= part
            if component == PRINCIPAL:
                rows[index].principal += part
            elif component == INTEREST:
                rows[index].interest += part
            else:
                rows[index].fees += part


def _append(work: _Work, rows: list[NewRow], amounts: Sequence[int]) -> None:
    """Puts amounts at the end, filling the last row and further ones up to the usual installment."""
    level = max(work.level, max(row.total for row in rows[:-1]) if len(rows) > 1 else 0, 1)
    interest, fees, principal = amounts[INTEREST], amounts[FEES] + amounts[PENALTIES], amounts[PRINCIPAL]
    index = len(rows) - 1
    while interest or fees or principal:
        row = rows[index]
        room = max(level - row.total, 0)
        parts = []
        for amount in (interest, fees, principal):
            part = min(amount, room)
            room -= part
            parts.append(part)
        row.interest += parts[0]
        row.fees += parts[1]
        row.principal += parts[2]
        interest, fees, principal = interest - parts[0], fees - parts[1], principal - parts[2]
        if interest or fees or principal:
            index += 1
            if index + 1 > work.remaining.longest:
                raise _too_long(index + 1, work.remaining.longest)
            rows.append(NewRow(work.dates(index + 1)[-1]))


def _add_fees(rows: list[NewRow], remaining: Remaining) -> None:
    """Fees of today's installments to come stay with the installment of the same place, or the last."""
    paid = remaining.prepaid[FEES] + remaining.prepaid[PENALTIES]
    for index, row in enumerate(remaining.rows):
        part = min(paid, row.fees)
        paid -= part
        rows[min(index, len(rows) - 1)].fees += row.fees - part


def _settled(remaining: Remaining, plan: PlanTerms) -> tuple[list[NewRow], Outcome]:
    """A settlement: the agreed amount in its parts, principal before interest; the rest is waived."""
    settlement = plan.settlement
    assert settlement is not None
    principal = remaining.balance + remaining.overdue[PRINCIPAL]
    agreed_interest = max(sum(row.interest for row in remaining.rows) - remaining.prepaid[INTEREST], 0)
    interest = remaining.overdue[INTEREST] + agreed_interest
    fees = remaining.overdue[FEES] + remaining.overdue[PENALTIES]
    fees += max(sum(row.fees for row in remaining.rows) - remaining.prepaid[FEES] - remaining.prepaid[PENALTIES], 0)
    if settlement.amount > principal + interest + fees:
        raise InvalidPlan(
            "settlement_too_high",
            "A settlement can't ask for more than is left to pay.",
            amount=settlement.amount,
            most=principal + interest + fees,
        )
    first = remaining.first
    if settlement.expires_on is not None and settlement.expires_on < remaining.on:
        raise InvalidPlan(
            "settlement_expired", "This offer of a settlement has ended.", expires_on=settlement.expires_on
        )
    if settlement.parts > remaining.longest:
        raise _too_long(settlement.parts, remaining.longest)
    dates = due_dates(first, remaining.frequency, settlement.parts, day=remaining.day)
    taken = [min(settlement.amount, principal), 0, 0]
    taken[1] = min(settlement.amount - taken[0], interest)
    taken[2] = settlement.amount - taken[0] - taken[1]
    outcome = Outcome(0, principal - taken[0], interest - taken[1], fees - taken[2])
    rows = []
    left = list(taken)
    for due, share in zip(dates, reversed(split(settlement.amount, settlement.parts)), strict=True):
        row = NewRow(due)
        row.principal = min(share, left[0])
        row.interest = min(share - row.principal, left[1])
        row.fees = share - row.principal - row.interest
        left = [left[0] - row.principal, left[1] - row.interest, left[2] - row.fees]
        rows.append(row)
    rows[0].principal += remaining.prepaid[PRINCIPAL]
    rows[0].interest += remaining.prepaid[INTEREST]
    rows[0].fees += remaining.prepaid[FEES] + remaining.prepaid[PENALTIES]
    return rows, outcome
