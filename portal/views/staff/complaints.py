"""Complaints, for a supervisor who is not concerned; corrections of details, for whoever looks after the borrower."""

from uuid import uuid4

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.access import STAFF_ROLES, now, open_to
from portal.db import current_session, transaction
from portal.forms.complaint import OUTCOMES, WISHES, ComplaintAnswerForm
from portal.forms.correction import DETAILS, SettleCorrectionForm
from portal.models import Complaint, Correction
from portal.queries.complaints import HANDLERS, complaint_text, find_complaint
from portal.queries.lender import the_lender
from portal.queries.own_details import correction_view, find_correction
from portal.services import complaints, corrections, submissions
from portal.services.records import Actor, audit
from portal.views.staff import DECIDERS, blueprint, me

Answer = str | Response | tuple[str, int]


@blueprint.get("/notices/complaints/<public_id>")
@open_to(*HANDLERS)
def complaint(public_id: str) -> Answer:
    found = _read(public_id)
    return _complaint_page(found, ComplaintAnswerForm() if found.is_open else None)


@blueprint.post("/notices/complaints/<public_id>")
@open_to(*HANDLERS)
def answer_complaint(public_id: str) -> Answer:
    form = ComplaintAnswerForm()
    if not form.validate():
        return _complaint_page(_read(public_id), form), 422
    by, key = f"staff:{me().id}", form.form_key.data or ""
    where = url_for("staff.complaint", public_id=public_id)
    with transaction() as session:
        found = find_complaint(session, me(), public_id) or abort(404)
        if submissions.first_answer(session, key, by, now()) is not None:
            return redirect(where, 303)
        answered = complaints.answer_complaint(session, me(), found, form.outcome.data, form.answer.data or "", now())
        if answered:
            submissions.answered(session, key, by, where)
    if answered:
        return redirect(where, 303)
    form.form_key.data = uuid4().hex
    return _complaint_page(_read(public_id), form, refused=True), 409


def _read(public_id: str) -> Complaint:
    """The complaint, its view written down; 404 for whom it is about, as for one that doesn't exist."""
    with transaction() as session:
        found = find_complaint(session, me(), public_id) or abort(404)
        complaints.open_complaint(session, me(), found, now())
    return found


def _complaint_page(found: Complaint, form: ComplaintAnswerForm | None, refused: bool = False) -> str:
    session = current_session()
    return render_template(
        "staff/complaint.html",
        section="notices",
        complaint=found,
        text=complaint_text(session, found),
        form=form,
        refused=refused,
        zone=the_lender(session).zone,
        wish=WISHES[found.wishes] if found.wishes else None,
        outcome=OUTCOMES[found.outcome] if found.outcome else None,
    )


@blueprint.get("/notices/corrections/<public_id>")
@open_to(*STAFF_ROLES)
def correction(public_id: str) -> Answer:
    found = _correction(public_id)
    can_settle = found.status == "open" and me().role in DECIDERS
    return _correction_page(found, SettleCorrectionForm() if can_settle else None)


@blueprint.post("/notices/corrections/<public_id>")
@open_to(*DECIDERS)
def settle_correction(public_id: str) -> Answer:
    form = SettleCorrectionForm()
    if not form.validate():
        return _correction_page(_correction(public_id), form), 422
    with transaction() as session:
        found = find_correction(session, me(), public_id) or abort(404)
        # Said twice, by a colleague or by a second click, it is still settled as it was first.
        corrections.settle(session, me(), found, form.status.data, form.answer.data, now())
    return redirect(url_for("staff.correction", public_id=public_id), 303)


def _correction(public_id: str) -> Correction:
    with transaction() as session:
        found = find_correction(session, me(), public_id) or abort(404)
        audit(session, Actor.staff(me()), "view_correction", "done", "correction", found.id, now())
    return found


def _correction_page(found: Correction, form: SettleCorrectionForm | None) -> str:
    session = current_session()
    return render_template(
        "staff/correction.html",
        section="notices",
        found=correction_view(session, found, the_lender(session)),
        detail=DETAILS[found.detail],
        here=found.detail in corrections.HERE,
        form=form,
        zone=the_lender(session).zone,
    )
