"""A lender's limits: what an officer may agree to alone, what takes a supervisor, and why."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from portal.domain.options import OptionLimits
from portal.domain.restructuring import Restructured

OFFICER = "officer"
SUPERVISOR = "supervisor"


@dataclass(frozen=True)
class Limits:
    """What an officer may agree to alone. A supervisor may go beyond each; nobody is refused by a machine but for the law's
    ceiling on the cost of credit (portal.domain.ceilings), which no lender may go beyond.

    Periods are installments of the loan's own frequency; percents are of what is left to pay today. `offered_*` and
    `spread_over` are what is put before a borrower unasked; `longest_term` is the most installments that may be left after
    any plan, a supervisor's too. `skips_a_year` is how many payments a borrower may move to the end in 12 months, unasked
    and agreed at once; 0 is none. It needs no person, so a lender that has said nothing gives one.
    """

    longest_pause: int = 3
    offered_pause: int = 2
    offered_days: tuple[int, ...] = (1, 5, 10, 15, 20, 25)
    spread_over: int = 6
    longest_term: int = 240
    longest_extension: int = 24
    extension_percent_of_term: int = 100
    most_extra_percent: int = 15
    least_percent_of_installment: int = 25
    most_waived_percent: int = 0
    restructures_per_12_months: int = 1
    skips_a_year: int = 1

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "offered_days": list(self.offered_days)}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "Limits":
        """Reads what `to_dict` wrote; a limit that is not there has its default."""
        known = {field.name for field in fields(cls)}
        given = {name: value for name, value in stored.items() if name in known}
        if "offered_days" in given:
            given["offered_days"] = tuple(given["offered_days"])
        return cls(**given)

    def options(self) -> OptionLimits:
        """What a borrower's page offers within these limits."""
        return OptionLimits(
            longest_extension=self.longest_extension,
            longest_term=self.longest_term,
            longest_pause=self.offered_pause,
            days=self.offered_days,
            spread_over=self.spread_over,
        )


@dataclass(frozen=True)
class Check:
    """One line of the policy check: what the plan does and what the limit allows, in `unit` (installments, percent,
    money in minor units, plans). A line without a limit of its own (no budget yet) is within, and says so by None."""

    code: str
    within: bool
    figure: int | None
    limit: int | None
    unit: str


@dataclass(frozen=True)
class Verdict:
    checks: tuple[Check, ...]

    @property
    def decided_by(self) -> str:
        """The least role that may agree to the plan alone."""
        return OFFICER if all(check.within for check in self.checks) else SUPERVISOR

    def may_agree(self, role: str) -> bool:
        return role == SUPERVISOR or (role == OFFICER and self.decided_by == OFFICER)


def check_plan(result: Restructured, limits: Limits, term: int, carries: int | None, recent_plans: int) -> Verdict:
    """Whether an officer may agree to `result` alone, line by line.

    `term` is the loan's installments as agreed at the start; `carries` what the borrower's budget can carry each
    installment (minor units), None where there is no budget; `recent_plans` those agreed in the last 12 months.
    """
    comparison = result.comparison
    pause = result.plan.pause
    longer = max(comparison.installments_new - comparison.installments_today, 0)
    longest = min(limits.longest_extension, term * limits.extension_percent_of_term // 100)
    extra = _percent_up(comparison.extra, comparison.left_to_pay_today)
    least = _percent_down(comparison.amount_new, comparison.amount_today)
    waived = result.waived_principal + result.waived_interest + result.waived_fees
    waived_percent = _percent_up(waived, comparison.left_to_pay_today)
    fits = carries is None or comparison.amount_new <= carries
    return Verdict(
        (
            Check("fits_budget", fits, comparison.amount_new, carries, "money"),
            Check(
                "least_payment",
                least >= limits.least_percent_of_installment,
                least,
                limits.least_percent_of_installment,
                "percent",
            ),
            Check("pause", pause <= limits.longest_pause, pause, limits.longest_pause, "installments"),
            Check("extension", longer <= longest, longer, longest, "installments"),
            Check("extra_cost", extra <= limits.most_extra_percent, extra, limits.most_extra_percent, "percent"),
            Check(
                "waiver",
                waived_percent <= limits.most_waived_percent,
                waived_percent,
                limits.most_waived_percent,
                "percent",
            ),
            Check(
                "plans_a_year",
                recent_plans < limits.restructures_per_12_months,
                recent_plans,
                limits.restructures_per_12_months,
                "plans",
            ),
        )
    )


def _percent_up(part: int, whole: int) -> int:
    """Rounded up, so that a limit is never passed unseen; a part below zero is no cost."""
    return -(-max(part, 0) * 100 // whole) if whole else 0


def _percent_down(part: int, whole: int) -> int:
    return part * 100 // whole if whole else 100
