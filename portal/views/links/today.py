"""'I need to talk to someone today': open to anybody, and knows nothing; whoever is verified may ask to be called."""

from typing import Any

from flask import abort, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.access import current_borrower, now, open_to
from portal.db import current_session, transaction
from portal.forms.access import TodayForm
from portal.presentation import current_language
from portal.queries.lender import bodies, the_lender
from portal.services import submissions, talk_today
from portal.views.links import blueprint

Answer = str | Response | tuple[str, int]


@blueprint.get("/today")
@open_to("anyone")
def today() -> Answer:
    return _page(TodayForm() if current_borrower() else None)


@blueprint.post("/today")
@open_to("borrower")
def ask_today() -> Answer:
    borrower = current_borrower() or abort(401)
    form = TodayForm()
    if not form.validate():
        return _page(form), 422
    by, key = f"borrower:{borrower.id}", form.form_key.data or ""
    words = "\n\n".join(filter(None, (_("Please call me today."), form.words.data)))
    where = url_for("links.today")
    with transaction() as session:
        if submissions.first_answer(session, key, by, now()) is None:
            talk_today.ask(session, borrower, words, current_language(), now())
            submissions.answered(session, key, by, where)
    return redirect(where, 303)


def _page(form: Any) -> str:
    borrower, lender = current_borrower(), the_lender(current_session())
    return render_template(
        "links/today.html",
        form=form,
        waiting=talk_today.waiting(current_session(), borrower) if borrower else None,
        zone=lender.zone,
        advice=bodies(lender.advice, lender, current_language()),
    )
