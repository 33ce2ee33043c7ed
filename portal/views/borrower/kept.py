"""What was being typed when the session ran out, given back to the same person."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal import lost_sessions
from portal.access import now, open_to
from portal.views.borrower import blueprint, me

Answer = str | Response


@blueprint.get("/kept")
@open_to("borrower")
def kept() -> Answer:
    found = lost_sessions.offered(me(), now())
    if found is None:
        return redirect(url_for("borrower.home"), 303)
    page = lost_sessions.page_of(found)
    return redirect(page, 303) if page else render_template("borrower/kept.html", kept=found)


@blueprint.post("/kept")
@open_to("borrower")
def erase_kept() -> Answer:
    found = lost_sessions.offered(me(), now())
    if found is not None:
        lost_sessions.forget(me(), found.id)
    return redirect(url_for("borrower.home"), 303)
