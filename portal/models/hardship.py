"""A hardship request from its draft to its end, with every step, question and offer."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Key, Model
from portal.models.borrower import Borrower
from portal.models.loan import Loan
from portal.models.staff import Staff


class HardshipRequest(Model):
    """What a borrower tells and asks. `status` is assigned by portal.services.hardship alone; `version` counts every
    change, so that a decision on what somebody didn't see is refused."""

    __tablename__ = "hardship_request"
    __table_args__ = (
        # One open request per loan, held by the database, so that two tabs can't make two.
        Index(
            "uq_hardship_request_open",
            "loan_id",
            unique=True,
            postgresql_where=text("is_open"),
            sqlite_where=text("is_open"),
        ),
        Index("ix_hardship_request_open_answer_by", "is_open", "answer_by"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"), index=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrower.id"), index=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    # hardship, or skip: one payment moved to the end, within what the lender allows unasked
    kind: Mapped[str] = mapped_column(default="hardship")
    status: Mapped[str]
    is_open: Mapped[bool]
    version: Mapped[int]
    language: Mapped[str]
    change: Mapped[str | None]  # what changed: a code of portal.domain.hardship.CHANGES
    lasting: Mapped[str | None]  # how long: a code of portal.domain.hardship.LASTING
    words_sealed: Mapped[str | None]  # the borrower's own words
    urgent: Mapped[bool] = mapped_column(default=False)  # words of despair in it: on top of the queue
    words_consent_at: Mapped[datetime | None]  # when the borrower agreed that we keep and read what may be private
    budget: Mapped[dict[str, Any] | None]  # lines by code, in minor units; None: skipped or not yet
    budget_per: Mapped[str] = mapped_column(default="month")  # portal.domain.affordability.Per
    season: Mapped[dict[str, Any] | None]  # portal.domain.season_plan.GoodMonths
    option: Mapped[str | None]  # which of the plans on offer was chosen
    proposed: Mapped[dict[str, Any] | None]  # portal.domain.restructuring.PlanTerms
    proposed_figures: Mapped[dict[str, Any] | None]  # rows and comparison as the borrower saw them
    recorded_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    answer_by: Mapped[date | None]
    left_over: Mapped[int | None] = mapped_column(BigInteger)  # from the budget, a month

    loan: Mapped[Loan] = relationship()
    borrower: Mapped[Borrower] = relationship()
    officer: Mapped[Staff | None] = relationship()
    steps: Mapped[list["HardshipStep"]] = relationship(order_by="HardshipStep.id")
    offers: Mapped[list["Offer"]] = relationship(order_by="Offer.number")
    questions: Mapped[list["Question"]] = relationship(order_by="Question.id")


class HardshipStep(Model):
    """One move of a request, never changed."""

    __tablename__ = "hardship_step"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("hardship_request.id"), index=True)
    action: Mapped[str]
    status_before: Mapped[str]
    status_after: Mapped[str]
    role: Mapped[str]  # borrower, officer, supervisor, system
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    letter_sealed: Mapped[str | None]  # what the officer wrote to the borrower
    reason: Mapped[str | None]  # a code, where the step has one
    version: Mapped[int]
    at: Mapped[datetime]

    staff: Mapped[Staff | None] = relationship()


class Offer(Model):
    """A plan that an officer offers, with the figures as they were shown."""

    __tablename__ = "offer"
    __table_args__ = (UniqueConstraint("request_id", "number"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("hardship_request.id"))
    number: Mapped[int]
    status: Mapped[str]  # open, accepted, refused, superseded, expired
    terms: Mapped[dict[str, Any]]
    figures: Mapped[dict[str, Any]]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # None: new figures for the same terms
    made_at: Mapped[datetime]
    expires_on: Mapped[date]

    made_by: Mapped[Staff | None] = relationship()


class Question(Model):
    """Something the officer asked, and the borrower's answer."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("hardship_request.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    words_sealed: Mapped[str]
    asked_at: Mapped[datetime]
    answer_sealed: Mapped[str | None]
    answered_at: Mapped[datetime | None]

    asked_by: Mapped[Staff] = relationship()
