"""'I am having difficulty': one question a page, each saved as it is sent; a budget; plans; check; send."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.access import now, open_to
from portal.clock import local_date
from portal.db import current_session, transaction
from portal.domain.affordability import Budget, BudgetLine, Per, assess
from portal.domain.despair import speaks_of_despair
from portal.domain.errors import InvalidPlan
from portal.domain.hardship import DRAFT_RESTS, answer_by
from portal.domain.restructuring import PlanTerms
from portal.domain.season_plan import MONTHS, GoodMonths
from portal.forms.difficulty import (
    COST_LABELS,
    INCOME_LABELS,
    BudgetForm,
    ChangeForm,
    LastingForm,
    PlanForm,
    SeasonForm,
    SendForm,
    WithdrawForm,
    WordsForm,
)
from portal.models import HardshipRequest
from portal.plan_choices import Choices
from portal.presentation import current_language
from portal.queries.borrower_loans import LoanView
from portal.queries.documents import papers_of
from portal.queries.lender import the_lender
from portal.queries.requests import proposed_plan, words_of
from portal.refusals import sentence
from portal.services import requests, submissions
from portal.services.hardship import Done
from portal.views.borrower import blueprint, me, my_loan, my_officer

Answer = str | Response | tuple[str, int]
QUESTIONS = {"change": ChangeForm, "lasting": LastingForm, "words": WordsForm}
ORDER = ("change", "lasting", "words", "budget", "plans")
# When a plan may be chosen: before there is an offer, and in answer to one.
PROPOSING = ("draft", "sent", "being_read", "asked", *requests.ON_OFFER)
SKIPPED: dict[str, int] = {}


@blueprint.get("/loans/<loan_id>/difficulty")
@open_to("borrower")
def difficulty(loan_id: str) -> Answer:
    loan = my_loan(loan_id)
    draft = _draft(loan)
    if draft is not None and draft.status != "draft":
        return redirect(url_for("borrower.request_page", request_id=draft.public_id))
    lender = the_lender(current_session())
    return render_template(
        "borrower/difficulty.html",
        loan=loan,
        reference=loan.ref,
        officer=my_officer(),
        days_to_answer=lender.days_to_answer,
        pause_days=DRAFT_RESTS.days,
        paused_until=_paused_until(draft, lender.zone),
        draft=_told(draft, loan),
        withdraw_form=WithdrawForm(formdata=None, version=draft.version) if draft else None,
    )


@blueprint.route("/loans/<loan_id>/difficulty/<any(change, lasting, words):name>", methods=["GET", "POST"])
@open_to("borrower")
def question(loan_id: str, name: str) -> Answer:
    loan = my_loan(loan_id)
    draft = _draft(loan)
    if draft is not None and draft.status != "draft":
        return redirect(url_for("borrower.request_page", request_id=draft.public_id))
    form = QUESTIONS[name](data={name: _said(draft, name)})
    if form.validate_on_submit():
        said = form[name].data
        # Whom to call now stands on the list, so that is where words of despair lead.
        despair = name == "words" and speaks_of_despair(said or "")
        then = url_for("borrower.difficulty", loan_id=loan_id) if despair else _after(loan_id, name)
        return _save(loan, form, then, **{name: said})
    page = render_template(
        "borrower/question.html",
        loan=loan,
        reference=loan.ref,
        name=name,
        form=form,
        number=ORDER.index(name) + 1,
        of=len(ORDER),
        pause_days=DRAFT_RESTS.days if draft is None else None,
    )
    return (page, 422) if form.errors else page


@blueprint.route("/loans/<loan_id>/difficulty/budget", methods=["GET", "POST"])
@open_to("borrower")
def budget(loan_id: str) -> Answer:
    loan = my_loan(loan_id)
    draft = _draft(loan)
    if draft is not None and draft.status != "draft":
        return redirect(url_for("borrower.request_page", request_id=draft.public_id))
    saved = (draft.budget if draft else None) or {}
    per = Per(draft.budget_per) if draft else Per.month
    form = BudgetForm(of=loan, data=saved | {"per": per.value})
    if request.method == "POST" and request.form.get("skip"):
        return _save(loan, form, _after(loan_id, "budget"), budget=SKIPPED, left_over=None)
    if form.validate_on_submit():
        lines, per = form.lines, Per(form.per.data or per)
        left_over = assess_lines(lines, per)["left_over"] if lines else None
        return _save(loan, form, _after(loan_id, "budget"), budget=lines, budget_per=per.value, left_over=left_over)
    page = render_template(
        "borrower/budget.html",
        loan=loan,
        reference=loan.ref,
        form=form,
        totals=assess_lines(saved, per) if saved else None,
        season=draft.season if draft else None,
    )
    return (page, 422) if form.errors else page


@blueprint.route("/loans/<loan_id>/difficulty/season", methods=["GET", "POST"])
@open_to("borrower")
def season(loan_id: str) -> Answer:
    """In which months more comes in: a harvest, the holidays, the building season."""
    loan = my_loan(loan_id)
    draft = _draft(loan)
    if draft is not None and draft.status != "draft":
        return redirect(url_for("borrower.request_page", request_id=draft.public_id))
    form = SeasonForm(of=loan, data=(draft.season if draft else None) or {})
    if form.validate_on_submit():
        told = GoodMonths(frozenset(form.months.data or ()), form.more.data)
        season = told.to_dict() if told.months else None
        return _save(loan, form, url_for("borrower.plans", loan_id=loan_id), season=season)
    page = render_template(
        "borrower/season.html",
        loan=loan,
        reference=loan.ref,
        form=form,
        months=[date(2001, month, 1) for month in MONTHS],
    )
    return (page, 422) if form.errors else page


@blueprint.route("/loans/<loan_id>/difficulty/plans", methods=["GET", "POST"], endpoint="plans")
@open_to("borrower")
def choose_plan(loan_id: str) -> Answer:
    loan = my_loan(loan_id)
    draft = _draft(loan)
    if draft is not None and draft.status not in PROPOSING:
        return redirect(url_for("borrower.request_page", request_id=draft.public_id))
    lender = the_lender(current_session())
    choices = Choices(current_session(), loan, draft, lender, local_date(now(), lender.zone))
    form = PlanForm(of=loan, values=[found.value for found in choices.views], starts=choices.starts)
    if request.method == "POST" and form.validate():
        try:
            chosen = choices.chosen(form)
            return _propose(loan, form, chosen)
        except InvalidPlan as refused:
            form.own_amount.errors = [*form.own_amount.errors, sentence(refused, loan)]
    elif request.method == "POST":
        _say_why(form, choices, loan)
    page = render_template(
        "borrower/plans.html",
        loan=loan,
        reference=loan.ref,
        form=form,
        options=choices.views,
        today_plan=choices.today_plan,
        left_over=choices.left_over,
        carries=choices.carries if loan.loan.unit != "months" or loan.loan.every != 1 else None,
        officer=my_officer(),
    )
    return (page, 422) if form.errors else page


@blueprint.route("/loans/<loan_id>/difficulty/check", methods=["GET", "POST"])
@open_to("borrower")
def check(loan_id: str) -> Answer:
    loan = my_loan(loan_id)
    draft = _draft(loan)
    if draft is None:
        return redirect(url_for("borrower.difficulty", loan_id=loan_id))
    if draft.status != "draft":
        return redirect(url_for("borrower.request_page", request_id=draft.public_id), 303)
    told = _told(draft, loan)
    missing = [name for name in ("change", "lasting", "plan") if not getattr(told, name)]
    form = SendForm(data={"version": str(draft.version)})
    problem = None
    version = form.version.data or ""
    if form.validate_on_submit() and not missing and version.isdigit():
        with transaction() as session:
            outcome = requests.send(session, me(), session.merge(draft), int(version), now())
        if isinstance(outcome, Done):
            return redirect(url_for("borrower.request_page", request_id=draft.public_id), 303)
        problem = outcome.code
        draft = _draft(loan) or draft
        told = _told(draft, loan)
        form = SendForm(formdata=None, version=draft.version)
    lender = the_lender(current_session())
    page = render_template(
        "borrower/check.html",
        loan=loan,
        reference=loan.ref,
        form=form,
        draft=told,
        missing=missing,
        problem=problem,
        answer_by=answer_by(local_date(now(), lender.zone), lender.days_to_answer),
        officer=my_officer(),
    )
    return (page, 409) if problem else page


@blueprint.post("/loans/<loan_id>/difficulty/withdraw")
@open_to("borrower")
def withdraw(loan_id: str) -> Answer:
    loan = my_loan(loan_id)
    draft = _draft(loan)
    if draft is None:
        return redirect(url_for("borrower.home"), 303)
    with transaction() as session:
        requests.withdraw(session, me(), session.merge(draft), now())
    to = url_for("borrower.request_page", request_id=draft.public_id) if draft.sent_at else url_for("borrower.home")
    return redirect(to, 303)


def assess_lines(lines: dict[str, int], per: Per) -> dict[str, int]:
    """Money in, money out and what is left over a month, in minor units, of the lines that were filled in."""
    money_in = (BudgetLine(code, "in", lines.get(code), per) for code in INCOME_LABELS)
    money_out = (BudgetLine(code, "out", lines.get(code), per) for code in COST_LABELS)
    found = assess(Budget((*money_in, *money_out)))
    return {"money_in": found.money_in, "money_out": found.money_out, "left_over": found.left_over}


def _draft(loan: LoanView) -> HardshipRequest | None:
    found = requests.open_request(current_session(), loan.loan)
    # A co-borrower's words are not this borrower's to read.
    if found is not None and found.borrower_id != me().id:
        raise NotFound
    return found


def _save(loan: LoanView, form: Any, then: str, **answers: Any) -> Answer:
    """Keeps what was answered, in the draft that is there or a new one, and goes on."""
    borrower = me()
    by = f"borrower:{borrower.id}"
    where = url_for("borrower.difficulty", loan_id=loan.loan_id) if request.form.get("then") == "later" else then
    with transaction() as session:
        first = submissions.first_answer(session, form.form_key.data or "", by, now())
        if first is None:
            draft = requests.begin(session, borrower, session.merge(loan.loan), current_language(), now())
            outcome = requests.save(session, borrower, draft, now(), **answers)
            if isinstance(outcome, Done):
                submissions.answered(session, form.form_key.data or "", by, where)
    return redirect(first or where, 303)


def _propose(loan: LoanView, form: PlanForm, chosen: tuple[str, PlanTerms] | None) -> Answer:
    borrower = me()
    with transaction() as session:
        draft = requests.begin(session, borrower, session.merge(loan.loan), current_language(), now())
        if chosen is None:
            requests.suggest(session, borrower, draft, now())
        else:
            requests.propose(session, borrower, draft, *chosen, now())
        sent = draft.status != "draft"
        public_id = draft.public_id
    if sent:
        return redirect(url_for("borrower.request_page", request_id=public_id), 303)
    return redirect(url_for("borrower.check", loan_id=loan.loan_id), 303)


def _say_why(form: PlanForm, choices: Choices, loan: LoanView) -> None:
    """What was chosen is not on the page (any more): says what happened, where the fields can only ask for a choice."""
    if form.plan.errors and "." in request.form.get("plan", ""):
        # A value names the figures that were seen, so an option whose figures have changed is no longer among them.
        form.plan.errors = [_("The figures changed while you were reading, so here are the new ones.")]
    if form.own_from.errors and choices.starts:
        early = InvalidPlan("first_on_too_early", "This is too early.", earliest=choices.starts[0])
        form.own_from.errors = [sentence(early, loan)]


def _after(loan_id: str, name: str) -> str:
    following = ORDER[ORDER.index(name) + 1]
    if following in QUESTIONS:
        return url_for("borrower.question", loan_id=loan_id, name=following)
    return url_for(f"borrower.{following}", loan_id=loan_id)


def _said(draft: HardshipRequest | None, name: str) -> str | None:
    if draft is None:
        return None
    return words_of(current_session(), draft) if name == "words" else getattr(draft, name)


def _told(draft: HardshipRequest | None, loan: LoanView) -> SimpleNamespace:
    """The draft as the task list and the check show it."""
    plan = proposed_plan(draft) if draft else None
    suggests = draft is not None and draft.option == requests.SUGGEST
    budget = None if draft is None or draft.budget is None else "done" if draft.budget else "skipped"
    return SimpleNamespace(
        change=draft.change if draft else None,
        lasting=draft.lasting if draft else None,
        words=_said(draft, "words"),
        budget=budget,
        left_over=draft.left_over if draft else None,
        plan="done" if plan else "suggest" if suggests else None,
        option=plan,
        plan_title=None,
        papers=bool(draft and papers_of(current_session(), me(), draft)),
        urgent=bool(draft and draft.urgent),
    )


def _paused_until(draft: HardshipRequest | None, zone: str) -> date | None:
    if draft is None or draft.changed_at + DRAFT_RESTS <= now():
        return None
    return local_date(draft.changed_at + DRAFT_RESTS, zone)
