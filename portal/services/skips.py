"""One payment moved to the end: within what the lender allows a year it is asked and agreed in one step, no reason given.

Nobody is refused by a machine. Where it can't be agreed at once the page leads to a person, and where a guarantor has to be
asked it goes as a request that an officer reads.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.clock import local_date
from portal.domain.errors import InvalidPlan
from portal.domain.guarantee import needs_consent
from portal.domain.policy import Limits
from portal.domain.restructuring import PlanTerms, Restructured
from portal.models import Borrower, HardshipRequest, Loan, Plan
from portal.queries.lender import the_lender
from portal.services import loans, plans, requests
from portal.services.hardship import Outcome, Refused, move
from portal.services.records import SYSTEM

# Nothing for one payment; its interest comes after the last one. What is overdue stays as it is.
TERMS = PlanTerms(pause=1)
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Allowance:
    """How many payments may be skipped in 12 months, and how many were."""

    a_year: int
    used: int

    @property
    def left(self) -> int:
        return max(self.a_year - self.used, 0)


@dataclass(frozen=True)
class Skip:
    """What skipping the next payment comes to. `asks_guarantor`: it waits for a person, and then for the guarantor."""

    result: Restructured
    fingerprint: str
    asks_guarantor: bool


@dataclass(frozen=True)
class NoSkip:
    """code: none_allowed, used_up, request_open, in_settlement, not_possible."""

    code: str


def allowance(session: Session, loan: Loan, now: datetime) -> Allowance:
    used = (
        select(func.count())
        .select_from(Plan)
        .join(HardshipRequest, Plan.request_id == HardshipRequest.id)
        .where(Plan.loan_id == loan.id, HardshipRequest.kind == "skip", Plan.agreed_at > now - YEAR)
    )
    return Allowance(Limits.from_dict(the_lender(session).limits).skips_a_year, session.scalar(used) or 0)


def work_out(session: Session, loan: Loan, now: datetime) -> Skip | NoSkip:
    """What skipping the next payment would make of the loan today, or why it is not for the page to agree to."""
    allowed = allowance(session, loan, now)
    if not allowed.left:
        return NoSkip("used_up" if allowed.a_year else "none_allowed")
    if requests.open_request(session, loan) is not None:
        return NoSkip("request_open")
    if _is_in_settlement(session, loan):
        return NoSkip("in_settlement")
    lender = the_lender(session)
    try:
        result = plans.work_out(session, loan, TERMS, local_date(now, lender.zone))
    except InvalidPlan:
        return NoSkip("not_possible")
    if result.comparison.first_due_today is None or not result.future:
        return NoSkip("not_possible")
    guaranteed = any(part.role == "guarantor" for part in loan.people)
    asks = lender.guarantor_consents and guaranteed and needs_consent(result.comparison)
    return Skip(result, plans.figures(result)["fingerprint"], asks)


def skip(
    session: Session, borrower: Borrower, loan: Loan, language: str, seen_fingerprint: str, now: datetime
) -> Outcome | NoSkip:
    """Skips the next payment, with the figures of `seen_fingerprint`: NoSkip `figures_changed` where they are others now.
    The request is agreed when this returns, or is `sent` where a guarantor has to be asked."""
    loans.lock(session, loan)
    found = work_out(session, loan, now)
    if isinstance(found, NoSkip):
        return found
    if found.fingerprint != seen_fingerprint:
        return NoSkip("figures_changed")
    request = requests.begin(session, borrower, loan, language, now, kind="skip")
    outcome = requests.propose(session, borrower, request, "pause_then_on", TERMS, now)
    if not isinstance(outcome, Refused):
        outcome = requests.send(session, borrower, request, request.version, now)
    if isinstance(outcome, Refused) or found.asks_guarantor:
        return outcome
    outcome = move(session, request, "agree_at_once", SYSTEM, now)
    if not isinstance(outcome, Refused):
        plans.agree(session, request, TERMS, found.result, agreed_by_id=None, now=now)
    return outcome


def newest(session: Session, borrower: Borrower, loan: Loan) -> HardshipRequest:
    """The skip that the borrower asked for last."""
    asked = select(HardshipRequest).where(
        HardshipRequest.loan_id == loan.id, HardshipRequest.borrower_id == borrower.id, HardshipRequest.kind == "skip"
    )
    return session.scalars(asked.order_by(HardshipRequest.id.desc()).limit(1)).one()


def _is_in_settlement(session: Session, loan: Loan) -> bool:
    running = session.scalar(select(Plan).where(Plan.loan_id == loan.id, Plan.in_force.is_(True)))
    return running is not None and bool(running.agreement["terms"].get("settlement"))
