"""Files in forms: how much a request may bring, and how a paper goes out again."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request, session
from werkzeug.datastructures import FileStorage

from portal.exchange.papers_apart import read_apart
from portal.services.documents import Received

# Ten photos as phones make them. What is over it is refused before any of it is read.
LARGEST_UPLOAD = 60 * 1024 * 1024
# A browser that is still sending sees a dropped connection in place of our answer, so what is too much is read to its end
# and thrown away; beyond this nobody waits for it.
MOST_THROWN_AWAY = 256 * 1024 * 1024
CHUNK = 64 * 1024

View = TypeVar("View", bound=Callable[..., Any])


def takes_files(view: View) -> View:
    """For a view whose form may hold photos and PDFs; every other form stays small."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def init_app(app: Flask) -> None:
    app.before_request(_allow_more)


def _allow_more() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    # Only who was let in once may send much; whether the session still lasts is asked later, so that its words are kept.
    if getattr(view, "takes_files", False) and "borrower" in session:
        request.max_content_length = LARGEST_UPLOAD


def read_to_the_end() -> None:
    """Reads the rest of a request that is refused for its size."""
    left = min(request.content_length or 0, MOST_THROWN_AWAY)
    stream = request.environ["wsgi.input"]
    while left > 0:
        chunk = stream.read(min(CHUNK, left))
        if not chunk:
            return
        left -= len(chunk)


def received(files: Iterable[FileStorage], room: int) -> list[Received]:
    """What was sent, read: the first `room` files; of the others it is only said that there were too many."""
    found: list[Received] = []
    for file in files:
        if file.filename:
            content = file.read() if len(found) < room else None
            found.append(Received(file.filename, content, read_apart(content) if content is not None else None))
    return found


def paper(content: bytes, media_type: str, number: int) -> Response:
    """A paper for the browser to show, by our name for it, with nothing that it could do."""
    is_picture = media_type == "image/jpeg"
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'inline; filename="paper-{number}.{"jpg" if is_picture else "pdf"}"'
    # Browsers draw no PDF in a sandbox. Ours holds no script, and is never taken for anything else (nosniff).
    answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'" + (
        "; sandbox" if is_picture else "; style-src 'unsafe-inline'; object-src 'self'"
    )
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
