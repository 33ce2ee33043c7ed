"""Signing in and out."""

import re

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import lost_sessions
from portal.access import STAFF_ROLES, current_staff, now, open_to, sign_in_staff, sign_out_staff
from portal.db import transaction
from portal.forms.sign_in import SignInForm
from portal.headers import client_address
from portal.services import staff_access
from portal.services.staff_access import SignedIn
from portal.views.staff import blueprint

Answer = str | Response | tuple[str, int]
# A path of the staff's pages and nothing else: no other site, no backslash or line end that a browser would read as one.
PAGE_OF_OURS = re.compile(r"/staff/[\x21-\x5b\x5d-\x7e]*")


@blueprint.get("/sign-in")
@open_to("anyone")
def sign_in() -> Answer:
    if current_staff() is not None:
        return redirect(leads_to(request.args.get("next")), 303)
    form = SignInForm(next=request.args.get("next"))
    return render_template("staff/sign_in.html", form=form, problem=None, kept=request.args.get("kept"))


@blueprint.post("/sign-in")
@open_to("anyone")
def enter() -> Answer:
    form = SignInForm()
    if not form.validate():
        return render_template("staff/sign_in.html", form=form, problem=None), 422
    address = client_address(request, current_app.extensions["settings"].proxies)
    with transaction() as session:
        found = staff_access.sign_in(session, form.email.data or "", form.password.data or "", address, now())
    if isinstance(found, SignedIn):
        sign_in_staff(found.token)
        return redirect(_back_to(form.next.data), 303)
    status = 429 if found.reason == "too_many" else 422
    return render_template("staff/sign_in.html", form=form, problem=found.reason), status


@blueprint.post("/sign-out")
@open_to(*STAFF_ROLES)
def sign_out() -> Answer:
    sign_out_staff()
    return redirect(url_for("staff.sign_in"), 303)


def _back_to(wished: str | None) -> str:
    """To what was kept for whoever signed in just now, else where they were going."""
    staff = current_staff()
    return lost_sessions.offer_back(staff, now(), leads_to(wished)) if staff else leads_to(wished)


def leads_to(wished: str | None) -> str:
    """`wished` where it is a page of the staff's, else the queue."""
    return wished if wished and PAGE_OF_OURS.fullmatch(wished) else url_for("staff.requests")
