"""The plans put before a borrower, each a point of the algebra of restructuring, reckoned from their own figures."""

from dataclasses import dataclass, replace
from datetime import date

from portal.domain.affordability import a_period
from portal.domain.allocation import LoanAccount, Statement, statement
from portal.domain.amortization import MOST_ROWS
from portal.domain.due_dates import Unit, in_month, shift
from portal.domain.errors import DomainError, InvalidPlan
from portal.domain.money import exponent
from portal.domain.plan_terms import Arrears, PauseInterest, PlanTerms
from portal.domain.restructuring import Restructured, restructure


@dataclass(frozen=True, slots=True)
class OptionLimits:
    """What a lender puts before a borrower unasked.

    `longest_extension`: installments added at most; `longest_term`: installments left at most; `longest_pause`: periods;
    `days`: days of the month on offer; `least_amount`: minor units a period, the lowest installment that is offered;
    `spread_over`: installments that what is overdue is spread on.
    """

    longest_extension: int = 12
    longest_term: int = MOST_ROWS
    longest_pause: int = 3
    pause_interest: PauseInterest = PauseInterest.at_end
    days: tuple[int, ...] = (1, 5, 10, 15, 20, 25)
    least_amount: int = 1
    spread_over: int = 6


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
    account: LoanAccount, on: date, left_over: int | None = None, limits: OptionLimits | None = None
) -> tuple[PlanOption, ...]:
    """The options that make sense for this account on the day `on`, those that fit first.

    `left_over` is minor units a month from affordability.assess(), None where it is not known. Codes: smaller_for_longer,
    pause_then_on, spread_overdue, another_day. Empty where nothing is left to pay.
    """
    limits = limits or OptionLimits()
    today = statement(account, on)
    if today.is_paid_off:
        return ()
    carries = None if left_over is None else a_period(left_over, account.terms.frequency)
    makers = (
        ("smaller_for_longer", _smaller(account, today, on, carries, limits)),
        ("pause_then_on", _pause(account, today, on, limits)),
        ("spread_overdue", _spread(account, today, on, limits)),
        ("another_day", _another_day(account, today, on, limits)),
    )
    options = [_option(code, result, carries) for code, result in makers if result is not None]
    return tuple(sorted(options, key=lambda option: option.fits is False))


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
    first_on_too_early (with `earliest`).
    """
    limits = limits or OptionLimits()
    if amount < limits.least_amount:
        raise InvalidPlan(
            "amount_too_low", "This is below the lowest installment.", amount=amount, least=limits.least_amount
        )
    plan = PlanTerms(amount=amount, first_on=first_on, arrears=_arrears(statement(account, on)))
    result = restructure(account, plan, on, limits.longest_term)
    carries = None if left_over is None else a_period(left_over, account.terms.frequency)
    return _option("own_amount", result, carries)


def _option(code: str, result: Restructured, carries: int | None) -> PlanOption:
    highest = result.comparison.highest_new
    if carries is None:
        return PlanOption(code, result.plan, result, None, None)
    return PlanOption(code, result.plan, result, highest <= carries, max(highest - carries, 0))


def _arrears(today: Statement) -> Arrears:
    return Arrears.spread if today.overdue else Arrears.keep


def _try(account: LoanAccount, plan: PlanTerms, on: date, limits: OptionLimits) -> Restructured | None:
    """The plan's outcome, or None where it does not suit this account."""
    try:
        return restructure(account, plan, on, limits.longest_term)
    except DomainError:
        return None


def _coming(account: LoanAccount, on: date) -> int:
    return sum(1 for row in account.schedule.installments if row.due_on >= on)


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


def _smaller(
    account: LoanAccount, today: Statement, on: date, carries: int | None, limits: OptionLimits
) -> Restructured | None:
    """A smaller installment until the loan is repaid.

    Where it is known what is left over: the largest round amount within it, so that something stays with the borrower, but
    no lower than the longest extension allows. Where it is not: what half of the longest extension comes to, rounded up.
    """
    arrears = _arrears(today)
    coming = _coming(account, on)
    extension = limits.longest_extension
    if coming:
        extension = min(extension, max(limits.longest_term - coming, 0))
    if not extension:
        return None
    usual = max((line.open for line in today.lines if line.due_on >= on), default=0)
    least = _try(account, PlanTerms(extend_by=extension, arrears=arrears), on, limits)
    if least is None:
        return None
    floor = max(least.comparison.amount_new, limits.least_amount)
    unit = round_unit(floor, account.terms.currency)
    floor = -(-floor // unit) * unit
    if carries is None:
        half = _try(account, PlanTerms(extend_by=-(-extension // 2), arrears=arrears), on, limits)
        target = -(-half.comparison.amount_new // unit) * unit if half else floor
    else:
        target = carries // unit * unit
    target = max(target, floor)
    if coming and target >= usual:
        # What is left over carries today's installment and more: show what a smaller one would do all the same.
        half = _try(account, PlanTerms(extend_by=-(-extension // 2), arrears=arrears), on, limits)
        target = max(-(-half.comparison.amount_new // unit) * unit, floor) if half else floor
        if target >= usual:
            return None
    longest = replace(limits, longest_term=min(limits.longest_term, max(coming, 0) + limits.longest_extension))
    found = _try(account, PlanTerms(amount=target, arrears=arrears), on, longest)
    return found or least


def _pause(account: LoanAccount, today: Statement, on: date, limits: OptionLimits) -> Restructured | None:
    """No payment for a while, then today's installments; the interest of the pause comes at the end."""
    coming = _coming(account, on)
    if not limits.longest_pause or not coming:
        return None
    arrears = Arrears.at_end if today.overdue else Arrears.keep
    plan = PlanTerms(pause=limits.longest_pause, pause_interest=limits.pause_interest, arrears=arrears)
    return _try(account, plan, on, limits)


def _spread(account: LoanAccount, today: Statement, on: date, limits: OptionLimits) -> Restructured | None:
    """Today's installments go on, and what is overdue comes in small shares beside them."""
    if not today.overdue:
        return None
    coming = _coming(account, on)
    over = min(limits.spread_over, coming) if coming else limits.spread_over
    return _try(account, PlanTerms(arrears=Arrears.spread, arrears_over=max(over, 1)), on, limits)


def _another_day(account: LoanAccount, today: Statement, on: date, limits: OptionLimits) -> Restructured | None:
    """The day of the month on offer that comes soonest after today's due day, for a loan that is paid by the month."""
    if account.terms.frequency.unit is not Unit.months or today.next_due is None:
        return None
    usual = today.next_due[0]
    later = sorted(
        (when, day)
        for day in limits.days
        if (when := _on_day(usual, day))
        and (when - usual).days >= 7
        and when < shift(usual, account.terms.frequency, 1)
    )
    if not later:
        return None
    arrears = Arrears.spread if today.overdue else Arrears.keep
    return _try(account, PlanTerms(due_day=later[0][1], arrears=arrears), on, limits)


def _on_day(usual: date, day: int) -> date:
    when = in_month(usual.year, usual.month, day)
    return when if when > usual else in_month(usual.year, usual.month + 1, day)
