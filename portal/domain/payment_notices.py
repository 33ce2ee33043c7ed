"""What a borrower says of a payment: 'I have paid', 'I will pay on that day'. How long reminders rest for it, and how the
ledger answers. Reminders rest, nothing else: neither is a promise under law, and neither is held against anybody.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from portal.domain.hardship import answer_by

# Reminders rest for so long after 'I have paid': a transfer takes up to three days, and somebody has to read the account.
PAID_RESTS_WORKING_DAYS = 5
# A payment may be dated this much before or after the day that was told: banks date it by their own day.
PAID_WINDOW = timedelta(days=3)
# How far back a payment may be told of, and how far ahead one may be promised.
OLDEST_PAID = timedelta(days=60)
LONGEST_PROMISE = timedelta(days=31)
# What is sent on the promised day may still be on its way.
PROMISE_GRACE = timedelta(days=3)

PAID_STATUSES = frozenset({"open", "found", "not_found", "withdrawn"})
PROMISE_STATUSES = frozenset({"open", "kept", "part_kept", "not_kept", "replaced", "withdrawn"})


def paid_rests_until(told_on: date) -> date:
    """The last day on which reminders rest after 'I have paid' was told on `told_on`."""
    return answer_by(told_on, PAID_RESTS_WORKING_DAYS)


def promise_rests_until(promised_on: date) -> date:
    """The last day on which reminders rest for a promise: the grace after its day is part of it."""
    return promised_on + PROMISE_GRACE


def is_the_payment(amount: int, paid_on: date, rests_until: date, came: int, came_on: date) -> bool:
    """Whether money that counts from `came_on` is what somebody said they paid on `paid_on`: the same amount to the cent
    (minor units), no earlier than the window before that day, and no later than the rest, or the window, lasts."""
    latest = max(rests_until, paid_on + PAID_WINDOW)
    return came == amount and paid_on - PAID_WINDOW <= came_on <= latest


def judge_promise(amount: int, made_on: date, promised_on: date, came: Iterable[tuple[date, int]]) -> str:
    """`kept`, `part_kept` or `not_kept`, by what came (date, minor units) from its making to the end of the grace."""
    until = promise_rests_until(promised_on)
    received = sum(money for day, money in came if made_on <= day <= until)
    if received >= amount:
        return "kept"
    return "part_kept" if received > 0 else "not_kept"
