"""A borrower's own requests, as their pages tell them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import local_date
from portal.db import keyring
from portal.domain.plan_terms import PlanTerms
from portal.models import Borrower, Dispute, HardshipRequest, HardshipStep, Offer, Plan, Staff
from portal.queries.lender import initials
from portal.queries.plan_views import PlanView, plan_code, plan_view


@dataclass(frozen=True)
class Letter:
    """What an officer wrote to the borrower, and when (a date of the lender's zone)."""

    words: str
    name: str
    initials: str
    on: date


@dataclass(frozen=True)
class StepView:
    action: str
    on: date
    who: str | None


@dataclass(frozen=True)
class QuestionView:
    id: int
    words: str
    by: str
    asked_on: date


def request_of(session: Session, borrower: Borrower, public_id: str) -> HardshipRequest | None:
    """The request with this public id where it is the borrower's own."""
    return session.scalar(
        select(HardshipRequest).where(
            HardshipRequest.public_id == public_id, HardshipRequest.borrower_id == borrower.id
        )
    )


def plan_of(session: Session, borrower: Borrower, public_id: str) -> Plan | None:
    """The agreement with this public id where the borrower made it."""
    return session.scalar(
        select(Plan)
        .join(HardshipRequest, Plan.request_id == HardshipRequest.id)
        .where(Plan.public_id == public_id, HardshipRequest.borrower_id == borrower.id)
    )


def dispute_of(session: Session, borrower: Borrower, public_id: str) -> Dispute | None:
    """The dispute with this public id where the borrower raised it."""
    return session.scalar(select(Dispute).where(Dispute.public_id == public_id, Dispute.borrower_id == borrower.id))


def answered_disputes(session: Session, borrower: Borrower, since: datetime) -> list[Dispute]:
    """Disputes of the borrower's that were answered since then, the newest first."""
    return list(
        session.scalars(
            select(Dispute)
            .where(Dispute.borrower_id == borrower.id, Dispute.answered_at >= since)
            .order_by(Dispute.id.desc())
        )
    )


def ended_requests(session: Session, borrower: Borrower, since: datetime) -> list[HardshipRequest]:
    """Requests of the borrower's that ended since then, the newest first."""
    return list(
        session.scalars(
            select(HardshipRequest)
            .where(
                HardshipRequest.borrower_id == borrower.id,
                HardshipRequest.is_open.is_(False),
                HardshipRequest.sent_at.is_not(None),
                HardshipRequest.changed_at >= since,
            )
            .order_by(HardshipRequest.id.desc())
        )
    )


def newest_sent(session: Session, borrower: Borrower) -> HardshipRequest | None:
    """The request that the borrower sent last, whatever became of it."""
    return session.scalar(
        select(HardshipRequest)
        .where(HardshipRequest.borrower_id == borrower.id, HardshipRequest.sent_at.is_not(None))
        .order_by(HardshipRequest.sent_at.desc())
        .limit(1)
    )


def words_of(session: Session, request: HardshipRequest) -> str | None:
    return keyring(session).open("words", request.words_sealed) if request.words_sealed else None


def proposed_plan(request: HardshipRequest) -> PlanView | None:
    """What the borrower proposes."""
    if request.proposed is None or request.proposed_figures is None:
        return None
    terms = PlanTerms.from_dict(request.proposed)
    return plan_view(plan_code(request.option, terms), terms, request.proposed_figures)


def offered_plan(offer: Offer) -> PlanView:
    terms = PlanTerms.from_dict(offer.terms)
    return plan_view(plan_code(None, terms), terms, offer.figures)


def newest_offer(request: HardshipRequest) -> Offer | None:
    """The offer that is open, or that was accepted."""
    return next((offer for offer in reversed(request.offers) if offer.status in ("open", "accepted")), None)


def named(staff: Staff | None, language: str) -> str | None:
    return (staff.names.get(language) or staff.name) if staff else None


def newest_letter(session: Session, request: HardshipRequest, language: str, zone: str) -> Letter | None:
    """What staff wrote last, as part of a decision."""
    steps = (
        select(HardshipStep)
        .where(
            HardshipStep.request_id == request.id,
            HardshipStep.letter_sealed.is_not(None),
            HardshipStep.staff_id.is_not(None),
        )
        .order_by(HardshipStep.id.desc())
        .limit(1)
    )
    step = session.scalar(steps)
    name = named(step.staff, language) if step else None
    if step is None or step.letter_sealed is None or name is None:
        return None
    words = keyring(session).open("letter", step.letter_sealed)
    return Letter(words, name, initials(name), local_date(step.at, zone))


def open_question(session: Session, request: HardshipRequest, language: str, zone: str) -> QuestionView | None:
    """The question that waits for the borrower's answer."""
    question = next((asked for asked in reversed(request.questions) if asked.answered_at is None), None)
    if question is None or request.status != "asked":
        return None
    return QuestionView(
        id=question.id,
        words=keyring(session).open("question", question.words_sealed),
        by=named(question.asked_by, language) or "",
        asked_on=local_date(question.asked_at, zone),
    )


def steps_of(request: HardshipRequest, language: str, zone: str) -> list[StepView]:
    return [StepView(step.action, local_date(step.at, zone), named(step.staff, language)) for step in request.steps]
