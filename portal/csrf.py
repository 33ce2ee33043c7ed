"""Every POST carries a token of its session, masked anew in each page."""

import base64
import os
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import current_app, request
from flask_wtf.csrf import CSRFProtect, generate_csrf
from itsdangerous import BadData, URLSafeTimedSerializer
from markupsafe import Markup
from werkzeug.exceptions import BadRequest

SALT = "wtf-csrf-token"  # Flask-WTF's


def mask(token: str) -> str:
    """`token` under a random pad. Pages are compressed, and a secret that stands in each of them unchanged could be
    guessed from their sizes (BREACH)."""
    raw = token.encode()
    pad = os.urandom(len(raw))
    return base64.urlsafe_b64encode(pad + bytes(a ^ b for a, b in zip(raw, pad, strict=True))).decode()


def unmask(masked: str) -> str | None:
    """The token that `mask` was given; None for anything else."""
    try:
        raw = base64.urlsafe_b64decode(masked.encode())
        pad, covered = raw[: len(raw) // 2], raw[len(raw) // 2 :]
        return bytes(a ^ b for a, b in zip(covered, pad, strict=True)).decode()
    except ValueError:
        return None


def csrf_token() -> str:
    return mask(generate_csrf())


def csrf_field() -> Markup:
    """The hidden field that every form of a signed-in person carries."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(csrf_token())


class MaskedProtect(CSRFProtect):  # type: ignore[misc]
    def _get_csrf_token(self) -> str | None:
        masked = request.form.get("csrf_token") or request.headers.get("X-CSRFToken")
        return unmask(masked) if masked else None


def session_of_form() -> str | None:
    """What the token of the form in this request is bound to: the hash of a session's token, where its page was made in the
    session of somebody known (`portal.access`). None where it has no token of ours."""
    masked = request.form.get("csrf_token")
    try:
        signed = URLSafeTimedSerializer(current_app.secret_key or "", salt=SALT)
        bound = signed.loads(unmask(masked) or "") if masked else None
    except BadData:
        return None
    return bound if isinstance(bound, str) else None


csrf = MaskedProtect()
View = TypeVar("View", bound=Callable[..., Any])


def without_token(view: View) -> View:
    """For a view whose address or form holds a secret that a forged form would lack, or that changes nothing for whoever
    sends it. What a browser says comes from another site is refused all the same: nobody is to be signed in as another."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
            raise BadRequest
        return view(*args, **kwargs)

    csrf.exempt(guarded)
    return cast(View, guarded)
