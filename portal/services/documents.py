"""Papers that a borrower sends: kept sealed, once each, with a reason for each that is not kept."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import keyring
from portal.exchange.papers import Accepted, Read, Refused
from portal.models import Borrower, Dispute, Document, HardshipRequest, Letter, PaidNotice
from portal.services.records import Actor, audit, emit

MOST_AT_ONCE = 10
MOST_A_DAY = 40
LONGEST_NAME = 120

# What a paper can belong to, and the column that says so.
Subject = HardshipRequest | Dispute | Letter | PaidNotice
COLUMNS = {HardshipRequest: "request_id", Dispute: "dispute_id", Letter: "letter_id", PaidNotice: "paid_notice_id"}


@dataclass(frozen=True)
class Received:
    """A file as it came: its name on the phone, its bytes, and what they were read as. Both None: there was no room left."""

    name: str
    content: bytes | None
    read: Read | None


@dataclass(frozen=True)
class NotKept:
    """code: one of portal.exchange.papers.CODES, or too_many."""

    name: str
    code: str


def room(session: Session, borrower: Borrower, now: datetime) -> int:
    """How many papers `borrower` may send now: a few at once, and so many in 24 hours."""
    sent = session.scalar(
        select(func.count(Document.id)).where(
            Document.borrower_id == borrower.id, Document.recorded_at > now - timedelta(hours=24)
        )
    )
    return max(min(MOST_AT_ONCE, MOST_A_DAY - (sent or 0)), 0)


def keep(
    session: Session,
    borrower: Borrower,
    subject: Subject,
    files: Sequence[Received],
    now: datetime,
    kind: str | None = None,
) -> list[NotKept]:
    """Keeps the papers among `files` with what they belong to; those that can't be kept, each with its reason. A file that
    is there already is one paper. kind: what the borrower says that they are."""
    session.refresh(subject, with_for_update=True)  # numbers are given one after the other
    column = getattr(Document, COLUMNS[type(subject)])
    refused = []
    for file in files:
        if not isinstance(file.read, Accepted) or file.content is None:
            refused.append(NotKept(file.name, file.read.code if isinstance(file.read, Refused) else "too_many"))
        elif not _is_there(session, column == subject.id, file.content):
            _add(session, borrower, subject, file.name, file.content, file.read, kind, now)
    return refused


def _is_there(session: Session, of_subject: object, content: bytes) -> bool:
    found = select(Document.id).where(
        of_subject,  # type: ignore[arg-type]
        Document.content_hash == keyring(session).lookup("document", content),
        Document.removed_at.is_(None),
    )
    return session.scalar(found) is not None


def _add(
    session: Session,
    borrower: Borrower,
    subject: Subject,
    name: str,
    content: bytes,
    read: Accepted,
    kind: str | None,
    now: datetime,
) -> None:
    keys, public_id = keyring(session), secrets.token_hex(12)
    column = COLUMNS[type(subject)]
    last = session.scalar(select(func.max(Document.number)).where(getattr(Document, column) == subject.id))
    document = Document(
        public_id=public_id,
        borrower_id=borrower.id,
        number=(last or 0) + 1,
        kind=kind,
        media_type=read.media_type,
        pages=read.pages,
        size=len(read.content),
        name_sealed=keys.seal("name", name[:LONGEST_NAME]),
        content_hash=keys.lookup("document", content),
        content_sealed=keys.seal_bytes(f"document:{public_id}", read.content),
        recorded_at=now,
    )
    setattr(document, column, subject.id)
    session.add(document)
    session.flush()
    emit(session, "document.kept", "borrower", borrower.id, now, {"document": document.id})
    audit(session, Actor.borrower(borrower), "send_document", "done", "document", document.id, now, {"of": column})


def content(session: Session, document: Document) -> bytes:
    """The paper itself. Raises portal.crypto.CannotOpen where it was moved from another row."""
    return keyring(session).open_bytes(f"document:{document.public_id}", document.content_sealed)


def take_back(session: Session, borrower: Borrower, document: Document, now: datetime) -> bool:
    """Erases a paper of a request that was not sent yet; False where it was: then others have read it."""
    request = session.get(HardshipRequest, document.request_id) if document.request_id else None
    may = request is not None and request.sent_at is None
    if may and document.removed_at is None:
        document.content_sealed, document.name_sealed, document.removed_at = b"", None, now
    session.flush()
    outcome = "done" if may else "not_possible"
    audit(session, Actor.borrower(borrower), "take_back_document", outcome, "document", document.id, now)
    return may
