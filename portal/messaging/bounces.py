"""What a mail server says of an email that it could not deliver (RFC 3464)."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import default


@dataclass(frozen=True)
class Report:
    """reference: of our message. state: delivered or undelivered. code: the server's, for instance 5.1.1. A delay is no
    report."""

    reference: str
    state: str
    code: str


STATES = {"failed": "undelivered", "delivered": "delivered", "relayed": "delivered", "expanded": "delivered"}


def read_report(raw: bytes) -> Report | None:
    """The report in an email as it came in; None where it is none, is about no email of ours, or tells of a delay."""
    received = message_from_bytes(raw, policy=default)
    if received.get_content_type() != "multipart/report":
        return None
    fields: dict[str, str] = {}
    reference = ""
    for part in received.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            for block in blocks if isinstance(blocks, list) else []:
                if isinstance(block, Message):
                    fields |= {name.lower(): str(value) for name, value in block.items()}
        elif part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            reference = _reference(part)
    state = STATES.get(fields.get("action", "").strip().lower())
    if state is None or not reference:
        return None
    return Report(reference, state, fields.get("status", "").strip()[:20])


def _reference(part: Message) -> str:
    """The local part of the Message-ID that we gave: digits, since it is a message's id."""
    inner = part.get_payload()
    original = inner[0] if isinstance(inner, list) and inner else message_from_bytes(str(inner).encode())
    if not isinstance(original, Message):
        return ""
    local = str(original.get("Message-ID", "")).strip().strip("<>").partition("@")[0]
    return local if local.isascii() and local.isdigit() else ""
