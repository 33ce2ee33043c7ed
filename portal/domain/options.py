"""The plans put before a borrower, each a point of the algebra of restructuring, reckoned from their own figures."""

from dataclasses import dataclass
from datetime import date

from portal.domain.affordability import a_period
from portal.domain.allocation import LoanAccount, in_force
from portal.domain.amortization import MOST_ROWS
from portal.domain.ceilings import Ceiling, refuse_dearer
from portal.domain.due_dates import Unit, next_due_day, shift
from portal.domain.errors import DomainError, InvalidPlan
from portal.domain.money import exponent
from portal.domain.plan_terms import Arrears, PauseInterest, PlanTerms
from portal.domain.restructuring import Restructured, Standing, about_lowest_installments, restructure_from, standing


@dataclass(frozen=True, slots=True)
class OptionLimits:
    """What a lender puts before a borrower unasked.

    `longest_extension`: installments added at most; `longest_term`: installments left at most; `longest_pause`: periods;
    `days`: days of the month on offer; `least_amount`: minor units a period, the lowest installment that is offered;
    `spread_over`: installments that what is overdue is spread on; `ceilings`: on the cost of credit, which none breaks.
    """

    longest_extension: int = 12
    longest_term: int = MOST_ROWS
    longest_pause: int = 3
    pause_interest: PauseInterest = PauseInterest.at_end
    days: tuple[int, ...] = (1, 5, 10, 15, 20, 25)
    least_amount: int = 1
    spread_over: int = 6
    ceilings: tuple[Ceiling, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanOption:
    """One plan. `fits`: whether its largest installment is within what is left over, None where that is not known;
    `over_by`: minor units a period by which it is not."""

    code: str
    plan: PlanTerms
    result: Restructured
    fits: bool | None
    over_by: int | None


def plan_options(
    account: LoanAccount,
    on: date,
    left_over: int | None = None,
    limits: OptionLimits | None = None,
    own: int | None = None,
) -> tuple[PlanOption, ...]:
    """The options that make sense for this account on the day `on`, those that fit first.

    `left_over` is minor units a month from affordability.assess(), None where it is not known; `own` an amount of the
    borrower's own, minor units a period. Codes: smaller_for_longer, pause_then_on, spread_overdue, another_day, and
    own_amount where `own` is given and repays. Empty where nothing is left to pay.
    """
    limits = limits or OptionLimits()
    account = in_force(account, on)
    found = standing(account, on)
    if found.today.is_paid_off:
        return ()
    carries = None if left_over is None else a_period(left_over, account.terms.frequency)
    borrower = _Borrower(account, found, on, limits)
    makers = (
        ("smaller_for_longer", _smaller(borrower, carries)),
        ("pause_then_on", _pause(borrower)),
        ("spread_overdue", _spread(borrower)),
        ("another_day", _another_day(borrower)),
        ("own_amount", borrower.attempt(PlanTerms(amount=own, arrears=borrower.arrears)) if own else None),
    )
    options = [_option(code, result, carries) for code, result in makers if result is not None]
    return tuple(sorted(options, key=lambda option: option.fits is False))


@dataclass(frozen=True, slots=True)
class _Borrower:
    account: LoanAccount
    found: Standing
    on: date
    limits: OptionLimits

    @property
    def arrears(self) -> Arrears:
        return Arrears.spread if self.found.today.overdue else Arrears.keep

    @property
    def coming(self) -> int:
        """How many installments are still to come."""
        return sum(1 for row in self.found.laid.rows if row.due_on >= self.on)

    def attempt(self, plan: PlanTerms, longest: int | None = None) -> Restructured | None:
        """The plan's outcome, or None where it does not suit this account."""
        try:
            result = restructure_from(self.account, self.found, plan, self.on, longest or self.limits.longest_term)
            refuse_dearer(self.account, result, self.on, self.limits.ceilings)
        except DomainError:
            return None
        return result


def own_amount(
    account: LoanAccount,
    on: date,
    amount: int,
    first_on: date | None = None,
    limits: OptionLimits | None = None,
    left_over: int | None = None,
) -> PlanOption:
    """The plan of a borrower who says what they can pay each period, `amount` minor units from `first_on` on.

    Raises InvalidPlan: amount_never_repays and longer_than_longest (with `least`), amount_too_low (with `least`),
    first_on_too_early (with `earliest`), above_ceiling (with `ceiling`, percent a year).
    """
    limits = limits or OptionLimits()
    if amount < limits.least_amount:
        raise InvalidPlan(
            "amount_too_low", "This is below the lowest installment.", amount=amount, least=limits.least_amount
        )
    found = standing(account, on)
    arrears = Arrears.spread if found.today.overdue else Arrears.keep
    plan = PlanTerms(amount=amount, first_on=first_on, arrears=arrears)
    result = restructure_from(account, found, plan, on, limits.longest_term)
    refuse_dearer(account, result, on, limits.ceilings)
    carries = None if left_over is None else a_period(left_over, account.terms.frequency)
    return _option("own_amount", result, carries)


def _option(code: str, result: Restructured, carries: int | None) -> PlanOption:
    highest = result.comparison.highest_new
    if carries is None:
        return PlanOption(code, result.plan, result, None, None)
    return PlanOption(code, result.plan, result, highest <= carries, max(highest - carries, 0))


def round_unit(amount: int, currency: str) -> int:
    """The unit that an amount of this size is said in: about a fiftieth of it, as 1, 2 or 5 times a power of ten of
    currency units (at least one whole unit, or one minor unit for small sums)."""
    whole = int(10 ** exponent(currency))
    if amount < 20 * whole:
        return max(whole // 100, 1)
    unit = whole
    for step in (2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000):
        if whole * step * 50 <= amount:
            unit = whole * step
    return unit


def _smaller(borrower: _Borrower, carries: int | None) -> Restructured | None:
    """A smaller installment until the loan is repaid.

    Where it is known what is left over: the largest round amount within it, so that something stays with the borrower, but
    no lower than the longest extension allows. Where it is not, or where today's installment fits already: what half of the
    longest extension comes to, rounded up.
    """
    limits, account, coming = borrower.limits, borrower.account, borrower.coming
    extension = min(limits.longest_extension, limits.longest_term - coming)
    if extension < 1:
        return None
    usual = max((line.open for line in borrower.found.today.lines if line.due_on >= borrower.on), default=None)

    def rounded_up(amount: int) -> int:
        unit = round_unit(amount, account.terms.currency)
        return -(-amount // unit) * unit

    counts = (coming + extension, coming + -(-extension // 2))
    least, half = about_lowest_installments(account, borrower.found, borrower.on, counts)
    floor = rounded_up(max(least, limits.least_amount))
    target = floor
    if carries is not None:
        unit = round_unit(max(carries, 1), account.terms.currency)
        target = max(carries // unit * unit, floor)
    if carries is None or (usual is not None and target >= usual):
        target = max(rounded_up(half), floor)
    if usual is not None and target >= usual:
        target = floor
        if target >= usual:
            return None
    longest = min(limits.longest_term, coming + extension)
    result = borrower.attempt(PlanTerms(amount=target, arrears=borrower.arrears), longest)
    if result is None and target == floor:  # the cents of rounding were just too many
        result = borrower.attempt(PlanTerms(amount=rounded_up(floor + 1), arrears=borrower.arrears), longest)
    return result


def _pause(borrower: _Borrower) -> Restructured | None:
    """No payment for a while, then today's installments; the interest of the pause comes at the end."""
    limits = borrower.limits
    if not limits.longest_pause or not borrower.coming:
        return None
    arrears = Arrears.at_end if borrower.found.today.overdue else Arrears.keep
    return borrower.attempt(
        PlanTerms(pause=limits.longest_pause, pause_interest=limits.pause_interest, arrears=arrears)
    )


def _spread(borrower: _Borrower) -> Restructured | None:
    """Today's installments go on, and what is overdue comes in small shares beside them."""
    if not borrower.found.today.overdue:
        return None
    coming = borrower.coming
    over = min(borrower.limits.spread_over, coming) if coming else borrower.limits.spread_over
    return borrower.attempt(PlanTerms(arrears=Arrears.spread, arrears_over=max(over, 1)))


def _another_day(borrower: _Borrower) -> Restructured | None:
    """The day of the month on offer that comes a week or more after today's due day and soonest, for a loan that is paid by
    the month."""
    frequency, next_due = borrower.account.terms.frequency, borrower.found.today.next_due
    if frequency.unit is not Unit.months or next_due is None:
        return None
    usual = next_due[0]
    end = shift(usual, frequency, 1)
    days = [(next_due_day(usual, day), day) for day in borrower.limits.days]
    later = [(when, day) for when, day in days if (when - usual).days >= 7 and when < end]
    if not later:
        return None
    return borrower.attempt(PlanTerms(due_day=min(later)[1], arrears=borrower.arrears))
