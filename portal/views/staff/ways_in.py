"""What staff do about a borrower's ways in, once they have made sure who they are speaking with: a code to say, and a
forgotten word taken away."""

from uuid import uuid4

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.access import STAFF_ROLES, now, open_to
from portal.db import current_session, transaction
from portal.forms.access import WaysInForm
from portal.models import Borrower
from portal.queries.lender import the_lender
from portal.queries.notices import find_borrower
from portal.services import access_codes, personal_word, submissions
from portal.services.records import Actor, audit
from portal.views.staff import DECIDERS, blueprint, me

Answer = str | Response | tuple[str, int]
ACTS = ("make_code", "clear_word")


@blueprint.get("/borrowers/<borrower_id>/ways-in")
@open_to(*STAFF_ROLES)
def ways_in(borrower_id: str) -> Answer:
    with transaction() as session:
        borrower = find_borrower(session, me(), borrower_id) or abort(404)
        audit(session, Actor.staff(me()), "view_ways_in", "done", "borrower", borrower.id, now())
    return _page(borrower, WaysInForm() if me().role in DECIDERS else None)


@blueprint.post("/borrowers/<borrower_id>/ways-in")
@open_to(*DECIDERS)
def change_ways_in(borrower_id: str) -> Answer:
    """Does what the pressed button says (`act`), once. A code is shown on the answer itself and never again."""
    act = request.form.get("act", "")
    if act not in ACTS:
        abort(400)
    form = WaysInForm()
    borrower = find_borrower(current_session(), me(), borrower_id) or abort(404)
    if not form.validate():
        return _page(borrower, form), 422
    by, where, code = f"staff:{me().id}", url_for("staff.ways_in", borrower_id=borrower_id), None
    with transaction() as session:
        if submissions.first_answer(session, form.form_key.data or "", by, now()) is not None:
            return redirect(where, 303)
        borrower = find_borrower(session, me(), borrower_id) or abort(404)
        if act == "make_code":
            code = access_codes.make(session, borrower, me(), now())
        else:
            personal_word.clear(session, me(), borrower, now())
        submissions.answered(session, form.form_key.data or "", by, where)
    if code is None:
        return redirect(where, 303)
    form.form_key.data, form.checked.data = uuid4().hex, None
    return _page(borrower, form, code)


def _page(borrower: Borrower, form: WaysInForm | None, code: str | None = None) -> str:
    session = current_session()
    return render_template(
        "staff/ways_in.html",
        section="requests",
        borrower=borrower,
        form=form,
        code=code,
        lasts=access_codes.SPOKEN_LASTS.days,
        live=access_codes.live_code(session, borrower, now()),
        zone=the_lender(session).zone,
    )
