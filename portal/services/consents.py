"""A guarantor's consent: asked when both sides said yes to a plan that needs it; no such plan is in force before it."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import local_date
from portal.domain.errors import InvalidPlan
from portal.domain.guarantee import needs_consent
from portal.domain.restructuring import PlanTerms, Restructured
from portal.models import Borrower, GuarantorConsent, HardshipRequest, Offer
from portal.queries.lender import the_lender
from portal.services import hardship, notices, plans
from portal.services.hardship import Done, Outcome, Refused, move, refuse
from portal.services.records import SYSTEM, Actor, audit

# One reminder of the question, so long before its last day.
REMINDED = timedelta(days=4)


def guarantors_to_ask(session: Session, request: HardshipRequest, result: Restructured) -> list[Borrower]:
    """Whose yes a plan for this request needs; nobody's where it makes no guarantee greater or longer."""
    if not the_lender(session).guarantor_consents or not needs_consent(result.comparison):
        return []
    return [part.borrower for part in request.loan.people if part.role == "guarantor"]


def conclude(
    session: Session,
    request: HardshipRequest,
    action: str,
    actor: Actor,
    terms: PlanTerms,
    result: Restructured,
    agreed_by_id: int | None,
    now: datetime,
    seen_version: int,
    **step: Any,
) -> Outcome:
    """Both sides have said yes, the second by `action` (approve, accept): the plan holds from now, or waits for the yes of
    the guarantors. `step`: letter and columns as services.hardship.move takes them."""
    asked = guarantors_to_ask(session, request, result)
    if not asked:
        outcome = move(session, request, action, actor, now, seen_version, **step)
        if isinstance(outcome, Done):
            plans.agree(session, request, terms, result, agreed_by_id=agreed_by_id, now=now)
        return outcome
    outcome = move(session, request, f"{action}_if_consent", actor, now, seen_version, **step)
    if isinstance(outcome, Done):
        for guarantor in asked:
            _ask(session, request, guarantor, terms, plans.figures(result), now)
    return outcome


def _ask(
    session: Session,
    request: HardshipRequest,
    guarantor: Borrower,
    terms: PlanTerms,
    figures: dict[str, Any],
    now: datetime,
) -> None:
    consent = GuarantorConsent(
        public_id=secrets.token_hex(8),
        request_id=request.id,
        guarantor_id=guarantor.id,
        status="asked",
        terms=terms.to_dict(),
        figures=figures,
        fingerprint=f"{figures['fingerprint']}:{request.version}",
        asked_at=now,
        language=guarantor.language,
    )
    session.add(consent)
    session.flush()
    stays_open = timedelta(days=the_lender(session).days_offer_open)
    for template, after in (("consent_notice", timedelta()), ("consent_reminder", stays_open - REMINDED)):
        step, facts = f"{template}:{consent.id}", {"consent": consent.id}
        notices.tell(session, guarantor, request.loan, template, "agreement", step, now, after=after, facts=facts)
    audit(session, SYSTEM, "consent.ask", "done", "guarantor_consent", consent.id, now)


def answer(session: Session, guarantor: Borrower, consent: GuarantorConsent, agrees: bool, now: datetime) -> Outcome:
    """A guarantor's yes or no; the plan is in force with the last yes. Said twice it is one answer. Refused with `changed`
    where the question is no longer open, and with `figures_changed` where the figures are no longer those that were shown:
    then nothing is agreed, and the borrower is asked anew."""
    request = consent.request
    actor = Actor("guarantor", borrower_id=guarantor.id)
    hardship.lock(session, request)
    session.refresh(consent)
    if consent.status == ("given" if agrees else "refused"):
        return Done(request)
    if consent.status != "asked" or request.status != "awaiting_consent":
        return refuse(session, request, "consent", actor, "changed", now)
    consent.status = "given" if agrees else "refused"
    consent.answered_at = now
    session.flush()
    audit(session, actor, "consent.answer", consent.status, "guarantor_consent", consent.id, now)
    if not agrees:
        return _without(session, request, "refuse_consent", actor, now)
    if any(other.status == "asked" for other in _of(session, request)):
        return Done(request)
    return _agree(session, request, consent, actor, now)


def _agree(
    session: Session, request: HardshipRequest, consent: GuarantorConsent, actor: Actor, now: datetime
) -> Outcome:
    terms = PlanTerms.from_dict(consent.terms)
    today = local_date(now, the_lender(session).zone)
    try:
        result = plans.work_out(session, request.loan, terms, today)
    except InvalidPlan:
        return _without(session, request, "miss_consent", SYSTEM, now)
    figures = plans.figures(result)
    if figures["fingerprint"] != consent.figures["fingerprint"]:
        return _renew(session, request, consent, figures, actor, now)
    outcome = move(session, request, "consent", actor, now)
    if isinstance(outcome, Done):
        plans.agree(session, request, terms, result, agreed_by_id=_decided_by(request), now=now)
    return outcome


def _renew(
    session: Session,
    request: HardshipRequest,
    consent: GuarantorConsent,
    figures: dict[str, Any],
    actor: Actor,
    now: datetime,
) -> Outcome:
    lender = the_lender(session)
    moved = move(session, request, "renew_offer", SYSTEM, now)
    if isinstance(moved, Refused):
        return moved
    end(session, request, now)
    for former in request.offers:
        former.status = "superseded"
    request.offers.append(
        Offer(
            number=1 + max((former.number for former in request.offers), default=0),
            status="open",
            terms=consent.terms,
            figures=figures,
            made_by_id=_decided_by(request),
            made_at=now,
            expires_on=local_date(now + timedelta(days=lender.days_offer_open), lender.zone),
        )
    )
    notices.tell_about(session, request, "offer_notice", "offer_notice", now)
    return refuse(session, request, "consent", actor, "figures_changed", now)


def _without(session: Session, request: HardshipRequest, action: str, actor: Actor, now: datetime) -> Outcome:
    """A consent is missing: the officer looks for another way with the borrower."""
    outcome = move(session, request, action, actor, now)
    if isinstance(outcome, Done):
        end(session, request, now)
        for offer in request.offers:
            if offer.status == "accepted":
                offer.status = "superseded"
        notices.tell_about(session, request, "answer_notice", "answer", now)
    return outcome


def miss_unanswered(session: Session, now: datetime) -> int:
    """Gives requests back to their officers whose guarantors did not answer in time; how many."""
    asked_before = now - timedelta(days=the_lender(session).days_offer_open)
    late = session.scalars(
        select(GuarantorConsent).where(GuarantorConsent.status == "asked", GuarantorConsent.asked_at < asked_before)
    ).all()
    waiting = {consent.request_id: consent.request for consent in late}
    return sum(
        isinstance(_without(session, request, "miss_consent", SYSTEM, now), Done) for request in waiting.values()
    )


def end(session: Session, request: HardshipRequest, now: datetime) -> None:
    """Closes what was asked about `request` and not answered: the plan was withdrawn, replaced or refused."""
    for consent in _of(session, request):
        if consent.status == "asked":
            consent.status, consent.answered_at = "ended", now
    session.flush()


def _of(session: Session, request: HardshipRequest) -> list[GuarantorConsent]:
    """What was asked about the plan that waits now; earlier questions have their answers."""
    newest = select(GuarantorConsent).where(GuarantorConsent.request_id == request.id)
    asked = session.scalars(newest.order_by(GuarantorConsent.id)).all()
    return [consent for consent in asked if consent.fingerprint == asked[-1].fingerprint]


def _decided_by(request: HardshipRequest) -> int | None:
    """Who made or approved the terms for the lender."""
    return next((step.staff_id for step in reversed(request.steps) if step.staff_id), None)
