"""A lender's limits: what an officer may agree to alone, what takes a supervisor, and why."""

from dataclasses import asdict, dataclass, fields
from typing import Any

OFFICER = "officer"
SUPERVISOR = "supervisor"


@dataclass(frozen=True)
class Limits:
    """What an officer may agree to alone. A supervisor may go beyond each; nobody is refused by a machine.

    Periods are installments of the loan's own frequency; amounts follow the loan's currency; percents are of what is
    left to pay today.
    """

    longest_pause: int = 3
    longest_extension: int = 24
    extension_percent_of_term: int = 100
    most_extra_percent: int = 15
    least_percent_of_installment: int = 25
    most_waived_percent: int = 0
    restructures_per_12_months: int = 1

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "Limits":
        """Reads what `to_dict` wrote; a limit that is not there has its default."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in known})


@dataclass(frozen=True)
class Check:
    """One line of the policy check. `figure` and `limit` are what the page shows beside its sentence."""

    code: str
    within: bool
    figure: str
    limit: str


@dataclass(frozen=True)
class Verdict:
    checks: tuple[Check, ...]

    @property
    def decided_by(self) -> str:
        """The least role that may agree to the plan alone."""
        return OFFICER if all(check.within for check in self.checks) else SUPERVISOR

    def may_agree(self, role: str) -> bool:
        return role == SUPERVISOR or (role == OFFICER and self.decided_by == OFFICER)
