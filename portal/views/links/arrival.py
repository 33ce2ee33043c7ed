"""Opening a link: a neutral page, a check of who it is, or 'that isn't me'. Only a POST spends anything."""

import re

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.access import now, open_to
from portal.clock import local_date
from portal.csrf import without_token
from portal.db import current_session, transaction
from portal.forms.verify import VerifyForm
from portal.models import Link
from portal.queries.lender import the_lender
from portal.services import links
from portal.services.verification import Verified
from portal.views.links import asking_address, blueprint, claim_of, come_in, ended

Answer = str | Response | tuple[str, int]
# Where a link leads, by its purpose: where its text says. A page that these can't find leads home.
LEADS_TO = {
    "home": "borrower.home",
    "request": "borrower.newest_request",
    "consent": "borrower.newest_consent_page",
    "difficulty": "borrower.my_difficulty",
    "pay": "borrower.my_payment",
    "check_in": "borrower.my_check_in",
    "complaint": "borrower.newest_complaint",
    "letters": "borrower.letters",
}


@blueprint.get("/l/<token>")
@open_to("link")
def arrive(token: str) -> Answer:
    stripped = _without_neighbours(token)
    if stripped != token:
        return redirect(url_for("links.arrive", token=stripped))
    link = _find(token)
    if link is None:
        return ended()
    if request.method == "GET":
        with transaction() as session:
            links.count_opening(session, link)
    return _page(link, token, _form(link))


@blueprint.post("/l/<token>")
@open_to("link")
@without_token  # No cookie is set before this, so there is no session that a token could belong to.
def verify(token: str) -> Answer:
    link = _find(token)
    if link is None:
        return ended()
    form = _form(link)
    if not form.validate():
        return _page(link, token, form), 422
    with transaction() as session:
        found = links.verify(session, session.merge(link), claim_of(form), asking_address(), now())
    if isinstance(found, Verified):
        return come_in(found, LEADS_TO[link.purpose])
    return _page(link, token, form, found.reason), 429 if found.reason == "too_many" else 422


@blueprint.get("/l/<token>/not-me")
@open_to("link")
def not_me(token: str) -> Answer:
    link = _find(token)
    return ended() if link is None else render_template("links/not_me.html", token=token)


@blueprint.post("/l/<token>/not-me")
@open_to("link")
@without_token
def stop(token: str) -> Answer:
    link = _find(token)
    if link is not None:
        with transaction() as session:
            links.not_me(session, session.merge(link), now())
    # Said again to whoever sends it twice: the number is stopped.
    return render_template("links/not_me_done.html")


def _find(token: str) -> Link | None:
    g.link = links.find_link(current_session(), token, now())
    link: Link | None = g.link
    return link


def _without_neighbours(token: str) -> str:
    """The token alone, where a phone took the punctuation or the words beside a link for a part of it."""
    found = re.match(f"[{links.ALPHABET}]+", token)
    return found.group()[: links.LENGTH] if found else token


def _form(link: Link) -> VerifyForm:
    lender = the_lender(current_session())
    today = local_date(now(), lender.zone)
    return VerifyForm(methods=lender.verify_by, today=today, meta={"csrf": False})


def _page(link: Link, token: str, form: VerifyForm, problem: str | None = None) -> str:
    return render_template("links/verify.html", token=token, form=form, problem=problem)


@blueprint.get("/signed-out")
@open_to("anyone")
def signed_out() -> str:
    return render_template("borrower/signed_out.html", by_choice=True)
