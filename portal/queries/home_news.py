"""What waits for one borrower to be read or answered beside their requests: letters, check-ins, complaints."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.clock import local_date
from portal.domain.check_ins import OPEN_FOR
from portal.models import Borrower, CheckIn, Complaint, HardshipRequest, Lender, Letter, Plan, Staff
from portal.queries.complaints import complaints_of
from portal.queries.requests import named


@dataclass(frozen=True)
class News:
    """letters: how many of ours were not read yet; letter_from: who wrote the newest; check_in_id: a question about a plan
    that waits; complaints: open or answered since the instant that was asked for, the newest first."""

    letters: int
    letter_from: str | None
    check_in_id: str | None
    complaints: tuple[Complaint, ...]


def news_for(
    session: Session, borrower: Borrower, lender: Lender, language: str, since: datetime, now: datetime
) -> News:
    unread = session.execute(
        select(func.count(Letter.id), func.max(Letter.id)).where(
            Letter.borrower_id == borrower.id, Letter.staff_id.is_not(None), Letter.read_at.is_(None)
        )
    ).one()
    writer = None
    if unread[1] is not None:
        writer = session.scalar(select(Staff).join(Letter, Letter.staff_id == Staff.id).where(Letter.id == unread[1]))
    today = local_date(now, lender.zone)
    check_in_id = session.scalar(
        select(CheckIn.public_id)
        .join(Plan, Plan.id == CheckIn.plan_id)
        .join(HardshipRequest, HardshipRequest.id == Plan.request_id)
        .where(
            HardshipRequest.borrower_id == borrower.id,
            Plan.in_force.is_(True),
            CheckIn.asked_at.is_not(None),
            CheckIn.answered_at.is_(None),
            CheckIn.ask_on > today - OPEN_FOR,
        )
        .order_by(CheckIn.id.desc())
        .limit(1)
    )
    told = complaints_of(session, borrower, since)
    return News(unread[0], named(writer, language), check_in_id, tuple(told))
