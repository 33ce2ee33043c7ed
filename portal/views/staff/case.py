"""One request: what the borrower told, what it would come to, what the lender's limits say, and the decision."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal import letter_drafts
from portal.access import STAFF_ROLES, now, open_to
from portal.case_plans import SideBySide, side_by_side
from portal.db import current_session, transaction
from portal.domain.errors import DomainError
from portal.domain.hardship import allowed_actions
from portal.domain.plan_terms import Arrears, PlanTerms
from portal.domain.restructuring import Restructured
from portal.forms.decision import ApproveForm, AskForm, DecisionForm, DeclineForm, OfferForm, TakeForm
from portal.forms.difficulty import COST_LABELS, INCOME_LABELS, PER_LABELS
from portal.forms.fields import leave_unread
from portal.models import HardshipRequest
from portal.queries.cases import CaseView, case_view, find_case
from portal.queries.documents import papers_of
from portal.queries.lender import the_lender
from portal.refusals import sentence
from portal.services import decisions, submissions
from portal.services.hardship import Done, Outcome, Refused
from portal.services.records import Actor, audit
from portal.views.staff import DECIDERS, blueprint, me

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Seen:
    """The plan that was on the page when a decision was made."""

    amount: int
    last_on: date
    total: int


@blueprint.get("/requests/<public_id>", endpoint="case")
@open_to(*STAFF_ROLES)
def show(public_id: str) -> Answer:
    return _page(_viewed(public_id, "view_case"))


@blueprint.post("/requests/<public_id>")
@open_to(*DECIDERS)
def decide(public_id: str) -> Answer:
    """Does what the pressed button says (`act`), once; what is refused comes back with all that was typed."""
    act = request.form.get("act", "")
    if act == "preview":
        case = _viewed(public_id, "view_case")
        form, draft = _drafted(case)
        return _page(case, form, draft), 422 if form.errors else 200
    case = find_case(current_session(), me(), public_id) or abort(404)
    form = _form(act, case)
    if not form.validate():
        return _page(_viewed(public_id, "view_case"), form), 422
    by, where = f"staff:{me().id}", url_for("staff.case", public_id=public_id)
    try:
        with transaction() as session:
            first = submissions.first_answer(session, form.form_key.data or "", by, now())
            outcome = None if first is not None else _done(session, form, case)
            if isinstance(outcome, Done):
                submissions.answered(session, form.form_key.data or "", by, where)
    except DomainError as refusal:
        _say(form, refusal, case)
        return _page(_viewed(public_id, "view_case"), form), 422
    if isinstance(outcome, Refused):
        return _page(_viewed(public_id, "view_case"), form, refused=outcome), 409
    return redirect(first or where, 303)


@blueprint.post("/requests/<public_id>/preview")
@open_to(*DECIDERS)
def preview(public_id: str) -> Answer:
    """The parts of the page that a draft changes, for the script that asks as the fields change."""
    case = _viewed(public_id, "preview_plan")
    form, draft = _drafted(case)
    view = case_view(current_session(), case, the_lender(current_session()), now())
    plans = side_by_side(current_session(), case, view.carries, draft, now())
    return render_template("staff/preview.html", case=view, plans=plans, form=form)


def _viewed(public_id: str, action: str) -> HardshipRequest:
    """The case, its view written to its log; 404 where it is another branch's, or nobody sent it."""
    with transaction() as session:
        case = find_case(session, me(), public_id) or abort(404)
        audit(session, Actor.staff(me()), action, "done", "hardship_request", case.id, now())
    return case


def _form(act: str, case: HardshipRequest) -> DecisionForm:
    """The form that was sent."""
    plain = {"take": TakeForm, "approve": ApproveForm, "ask": AskForm, "decline": DeclineForm}
    if act == "offer":
        return OfferForm(of=_currency(case), monthly=case.loan.unit == "months")
    return plain[act]() if act in plain else abort(400)


def _done(session: Session, form: DecisionForm, case: HardshipRequest) -> Outcome:
    """Raises InvalidPlan where an offer is none that the loan can hold."""
    version = form.seen_version
    match form:
        case TakeForm():
            return decisions.take(session, me(), case, now())
        case ApproveForm():
            return decisions.approve(session, me(), case, version, form.wrote, now())
        case OfferForm():
            return decisions.offer(session, me(), case, version, form.terms, form.wrote, now())
        case DeclineForm():
            return decisions.decline(session, me(), case, version, form.reason.data, form.wrote, now())
    return decisions.ask(session, me(), case, version, form.wrote, now())


def _drafted(case: HardshipRequest) -> tuple[OfferForm, Restructured | None]:
    """What an offer's fields come to. Nothing is changed, and the letter need not be there yet."""
    form = OfferForm(of=_currency(case), monthly=case.loan.unit == "months")
    leave_unread(form.letter)
    if form.validate():
        try:
            return form, decisions.work_out(current_session(), case, form.terms, now())
        except DomainError as refusal:
            _say(form, refusal, case)
    return form, None


def _say(form: DecisionForm, refusal: DomainError, case: HardshipRequest) -> None:
    assert isinstance(form, OfferForm)
    form.refuse(refusal.code, refusal.params, sentence(refusal, _currency(case)))


def _page(
    case: HardshipRequest,
    sent: DecisionForm | None = None,
    draft: Restructured | None = None,
    refused: Refused | None = None,
) -> str:
    """The whole case. sent: the form that was sent and comes back; draft: what an offer would come to."""
    session = current_session()
    lender = the_lender(session)
    view = case_view(session, case, lender, now())
    plans = side_by_side(session, case, view.carries, draft, now())
    forms = _forms(case, view, plans)
    if sent is not None and sent.act in forms:
        # Whatever is pressed next is decided on what the page shows now, and is a submission of its own.
        fresh = forms[sent.act]
        sent.version.data, sent.seen.data, sent.form_key.data = fresh.version.data, fresh.seen.data, uuid4().hex
        forms[sent.act] = sent
    return render_template(
        "staff/case.html",
        section="requests",
        case=view,
        plans=plans,
        papers=papers_of(session, case.borrower, case),
        forms=forms,
        sent=sent,
        refused=refused,
        last=view.steps[-1] if view.steps else None,
        seen=_seen(request.form.get("seen", "")) if refused else None,
        zone=lender.zone,
        budget_labels=INCOME_LABELS | COST_LABELS,
        per_labels=PER_LABELS,
    )


def _forms(case: HardshipRequest, view: CaseView, plans: SideBySide) -> dict[str, Any]:
    """The forms of what this member of staff may do now, by action."""
    can = allowed_actions(case.status, me().role)
    asked = plans.side("asked")
    common: dict[str, Any] = {"formdata": None, "version": str(case.version), "seen": _kept(plans)}
    forms: dict[str, Any] = {}
    if "take" in can:
        forms["take"] = TakeForm(**common)
    if "approve" in can and asked is not None and plans.stale is None:
        forms["approve"] = ApproveForm(letter=letter_drafts.agreeing(case, asked.plan), **common)
    if "offer" in can and plans.sides:
        common_offer = {name: value for name, value in common.items() if name != "formdata"}
        forms["offer"] = OfferForm.filled(
            _starts_from(plans),
            letter=letter_drafts.offering(case),
            of=view,
            monthly=case.loan.unit == "months",
            **common_offer,
        )
    if "ask" in can:
        forms["ask"] = AskForm(**common)
    if "decline" in can:
        letter = letter_drafts.declining(case)
        forms["decline"] = DeclineForm(letter=letter, next_step=letter_drafts.next_step(case, me()), **common)
    return forms


def _starts_from(plans: SideBySide) -> PlanTerms:
    """What an offer's fields begin with: the offer that is open, what was asked, or today with nothing left overdue."""
    for code in ("offered", "asked"):
        side = plans.side(code)
        if side is not None and side.plan is not None:
            return side.plan.terms
    return PlanTerms(arrears=Arrears.spread if plans.sides[0].column.overdue else Arrears.keep)


def _kept(plans: SideBySide) -> str:
    """What was asked, in three figures, to be sent back with a decision."""
    asked = plans.side("asked")
    if asked is None:
        return ""
    return f"{asked.column.amount} {asked.column.last_on.isoformat()} {asked.column.total}"


def _seen(text: str) -> Seen | None:
    try:
        amount, last_on, total = text.split()
        return Seen(int(amount[:18]), date.fromisoformat(last_on), int(total[:18]))
    except ValueError:
        return None


@dataclass
class _Currency:
    currency: str
    decimals: int | None


def _currency(case: HardshipRequest) -> _Currency:
    decimals = the_lender(current_session()).money_decimals
    return _Currency(case.loan.currency, decimals.get(case.loan.currency))
