"""The unsubscribe address of an email (RFC 8058): opening it changes nothing, one click by POST stops the reminders."""

from flask import render_template
from werkzeug.wrappers import Response

from portal.access import now, open_to
from portal.csrf import without_token
from portal.db import current_session, transaction
from portal.services import opt_outs
from portal.views.links import blueprint, ended

Answer = str | Response | tuple[str, int]


@blueprint.get("/u/<token>")
@open_to("link")
def unsubscribe(token: str) -> Answer:
    if opt_outs.unsubscribe_link(current_session(), token, now()) is None:
        return ended()
    return render_template("links/unsubscribe.html", done=False)


@blueprint.post("/u/<token>")
@open_to("link")
@without_token  # A mail program sends this by itself, without any page before it.
def stop_reminders(token: str) -> Answer:
    with transaction() as session:
        link = opt_outs.unsubscribe_link(session, token, now())
        if link is None:
            return ended()
        opt_outs.stop(session, link.borrower, "email", now())
    # Said again to whoever sends it twice: there are no reminders any more.
    return render_template("links/unsubscribe.html", done=True)
