"""Whether a paper is genuine: its code answers with the date, the two sums and the last payment, and with no name."""

from datetime import date
from types import SimpleNamespace

from flask import current_app, render_template, request
from werkzeug.wrappers import Response

from portal.access import now, open_to
from portal.clock import local_date
from portal.csrf import without_token
from portal.db import current_session, transaction
from portal.forms.paper import PaperForm
from portal.headers import client_address
from portal.models import Plan
from portal.queries.lender import the_lender
from portal.services import papers
from portal.views.links import blueprint

Answer = str | Response | tuple[str, int]


@blueprint.route("/paper", methods=["GET", "POST"])
@open_to("anyone")
@without_token  # Whoever asks has no session, and asking changes nothing but the count of tries.
def paper() -> Answer:
    form = PaperForm(meta={"csrf": False})
    if not form.is_submitted():
        return render_template("links/paper.html", form=form)
    if not form.validate():
        return render_template("links/paper.html", form=form), 422
    address = client_address(request, current_app.extensions["settings"].proxies)
    with transaction() as session:
        found = papers.genuine(session, form.code.data or "", address, now())
    if found is None:
        return render_template("links/paper.html", form=form, problem="unknown"), 404
    if found == "too_many":
        return render_template("links/paper.html", form=form, problem="too_many"), 429
    return render_template("links/paper.html", form=form, said=_said(found))


def _said(plan: Plan) -> SimpleNamespace:
    kept, lender = plan.agreement, the_lender(current_session())
    currency = kept["loan"]["currency"]
    return SimpleNamespace(
        currency=currency,
        decimals=lender.money_decimals.get(currency),
        agreed_on=local_date(plan.agreed_at, lender.zone),
        before=sum(row["amount"] for row in kept["before"]),
        after=sum(row["amount"] for row in kept["after"]),
        last_on=date.fromisoformat(kept["after"][-1]["due_on"]),
        in_force=plan.in_force,
    )
