"""The ways in without the newest text at hand: asking for a new link, and a code at the address on the contract."""

from flask import render_template
from werkzeug.wrappers import Response

from portal.access import now, open_to
from portal.clock import local_date
from portal.csrf import without_token
from portal.db import current_session, transaction
from portal.exchange.phones import read_phone, region_of
from portal.exchange.row_errors import Unreadable
from portal.forms.access import NewLinkForm
from portal.forms.verify import EnterForm
from portal.queries.lender import the_lender
from portal.services import access_codes, new_links
from portal.services.verification import Verified
from portal.views.links import asking_address, blueprint, claim_of, come_in

Answer = str | Response | tuple[str, int]


@blueprint.route("/new-link", methods=["GET", "POST"])
@open_to("anyone")
@without_token  # Whoever asks has no session, and all that comes of it is a text to its owner.
def new_link() -> Answer:
    form = NewLinkForm(meta={"csrf": False})
    if not form.is_submitted():
        return render_template("links/new_link.html", form=form)
    if not form.validate():
        return render_template("links/new_link.html", form=form), 422
    typed = (form.number.data or "").strip()
    with transaction() as session:
        taken = new_links.ask(session, typed, _phone(typed), asking_address(), now())
    if not taken:
        return render_template("links/new_link.html", form=form, problem="too_many"), 429
    return render_template("links/new_link_asked.html", typed=typed)


def _phone(typed: str) -> str | None:
    """E.164, where `typed` can be a phone number of the lender's country or of the one that it names."""
    try:
        return read_phone(typed, region_of(the_lender(current_session()).zone)).e164
    except Unreadable:
        return None


@blueprint.route("/enter", methods=["GET", "POST"])
@open_to("anyone")
@without_token  # No cookie is set before this, so there is no session that a token could belong to.
def enter() -> Answer:
    lender = the_lender(current_session())
    form = EnterForm(methods=lender.verify_by, today=local_date(now(), lender.zone), meta={"csrf": False})
    if not form.is_submitted():
        return render_template("links/enter.html", form=form)
    if not form.validate():
        return render_template("links/enter.html", form=form), 422
    with transaction() as session:
        found = access_codes.enter(session, form.code.data or "", claim_of(form), asking_address(), now())
    if isinstance(found, Verified):
        return come_in(found, "borrower.home")
    status = 429 if found.reason == "too_many" else 422
    return render_template("links/enter.html", form=form, problem=found.reason), status
