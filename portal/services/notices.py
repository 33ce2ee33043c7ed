"""Notices: messages that tell somebody of what happened, and are no reminders."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.clock import local_date
from portal.models import Borrower, HardshipRequest, Loan
from portal.queries.borrower_loans import newest_loan
from portal.queries.lender import the_lender
from portal.services.messages import queue_message


def tell(
    session: Session,
    borrower: Borrower,
    loan: Loan | None,
    template: str,
    purpose: str,
    step: str,
    now: datetime,
    *,
    after: timedelta = timedelta(),
    facts: dict[str, Any] | None = None,
) -> bool:
    """Plans a message that is no reminder, now or `after` a while; False where this step was told that day already. `loan`:
    what it is about; None where it is about no loan of its own. Whoever has none at all gets no message."""
    about = loan or newest_loan(session, borrower)
    if about is None:
        return False
    told_at = now + after
    due_on = local_date(told_at, the_lender(session).zone)
    return queue_message(session, borrower, about, due_on, step, purpose, template, facts or {}, told_at, now)


def tell_about(session: Session, request: HardshipRequest, template: str, purpose: str, now: datetime) -> None:
    """Tells the borrower of what just happened to `request`."""
    step = f"{template}:{request.id}:{request.version}"
    tell(session, request.borrower, request.loan, template, purpose, step, now)
