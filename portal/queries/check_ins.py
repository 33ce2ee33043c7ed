"""Check-ins: a borrower's own, and the answers that a person at the lender's has to see."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from portal.clock import local_date
from portal.domain.check_ins import NEEDS_A_PERSON, OPEN_FOR
from portal.models import Borrower, CheckIn, HardshipRequest, Lender, Loan, Plan, Staff
from portal.queries.branches import in_branch

# How long an answer stands before staff; what becomes of it is a request, a message or a call of its own.
SHOWN_FOR = timedelta(days=14)


@dataclass(frozen=True)
class AnswerLine:
    """What somebody answered, as staff read it."""

    name: str
    language: str
    reference: str
    officer: str | None
    answer: str
    on: date


def check_in_of(session: Session, borrower: Borrower, public_id: str) -> CheckIn | None:
    """The check-in with this public id where it is about a plan of the borrower's own."""
    return session.scalar(_of(borrower).where(CheckIn.public_id == public_id))


def waiting_check_ins(session: Session, borrower: Borrower, now: datetime) -> list[CheckIn]:
    """What the borrower was asked of a plan in force and has not answered, the newest first."""
    return list(
        session.scalars(
            _of(borrower)
            .where(CheckIn.answer.is_(None), CheckIn.asked_at > now - OPEN_FOR, Plan.in_force.is_(True))
            .order_by(CheckIn.asked_at.desc(), CheckIn.id.desc())
        )
    )


def _of(borrower: Borrower) -> Select[CheckIn]:
    return (
        select(CheckIn)
        .join(Plan)
        .join(HardshipRequest, Plan.request_id == HardshipRequest.id)
        .where(HardshipRequest.borrower_id == borrower.id)
    )


def answers_to_read(session: Session, staff: Staff, lender: Lender, now: datetime) -> list[AnswerLine]:
    """Answers of late that need a person, the newest first."""
    rows = session.scalars(
        select(CheckIn)
        .join(Plan)
        .join(Loan)
        .where(
            in_branch(staff, Loan.branch_id),
            CheckIn.answer.in_(NEEDS_A_PERSON),
            CheckIn.answered_at > now - SHOWN_FOR,
        )
        .options(joinedload(CheckIn.plan).joinedload(Plan.request), joinedload(CheckIn.plan).joinedload(Plan.loan))
        .order_by(CheckIn.answered_at.desc())
    )
    lines = []
    for row in rows:
        borrower = row.plan.request.borrower
        lines.append(
            AnswerLine(
                borrower.name,
                borrower.language,
                row.plan.loan.reference,
                borrower.officer.name if borrower.officer else None,
                row.answer or "",
                local_date(row.answered_at or now, lender.zone),
            )
        )
    return lines
