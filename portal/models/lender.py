"""The lender of this deployment, its branches, and the loan products whose conventions loans pin."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Key, Model


class Lender(Model):
    """One row. Texts are kept per language tag (`{"en": …, "zh-Hans": …}`)."""

    __tablename__ = "lender"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    names: Mapped[dict[str, Any]]
    addresses: Mapped[dict[str, Any]]
    opening_hours: Mapped[dict[str, Any]]
    phone: Mapped[str]
    zone: Mapped[str]  # business dates are of this zone
    language: Mapped[str]
    verify_by: Mapped[list[Any]]  # of birth_date, id_last_four, phone_last_four: what borrowers may choose from
    money_decimals: Mapped[dict[str, Any]]  # currency -> decimals shown, where fewer than ISO 4217 has
    days_to_answer: Mapped[int]  # working days
    days_offer_open: Mapped[int]
    limits: Mapped[dict[str, Any]]  # portal.domain.policy.Limits
    ceilings: Mapped[list[Any]] = mapped_column(default=list)  # places whose ceilings on the cost of credit hold here
    cadence: Mapped[list[Any]]  # days from the due date at which a reminder may go, negative before it
    contact_rules: Mapped[list[Any]]  # names of rule sets; the stricter wins
    crisis_lines: Mapped[list[Any]]  # [{"phone": …, "names": {language: …}}]
    # How a payment can be made, in order: portal.domain.pay_ways.PayWay as plain data.
    pay_ways: Mapped[list[Any]] = mapped_column(default=list)
    # Where a complaint may go outside, and who advises freely, each by language but for the phone:
    # [{"names": {…}, "what": {…} (what they do), "phone": …, "address": {…}, "hours": {…}}]
    complaint_bodies: Mapped[list[Any]] = mapped_column(default=list)
    advice: Mapped[list[Any]] = mapped_column(default=list)
    # A plan needs the yes of whoever guarantees the loan.
    guarantor_consents: Mapped[bool] = mapped_column(default=True)
    credit_record_lines: Mapped[dict[str, Any]]  # what a plan does to a credit record, in the lender's words
    time_limit_lines: Mapped[dict[str, Any]]  # what accepting does to the time limit on an old debt


class Branch(Model):
    __tablename__ = "branch"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class Product(Model):
    """One version of a loan product: never changed, only followed by the next."""

    __tablename__ = "product"
    __table_args__ = (UniqueConstraint("name", "version"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str]
    version: Mapped[int]
    conventions: Mapped[dict[str, Any]]  # portal.domain.schedule.Conventions
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # None: an import, or the setting up
    reason: Mapped[str] = mapped_column(default="")  # why it differs from the version before, in its maker's words
    recorded_at: Mapped[datetime]
