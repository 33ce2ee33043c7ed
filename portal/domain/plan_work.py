"""What the rows of a plan are made from: the balance left, the periods to come and the interest that each of them bears."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.domain.allocation import LoanAccount
from portal.domain.amortization import MOST_ROWS, level_amount
from portal.domain.conventions import InterestPeriod
from portal.domain.due_dates import Frequency, due_dates, shift
from portal.domain.errors import InvalidPlan
from portal.domain.interest import Period, Rates, Ratio, RowInterest, factor, rate_ratio, reduced
from portal.domain.loan_terms import solving_ratio
from portal.domain.plan_terms import Arrears, PauseTerm, PlanTerms
from portal.domain.schedule import Installment

PENALTIES, FEES, INTEREST, PRINCIPAL = range(4)


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
    put_off: list[tuple[int, date, date]] = field(default_factory=list)  # interest put off to it, earned from and by

    def put_off_interest(self, amount: int, earned_from: date, earned_by: date) -> None:
        """Adds interest that is earned outside this row's own period."""
        if amount:
            self.interest += amount
            self.put_off.append((amount, earned_from, earned_by))

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
    runs_from: date | None = None  # where the interest of the first new row begins

    @property
    def principal_change(self) -> int:
        return self.capitalised - self.waived_principal


@dataclass(slots=True)
class Work:
    """A plan being reckoned: interest runs from `start`, the first row falls due on `first`, `balance` bears interest and
    `level` is today's installment."""

    remaining: Remaining
    plan: PlanTerms
    start: date
    first: date
    rates: Rates
    balance: int
    level: int = 0
    outcome: Outcome = field(default_factory=Outcome)
    # What rows of an own amount hold of what is overdue, and rows after steps of the interest that these left unpaid.
    fees_by_row: dict[int, int] = field(default_factory=dict)
    put_off_by_row: dict[int, tuple[int, date, date]] = field(default_factory=dict)

    @classmethod
    def begin(cls, remaining: Remaining, plan: PlanTerms) -> "Work":
        """Where a plan starts: after its pause, under its rate."""
        terms = remaining.account.terms
        start, first = remaining.boundary, remaining.first
        changes = terms.rate_changes
        if plan.rate is not None:
            changes = (*changes, (plan.rate_from or date.fromordinal(remaining.boundary.toordinal() + 1), plan.rate))
        if plan.pause:
            if plan.pause > MOST_ROWS:
                raise InvalidPlan("pause_too_long", "A pause can't be that long.", pause=plan.pause, most=MOST_ROWS)
            start = shift(remaining.first, remaining.frequency, plan.pause - 1, remaining.day)
            first = shift(remaining.first, remaining.frequency, plan.pause, remaining.day)
        rates = Rates(terms.annual_rate, changes, terms.interest_pauses)
        return cls(remaining, plan, start, first, rates, remaining.balance, level=usual_installment(remaining.rows))

    def dates(self, count: int) -> tuple[date, ...]:
        """The first `count` due dates of the plan."""
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

    @property
    def alike(self) -> bool:
        """Whether every period after the first bears the same interest, so that no dates are needed to reckon it."""
        period = self.remaining.account.terms.conventions.interest_period
        return self.rates.is_constant and period is InterestPeriod.per_period

    def factors(self, dates: Sequence[date]) -> list[Ratio]:
        """Interest of the periods that end on `dates`."""
        frequency, conventions = self.remaining.frequency, self.remaining.account.terms.conventions
        if self.alike:
            return self.alike_factors(len(dates))
        result = []
        start = self.start
        for index, due in enumerate(dates):
            period = self.first_period() if index == 0 else Period(start, due, start)
            result.append(factor(period, frequency, conventions, self.rates))
            start = due
        return result

    def alike_factors(self, count: int) -> list[Ratio]:
        """The same without dates, where periods are alike."""
        first = self.first_period()
        whole = self.nominal()
        if first.start == first.regular_start:
            return [whole] * count
        conventions = self.remaining.account.terms.conventions
        return [factor(first, self.remaining.frequency, conventions, self.rates)] + [whole] * (count - 1)

    def nominal(self) -> Ratio:
        """One period's interest at the rate in force at the start, whatever its days."""
        num, den = rate_ratio(self.rates.rate_of(self.start))
        per_year, every = self.remaining.frequency.per_year
        return reduced(num * every, den * per_year)

    @property
    def is_unchanged(self) -> bool:
        """Whether the first period is the one that would run today."""
        remaining = self.remaining
        same = self.start == remaining.boundary and self.first == remaining.usual_first
        return same and remaining.frequency == remaining.account.terms.frequency

    def first_period(self) -> Period:
        """The first new period; one that is as it was today is regular if it was so."""
        remaining = self.remaining
        terms = remaining.account.terms
        if self.is_unchanged and (self.start != terms.disbursed_on or terms.is_regular):
            return Period(self.start, self.first, self.start)
        return Period(self.start, self.first, shift(self.first, remaining.frequency, -1, remaining.day))

    def solve(self, balance: int, factors: Sequence[Ratio]) -> int:
        """The level installment that repays `balance` over the periods of `factors`, on the loan's own basis."""
        terms = self.remaining.account.terms
        same = solving_ratio(terms.conventions, self.remaining.frequency, self.rates.rate_of(self.start))
        if same is not None:
            factors = [same] * len(factors)
        return level_amount(balance, factors, terms.conventions)

    @property
    def rounded(self) -> RowInterest:
        return RowInterest(self.remaining.account.terms.conventions)

    @property
    def resolves(self) -> bool:
        """Whether the installment is solved anew, rather than staying what it is today."""
        plan = self.plan
        return bool(
            plan.extend_by
            or plan.installments is not None
            or plan.rate is not None
            or (plan.frequency is not None and plan.frequency != self.remaining.account.terms.frequency)
            or (plan.pause and plan.pause_term is PauseTerm.keep)
            or plan.arrears is Arrears.capitalise
            or not self.remaining.rows
        )

    def count(self) -> int:
        """How many rows the balance is repaid in, where no amount decides it. Raises InvalidPlan."""
        plan, remaining = self.plan, self.remaining
        count = len(remaining.rows)
        if plan.frequency is not None and plan.frequency != remaining.account.terms.frequency and remaining.rows:
            last = remaining.rows[-1].due_on
            count = 1
            while count < remaining.longest and shift(self.first, remaining.frequency, count, remaining.day) <= last:
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
            raise too_long(count, remaining.longest)
        return count


def usual_installment(rows: Sequence[Installment]) -> int:
    """Principal and interest of the installment that most rows ask, the earliest of those that tie."""
    counts = Counter([row.principal + row.interest for row in rows])
    return max(counts, key=counts.__getitem__) if counts else 0


def too_long(count: int, longest: int) -> InvalidPlan:
    """The refusal of a plan with more installments than are possible."""
    return InvalidPlan(
        "longer_than_longest",
        f"This would take {count} installments; at most {longest} are possible.",
        installments=count,
        longest=longest,
    )
