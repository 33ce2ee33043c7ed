"""A plan as pages say it: from the terms and the figures that were kept when somebody saw it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.domain.plan_terms import Arrears, PlanTerms


@dataclass(frozen=True)
class PlanView:
    """Amounts are minor units. `amount` is what is paid each time; `amount_after` what follows the first `periods` times,
    where that differs; `extra` is the total less today's; `longer_by` counts installments."""

    code: str
    terms: PlanTerms
    periods: int
    day: int | None
    amount: int
    amount_after: int | None
    first_on: date
    first_amount: int
    last_on: date
    last_amount: int
    total: int
    extra: int
    longer_by: int
    months_longer: int
    payments: tuple[tuple[date, int], ...]
    fingerprint: str

    def over(self, carries: int) -> int:
        """By how much the largest payment is above what a budget carries; 0 where it fits."""
        return max(max(amount for _, amount in self.payments) - carries, 0)


def plan_view(code: str, terms: PlanTerms, figures: dict[str, Any]) -> PlanView:
    """`figures` as portal.services.plans.figures keeps them."""
    comparison = figures["comparison"]
    payments = tuple((date.fromisoformat(day), sum(parts)) for day, *parts in figures["future"])
    asked = [(day, amount) for day, amount in payments if amount]
    first, usual = asked[0][1], comparison["amount_new"]
    same = next((at for at, (_, amount) in enumerate(asked) if amount != first), len(asked))
    if terms.arrears is Arrears.spread and terms.arrears_over:
        # The last share of what is spread takes the remainder, so amounts alone would end the time a payment early.
        same = min(terms.arrears_over, len(asked))
        usual = asked[same][1] if same < len(asked) else first
    # A first payment that stands alone is no rhythm: it is said beside the usual one.
    steps_down = 1 < same < len(asked) - 1 and first != usual
    return PlanView(
        code=code,
        terms=terms,
        periods=terms.pause if terms.pause else same,
        day=terms.due_day or (terms.first_on.day if terms.first_on else None),
        amount=first if steps_down else usual,
        amount_after=usual if steps_down else None,
        first_on=asked[0][0],
        first_amount=first,
        last_on=payments[-1][0],
        last_amount=payments[-1][1],
        total=comparison["left_to_pay_new"],
        extra=comparison["extra"],
        longer_by=comparison["installments_new"] - comparison["installments_today"],
        months_longer=comparison["months_longer"],
        payments=payments,
        fingerprint=figures["fingerprint"],
    )


def plan_code(option: str | None, terms: PlanTerms) -> str:
    """What kind of plan this is, for its name on a page: the option that was chosen, or what its terms amount to."""
    if option:
        return option
    if terms.seasons:
        return "with_the_season"
    if terms.pause:
        return "pause_then_on"
    if terms.amount or terms.extend_by or terms.installments:
        return "smaller_for_longer"
    if terms.arrears is Arrears.spread:
        return "spread_overdue"
    return "another_day" if terms.due_day or terms.first_on else "other"
