"""'This was not all right': told, looked at by somebody who is not concerned, answered in writing."""

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal import formats
from portal.access import now, open_to
from portal.clock import local_date
from portal.db import current_session, transaction
from portal.domain import complaints as rules
from portal.forms.complaint import OUTCOMES, WISHES, ComplaintForm, MoreWordsForm
from portal.models import Complaint, Contact
from portal.pictures import Box, stamp_card
from portal.presentation import current_language
from portal.queries.complaints import complaint_of, complaint_text, complaints_of
from portal.queries.lender import bodies, officer_text, the_lender
from portal.queries.passbook import newest_contacts, own_contact
from portal.queries.requests import named
from portal.services import complaints, submissions
from portal.views.borrower import blueprint, me, my_officer

Answer = str | Response | tuple[str, int]
# How many contacts one may choose from; any other is chosen in the passbook.
OFFERED = 8


@blueprint.route("/complaints/new", methods=["GET", "POST"])
@open_to("borrower")
def complain() -> Answer:
    session, borrower = current_session(), me()
    asked = request.args.get("contact")
    chosen = (own_contact(session, borrower, asked) or abort(404)) if asked else None
    listed = list(newest_contacts(session, borrower, OFFERED))
    if chosen is not None and chosen not in listed:
        listed.append(chosen)
    form = ComplaintForm(data={"kind": "contact", "contact": str(chosen.id)} if chosen else None)
    form.contact.choices = [(str(contact.id), _called(contact)) for contact in listed]
    if form.validate_on_submit():
        return redirect(_hear(form), 303)
    lender = the_lender(session)
    today = local_date(now(), lender.zone)
    page = render_template(
        "borrower/complain.html",
        form=form,
        handler=named(complaints.expected_handler(session, borrower), current_language()),
        officer=my_officer(),
        answer_by=rules.answered_by(today),
        card=stamp_card([Box(state) for state in rules.clock(today, today)], rules.WORKING_DAYS),
        days=rules.WORKING_DAYS,
        bodies=bodies(lender.complaint_bodies, lender, current_language()),
    )
    return (page, 422) if form.errors else page


def _called(contact: Contact) -> str:
    """A contact as a list names it: 'Text, 8 November 2026, 16:20'."""
    names = {"text": _("Text"), "email": _("Email"), "call": _("Call"), "visit": _("Visit"), "letter": _("Letter")}
    when = formats.instant(contact.at, me().zone, current_language())
    return str(_("%(form)s, %(when)s", form=names[contact.form], when=when))


def _hear(form: ComplaintForm) -> str:
    borrower = me()
    by, key = f"borrower:{borrower.id}", form.form_key.data or ""
    with transaction() as session:
        where = submissions.first_answer(session, key, by, now())
        if where is None:
            about = own_contact(session, borrower, form.contact.data) if form.kind.data == "contact" else None
            raised = complaints.raise_complaint(
                session, session.merge(borrower), form.kind.data, about, form.wishes.data, form.words.data, now()
            )
            where = url_for("borrower.complaint", complaint_id=raised.public_id)
            submissions.answered(session, key, by, where)
    return where


@blueprint.route("/complaints/<complaint_id>", methods=["GET", "POST"])
@open_to("borrower")
def complaint(complaint_id: str) -> Answer:
    found = complaint_of(current_session(), me(), complaint_id) or abort(404)
    form = MoreWordsForm()
    if not form.is_submitted():
        return _page(found, form)
    if not form.validate():
        return _page(found, form), 422
    borrower = me()
    by, key = f"borrower:{borrower.id}", form.form_key.data or ""
    where = url_for("borrower.complaint", complaint_id=complaint_id)
    with transaction() as session:
        added = True
        if submissions.first_answer(session, key, by, now()) is None:
            added = complaints.add_words(session, borrower, session.merge(found), form.words.data, now())
            if added:
                submissions.answered(session, key, by, where)
    if added:
        return redirect(where, 303)
    # It was answered meanwhile: what was written stands there still, to be sent anew or taken further.
    return _page(complaint_of(current_session(), me(), complaint_id) or abort(404), form, too_late=True), 409


@blueprint.get("/newest-complaint")
@open_to("borrower")
def newest_complaint() -> Response:
    """Where a text about a complaint leads."""
    session = current_session()
    newest = complaints_of(session, me(), me().recorded_at)
    if not newest:
        return redirect(url_for("borrower.home"))
    return redirect(url_for("borrower.complaint", complaint_id=newest[0].public_id))


def _page(found: Complaint, form: MoreWordsForm, too_late: bool = False) -> str:
    session, language = current_session(), current_language()
    lender = the_lender(session)
    today = local_date(now(), lender.zone)
    sent_on = local_date(found.recorded_at, lender.zone)
    text = complaint_text(session, found)
    return render_template(
        "borrower/complaint.html",
        complaint=found,
        form=form,
        too_late=too_late,
        words=text.words,
        answer=text.answer,
        wish=WISHES[found.wishes] if found.wishes else None,
        outcome=OUTCOMES[found.outcome] if found.outcome else None,
        about=_called(found.contact) if found.contact else None,
        sent_on=sent_on,
        read_on=local_date(found.read_at, lender.zone) if found.read_at else None,
        answered_on=local_date(found.answered_at, lender.zone) if found.answered_at else None,
        handler=officer_text(found.handler, language) if found.handler else None,
        day=rules.working_day(sent_on, today),
        days=rules.WORKING_DAYS,
        card=stamp_card([Box(state) for state in rules.clock(sent_on, today)], rules.WORKING_DAYS),
        late=found.is_open and today > found.answer_by,
        bodies=bodies(lender.complaint_bodies, lender, language),
    )
