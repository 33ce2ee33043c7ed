"""Disputes to answer, numbers that are somebody else's, loans that wait for their person."""

from uuid import uuid4

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.access import STAFF_ROLES, now, open_to
from portal.clock import local_date
from portal.db import current_session, transaction
from portal.forms.check_in import ANSWER_LABELS
from portal.forms.notice import DisputeAnswerForm, PaidNoticeForm, SettleForm
from portal.models import Dispute
from portal.queries import notices as told
from portal.queries.check_ins import answers_to_read
from portal.queries.complaints import HANDLERS, open_complaints
from portal.queries.disputes import doubted, has_worked_on
from portal.queries.documents import papers_of
from portal.queries.lender import the_lender
from portal.queries.letters import waiting_letters
from portal.queries.own_details import open_corrections
from portal.queries.paid_notices import find_paid_notice, open_paid_notices
from portal.services import disputes, paid_notices, submissions, wrong_numbers
from portal.services.records import Actor, audit
from portal.views.staff import DECIDERS, blueprint, me

Answer = str | Response | tuple[str, int]


@blueprint.get("/notices")
@open_to(*STAFF_ROLES)
def notices() -> str:
    session = current_session()
    return render_template(
        "staff/notices.html",
        section="notices",
        notices=told.notices(session, me(), the_lender(session), now()),
        settle_form=SettleForm() if me().role in DECIDERS else None,
        complaints=open_complaints(session, me(), the_lender(session), now()) if me().role in HANDLERS else None,
        corrections=open_corrections(session, me()),
        paid_notices=open_paid_notices(session, me(), the_lender(session)),
        paid_form=PaidNoticeForm(formdata=None) if me().role in DECIDERS else None,
        check_ins=answers_to_read(session, me(), the_lender(session), now()),
        answers=ANSWER_LABELS,
        letters=waiting_letters(session, me(), the_lender(session), now()),
    )


@blueprint.post("/notices/wrong-numbers/<borrower_id>")
@open_to(*DECIDERS)
def settle_wrong_number(borrower_id: str) -> Answer:
    with transaction() as session:
        borrower = told.find_borrower(session, me(), borrower_id) or abort(404)
        # Said twice, by a colleague or by a second click, it is still dealt with.
        wrong_numbers.settle(session, me(), borrower, now())
    return redirect(url_for("staff.notices"), 303)


@blueprint.post("/notices/paid/<public_id>")
@open_to(*DECIDERS)
def settle_paid_notice(public_id: str) -> Answer:
    form = PaidNoticeForm()
    with transaction() as session:
        found = find_paid_notice(session, me(), public_id) or abort(404)
        if form.validate():
            # A colleague who answered first has answered.
            paid_notices.settle(session, me(), found, form.found.data, form.answer.data or "", now())
    return redirect(url_for("staff.notices"), 303)


@blueprint.get("/notices/disputes/<public_id>")
@open_to(*STAFF_ROLES)
def dispute(public_id: str) -> Answer:
    found = _seen(public_id)
    return _page(found, DisputeAnswerForm() if found.is_open and me().role in DECIDERS else None)


@blueprint.post("/notices/disputes/<public_id>")
@open_to(*DECIDERS)
def answer_dispute(public_id: str) -> Answer:
    form = DisputeAnswerForm()
    if not form.validate():
        return _page(_seen(public_id), form), 422
    by, where = f"staff:{me().id}", url_for("staff.dispute", public_id=public_id)
    with transaction() as session:
        found = told.find_dispute(session, me(), public_id) or abort(404)
        if submissions.first_answer(session, form.form_key.data or "", by, now()) is not None:
            return redirect(where, 303)
        outcome = disputes.answer_dispute(session, me(), found, form.answer.data or "", now())
        if outcome == "done":
            submissions.answered(session, form.form_key.data or "", by, where)
    if outcome == "done":
        return redirect(where, 303)
    form.form_key.data = uuid4().hex
    return _page(_seen(public_id), form, refused=outcome), 409


def _seen(public_id: str) -> Dispute:
    """The dispute, its view written down."""
    with transaction() as session:
        found = told.find_dispute(session, me(), public_id) or abort(404)
        audit(session, Actor.staff(me()), "view_dispute", "done", "dispute", found.id, now())
    return found


def _page(found: Dispute, form: DisputeAnswerForm | None, refused: str | None = None) -> str:
    session = current_session()
    lender = the_lender(session)
    view = told.dispute_view(session, found, lender, local_date(now(), lender.zone))
    return render_template(
        "staff/dispute.html",
        section="notices",
        case=view,
        doubted=doubted(found, found.loan, view.stated),
        papers=papers_of(session, found.borrower, found),
        for_somebody_else=found.is_open and found.kind == "not_mine" and has_worked_on(session, me(), found),
        form=form,
        refused=refused,
        zone=lender.zone,
    )
