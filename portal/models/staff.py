"""People who work for the lender."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Key, Model
from portal.models.lender import Branch


class Staff(Model):
    """A loan officer, supervisor, admin or auditor. `branch_id` None means every branch."""

    __tablename__ = "staff"
    __table_args__ = (CheckConstraint("role IN ('officer', 'supervisor', 'admin', 'auditor')", name="role"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)  # lower case
    name: Mapped[str]
    names: Mapped[dict[str, Any]]  # how the name is written per language, where it differs
    spoken: Mapped[list[Any]]  # language tags, best first
    phone: Mapped[str]
    role: Mapped[str]
    language: Mapped[str]
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branch.id"))
    password_hash: Mapped[str]
    recorded_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    branch: Mapped[Branch | None] = relationship()
