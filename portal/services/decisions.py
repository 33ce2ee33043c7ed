"""What officers and supervisors do with a hardship request: take, ask, approve, offer something else, decline."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.clock import local_date
from portal.db import keyring
from portal.domain.affordability import a_period
from portal.domain.allocation import LoanAccount
from portal.domain.errors import InvalidPlan
from portal.domain.policy import Limits, Verdict, check_plan
from portal.domain.restructuring import PlanTerms, Restructured
from portal.models import HardshipRequest, Loan, Offer, Question, Staff
from portal.queries.accounts import loan_account
from portal.queries.lender import the_lender
from portal.services import consents, notices, plans
from portal.services.hardship import Done, Outcome, Refused, move, refuse, refuse_if_moved
from portal.services.records import Actor


def take(session: Session, staff: Staff, request: HardshipRequest, now: datetime) -> Outcome:
    """`staff` reads the request from here on."""
    return move(session, request, "take", Actor.staff(staff), now, officer_id=staff.id)


def ask(
    session: Session, staff: Staff, request: HardshipRequest, seen_version: int, words: str, now: datetime
) -> Outcome:
    """Asks the borrower something. Reminders stay off, and the clock of the answer stands meanwhile."""
    outcome = move(session, request, "ask", Actor.staff(staff), now, seen_version, officer_id=staff.id)
    if isinstance(outcome, Done):
        session.add(
            Question(
                request_id=request.id,
                asked_by_id=staff.id,
                words_sealed=keyring(session).seal("question", words),
                asked_at=now,
            )
        )
        notices.tell_about(session, request, "question_notice", "answer", now)
    return outcome


def approve(
    session: Session, staff: Staff, request: HardshipRequest, seen_version: int, letter: str, now: datetime
) -> Outcome:
    """Agrees to exactly what the borrower proposed: both have said yes, so the plan holds from now. Refused with
    `figures_changed` where the figures are no longer those that the borrower saw, `above_limits` where it takes a
    supervisor, `above_ceiling` where nobody may agree to it, `nothing_proposed` where there is no plan to approve."""
    actor = Actor.staff(staff)
    moved = refuse_if_moved(session, request, "approve", actor, seen_version, now)
    if moved is not None:
        return moved
    if request.proposed is None or request.proposed_figures is None:
        return refuse(session, request, "approve", actor, "nothing_proposed", now)
    terms = PlanTerms.from_dict(request.proposed)
    try:
        result = work_out(session, request, terms, now)
    except InvalidPlan as error:
        return refuse(session, request, "approve", actor, plans.refusal(error, "figures_changed"), now)
    if plans.figures(result)["fingerprint"] != request.proposed_figures["fingerprint"]:
        return refuse(session, request, "approve", actor, "figures_changed", now)
    if not verdict(session, request, terms, result, now).may_agree(staff.role):
        return refuse(session, request, "approve", actor, "above_limits", now)
    for former in request.offers:
        # What the borrower proposed in answer to an offer takes its place.
        if former.status == "open":
            former.status = "superseded"
    return consents.conclude(
        session,
        request,
        "approve",
        actor,
        terms,
        result,
        staff.id,
        now,
        seen_version,
        letter=letter,
        officer_id=staff.id,
    )


def offer(
    session: Session,
    staff: Staff,
    request: HardshipRequest,
    seen_version: int,
    terms: PlanTerms,
    letter: str,
    now: datetime,
) -> Outcome:
    """Offers another plan; an offer that was open is replaced. Raises InvalidPlan."""
    actor = Actor.staff(staff)
    moved = refuse_if_moved(session, request, "offer", actor, seen_version, now)
    if moved is not None:
        return moved
    result = work_out(session, request, terms, now)
    if not verdict(session, request, terms, result, now).may_agree(staff.role):
        return refuse(session, request, "offer", actor, "above_limits", now)
    outcome = move(session, request, "offer", actor, now, seen_version, letter=letter, officer_id=staff.id)
    if isinstance(outcome, Refused):
        return outcome
    consents.end(session, request, now)
    for former in request.offers:
        if former.status in ("open", "accepted"):
            former.status = "superseded"
    number = 1 + max((former.number for former in request.offers), default=0)
    request.offers.append(
        Offer(
            number=number,
            status="open",
            terms=terms.to_dict(),
            figures=plans.figures(result),
            made_by_id=staff.id,
            made_at=now,
            expires_on=_open_until(session, result, now),
        )
    )
    notices.tell_about(session, request, "offer_notice", "offer_notice", now)
    return outcome


def decline(
    session: Session,
    staff: Staff,
    request: HardshipRequest,
    seen_version: int,
    reason: str,
    letter: str,
    now: datetime,
) -> Outcome:
    """Says no to what was asked, with a reason and a letter that names what is possible."""
    outcome = move(
        session, request, "decline", Actor.staff(staff), now, seen_version, letter, reason, officer_id=staff.id
    )
    if isinstance(outcome, Done):
        consents.end(session, request, now)
        for former in request.offers:
            if former.status in ("open", "accepted"):
                former.status = "superseded"
        notices.tell_about(session, request, "answer_notice", "answer", now)
    return outcome


def work_out(session: Session, request: HardshipRequest, terms: PlanTerms, now: datetime) -> Restructured:
    """What `terms` would make of the loan as it is now. Raises InvalidPlan."""
    return plans.work_out(session, request.loan, terms, _today(session, now))


def verdict(
    session: Session, request: HardshipRequest, terms: PlanTerms, result: Restructured, now: datetime
) -> Verdict:
    """What the lender's limits say of a plan for this request."""
    limits = Limits.from_dict(the_lender(session).limits)
    recent = plans.agreed_since(session, request.loan, now - timedelta(days=365))
    frequency = terms.frequency or _account(session, request).terms.frequency
    carries = None if request.left_over is None else a_period(request.left_over, frequency)
    return check_plan(result, limits, request.loan.installments, carries, recent)


def may_ask_again(session: Session, loan: Loan, now: datetime) -> bool:
    """Whether the lender's limits allow another plan for this loan now. Asking itself is never refused by a machine; it is
    what a page may promise."""
    limits = Limits.from_dict(the_lender(session).limits)
    return plans.agreed_since(session, loan, now - timedelta(days=365)) < limits.restructures_per_12_months


def _account(session: Session, request: HardshipRequest) -> LoanAccount:
    return loan_account(session, request.loan)


def _open_until(session: Session, result: Restructured, now: datetime) -> date:
    """The offer's last day: the lender's days, but not beyond the day before its first changed payment."""
    last = _today(session, now) + timedelta(days=the_lender(session).days_offer_open)
    first = result.future[0].due_on if result.future else last
    return max(min(last, first - timedelta(days=1)), _today(session, now))


def _today(session: Session, now: datetime) -> date:
    return local_date(now, the_lender(session).zone)
