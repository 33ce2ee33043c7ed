"""People who borrow, how they want to be contacted, and numbers that must not be written to."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Key, Model
from portal.models.staff import Staff


class Borrower(Model):
    """A person. What identifies them is sealed (`*_sealed`, see portal.crypto) and found by keyed hash (`*_hash`)."""

    __tablename__ = "borrower"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # random; stands in addresses and in no paper
    client_number: Mapped[str | None] = mapped_column(unique=True)  # the lender's own, as text
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    name: Mapped[str]
    greeting: Mapped[str | None]  # how to address them, where the lender knows ("Ms Chen", "陈女士")
    language: Mapped[str]
    zone: Mapped[str]  # contact hours are of this zone
    phone_sealed: Mapped[str | None]  # E.164
    phone_typed_sealed: Mapped[str | None]  # as the lender's system had it
    phone_hash: Mapped[str | None] = mapped_column(index=True)
    birth_date_sealed: Mapped[str | None]  # ISO
    id_last_four_sealed: Mapped[str | None]
    email_sealed: Mapped[str | None]
    email_hash: Mapped[str | None] = mapped_column(index=True)
    word_hash: Mapped[str | None]  # argon2id of the personal word, asked for beside the rest once it is set
    word_set_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]

    officer: Mapped[Staff | None] = relationship()


class ContactWish(Model):
    """How a borrower wants to be contacted from `recorded_at` on; the newest row holds, the older ones tell what held when a
    contact was made. An opt-out is a hold (portal.models.contact.Hold) and no row here."""

    __tablename__ = "contact_wish"
    __table_args__ = (Index("ix_contact_wish_borrower_id_recorded_at", "borrower_id", "recorded_at"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrower.id"))
    forms: Mapped[list[Any]]  # of text, email, call, visit, letter: those that are welcome
    days: Mapped[list[Any]]  # 0 (Monday) to 6; empty: any day
    opens: Mapped[str | None]  # HH:MM of the borrower's zone; None: any hour that the rules allow
    closes: Mapped[str | None]
    recorded_at: Mapped[datetime]


class Correction(Model):
    """A detail of theirs that a borrower says is wrong, with what it should be; staff correct it or say why not."""

    __tablename__ = "correction"
    __table_args__ = (CheckConstraint("status IN ('open', 'corrected', 'not_corrected')", name="status"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrower.id"), index=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    detail: Mapped[str]  # name, greeting, phone, email, birth_date, other
    should_be_sealed: Mapped[str]
    status: Mapped[str]
    recorded_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    answer_sealed: Mapped[str | None]

    borrower: Mapped[Borrower] = relationship()


class StoppedNumber(Model):
    """A number that is not the borrower's, or whose owner wants nothing from us: no text goes there."""

    __tablename__ = "stopped_number"

    phone_hash: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]  # wrong_number
    borrower_id: Mapped[int | None] = mapped_column(ForeignKey("borrower.id"))
    stopped_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]  # staff have dealt with the notice; the number stays stopped
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
