"""One request from its sending to its end: what happens next, the officer's letter, an offer to answer, a question."""

from dataclasses import asdict
from types import SimpleNamespace

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.access import now, open_to
from portal.clock import local_date
from portal.db import current_session, transaction
from portal.domain.hardship import allowed_actions
from portal.forms.answer import OfferAnswerForm, QuestionAnswerForm
from portal.forms.difficulty import WithdrawForm
from portal.models import HardshipRequest, Plan
from portal.presentation import current_language
from portal.queries import requests as told
from portal.queries.lender import the_lender
from portal.services import decisions, requests
from portal.services.hardship import Done, Outcome
from portal.views.borrower import blueprint, me, my_loan, my_officer

Answer = str | Response | tuple[str, int]


@blueprint.get("/requests/<request_id>")
@open_to("borrower")
def request_page(request_id: str) -> Answer:
    case = _mine(request_id)
    if case.status == "draft":
        return redirect(url_for("borrower.difficulty", loan_id=case.loan.public_id))
    return _page(case)


@blueprint.post("/requests/<request_id>/offer")
@open_to("borrower")
def answer_offer(request_id: str) -> Answer:
    case = _mine(request_id)
    form = OfferAnswerForm()
    if not form.validate() or not _numbered(form.version.data) or not _numbered(form.offer.data):
        return _page(case, offer_form=form), 422
    version, number = int(form.version.data or 0), int(form.offer.data or 0)
    with transaction() as session:
        case = session.merge(case)
        outcome: Outcome
        if form.act.data == "accept":
            outcome = requests.accept(session, me(), case, number, version, now())
        elif form.act.data == "refuse":
            outcome = requests.decline_offer(session, me(), case, number, version, now())
        else:
            outcome = requests.talk_first(session, me(), case, form.words.data, version, now())
    if isinstance(outcome, Done):
        return redirect(url_for("borrower.request_page", request_id=request_id), 303)
    return _page(_mine(request_id), problem=outcome.code), 409


@blueprint.post("/requests/<request_id>/answer")
@open_to("borrower")
def answer(request_id: str) -> Answer:
    case = _mine(request_id)
    form = QuestionAnswerForm()
    asked = told.open_question(current_session(), case, current_language(), the_lender(current_session()).zone)
    if not form.validate():
        return _page(case, question_form=form), 422
    if asked is None:
        return _page(case, problem="changed"), 409
    with transaction() as session:
        outcome = requests.answer(session, me(), session.merge(case), asked.id, form.answer.data or "", now())
    if isinstance(outcome, Done):
        return redirect(url_for("borrower.request_page", request_id=request_id), 303)
    return _page(_mine(request_id), problem=outcome.code, question_form=form), 409


def _mine(request_id: str) -> HardshipRequest:
    return told.request_of(current_session(), me(), request_id) or abort(404)


def _numbered(text: str | None) -> bool:
    return bool(text) and len(text or "") < 10 and (text or "").isdigit()


def _page(
    case: HardshipRequest,
    problem: str | None = None,
    offer_form: OfferAnswerForm | None = None,
    question_form: QuestionAnswerForm | None = None,
) -> str:
    session, language = current_session(), current_language()
    zone = the_lender(session).zone
    loan = my_loan(case.loan.public_id)
    can = allowed_actions(case.status, "borrower")
    offer = told.newest_offer(case)
    shown = None
    if offer is not None:
        made_by = offer.made_by or next((former.made_by for former in reversed(case.offers) if former.made_by), None)
        view = told.offered_plan(offer)
        shown = SimpleNamespace(
            **asdict(view), number=offer.number, expires_on=offer.expires_on, by=told.named(made_by, language)
        )
    letter = told.newest_letter(session, case, language, zone)
    plan = session.query(Plan).filter_by(request_id=case.id).one_or_none()
    if offer_form is None and offer is not None and offer.status == "open":
        offer_form = OfferAnswerForm(formdata=None, version=case.version, offer=offer.number)
    if question_form is None and "answer" in can:
        question_form = QuestionAnswerForm(formdata=None, version=case.version)
    last = case.steps[-1] if case.steps else None
    return render_template(
        "borrower/request.html",
        case=case,
        loan=loan,
        reference=loan.ref,
        officer=my_officer(),
        can=can,
        letter=letter if case.status in ("offered", "talking", "agreed", "declined") else None,
        asked=told.proposed_plan(case),
        offer=shown,
        question=told.open_question(session, case, language, zone),
        steps=told.steps_of(case, language, zone),
        plan_id=plan.public_id if plan else None,
        settlement=SimpleNamespace(kept_by=plan.kept_by, ending=plan.ending) if plan and plan.kept_by else None,
        decline_reason=last.reason if last and case.status == "declined" else None,
        may_ask_again=decisions.may_ask_again(session, case.loan, now()),
        offer_form=offer_form,
        question_form=question_form,
        withdraw_form=WithdrawForm(formdata=None, version=case.version),
        despair=case.urgent and case.is_open and last is not None and last.role == "borrower",
        problem=problem,
        today=local_date(now(), zone),
    )
