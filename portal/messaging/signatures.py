"""Signatures over what two systems tell each other (Standard Webhooks 1.0.0: HMAC-SHA256 over id, time and body)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

FRESH = timedelta(minutes=5)


def signed_headers(secret: str, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """The three headers that go with `body`. `now`: aware."""
    stamp = str(int(now.timestamp()))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{_signature(secret, message_id, stamp, body)}",
    }


def is_signed(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether `body` was signed with `secret` within the last five minutes (or is as much ahead of our clock)."""
    headers = {name.lower(): value for name, value in headers.items()}
    message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not message_id or not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        return False
    if abs(int(stamp) - int(now.timestamp())) > FRESH.total_seconds():
        return False
    expected = _signature(secret, message_id, stamp, body)
    given = (part.partition(",") for part in headers.get("webhook-signature", "").split())
    return any(version == "v1" and hmac.compare_digest(value, expected) for version, _, value in given)


def _signature(secret: str, message_id: str, stamp: str, body: bytes) -> str:
    signed = f"{message_id}.{stamp}.".encode() + body
    return base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()
