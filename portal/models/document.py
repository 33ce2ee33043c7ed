"""Papers that a borrower sent: re-encoded, without metadata, sealed."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from portal.db import Key, Model
from portal.models.borrower import Borrower


class Document(Model):
    """One picture or PDF as we keep it. `number` names it, in addresses and files; the name that it had on the borrower's
    phone is kept to be shown and for nothing else. What was taken back has a row still, and no content."""

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrower.id"), index=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("hardship_request.id"), index=True)
    dispute_id: Mapped[int | None] = mapped_column(ForeignKey("dispute.id"), index=True)
    paid_notice_id: Mapped[int | None] = mapped_column(ForeignKey("paid_notice.id"), index=True)
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"), index=True)
    number: Mapped[int]  # 1, 2, … among the papers of one request, dispute, notice or letter
    kind: Mapped[str | None]  # what the borrower says it is: a code of portal.forms.documents.KINDS
    name_sealed: Mapped[str | None]
    media_type: Mapped[str]  # image/jpeg or application/pdf
    pages: Mapped[int]
    size: Mapped[int] = mapped_column(BigInteger)  # bytes, before sealing
    content_hash: Mapped[str]  # keyed hash of what was received, so that the same file twice is one paper
    content_sealed: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    recorded_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    borrower: Mapped[Borrower] = relationship()
