"""What a provider tells of a message after it took it. States only move forward, in whatever order they come in."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import keyring
from portal.models import Hold, Message, MessageReceipt
from portal.services.records import emit

# A text that was delivered after all was delivered.
ORDER = ("accepted", "undelivered", "delivered")
# What an email's server says for good (RFC 3463, class 5): writing there again helps nobody.
FOR_GOOD = "5."


def key_of(session: Session, message_id: int) -> str:
    """What stands in the address at which a provider tells of message `message_id`, so that nobody else can."""
    return keyring(session).lookup("receipt", str(message_id))[:32]


def record_receipt(session: Session, message_id: int, state: str, code: str | None, now: datetime) -> Message | None:
    """Writes down what a provider told; the message, or None where it is none that went out. An email address that is
    refused for good gets no more email."""
    message = session.scalar(select(Message).where(Message.id == message_id).with_for_update())
    if message is None or state not in ORDER or message.status not in ("claimed", "sent", "unknown"):
        return None
    session.add(MessageReceipt(message_id=message.id, state=state, code=code, at=now))
    if message.receipt is None or ORDER.index(state) > ORDER.index(message.receipt):
        message.receipt = state
        emit(session, f"message.{state}", "borrower", message.borrower_id, now, {"message": message.id})
    if message.form == "email" and state == "undelivered" and (code or "").startswith(FOR_GOOD):
        _hold_email(session, message, now)
    session.flush()
    return message


def _hold_email(session: Session, message: Message, now: datetime) -> None:
    held = select(Hold.id).where(
        Hold.borrower_id == message.borrower_id, Hold.kind == "bounced", Hold.ends_at.is_(None)
    )
    if session.scalar(held) is None:
        session.add(Hold(borrower_id=message.borrower_id, kind="bounced", form="email", starts_at=now, recorded_at=now))
        emit(session, "email.bounced", "borrower", message.borrower_id, now, {"message": message.id})
