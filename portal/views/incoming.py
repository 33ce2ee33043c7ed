"""What gateways tell: receipts of texts that went out, and texts that come in.

A gateway has no session. It is known by a key in the address that we gave it, or by its signature. Whatever it tells is
answered with success, so that it doesn't tell it for ever; what we can't use is a line in the log.
"""

from typing import Any

from flask import Blueprint, abort, current_app, request
from werkzeug.wrappers import Response

from portal.access import now, open_to
from portal.config import Settings
from portal.csrf import without_token
from portal.db import transaction
from portal.exchange.phones import read_phone, region_of
from portal.exchange.row_errors import Unreadable
from portal.logs import logger
from portal.messaging.kannel import STATES
from portal.messaging.signatures import is_signed
from portal.queries.lender import the_lender
from portal.services import receipts, replies

blueprint = Blueprint("incoming", __name__, url_prefix="/in")
LONGEST_WORDS = 2_000


@blueprint.route("/receipts/<int:message_id>/<key>", methods=["GET", "POST"])
@open_to("anyone")
@without_token
def receipt(message_id: int, key: str) -> Response:
    """Kannel asks by GET, with its number for a state; any other gateway names the state."""
    told = request.values.get("state", "")
    state = STATES.get(told, told)
    with transaction() as session:
        if key != receipts.key_of(session, message_id):
            abort(404)
        if receipts.record_receipt(session, message_id, state, request.values.get("code"), now()) is None:
            logger().info("receipt_unknown", message=message_id)
    return _taken()


@blueprint.post("/receipts")
@open_to("anyone")
@without_token
def signed_receipt() -> Response:
    """{"reference": ours, "state": accepted, delivered or undelivered, "code": the provider's}."""
    told = _signed_json()
    reference = str(told.get("reference", ""))
    with transaction() as session:
        known = reference.isascii() and reference.isdigit() and len(reference) < 19
        code = str(told["code"])[:20] if told.get("code") else None
        state = str(told.get("state", ""))
        if not known or receipts.record_receipt(session, int(reference), state, code, now()) is None:
            logger().info("receipt_unknown")
    return _taken()


@blueprint.post("/texts")
@open_to("anyone")
@without_token
def signed_text() -> Response:
    """{"id": the provider's, "from": a number, "text": its words}."""
    told = _signed_json()
    _receive(str(told.get("id", "")), str(told.get("from", "")), str(told.get("text", "")))
    return _taken()


@blueprint.get("/kannel/<key>")
@open_to("anyone")
@without_token
def kannel_text(key: str) -> Response:
    """Kannel's sms-service with get-url = …/in/kannel/KEY?from=%p&text=%b&id=%I&charset=utf-8 and max-messages = 0."""
    with transaction() as session:
        if key != replies.kannel_key(session):
            abort(404)
    _receive(request.args.get("id", ""), request.args.get("from", ""), request.args.get("text", ""))
    return _taken()


def _receive(reference: str, sender: str, words: str) -> None:
    if not reference:
        logger().info("text_in_without_id")
        return
    with transaction() as session:
        try:
            phone = read_phone(sender, region_of(the_lender(session).zone)).e164
        except Unreadable:
            phone = None
        meant = replies.receive(session, phone, words[:LONGEST_WORDS], reference[:200], now())
    logger().info("text_in", meant=meant)


def _signed_json() -> dict[str, Any]:
    settings: Settings = current_app.extensions["settings"]
    body = request.get_data()
    if not settings.gateway_secret or not is_signed(settings.gateway_secret, dict(request.headers), body, now()):
        abort(401)
    told = request.get_json(force=True, silent=True)
    return told if isinstance(told, dict) else abort(400)


def _taken() -> Response:
    return Response("", 200, mimetype="text/plain")
