"""People who borrow, and numbers that must not be written to."""

from datetime import datetime

from sqlalchemy import ForeignKey
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
    recorded_at: Mapped[datetime]

    officer: Mapped[Staff | None] = relationship()


class StoppedNumber(Model):
    """A number that is not the borrower's, or whose owner wants nothing from us: no text goes there."""

    __tablename__ = "stopped_number"

    phone_hash: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]  # wrong_number
    borrower_id: Mapped[int | None] = mapped_column(ForeignKey("borrower.id"))
    stopped_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]  # staff have dealt with the notice; the number stays stopped
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
