"""What a link in a text opens, before anybody is known."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import lost_sessions
from portal.access import now, sign_in_borrower
from portal.db import current_session
from portal.forms.access import NewLinkForm
from portal.forms.verify import VerifyForm
from portal.headers import client_address
from portal.models import Borrower
from portal.services.verification import Claim, Verified

blueprint = Blueprint("links", __name__)


def ended() -> tuple[str, int]:
    """The page of a link that opens nothing any more, with the form that asks for a new one."""
    return render_template("links/ended.html", form=NewLinkForm(formdata=None, meta={"csrf": False})), 404


def asking_address() -> str:
    """Of whoever asks, for the limits."""
    return client_address(request, current_app.extensions["settings"].proxies)


def claim_of(form: VerifyForm) -> Claim:
    """Who somebody says they are, of a form that is validated."""
    return Claim(form.way.data, form.answer, form.word.data or "")


def come_in(found: Verified, leads_to: str) -> Response:
    """Begins the session, and leads to what was kept for this person, else to the page `leads_to`."""
    sign_in_borrower(found.token)
    borrower = current_session().get(Borrower, found.borrower_id)
    assert borrower is not None
    return redirect(lost_sessions.offer_back(borrower, now(), url_for(leads_to)), 303)


from portal.views.links import advice, arrival, paper, second_way, today, unsubscribe  # noqa: E402

__all__ = [
    "advice",
    "arrival",
    "asking_address",
    "blueprint",
    "claim_of",
    "come_in",
    "ended",
    "paper",
    "second_way",
    "today",
    "unsubscribe",
]
