"""What was being typed when the session ran out, given back to the same person."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal import lost_sessions
from portal.access import STAFF_ROLES, now, open_to
from portal.views.staff import blueprint, me

Answer = str | Response


@blueprint.get("/kept")
@open_to(*STAFF_ROLES)
def kept() -> Answer:
    found = lost_sessions.offered(me(), now())
    if found is None:
        return redirect(url_for("staff.requests"), 303)
    page = lost_sessions.page_of(found)
    return redirect(page, 303) if page else render_template("staff/kept.html", kept=found)


@blueprint.post("/kept")
@open_to(*STAFF_ROLES)
def erase_kept() -> Answer:
    found = lost_sessions.offered(me(), now())
    if found is not None:
        lost_sessions.forget(me(), found.id)
    return redirect(url_for("staff.requests"), 303)
