"""What we hold about a borrower: to read, to take along, to correct, and who has seen it."""

import json

from flask import Response as FlaskResponse
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.access import now, open_to
from portal.db import current_session, keyring, transaction
from portal.forms.correction import DETAILS, CorrectionForm
from portal.models import Borrower
from portal.queries.lender import the_lender
from portal.queries.own_details import corrections_of, who_saw
from portal.services import corrections, own_data, submissions
from portal.views.borrower import blueprint, me

Answer = str | Response | tuple[str, int]


@blueprint.route("/data", methods=["GET", "POST"])
@open_to("borrower")
def my_data() -> Answer:
    form = CorrectionForm()
    if form.validate_on_submit():
        return redirect(_ask(form), 303)
    page = _page(form)
    return (page, 422) if form.errors else page


@blueprint.get("/data.json")
@open_to("borrower")
def my_data_file() -> FlaskResponse:
    """All of it in one file. Shown where it is opened, since browsers inside other apps can't download; a link with
    `download` keeps it. Reading changes nothing, so that it may be asked for by GET."""
    with transaction() as session:
        held = own_data.take_along(session, session.merge(me()), now())
    written = json.dumps(held, ensure_ascii=False, indent=1)
    return FlaskResponse(
        written,
        mimetype="application/json",
        headers={"Content-Disposition": 'inline; filename="my-data.json"'},
    )


def _ask(form: CorrectionForm) -> str:
    borrower = me()
    by, key = f"borrower:{borrower.id}", form.form_key.data or ""
    where = url_for("borrower.my_data", asked="1", _anchor="corrections")
    with transaction() as session:
        if submissions.first_answer(session, key, by, now()) is None:
            corrections.ask(session, session.merge(borrower), form.detail.data, form.should_be.data or "", now())
            submissions.answered(session, key, by, where)
    return where


def _page(form: CorrectionForm) -> str:
    session, borrower = current_session(), me()
    lender = the_lender(session)
    held = own_data.own_data(session, borrower)
    return render_template(
        "borrower/my_data.html",
        form=form,
        person=borrower,
        phone_ending=_ending(borrower),
        counts={name: len(rows) for name, rows in held.items() if isinstance(rows, list)},
        email=held["person"]["email"],
        has_birth_date=borrower.birth_date_sealed is not None,
        has_id=borrower.id_last_four_sealed is not None,
        payments=sum(len(loan.get("payments", ())) for loan in held["loans"]),
        corrections=corrections_of(session, borrower, lender),
        details=DETAILS,
        seen=who_saw(session, borrower, lender),
        asked=request.args.get("asked") == "1",
    )


def _ending(borrower: Borrower) -> str | None:
    return keyring(current_session()).open("phone", borrower.phone_sealed)[-2:] if borrower.phone_sealed else None
