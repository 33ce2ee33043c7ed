"""What goes round every answer: security headers, compression, the address of the one who asks."""

import gzip
import ipaddress

from flask import Flask, Request, Response, current_app, request

from portal.config import Network

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SMALLEST_COMPRESSED = 500


def init_app(app: Flask) -> None:
    app.after_request(_protect)
    app.after_request(_compress)


def _protect(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("X-Robots-Tag", "noindex")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "geolocation=(), camera=(), microphone=()")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    # Every page may hold something private, or lead to it by the back button.
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _compress(response: Response) -> Response:
    if (
        response.direct_passthrough
        or response.mimetype not in ("text/html", "application/json")
        or "Content-Encoding" in response.headers
    ):
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) >= SMALLEST_COMPRESSED and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(body, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def client_address(asked: Request, proxies: tuple[Network, ...]) -> str:
    """The address that asks. X-Forwarded-For is read from its end, and only as far as named proxies wrote it."""
    address = asked.remote_addr or ""
    forwarded = [part.strip() for part in asked.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    while forwarded and _is_in(address, proxies):
        address = forwarded.pop()
    return address


def _is_in(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)
