"""Free independent advice: open to anyone, and knows nothing of who reads it."""

from flask import render_template

from portal.access import open_to
from portal.db import current_session
from portal.presentation import current_language
from portal.queries.lender import bodies, the_lender
from portal.views.links import blueprint


@blueprint.get("/advice")
@open_to("anyone")
def advice() -> str:
    lender = the_lender(current_session())
    return render_template("links/advice.html", bodies=bodies(lender.advice, lender, current_language()))
