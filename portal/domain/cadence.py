"""When a reminder about a payment makes sense."""

from collections.abc import Sequence
from datetime import date, timedelta

# How long the last step stays fresh where a cadence has no other step to measure by.
ALONE = 3


def step_on(cadence: Sequence[int], due_on: date, today: date) -> int | None:
    """The step of `cadence` (days from the due date, negative before it) that makes sense today; None where there is none.

    It is the latest that has come: what an outage or an import left behind is skipped. A step is stale when the next has
    come; the last is stale after as many days as there were between it and the one before. From then on nothing more is
    sent about this payment, and a person takes over.
    """
    steps = sorted(cadence)
    late = (today - due_on).days
    come = [step for step in steps if step <= late]
    if not come:
        return None
    if len(come) == len(steps) and late >= steps[-1] + _last_stays(steps):
        return None
    return come[-1]


def window(cadence: Sequence[int], today: date) -> tuple[date, date] | None:
    """The first and the last due date that any step of `cadence` can be about today; None where the cadence is empty."""
    if not cadence:
        return None
    steps = sorted(cadence)
    oldest = today - timedelta(days=steps[-1] + _last_stays(steps) - 1)
    return oldest, today - timedelta(days=steps[0])


def _last_stays(steps: Sequence[int]) -> int:
    return steps[-1] - steps[-2] if len(steps) > 1 else ALONE
