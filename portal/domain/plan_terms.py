"""What a plan asks for: one value that combines every way of changing the rest of a loan."""

from dataclasses import MISSING, dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from portal.domain.due_dates import Frequency
from portal.domain.errors import InvalidPlan
from portal.domain.interest import rate_ratio


class PauseInterest(StrEnum):
    """What becomes of the interest of a pause."""

    at_end = "at_end"  # kept aside, bears no interest, paid in installments of the usual size at the end
    spread = "spread"  # kept aside, bears no interest, in equal shares on the installments after the pause
    capitalise = "capitalise"  # joins the principal when the pause ends
    waive = "waive"  # is not charged


class PauseTerm(StrEnum):
    """What a pause does to the end of the loan."""

    grow = "grow"  # the same installments, later
    keep = "keep"  # the same end, larger installments


class Arrears(StrEnum):
    """What becomes of what is overdue."""

    keep = "keep"  # stays due as it is
    spread = "spread"  # in equal shares on the next installments, without interest
    capitalise = "capitalise"  # principal, interest and fees join the principal; penalties fall due first
    at_end = "at_end"  # paid at the end, without interest


@dataclass(frozen=True, slots=True)
class Step:
    """The first `periods` installments are `amount` minor units each; steps follow one another."""

    periods: int
    amount: int


@dataclass(frozen=True, slots=True)
class Season:
    """In the month `month` (1 to 12) an installment is `percent` of the usual one: 0 for nothing, 200 after harvest."""

    month: int
    percent: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """`amount` minor units in `parts` installments settle the loan, if all of them come; offered until `expires_on`."""

    amount: int
    parts: int = 1
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """A plan. What is left at its default stays as it is today; `PlanTerms()` changes nothing.

    `from_due`: installments due before it stay as they are; `first_on`: the new due date of the first one that changes.
    `pause`: periods without payment. `extend_by`: periods added; `installments`: how many are left in all; `amount`: minor
    units per period, from which the number follows. `arrears_over`: on how many installments arrears are spread (all,
    where None). `interest_only`: periods at the start that ask no principal. `due_day`: day of the month. `rate`: percent a
    year from `rate_from` on. `waive_*`: minor units, at most what is overdue of it. Amounts of `steps` and `amount` are what
    the borrower pays in all. Raises InvalidPlan where two of them contradict each other, naming both.
    """

    from_due: date | None = None
    first_on: date | None = None
    pause: int = 0
    pause_interest: PauseInterest = PauseInterest.at_end
    pause_term: PauseTerm = PauseTerm.grow
    extend_by: int = 0
    installments: int | None = None
    amount: int | None = None
    arrears: Arrears = Arrears.keep
    arrears_over: int | None = None
    interest_only: int = 0
    steps: tuple[Step, ...] = ()
    seasons: tuple[Season, ...] = ()
    due_day: int | None = None
    frequency: Frequency | None = None
    rate: Decimal | None = None
    rate_from: date | None = None
    waive_interest: int = 0
    waive_fees: int = 0
    waive_penalties: int = 0
    settlement: Settlement | None = None

    def __post_init__(self) -> None:
        for name, kind in (("pause_interest", PauseInterest), ("pause_term", PauseTerm), ("arrears", Arrears)):
            object.__setattr__(self, name, kind(getattr(self, name)))
        self._refuse_wrong_values()
        self._refuse_contradictions()

    @property
    def changes_nothing(self) -> bool:
        """Whether the schedule stays as it is (a choice about a pause of no periods, say, is no change)."""
        return all(getattr(self, name) == standard for name, standard in _ACTIVE)

    def _refuse_wrong_values(self) -> None:
        for name in ("pause", "extend_by", "interest_only", "waive_interest", "waive_fees", "waive_penalties"):
            if getattr(self, name) < 0:
                raise InvalidPlan("negative_value", "A plan can't hold a number below zero.", name=name)
        for name in ("installments", "amount", "arrears_over"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise InvalidPlan("value_not_positive", "This number of the plan must be above zero.", name=name)
        if self.due_day is not None and not 1 <= self.due_day <= 31:
            raise InvalidPlan("invalid_due_day", "The day of the month must be between 1 and 31.", day=self.due_day)
        if self.rate is not None:
            rate_ratio(self.rate)
        for step in self.steps:
            if step.periods < 1 or step.amount < 0:
                raise InvalidPlan("invalid_step", "A step lasts one period or more and asks for nothing or more.")
        for season in self.seasons:
            if not 1 <= season.month <= 12 or not 0 <= season.percent <= 10_000:
                raise InvalidPlan("invalid_season", "A season is a month of the year and a percentage.")
        if len({season.month for season in self.seasons}) != len(self.seasons):
            raise InvalidPlan("invalid_season", "A month can only have one season.")
        if self.settlement and (self.settlement.amount < 1 or self.settlement.parts < 1):
            raise InvalidPlan("invalid_settlement", "A settlement is an amount above zero in one part or more.")

    def _refuse_contradictions(self) -> None:
        given = {
            "installments": self.installments is not None,
            "amount": self.amount is not None,
            "extend_by": self.extend_by > 0,
            "steps": bool(self.steps),
            "seasons": bool(self.seasons),
            "interest_only": self.interest_only > 0,
            "due_day": self.due_day is not None,
            "settlement": self.settlement is not None,
            "pause": self.pause > 0,
            "rate": self.rate is not None,
            "pause_term": self.pause > 0 and self.pause_term is PauseTerm.keep,
        }
        pairs = (
            ("installments", "amount"),
            ("extend_by", "amount"),
            ("installments", "extend_by"),
            ("amount", "steps"),
            ("amount", "seasons"),
            ("amount", "interest_only"),
            ("steps", "seasons"),
            ("steps", "interest_only"),
            ("seasons", "interest_only"),
            ("pause_term", "extend_by"),
            ("pause_term", "installments"),
            ("pause_term", "amount"),
            *(
                ("settlement", name)
                for name in (
                    "installments",
                    "amount",
                    "extend_by",
                    "steps",
                    "seasons",
                    "interest_only",
                    "pause",
                    "rate",
                )
            ),
        )
        for one, other in pairs:
            if given[one] and given[other]:
                raise InvalidPlan(
                    "contradictory_terms",
                    f"{_SAID[one]} and {_SAID[other]} can't both be chosen: one follows from the other or excludes it.",
                    first=one,
                    second=other,
                )
        if self.due_day is not None and self.first_on is not None:
            last = 28 if self.first_on.month == 2 else 30
            if self.first_on.day != self.due_day and self.first_on.day < min(self.due_day, last):
                raise InvalidPlan(
                    "contradictory_terms",
                    "The first date is not on the day of the month that was chosen.",
                    first="first_on",
                    second="due_day",
                )

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; what is at its default is left out."""
        return {
            item.name: _plain(value)
            for item in fields(self)
            if (value := getattr(self, item.name)) != item.default or item.default is MISSING
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "PlanTerms":
        """From `to_dict()`. An unknown name is refused."""
        known = {item.name for item in fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise InvalidPlan("unknown_term", f"{unknown[0]} is not a term of a plan that we know.", name=unknown[0])
        read = dict(values)
        for name in ("from_due", "first_on", "rate_from"):
            if read.get(name) is not None:
                read[name] = date.fromisoformat(read[name])
        if read.get("rate") is not None:
            read["rate"] = Decimal(str(read["rate"]))
        if read.get("frequency") is not None:
            read["frequency"] = Frequency.from_dict(read["frequency"])
        read["steps"] = tuple(Step(**step) for step in read.get("steps", ()))
        read["seasons"] = tuple(Season(**season) for season in read.get("seasons", ()))
        if read.get("settlement") is not None:
            settlement = dict(read["settlement"])
            if settlement.get("expires_on") is not None:
                settlement["expires_on"] = date.fromisoformat(settlement["expires_on"])
            read["settlement"] = Settlement(**settlement)
        return cls(**read)


# The choices that change a schedule by themselves, at the values that leave it as it is.
_ACTIVE = tuple(
    (item.name, item.default)
    for item in fields(PlanTerms)
    if item.name not in ("pause_interest", "pause_term", "from_due", "arrears_over", "rate_from")
)

_SAID = {
    "installments": "A number of installments",
    "amount": "An amount per installment",
    "extend_by": "A longer term",
    "steps": "Steps",
    "seasons": "Seasons",
    "interest_only": "A time of interest only",
    "settlement": "A settlement",
    "pause": "A pause",
    "rate": "Another rate",
    "pause_term": "Keeping the last date",
}


def _plain(value: Any) -> Any:
    if isinstance(value, Frequency):
        return value.to_dict()
    if isinstance(value, Step | Season | Settlement):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
