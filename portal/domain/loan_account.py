"""A loan as the books have it: its terms, the schedule in force, the payments and the position in which our books began."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.domain.conventions import Component
from portal.domain.errors import InvalidPayment
from portal.domain.money import round_ratio
from portal.domain.schedule import LoanTerms, Schedule


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came in, or the reversal of an earlier payment (`reverses` is that one's key).

    `amount` in minor units, above zero; `effective_on` the day from which it counts; `recorded_at` when we were told.
    """

    key: str
    effective_on: date
    amount: int
    recorded_at: datetime | None = None
    reverses: str | None = None

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise InvalidPayment("amount_not_positive", "A payment must be above zero.", key=self.key)


@dataclass(frozen=True, slots=True)
class Ahead:
    """Interest (minor units) in the installment due on `due_on` that a plan put off: it is earned evenly from `earned_from`
    to `earned_by`, not in that installment's own period. A payoff owes what of it is earned."""

    due_on: date
    interest: int
    earned_from: date
    earned_by: date

    def earned(self, on: date) -> int:
        """How much of it is earned by `on`."""
        if on >= self.earned_by:
            return self.interest
        if on <= self.earned_from:  # also where all of it was earned on one day, the day of the plan
            return 0
        days = (on - self.earned_from).days
        return round_ratio(self.interest * days, (self.earned_by - self.earned_from).days)


@dataclass(frozen=True, slots=True)
class Opening:
    """What had been paid by `as_of`: minor units by component, laid on the installments in their order.

    `counted` are the keys of payments that are part of it. After a plan, `runs_from` is where the interest of the first new
    installment begins, and `ahead` the interest that was put off.
    """

    as_of: date
    principal_paid: int
    interest_paid: int
    fees_paid: int = 0
    penalties_paid: int = 0
    counted: frozenset[str] = frozenset()
    runs_from: date | None = None
    ahead: tuple[Ahead, ...] = ()

    def __post_init__(self) -> None:
        if min(self.principal_paid, self.interest_paid, self.fees_paid, self.penalties_paid) < 0:
            raise InvalidPayment("negative_opening", "What was paid before can't be below zero.")

    @property
    def total(self) -> int:
        return self.principal_paid + self.interest_paid + self.fees_paid + self.penalties_paid

    def to_dict(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of.isoformat(),
            "principal_paid": self.principal_paid,
            "interest_paid": self.interest_paid,
            "fees_paid": self.fees_paid,
            "penalties_paid": self.penalties_paid,
            "counted": sorted(self.counted),
            "runs_from": self.runs_from.isoformat() if self.runs_from else None,
            "ahead": [
                [part.due_on.isoformat(), part.interest, part.earned_from.isoformat(), part.earned_by.isoformat()]
                for part in self.ahead
            ],
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Opening":
        return cls(
            date.fromisoformat(values["as_of"]),
            values["principal_paid"],
            values["interest_paid"],
            values.get("fees_paid", 0),
            values.get("penalties_paid", 0),
            frozenset(values.get("counted", ())),
            date.fromisoformat(values["runs_from"]) if values.get("runs_from") else None,
            tuple(
                Ahead(date.fromisoformat(due), interest, date.fromisoformat(start), date.fromisoformat(end))
                for due, interest, start, end in values.get("ahead", ())
            ),
        )


@dataclass(frozen=True, slots=True)
class Charge:
    """A fee or penalty (`component`) that falls due on its own day, with the installment whose period holds that day."""

    component: Component
    due_on: date
    amount: int


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What holds in place of a settlement that is not kept: where not all of it has come by the end of the day `kept_by`,
    `former`, the loan as it was without the settlement, with every payment laid on it."""

    kept_by: date
    former: "LoanAccount"


@dataclass(frozen=True, slots=True)
class LoanAccount:
    """A loan as the books have it: terms, the schedule in force, and what was paid.

    `pauses` (first day, last day) are left out of delinquent days. `otherwise`: the schedule is that of a settlement.
    """

    terms: LoanTerms
    schedule: Schedule
    payments: tuple[Payment, ...] = ()
    opening: Opening | None = None
    charges: tuple[Charge, ...] = ()
    pauses: tuple[tuple[date, date], ...] = ()
    otherwise: Otherwise | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values of everything but the payments, which are the ledger's."""
        return {
            "terms": self.terms.to_dict(),
            "rows": self.schedule.to_rows(),
            "opening": self.opening.to_dict() if self.opening else None,
            "charges": [[charge.component.value, charge.due_on.isoformat(), charge.amount] for charge in self.charges],
            "pauses": [[first.isoformat(), last.isoformat()] for first, last in self.pauses],
            "otherwise": (
                {"kept_by": self.otherwise.kept_by.isoformat(), "former": self.otherwise.former.to_dict()}
                if self.otherwise
                else None
            ),
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any], payments: Sequence[Payment] = ()) -> "LoanAccount":
        """From `to_dict()` and the ledger's payments."""
        terms = LoanTerms.from_dict(values["terms"])
        day = date.fromisoformat
        otherwise = values.get("otherwise")
        return cls(
            terms,
            Schedule.from_rows(values["rows"], terms.currency),
            tuple(payments),
            Opening.from_dict(values["opening"]) if values.get("opening") else None,
            tuple(Charge(Component(name), day(on), amount) for name, on, amount in values.get("charges", ())),
            tuple((day(first), day(last)) for first, last in values.get("pauses", ())),
            Otherwise(day(otherwise["kept_by"]), cls.from_dict(otherwise["former"])) if otherwise else None,
        )
