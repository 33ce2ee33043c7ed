"""What an import did, in counts and control totals."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.exchange.row_errors import RowError
from portal.services.book_figures import AboveCeiling, Disagreement

# Is given what an import has to tell of single rows, as it is found.
Told = Callable[[RowError | Disagreement | AboveCeiling], None]


@dataclass
class Totals:
    """Control totals. principal and not_received: currency -> minor units; not_received (what was due by the day of the
    file and had not come) is of the loans in the file alone."""

    loans: int = 0
    principal: Counter[str] = field(default_factory=Counter)
    not_received: Counter[str] = field(default_factory=Counter)

    def to_dict(self) -> dict[str, Any]:
        return {"loans": self.loans, "principal": dict(self.principal), "not_received": dict(self.not_received)}


@dataclass
class ImportReport:
    """What an import did. loans: that could be read and taken in = created + changed + same. errors: rows refused.
    duplicates: rows that repeat one before them. *_compared: how many the agreement was counted over. waiting: loans of
    this book that nobody is linked to. in_plan: changed loans that follow an agreed schedule, whose position is left as
    it is. above_ceiling: loans that cost more a year than a place that the lender chose allows; they are taken in.
    in_request: changed loans whose borrower waits for an answer. not_in_file: loans of this book that were not among
    the rows taken in; they stay untouched."""

    as_of: date
    created: int = 0
    changed: int = 0
    same: int = 0
    errors: int = 0
    duplicates: int = 0
    installment_agrees: int = 0
    installment_compared: int = 0
    balance_agrees: int = 0
    balance_compared: int = 0
    overdue_disagrees: int = 0
    waiting: int = 0
    people_created: int = 0
    people_changed: int = 0
    above_ceiling: int = 0
    in_plan: int = 0
    in_request: int = 0
    not_in_file: int = 0
    before: Totals = field(default_factory=Totals)
    after: Totals = field(default_factory=Totals)

    @property
    def loans(self) -> int:
        return self.created + self.changed + self.same

    def to_dict(self) -> dict[str, Any]:
        counts = {name: value for name, value in vars(self).items() if isinstance(value, int)}
        return {
            "loans": self.loans,
            **counts,
            "as_of": self.as_of.isoformat(),
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
        }
