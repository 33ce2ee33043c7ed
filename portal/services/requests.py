"""The borrower's side of a hardship request: told, priced, sent, answered, agreed."""

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import local_date
from portal.db import keyring
from portal.domain.despair import speaks_of_despair
from portal.domain.errors import InvalidPlan
from portal.domain.hardship import DRAFT_LAPSES, answer_by
from portal.domain.restructuring import PlanTerms
from portal.models import Borrower, HardshipRequest, Loan, Offer, Question
from portal.queries.lender import the_lender
from portal.services import consents, loans, plans
from portal.services.hardship import Done, Outcome, Refused, lock, move, refuse
from portal.services.records import SYSTEM, Actor, audit

SUGGEST = "suggest"
# An offer waits for the borrower's answer.
ON_OFFER = frozenset({"offered", "talking", "countered"})


def open_request(session: Session, loan: Loan) -> HardshipRequest | None:
    """The one open request about `loan`, draft or sent."""
    return session.scalar(
        select(HardshipRequest).where(HardshipRequest.loan_id == loan.id, HardshipRequest.is_open.is_(True))
    )


def begin(
    session: Session, borrower: Borrower, loan: Loan, language: str, now: datetime, kind: str = "hardship"
) -> HardshipRequest:
    """The open request about `loan`; a new draft of `kind` where there is none."""
    loans.lock(session, loan)
    found = open_request(session, loan)
    if found is not None:
        return found
    request = HardshipRequest(
        public_id=secrets.token_hex(8),
        loan_id=loan.id,
        borrower_id=borrower.id,
        branch_id=loan.branch_id,
        officer_id=borrower.officer_id,
        kind=kind,
        status="draft",
        is_open=True,
        version=1,
        language=language,
        recorded_at=now,
        changed_at=now,
    )
    session.add(request)
    session.flush()
    audit(session, Actor.borrower(borrower), "request.begin", "done", "hardship_request", request.id, now)
    return request


def save(session: Session, borrower: Borrower, request: HardshipRequest, now: datetime, **answers: Any) -> Outcome:
    """Keeps answers of a draft: change, lasting, words, budget with left_over. Reminders rest from here on for a while.
    Words of despair make it urgent."""
    words = answers.pop("words", None)
    if words is not None:
        answers["words_sealed"] = keyring(session).seal("words", words)
        # The page says what saving one's own words agrees to; nothing is kept to agree to where there are none.
        answers["words_consent_at"] = now if words else None
        answers["urgent"] = speaks_of_despair(words)
    return move(session, request, "save", Actor.borrower(borrower), now, **answers)


def propose(
    session: Session, borrower: Borrower, request: HardshipRequest, option: str, plan: PlanTerms, now: datetime
) -> Outcome:
    """Keeps the plan that the borrower proposes, with the figures as of now. Raises InvalidPlan."""
    figures = plans.figures(plans.work_out(session, request.loan, plan, _today(session, now)))
    return _choose(session, borrower, request, now, option, plan.to_dict(), figures)


def suggest(session: Session, borrower: Borrower, request: HardshipRequest, now: datetime) -> Outcome:
    """No plan of the borrower's own: the officer is to suggest one."""
    return _choose(session, borrower, request, now, SUGGEST, None, None)


def _choose(
    session: Session,
    borrower: Borrower,
    request: HardshipRequest,
    now: datetime,
    option: str,
    proposed: dict[str, Any] | None,
    figures: dict[str, Any] | None,
) -> Outcome:
    # A draft is saved; a sent request is changed, and whoever was deciding on what it said before is told. Against an offer
    # it is a counter-proposal, which has a day of its own to be answered by.
    more: dict[str, Any] = {}
    action = "save" if request.status == "draft" else "change"
    if request.status in ON_OFFER:
        action = "counter"
        more = {"answer_by": answer_by(_today(session, now), the_lender(session).days_to_answer)}
    return move(
        session,
        request,
        action,
        Actor.borrower(borrower),
        now,
        option=option,
        proposed=proposed,
        proposed_figures=figures,
        **more,
    )


def send(session: Session, borrower: Borrower, request: HardshipRequest, seen_version: int, now: datetime) -> Outcome:
    """Sends a draft. Refused with `figures_changed` where a payment or the calendar changed the proposal's figures since
    the borrower saw them: the draft then holds the new ones, to be looked at once more."""
    actor = Actor.borrower(borrower)
    lock(session, request)
    if request.status in ("sent", "being_read", "asked"):
        return Done(request)
    today = _today(session, now)
    if request.proposed is not None:
        stale = _renew_proposal(session, request, today)
        if stale is not None:
            move(session, request, "save", actor, now, **stale)
            return refuse(session, request, "send", actor, "figures_changed", now)
    lender = the_lender(session)
    due = answer_by(today, lender.days_to_answer)
    return move(session, request, "send", actor, now, seen_version, sent_at=now, answer_by=due)


def _renew_proposal(session: Session, request: HardshipRequest, today: date) -> dict[str, Any] | None:
    """None where the proposal's figures still hold; else what has to be kept in their place."""
    seen = request.proposed_figures or {}
    try:
        terms = PlanTerms.from_dict(request.proposed or {})
        fresh = plans.figures(plans.work_out(session, request.loan, terms, today))
    except InvalidPlan:
        return {"option": None, "proposed": None, "proposed_figures": None}
    return None if fresh["fingerprint"] == seen.get("fingerprint") else {"proposed_figures": fresh}


def withdraw(session: Session, borrower: Borrower, request: HardshipRequest, now: datetime) -> Outcome:
    """The borrower takes the request back; the loan stays as it is."""
    outcome = move(session, request, "withdraw", Actor.borrower(borrower), now)
    if isinstance(outcome, Done):
        consents.end(session, request, now)
        for offer in request.offers:
            if offer.status in ("open", "accepted"):
                offer.status = "superseded"
        session.flush()
    return outcome


def answer(
    session: Session, borrower: Borrower, request: HardshipRequest, question_id: int, words: str, now: datetime
) -> Outcome:
    """The borrower answers what the officer asked."""
    question = session.get(Question, question_id)
    actor = Actor.borrower(borrower)
    if question is None or question.request_id != request.id:
        return refuse(session, request, "answer", actor, "not_possible", now)
    outcome = move(session, request, "answer", actor, now, **_urgency(words))
    if isinstance(outcome, Done):
        question.answer_sealed = keyring(session).seal("answer", words)
        question.answered_at = now
    return outcome


def open_offer(request: HardshipRequest) -> Offer | None:
    """The offer that waits for the borrower's answer."""
    return next((offer for offer in reversed(request.offers) if offer.status == "open"), None)


def accept(
    session: Session, borrower: Borrower, request: HardshipRequest, number: int, seen_version: int, now: datetime
) -> Outcome:
    """The borrower accepts offer `number`. Said twice it is one acceptance with the same answer. Refused with
    `figures_changed` where the figures are no longer those of the offer: a new offer with the same terms then waits."""
    actor = Actor.borrower(borrower)
    lock(session, request)
    accepted = next((offer for offer in request.offers if offer.status == "accepted"), None)
    if accepted is not None and accepted.number == number:
        return Done(request)
    offer = open_offer(request)
    if offer is None or offer.number != number:
        return refuse(session, request, "accept", actor, "changed", now)
    today = _today(session, now)
    if offer.expires_on < today:
        return refuse(session, request, "accept", actor, "offer_ended", now)
    terms = PlanTerms.from_dict(offer.terms)
    try:
        result = plans.work_out(session, request.loan, terms, today)
    except InvalidPlan as error:
        return refuse(session, request, "accept", actor, plans.refusal(error, "no_longer_possible"), now)
    fresh = plans.figures(result)
    if fresh["fingerprint"] != offer.figures["fingerprint"]:
        return _renew_offer(session, request, offer, fresh, actor, now)
    author = offer.made_by_id or _author(request)
    outcome = consents.conclude(session, request, "accept", actor, terms, result, author, now, seen_version)
    if isinstance(outcome, Done):
        offer.status = "accepted"
    return outcome


def _author(request: HardshipRequest) -> int | None:
    """Who made the terms that a renewed offer carries on."""
    return next((offer.made_by_id for offer in reversed(request.offers) if offer.made_by_id), None)


def _renew_offer(
    session: Session, request: HardshipRequest, offer: Offer, fresh: dict[str, Any], actor: Actor, now: datetime
) -> Outcome:
    moved = move(session, request, "renew_offer", SYSTEM, now)
    if isinstance(moved, Refused):
        return moved
    offer.status = "superseded"
    session.flush()
    request.offers.append(
        Offer(
            number=offer.number + 1,
            status="open",
            terms=offer.terms,
            figures=fresh,
            made_by_id=None,
            made_at=now,
            expires_on=offer.expires_on,
        )
    )
    session.flush()
    return refuse(session, request, "accept", actor, "figures_changed", now)


def decline_offer(
    session: Session, borrower: Borrower, request: HardshipRequest, number: int, seen_version: int, now: datetime
) -> Outcome:
    """The borrower says no to the offer: the loan stays as it is."""
    offer = open_offer(request)
    actor = Actor.borrower(borrower)
    if offer is None or offer.number != number:
        return refuse(session, request, "refuse", actor, "changed", now)
    outcome = move(session, request, "refuse", actor, now, seen_version)
    if isinstance(outcome, Done):
        offer.status = "refused"
    return outcome


def talk_first(
    session: Session, borrower: Borrower, request: HardshipRequest, words: str | None, seen_version: int, now: datetime
) -> Outcome:
    """The borrower wants to talk before answering; the offer stays open."""
    return move(
        session, request, "talk", Actor.borrower(borrower), now, seen_version, letter=words or None, **_urgency(words)
    )


def expire_offers(session: Session, now: datetime) -> int:
    """Ends requests whose offer was not answered by its last day; how many."""
    today = _today(session, now)
    ended = 0
    late = (
        select(HardshipRequest)
        .join(Offer)
        # While a counter-proposal is read nobody is told that time is over; an offer of the past can't be accepted anyway.
        .where(HardshipRequest.status.in_(("offered", "talking")), Offer.status == "open", Offer.expires_on < today)
    )
    for request in session.scalars(late).all():
        if isinstance(move(session, request, "expire", SYSTEM, now), Done):
            _close_offers(session, request, "expired")
            ended += 1
    return ended


def lapse_drafts(session: Session, now: datetime) -> int:
    """Puts away drafts that nobody touched for long; how many. A new one can be begun at any time."""
    stale = select(HardshipRequest).where(
        HardshipRequest.status == "draft", HardshipRequest.changed_at < now - DRAFT_LAPSES
    )
    return sum(
        isinstance(move(session, request, "lapse", SYSTEM, now), Done) for request in session.scalars(stale).all()
    )


def _close_offers(session: Session, request: HardshipRequest, status: str) -> None:
    for offer in request.offers:
        if offer.status == "open":
            offer.status = status
    session.flush()


def _urgency(words: str | None) -> dict[str, Any]:
    """What words that are added change: an urgent request stays so, whatever is said after."""
    return {"urgent": True} if words and speaks_of_despair(words) else {}


def _today(session: Session, now: datetime) -> date:
    return local_date(now, the_lender(session).zone)
