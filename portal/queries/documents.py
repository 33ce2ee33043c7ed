"""Papers as a borrower finds their own, and as staff find those that were sent."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, undefer

from portal.db import keyring
from portal.models import Borrower, Document, HardshipRequest, Staff
from portal.queries.branches import in_branch
from portal.services.documents import COLUMNS, Subject


@dataclass(frozen=True)
class Paper:
    """One paper, without its content. `kind` and `name` are the borrower's; `size` is in bytes."""

    public_id: str
    number: int
    is_picture: bool
    pages: int
    size: int
    kind: str | None
    name: str | None
    recorded_at: datetime


def papers_of(session: Session, borrower: Borrower, subject: Subject) -> list[Paper]:
    """What `borrower` sent with `subject` and did not take back, the first first."""
    found = session.scalars(
        select(Document)
        .where(
            Document.borrower_id == borrower.id,
            getattr(Document, COLUMNS[type(subject)]) == subject.id,
            Document.removed_at.is_(None),
        )
        .order_by(Document.number)
    )
    keys = keyring(session)
    return [
        Paper(
            public_id=document.public_id,
            number=document.number,
            is_picture=document.media_type == "image/jpeg",
            pages=document.pages,
            size=document.size,
            kind=document.kind,
            name=keys.open("name", document.name_sealed) if document.name_sealed else None,
            recorded_at=document.recorded_at,
        )
        for document in found
    ]


def document_of(session: Session, borrower: Borrower, public_id: str) -> Document | None:
    """The paper with this public id where the borrower sent it and has not taken it back."""
    return session.scalar(
        select(Document)
        .where(Document.borrower_id == borrower.id, Document.public_id == public_id, Document.removed_at.is_(None))
        .options(undefer(Document.content_sealed))
    )


def find_document(session: Session, staff: Staff, public_id: str) -> Document | None:
    """The paper where `staff` may see it. What belongs to a request that nobody sent is the borrower's alone."""
    return session.scalar(
        select(Document)
        .join(Borrower, Borrower.id == Document.borrower_id)
        .outerjoin(HardshipRequest, HardshipRequest.id == Document.request_id)
        .where(
            in_branch(staff, Borrower.branch_id),
            Document.public_id == public_id,
            Document.removed_at.is_(None),
            or_(Document.request_id.is_(None), HardshipRequest.sent_at.is_not(None)),
        )
        .options(undefer(Document.content_sealed))
    )
