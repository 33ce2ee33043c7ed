"""What was typed into a form whose session had run out by the time it was sent: kept for whoever typed it, and back in
place on its page once they have shown anew who they are.

Whose it is is told by the form's own token, which belongs to one session and stands on no page of another's: a form that
another site made up is nobody's. A session that was ended by somebody keeps nothing.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import current_app, g, render_template, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal.csrf import session_of_form
from portal.db import current_session, transaction
from portal.models import Staff, WebSession
from portal.services import kept_forms, sessions
from portal.services.kept_forms import Kept, Person

# What is secret, or means nothing a day later.
NEVER_KEPT = frozenset(
    {"borrower.word", "borrower.sign_out", "borrower.erase_kept", "staff.sign_out", "staff.erase_kept"}
)
NOT_KEPT = frozenset({"csrf_token"})
LONGEST = 64 * 1024  # characters of one field


def keep_typed(now: datetime) -> WebSession | None:
    """Keeps the form of this request for the person in whose session its page was made; that session, or None where there is
    nothing to keep."""
    if request.method != "POST" or request.endpoint is None or request.endpoint in NEVER_KEPT or not request.form:
        return None
    hashed = session_of_form()
    row = sessions.not_signed_out(current_session(), hashed) if hashed else None
    if row is None or not _is_for(row, request.endpoint):
        return None
    fields = [(name, value[:LONGEST]) for name, value in request.form.items(multi=True) if name not in NOT_KEPT]
    files = any(file.filename for file in request.files.values())
    with transaction() as writable:
        g.kept_id = kept_forms.keep(writable, row, request.path, fields, files, now)
    g.kept_files = files
    return row


def _is_for(row: WebSession, endpoint: str) -> bool:
    roles: frozenset[str] = getattr(current_app.view_functions[endpoint], "open_to", frozenset())
    if row.borrower_id is not None:
        return "borrower" in roles
    return bool(roles) and not roles & {"anyone", "link", "borrower", "demo"}


def offer_back(person: Person, now: datetime, otherwise: str) -> str:
    """Where `person` goes after a fresh check: to what was kept for them, or `otherwise`, an address."""
    kept_id = kept_forms.newest(current_session(), person, now)
    if kept_id is None:
        return otherwise
    session["kept"] = kept_id
    return url_for("staff.kept" if isinstance(person, Staff) else "borrower.kept")


def offered(person: Person, now: datetime) -> Kept | None:
    """What is being given back to `person` in this session."""
    kept_id = session.get("kept")
    found = kept_forms.find(current_session(), person, kept_id, now) if isinstance(kept_id, int) else None
    if found is None:
        session.pop("kept", None)
    return found


def page_of(kept: Kept) -> str | None:
    """The page that shows the form with the words in place, where it is sent to its own address."""
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None
    try:
        shown, sent = (adapter.match(kept.path, method=method)[0] for method in ("GET", "POST"))
    except HTTPException:
        return None
    return kept.path if shown == sent else None


def give_back(view: Callable[[], Any], person: Person, now: datetime) -> Any:
    """Opens a page with what was kept for it in place; a page that took it erases it."""
    kept = offered(person, now) if "kept" in session else None
    if kept is None or kept.path != request.path:
        return view()
    if request.method != "POST":
        g.typed_before = MultiDict(kept.fields)
        g.kept_files = kept.files
        shown: Response = current_app.make_response(view())
        return shown if shown.status_code == 200 else _to_read(kept, person)
    response: Response = current_app.make_response(view())
    if response.status_code < 400:
        forget(person, kept.id)
    return response


def _to_read(kept: Kept, person: Person) -> str:
    """The words alone, where their page is open no more: things went on meanwhile."""
    g.pop("typed_before", None)
    return render_template(f"{'staff' if isinstance(person, Staff) else 'borrower'}/kept.html", kept=kept)


def forget(person: Person, kept_id: int) -> None:
    with transaction() as writable:
        kept_forms.erase(writable, person, kept_id)
    session.pop("kept", None)
