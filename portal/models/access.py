"""Links, attempts to open them, sessions, and forms that were sent."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Key, Model
from portal.models.borrower import Borrower


class Link(Model):
    """A short link that stood in a text. Only the hash of its token is kept."""

    __tablename__ = "link"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrower.id"), index=True)
    purpose: Mapped[str]  # home, difficulty, request, pay, consent, check_in
    language: Mapped[str]
    phone_hash: Mapped[str | None]  # the number it was sent to
    opens: Mapped[int]  # a counter: all that a GET may change
    recorded_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    borrower: Mapped[Borrower] = relationship()


class LinkAsked(Model):
    """Somebody asked for a new link. The page that takes this looks nothing up, so that it answers alike, and as fast,
    whether we know the number or not; the worker looks, and the row is gone."""

    __tablename__ = "link_asked"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    phone_hash: Mapped[str | None]  # where what was typed can be a phone number
    typed_sealed: Mapped[str]
    recorded_at: Mapped[datetime]


class Attempt(Model):
    """One try at something that is limited. `key_hash` is the link's, the person's or the address's, never in clear."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_kind_key_hash_at", "kind", "key_hash", "at"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str]  # the kind of a portal.services.attempts.Limit: verify_person, sign_in_address, …
    key_hash: Mapped[str]
    succeeded: Mapped[bool]
    at: Mapped[datetime]


class WebSession(Model):
    """Somebody is signed in: a borrower or a member of staff. The row ends it, whatever the cookie says."""

    __tablename__ = "web_session"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    borrower_id: Mapped[int | None] = mapped_column(ForeignKey("borrower.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Submission(Model):
    """A form that was sent: the second of two equal submissions gets the first's answer."""

    __tablename__ = "submission"

    form_key: Mapped[str] = mapped_column(primary_key=True)
    by: Mapped[str]  # who sent it: borrower:ID or staff:ID
    location: Mapped[str]  # where the first was sent on to
    recorded_at: Mapped[datetime]


class AccessCode(Model):
    """The second way in, for those who rightly distrust links: a short code that an officer says or the lender prints, typed
    at the address that stands on the contract. Only its keyed hash is kept; it is spent by a verification that succeeds."""

    __tablename__ = "access_code"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrower.id"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # None: printed
    recorded_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    borrower: Mapped[Borrower] = relationship()


class KeptForm(Model):
    """What was typed into a form whose session had run out: given back to the same person after a fresh check, to nobody
    else, and erased then or after a while."""

    __tablename__ = "kept_form"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    borrower_id: Mapped[int | None] = mapped_column(ForeignKey("borrower.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    path: Mapped[str]  # where the form was sent to; addresses hold no personal data
    values_sealed: Mapped[str]
    recorded_at: Mapped[datetime]
