"""`create_app`: the one place that wires everything."""

import hashlib
import secrets
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

import structlog
from flask import Flask, current_app, g, has_request_context, render_template, request, session
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

from portal import access, catalogues, db, headers, languages, logs, lost_sessions, presentation, uploads
from portal.access import current_borrower, current_staff, now
from portal.clock import Clock, local_date
from portal.config import Settings
from portal.crypto import Keyring
from portal.csrf import csrf, csrf_field, csrf_token
from portal.queries.lender import lender_text, the_lender
from portal.views import borrower, demo, health, incoming, links, staff

HERE = Path(__file__).parent
LANGUAGE_COOKIE = "language"
LARGEST_FORM = 256 * 1024
YEAR = 365 * 86400
# Without vowels and look-alikes, to be read out on the phone.
REFERENCE_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"


def create_app(settings: Settings) -> Flask:
    """The portal as a WSGI application. Logs to standard error; opens no connection before the first request."""
    logs.set_up(settings.log_level)
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="leeway",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        # A token lasts as long as its session, so that nobody loses what they wrote to it. Pages send no referrer,
        # so there is none to check.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        BABEL_DEFAULT_LOCALE="en",
        BABEL_TRANSLATION_DIRECTORIES=str(HERE.parent / "translations"),
    )
    app.extensions["settings"] = settings
    app.extensions["clock"] = Clock(settings.starts_at)
    db.init_app(app, db.make_engine(settings.database_url), Keyring(settings.data_keys, settings.lookup_key))
    catalogues.init_app(app, language_of_request)
    # Before the first look into a form, which is for its token.
    uploads.init_app(app)
    csrf.init_app(app)
    access.init_app(app)
    presentation.init_app(app)
    headers.init_app(app)
    app.jinja_env.globals["csrf_field"] = csrf_field
    app.context_processor(_about_page)
    app.before_request(_name_request)
    app.after_request(_keep_language)
    app.url_defaults(_carry_language)
    for part in (health, links, borrower, staff, incoming, demo):
        app.register_blueprint(part.blueprint)
    _serve_static(app)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Exception, _failed)
    return app


def language_of_request() -> str:
    """The language of this request, or a region of it: asked for in the address, chosen before, the borrower's or the staff
    member's own, that of the session that ended, the browser's, the lender's."""
    if "language" not in g:
        g.language = _find_language()
    found: str = g.language
    return found


def _find_language() -> str:
    asked = languages.resolve(request.args.get("lang")) or languages.resolve(request.cookies.get(LANGUAGE_COOKIE))
    if asked:
        return languages.regional(asked, request.accept_languages.values())
    link = g.get("link")
    person = link or current_borrower() or current_staff()
    if person is not None:
        own = languages.resolve(person.language)
        if own:
            return languages.regional(own, request.accept_languages.values())
    before = languages.resolve(session.get("language"))
    if before:
        return before
    return languages.negotiate(request.headers.get("Accept-Language"), the_lender(db.current_session()).language)


def _keep_language(response: Response) -> Response:
    # Whoever is signed in keeps the language that they chose, and finds the page that says that their session ended in the
    # language of the session. Before they are, nothing is set.
    if current_borrower() is None and current_staff() is None:
        return response
    if session.get("language") != language_of_request():
        session["language"] = language_of_request()
    asked = languages.resolve(request.args.get("lang"))
    if asked:
        response.set_cookie(
            LANGUAGE_COOKIE,
            asked,
            max_age=YEAR,
            httponly=True,
            samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )
    return response


def _carry_language(endpoint: str, values: dict[str, Any]) -> None:
    """Before somebody is signed in, the language that they chose is in the address alone, so it goes along."""
    if not has_request_context() or endpoint == "static" or "borrower" in session or "_user_id" in session:
        return
    asked = languages.resolve(request.args.get("lang"))
    if asked:
        values.setdefault("lang", asked)


def _about_page() -> dict[str, Any]:
    lender = the_lender(db.current_session())
    return {
        "lender": lender_text(lender, language_of_request()),
        "today": local_date(now(), lender.zone),
        "signed_in": current_borrower() is not None,
        "staff": current_staff(),
        "csrf_token": csrf_token,
    }


def _name_request() -> None:
    g.request_id = secrets.token_hex(8)
    db.current_session().info["request_id"] = g.request_id
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id, endpoint=request.endpoint)


def _serve_static(app: Flask) -> None:
    """Static files by WhiteNoise, compressed, with a hash of their content in the address, so that a browser asks for each
    once. WhiteNoise serves what lies compressed beside a file, so the few there are lie in a folder of this process's."""
    folder = HERE / "static"
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:10] for path in folder.iterdir()}
    served = tempfile.mkdtemp(prefix="leeway-static-")
    weakref.finalize(app, shutil.rmtree, served, ignore_errors=True)
    compressor = Compressor(quiet=True, use_brotli=False)
    for path in folder.iterdir():
        compressor.compress(shutil.copy(path, served))

    @app.url_defaults
    def name_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and values.get("filename") in hashes:
            values["v"] = hashes[values["filename"]]

    def harden(headers: Headers, path: str, url: str) -> None:
        headers["X-Content-Type-Options"] = "nosniff"

    app.add_url_rule("/static/<path:filename>", "static", access.open_to("anyone")(_no_file), methods=["GET"])
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=served, prefix="static/", max_age=YEAR, add_headers_function=harden
    )


def _no_file(filename: str) -> Response:
    """What WhiteNoise doesn't have is nowhere."""
    raise NotFound


def _form_expired(error: CSRFError) -> Response | tuple[str, int]:
    logs.logger().info("form_expired")
    kept_for = lost_sessions.keep_typed(now())
    if kept_for is not None:
        return access.lost_session(kept_for)
    return render_template("errors/csrf.html"), 400


def _refused(error: HTTPException) -> Response | tuple[str, int]:
    code = error.code or 500
    if code < 400:
        return error.get_response()
    if code == 413:
        uploads.read_to_the_end()
        return render_template("errors/413.html"), 413
    name = code if code in (403, 404, 429) else 404 if code < 500 else 500
    return render_template(f"errors/{name}.html"), code


def _failed(error: Exception) -> tuple[str, int]:
    """A fault of ours: a page with a reference, a log line under the same reference, no details."""
    found = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(6))
    reference = f"{found[:3]}-{found[3:]}"
    logs.logger().error("failed", reference=reference, exc_info=(type(error), error, error.__traceback__))
    db.current_session().rollback()
    try:
        return render_template("errors/500.html", error_reference=reference), 500
    except Exception:
        # The database itself may be what failed, and the page's frame reads from it.
        return f"<!doctype html><html lang=en><title>Sorry</title><h1>That did not work</h1><p>{reference}</html>", 500
