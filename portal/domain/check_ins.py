"""When somebody with a plan is asked how it goes: after the first changed payment, midway, and a week before relief ends."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

KINDS = ("first_payment", "midway", "before_end")
ANSWERS = ("well", "hard", "cannot", "talk")
# What a member of staff is told of.
NEEDS_A_PERSON = frozenset({"hard", "cannot", "talk"})

AFTER_PAYMENT = timedelta(days=3)
BEFORE_END = timedelta(days=7)
# Nobody is asked twice within this.
APART = timedelta(days=14)
# A question that could not be asked in this time is not asked any more; an answer is taken for as long.
OPEN_FOR = timedelta(days=14)

Payments = Sequence[tuple[date, int]]


def check_in_days(agreed_on: date, before: Payments, after: Payments) -> dict[str, date]:
    """The day of each question about a plan, by kind; those that make no sense for it are left out.

    before, after: what was to be paid before and under the plan (date, minor units), in order. Relief is a time in which
    less is asked: it ends with the first payment that is higher than the one before it, or that comes after a pause.
    Where two questions fall together the end of the relief is the one that is asked, then the first payment.
    """
    coming = [(day, amount) for day, amount in after if day > agreed_on and amount]
    unchanged = set(before)
    changed = [(day, amount) for day, amount in coming if (day, amount) not in unchanged]
    if not changed:
        return {}
    first, last = changed[0][0], changed[-1][0]
    ends = _relief_ends(agreed_on, before, coming)
    found = {"first_payment": first + AFTER_PAYMENT}
    if ends is not None:
        found["before_end"] = ends - BEFORE_END
    middle = first + (min(ends or last, last) - first) / 2
    if middle > first:
        found["midway"] = middle
    asked: dict[str, date] = {}
    for kind in ("before_end", "first_payment", "midway"):
        day = found.get(kind)
        if day and day > agreed_on and all(abs(day - other) >= APART for other in asked.values()):
            asked[kind] = day
    return asked


def _relief_ends(agreed_on: date, before: Payments, coming: Payments) -> date | None:
    due_today = [(day, amount) for day, amount in before if day > agreed_on and amount]
    if due_today and coming[0][0] > due_today[0][0] and _same_month_or_more(due_today[0][0], coming[0][0]):
        return coming[0][0]
    for (_, lower), (day, higher) in pairwise(coming):
        # The last payment takes the odd cents.
        if higher > lower and day != coming[-1][0] and _is_a_step(lower, higher):
            return day
    return None


def _same_month_or_more(was: date, comes: date) -> bool:
    """Whether the first payment was put off by a whole period, not moved to another day of the month."""
    return (comes - was).days >= 25 or (comes - was).days in (7, 14, 21)


def _is_a_step(lower: int, higher: int) -> bool:
    return (higher - lower) * 50 > lower
