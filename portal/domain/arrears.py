"""How late a loan is: days past due, delinquent days, buckets; before a restructure and after it.

Days past due run from the due date of the oldest installment that is not fully paid: one day late is one day past due, and
the due day itself is none, unless the conventions count it as the first (Frappe Lending). Delinquent days leave out the days
of grace and of pauses (Apache Fineract).
"""

from collections.abc import Iterable, Sequence
from datetime import date

CURRENT = "current"


def days_past_due(oldest_unpaid: date | None, on: date, due_day_is_late: bool = False) -> int:
    """Days that the oldest unpaid installment is past due on `on`; 0 where nothing is."""
    if oldest_unpaid is None:
        return 0
    days = (on - oldest_unpaid).days
    if due_day_is_late:
        days += 1
    return max(days, 0)


def paused_days(oldest_unpaid: date, on: date, pauses: Iterable[tuple[date, date]]) -> int:
    """Nights of `pauses` between the due date and `on`, each night once."""
    nights: set[int] = set()
    for first, last in pauses:
        nights.update(range(max(first, oldest_unpaid).toordinal(), min(last, on).toordinal()))
    return len(nights)


def delinquent_days(
    oldest_unpaid: date | None,
    on: date,
    grace_days: int = 0,
    pauses: Iterable[tuple[date, date]] = (),
    due_day_is_late: bool = False,
) -> int:
    """Days past due less days of grace and of pauses, never below zero."""
    if oldest_unpaid is None:
        return 0
    days = days_past_due(oldest_unpaid, on, due_day_is_late) - paused_days(oldest_unpaid, on, pauses)
    return max(days - grace_days, 0)


def bucket_of(days: int, edges: Sequence[int]) -> str:
    """The bucket's name by its days: 'current', '1-30', '31-60', 'over 90' for edges (30, 60, 90)."""
    if days <= 0:
        return CURRENT
    first = 1
    for edge in edges:
        if days <= edge:
            return f"{first}-{edge}"
        first = edge + 1
    return f"over {edges[-1]}" if edges else "1 or more"


def by_bucket(
    unpaid: Iterable[tuple[date, int]], on: date, edges: Sequence[int], due_day_is_late: bool = False
) -> dict[str, int]:
    """What is unpaid, by the bucket of each installment: (due date, amount) in, bucket to amount out, late ones only."""
    result: dict[str, int] = {}
    for due_on, amount in unpaid:
        bucket = bucket_of(days_past_due(due_on, on, due_day_is_late), edges)
        if amount and bucket != CURRENT:
            result[bucket] = result.get(bucket, 0) + amount
    return result
