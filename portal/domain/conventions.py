"""The conventions under which figures are made: every one a setting of a loan product, none built in.

Peers disagree by a cent a row; each is right under its own conventions. A `Conventions` value names all of them, so that
a product can be stored with its version and a figure can say which rules made it. The defaults: a twelfth of the yearly
rate a month, half-up to the minor unit, the last installment takes the remainder.
"""

from dataclasses import dataclass, fields
from enum import Enum, StrEnum
from typing import Any

from portal.domain.day_count import DayCount, YearBreak
from portal.domain.due_dates import ClosedDayRule
from portal.domain.errors import InvalidTerms
from portal.domain.money import Rounding


class InterestPeriod(StrEnum):
    """What a period's interest is reckoned from."""

    per_period = "per_period"  # a period is a period: the yearly rate / 12 a month, / 52 a week
    daily = "daily"  # the days of the period by the day count


class OddPeriod(StrEnum):
    """The interest of a first period that is longer or shorter, where interest is reckoned per period."""

    by_days = "by_days"  # whole periods, and the days left over by the day count
    share_of_period = "share_of_period"  # whole periods, and the days left over as a share of that period's days
    as_whole = "as_whole"  # one period's interest whatever the days


class LevelBasis(StrEnum):
    """The rates that the level installment is solved from."""

    each_period = "each_period"  # each period's own interest
    thirty_days = "thirty_days"  # months of 30 days by the day count's year, whatever their days
    nominal = "nominal"  # the yearly rate over the periods of a year, whatever the days


class Remainder(StrEnum):
    """Where the cents go that rounding leaves."""

    last = "last"  # the last installment takes them
    first = "first"  # the first one that asks for principal takes them; the last takes what rounding then still leaves
    smoothed = "smoothed"  # the level is moved once by its share of the gap, where that makes the gap smaller


class Component(StrEnum):
    """What a payment can pay."""

    penalties = "penalties"
    fees = "fees"
    interest = "interest"
    principal = "principal"


class Excess(StrEnum):
    """What money beyond what is due does."""

    next_installment = "next_installment"  # covers the next installments in turn
    last_installment = "last_installment"  # covers the last installments, going backwards
    spread = "spread"  # equal shares to all installments to come
    smaller_installment = "smaller_installment"  # lowers the principal; same end, smaller installments
    shorter_term = "shorter_term"  # lowers the principal; same installment, earlier end


class PayoffInterest(StrEnum):
    """How far interest runs when a loan is paid off in one."""

    to_day = "to_day"  # to the day of the payoff
    to_next_due = "to_next_due"  # to the end of the period
    all = "all"  # all that the schedule holds


class FlatExtension(StrEnum):
    """What lengthening a flat-rate loan adds."""

    charge = "charge"  # each added period bears the flat interest
    nothing = "nothing"  # the interest was fixed at the start and is shared anew


class LateFee(StrEnum):
    """What a page may say of fees for being late. The portal charges none; the lender's own system may."""

    not_stated = "not_stated"  # nobody has said, so no page says anything
    none = "none"  # there is none
    charged = "charged"  # one may be added


_C = Component


@dataclass(frozen=True, slots=True)
class Conventions:
    """The rules of a loan product. Units of rounding are minor units of the loan's currency."""

    rounding: Rounding = Rounding.half_up  # of interest
    interest_unit: int = 1  # the unit of a row's interest, and of an equal share of principal
    interest_carried: bool = False  # rows are cut from exact figures, fractions carried on, instead of rounded each row
    installment_rounding: Rounding = Rounding.half_up
    installment_unit: int = 1  # the level installment is a multiple of this
    interest_period: InterestPeriod = InterestPeriod.per_period
    day_count: DayCount = DayCount.thirty_360
    year_break: YearBreak = YearBreak.january_1
    odd_period: OddPeriod = OddPeriod.by_days
    level_basis: LevelBasis = LevelBasis.each_period
    remainder: Remainder = Remainder.last
    order_due: tuple[Component, ...] = (_C.penalties, _C.fees, _C.interest, _C.principal)
    order_in_advance: tuple[Component, ...] = (_C.penalties, _C.fees, _C.interest, _C.principal)
    excess: Excess = Excess.next_installment
    interest_recalculated: bool = False  # interest follows the day money came; else the schedule's interest stands
    stretches_rounded: bool = True  # interest of a period with several balances: each stretch rounded, or their sum
    due_day_is_late: bool = False  # an installment due today and unpaid counts as one day past due
    grace_days: int = 0  # days past due that do not count as delinquent
    buckets: tuple[int, ...] = (30, 60, 90)  # the last day of each bucket of days past due
    payoff_interest: PayoffInterest = PayoffInterest.to_day
    flat_extension: FlatExtension = FlatExtension.charge
    closed_day_rule: ClosedDayRule = ClosedDayRule.stay
    closed_weekdays: tuple[int, ...] = ()  # 0 is Monday
    late_fee: LateFee = LateFee.not_stated

    def __post_init__(self) -> None:
        if self.interest_unit < 1 or self.installment_unit < 1:
            raise InvalidTerms("invalid_unit", "A unit of rounding must be one minor unit or more.")
        for order in (self.order_due, self.order_in_advance):
            if sorted(order) != sorted(Component):
                raise InvalidTerms("invalid_order", "An order of payment names each of the four components once.")
        if list(self.buckets) != sorted(set(self.buckets)) or any(edge < 1 for edge in self.buckets):
            raise InvalidTerms("invalid_buckets", "Buckets are rising numbers of days.")
        if self.grace_days < 0:
            raise InvalidTerms("invalid_grace", "Days of grace can't be fewer than none.")

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; only what differs from the defaults, so that a stored product stays readable."""
        standard = Conventions()
        return {
            field.name: _plain(value)
            for field in fields(self)
            if (value := getattr(self, field.name)) != getattr(standard, field.name)
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Conventions":
        """From `to_dict()`. An unknown name or value is refused: a convention that is not understood is not ignored."""
        standard = cls()
        known = {field.name for field in fields(cls)}
        result: dict[str, Any] = {}
        for name, value in values.items():
            if name not in known:
                raise InvalidTerms("unknown_convention", f"{name} is not a convention that we know.", name=name)
            try:
                result[name] = _typed(getattr(standard, name), name, value)
            except (ValueError, TypeError):
                raise InvalidTerms(
                    "unknown_convention", f"{value!s} is not a value of {name}.", name=name, value=value
                ) from None
        return cls(**result)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _typed(standard: Any, name: str, value: Any) -> Any:
    if isinstance(standard, Enum):
        return type(standard)(value)
    if name in ("order_due", "order_in_advance"):
        return tuple(Component(item) for item in value)
    if isinstance(standard, tuple):
        return tuple(int(item) for item in value)
    if isinstance(standard, bool):
        if not isinstance(value, bool):
            raise ValueError(value)
        return value
    return int(value)
