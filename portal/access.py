"""Who may open what: sessions of borrowers and staff, and the decorator that every view wears."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, g, redirect, render_template, request, session, url_for
from flask_login import LoginManager, current_user, login_user
from werkzeug.wrappers import Response

from portal import lost_sessions
from portal.crypto import token_hash
from portal.db import current_session, transaction
from portal.models import Borrower, Staff, WebSession
from portal.services import sessions
from portal.services.records import Actor, audit

STAFF_ROLES = frozenset({"officer", "supervisor", "admin", "auditor"})
ROLES = STAFF_ROLES | {"anyone", "link", "borrower", "demo"}
# How often `seen_at` is written while somebody moves about.
SEEN_EVERY = timedelta(minutes=1)

View = TypeVar("View", bound=Callable[..., Any])
login = LoginManager()


class SignedIn:
    """A member of staff as Flask-Login knows one: its id is the token of a server-side session that can be ended."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, token: str, staff: Staff) -> None:
        self.token = token
        self.staff = staff

    def get_id(self) -> str:
        return self.token


def open_to(*roles: str) -> Callable[[View], View]:
    """Declares who may open a view: `anyone`, `link` (whoever holds the link's token), `borrower` (verified), `demo`
    (anyone, in the demo alone), or roles of staff. A refused attempt of a member of staff is recorded."""
    unknown = set(roles) - ROLES
    if unknown or not roles:
        raise ValueError(f"no such role: {unknown}")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            refusal = _refusal(frozenset(roles))
            if refusal is not None:
                return refusal
            person = _known(frozenset(roles)) if "kept" in session else None
            if person is None:
                return view(*args, **kwargs)
            return lost_sessions.give_back(lambda: view(*args, **kwargs), person, now())

        guarded.open_to = frozenset(roles)  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def _refusal(roles: frozenset[str]) -> Response | None:
    if roles & {"anyone", "link"}:
        return None
    if "demo" in roles:
        return None if current_app.extensions["settings"].is_demo else abort(404)
    if "borrower" in roles:
        if current_borrower() is not None:
            return None
        # The same answer to everybody without a session: it tells nothing about the address that was tried.
        lost_sessions.keep_typed(now())
        return _signed_out()
    staff = current_staff()
    if staff is None:
        kept_for = lost_sessions.keep_typed(now())
        if kept_for is not None:
            return lost_session(kept_for)
        # What can only be posted to is no page to come back to.
        back = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else None
        return redirect(url_for("staff.sign_in", next=back), 303)
    if staff.role not in roles:
        with transaction() as writable:
            audit(
                writable,
                Actor.staff(staff),
                "open_page",
                "not_allowed",
                "page",
                None,
                now(),
                {"page": request.endpoint},
            )
        abort(403)
    return None


def _signed_out() -> Response:
    return current_app.make_response((render_template("borrower/signed_out.html"), 401))


def lost_session(row: WebSession) -> Response:
    """What somebody reads whose form was kept, since the session of its page is over: how to come back to it. Whoever is
    signed in anew meanwhile has it at once."""
    person = current_borrower() if row.borrower_id is not None else current_staff()
    if person is not None and person.id == (row.borrower_id or row.staff_id):
        return redirect(lost_sessions.offer_back(person, now(), request.path), 303)
    return _signed_out() if row.borrower_id is not None else redirect(url_for("staff.sign_in", kept=1), 303)


def _known(roles: frozenset[str]) -> Borrower | Staff | None:
    return current_borrower() if "borrower" in roles else current_staff() if roles & STAFF_ROLES else None


def now() -> Any:
    """The instant of this request: the same from its first line to its last."""
    if "now" not in g:
        g.now = current_app.extensions["clock"].now()
    return g.now


def current_borrower() -> Borrower | None:
    """The verified borrower of this request, while their session lasts."""
    if "borrower" not in g:
        token = session.get("borrower")
        row = sessions.find(current_session(), token, now()) if token else None
        g.borrower = None
        if row is not None and row.borrower_id is not None:
            _touch(row)
            g.borrower = current_session().get(Borrower, row.borrower_id)
    borrower: Borrower | None = g.borrower
    return borrower


def current_staff() -> Staff | None:
    """The signed-in member of staff of this request."""
    return current_user.staff if current_user.is_authenticated else None


@login.user_loader  # type: ignore[untyped-decorator]
def _load_staff(token: str) -> SignedIn | None:
    row = sessions.find(current_session(), token, now())
    if row is None or row.staff_id is None:
        return None
    staff = current_session().get(Staff, row.staff_id)
    if staff is None or staff.ended_at is not None:
        return None
    _touch(row)
    return SignedIn(token, staff)


def _touch(row: WebSession) -> None:
    if now() - row.seen_at >= SEEN_EVERY:
        with transaction() as writable:
            sessions.touch(writable, row.id, now())


def sign_in_borrower(token: str) -> None:
    """Begins the browser's side of a borrower's session; what was in the cookie before is gone."""
    session.clear()
    session["borrower"] = token
    _bind_forms(token)


def sign_in_staff(token: str) -> None:
    """Begins the browser's side of a staff session; what was in the cookie before is gone."""
    session.clear()
    login_user(_load_staff(token))
    _bind_forms(token)


def _bind_forms(token: str) -> None:
    # Flask-WTF's own would be random. So the token on a page tells in whose session it was made, after the cookie is gone.
    session["csrf_token"] = token_hash(token)


def sign_out_staff() -> None:
    """Ends the session of this request's member of staff, here and in every copy of the cookie."""
    with transaction() as writable:
        sessions.end(writable, current_user.token, now())
    session.clear()


def init_app(app: Flask) -> None:
    login.init_app(app)
