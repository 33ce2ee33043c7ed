"""Ceilings on the yearly cost of credit, by place: data with its source, which a lender confirms before going live.

None of these was read in the text of its law (field mark [K]). A place that is not here has no ceiling that we know of,
which is not the same as having none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.domain.errors import InvalidPlan
from portal.domain.money import to_decimal


class Measure(StrEnum):
    """What is held against a ceiling."""

    rate = "rate"  # the yearly interest rate of the terms
    effective = "effective"  # the effective yearly rate, fees included
    apr = "apr"  # the US Regulation Z APR


@dataclass(frozen=True, slots=True)
class Ceiling:
    """At most `percent` a year for loans of `currency` below `below` currency units (any amount where None), from
    `holds_from` on. `place` is a code that a lender chooses from; `source` names the rule."""

    place: str
    percent: Decimal
    measure: Measure
    holds_from: date
    source: str
    currency: str | None = None
    below: Decimal | None = None


def _japan(percent: int, below: int | None) -> Ceiling:
    return Ceiling(
        "jp",
        Decimal(percent),
        Measure.rate,
        date(2010, 6, 18),
        "Interest Rate Restriction Act, article 1 [K]",
        "JPY",
        Decimal(below) if below else None,
    )


CEILINGS = (
    Ceiling("tw", Decimal(16), Measure.rate, date(2021, 7, 20), "Civil Code, article 205 [K]"),
    Ceiling("hk", Decimal(48), Measure.effective, date(2022, 12, 30), "Money Lenders Ordinance, section 24 [K]"),
    Ceiling("us-mla", Decimal(36), Measure.apr, date(2007, 10, 1), "Military Lending Act, 10 USC 987 [K]"),
    _japan(20, 100_000),
    _japan(18, 1_000_000),
    _japan(15, None),
)


def ceiling_for(
    place: str, on: date, principal: int, currency: str, ceilings: Iterable[Ceiling] = CEILINGS
) -> Ceiling | None:
    """The ceiling in force in `place` on the day `on` for a loan of `principal` minor units: the latest, and of those of one
    day the one for the smallest loans that holds this one. None where none is known."""
    amount = to_decimal(principal, currency)
    held = [
        ceiling
        for ceiling in ceilings
        if ceiling.place == place
        and ceiling.holds_from <= on
        and ceiling.currency in (None, currency)
        and (ceiling.below is None or amount < ceiling.below)
    ]
    if not held:
        return None
    latest = max(ceiling.holds_from for ceiling in held)
    of_day = [ceiling for ceiling in held if ceiling.holds_from == latest]
    return min(of_day, key=lambda ceiling: (ceiling.below is None, ceiling.below or 0))


def exceeds(ceiling: Ceiling | None, percent: Decimal) -> bool:
    """Whether a yearly cost, in the ceiling's own measure, is above it. Exactly at it is not."""
    return ceiling is not None and percent > ceiling.percent


def refuse_above(ceiling: Ceiling | None, percent: Decimal) -> None:
    """Raises InvalidPlan above_ceiling where a plan would cost more a year than the place allows."""
    if ceiling is not None and percent > ceiling.percent:
        raise InvalidPlan(
            "above_ceiling",
            f"The yearly cost can't be above {ceiling.percent} %.",
            percent=str(percent),
            ceiling=str(ceiling.percent),
            source=ceiling.source,
        )
