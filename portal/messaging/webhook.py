"""A lender's own gateway: each text is posted to it as signed JSON."""

import json
from collections.abc import Callable
from datetime import datetime

import httpx

from portal.messaging.gateway import Adapter, Email, Outcome, Refused, Sendable, Sent, TryLater
from portal.messaging.signatures import signed_headers

TIMEOUT = httpx.Timeout(15.0, connect=5.0)
# The receiver says that it took nothing and may be asked again.
PASSING = frozenset({425, 429, 502, 503})


class WebhookGateway(Adapter):
    """Posts {to, text, reference, language, receipts}; `reference` is the same for the same text, so that a receiver can
    drop a repetition. 2xx: taken, with {"id": …} or our reference as the provider's id; 425, 429, 502, 503: not now; any
    other answer: never, with {"error": …} as the reason ("unsubscribed": the network lets nothing through to this number).
    No answer: nobody knows."""

    name = "webhook"

    def __init__(self, url: str, secret: str, now: Callable[[], datetime]) -> None:
        self._url = url
        self._secret = secret
        self._now = now

    def hand_over(self, message: Sendable) -> Outcome:
        if isinstance(message, Email):
            return Refused("no_email_here")
        body = json.dumps(
            {
                "to": message.to,
                "text": message.words,
                "reference": message.reference,
                "language": message.language,
                "receipts": message.receipts,
            },
            ensure_ascii=False,
        ).encode()
        headers = signed_headers(self._secret, message.reference, body, self._now())
        try:
            answer = httpx.post(
                self._url, content=body, headers=headers | {"Content-Type": "application/json"}, timeout=TIMEOUT
            )
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return TryLater("no_connection")
        if answer.status_code in PASSING:
            return TryLater(f"http_{answer.status_code}")
        if not answer.is_success:
            return Refused(_named(answer, "error") or f"http_{answer.status_code}")
        return Sent(_named(answer, "id") or message.reference)


def _named(answer: httpx.Response, key: str) -> str | None:
    try:
        found = answer.json()
    except ValueError:
        return None
    named = found.get(key) if isinstance(found, dict) else None
    return str(named)[:200] if named else None
