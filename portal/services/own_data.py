"""All that we hold about one borrower, to read and to take along: nobody else's data, and no note among staff."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.db import Model, keyring
from portal.domain.money import exponent
from portal.models import (
    Borrower,
    CheckIn,
    Complaint,
    Contact,
    ContactWish,
    Correction,
    Dispute,
    Document,
    GuarantorConsent,
    HardshipRequest,
    Hold,
    Letter,
    Loan,
    LoanPerson,
    Message,
    PaidNotice,
    Plan,
    Promise,
    Question,
)
from portal.services.records import Actor, audit

NOTE = "Amounts are in the smallest unit of the money (cents, where it has any). Times are UTC."
HOLDS_THE_LOAN = frozenset({"borrower", "co_borrower"})


def take_along(session: Session, borrower: Borrower, now: datetime) -> dict[str, Any]:
    """`own_data`, and that it was taken is written down."""
    audit(session, Actor.borrower(borrower), "download", "done", "borrower", borrower.id, now)
    return {"made_at": now.isoformat(), "note": NOTE, **own_data(session, borrower)}


def own_data(session: Session, borrower: Borrower) -> dict[str, Any]:
    """Plain values by section. Dates and instants are ISO texts."""
    return {
        "person": _person(session, borrower),
        "loans": _loans(session, borrower),
        "requests": _requests(session, borrower),
        "agreements": [
            _plain(plan, "agreed_at", "in_force", "agreement")
            for plan in session.scalars(
                select(Plan)
                .join(HardshipRequest, HardshipRequest.id == Plan.request_id)
                .where(HardshipRequest.borrower_id == borrower.id)
                .order_by(Plan.id)
            )
        ],
        "disputes": _own(
            session, Dispute, borrower, "recorded_at", "kind", "detail", "answer_by", "answered_at",
            words="words_sealed", should_be="should_be_sealed", answer="answer_sealed",
        ),
        "complaints": _own(
            session, Complaint, borrower, "recorded_at", "kind", "wishes", "answer_by", "outcome", "answered_at",
            words="words_sealed", answer="answer_sealed",
        ),
        "letters": [
            _plain(letter, "recorded_at", "language", from_you=letter.staff_id is None)
            | _opened(session, letter, letter="words_sealed")
            for letter in session.scalars(select(Letter).where(Letter.borrower_id == borrower.id).order_by(Letter.id))
        ],
        "payments_you_told_of": _own(
            session, PaidNotice, borrower, "recorded_at", "amount", "paid_on", "way", "status", "settled_at",
            words="words_sealed", answer="answer_sealed",
        ),
        "payments_you_promised": _own(
            session, Promise, borrower, "recorded_at", "amount", "promised_on", "status", "settled_at"
        ),
        "check_ins": [
            _plain(found, "kind", "ask_on", "asked_at", "answer", "answered_at")
            | _opened(session, found, words="words_sealed")
            for found in session.scalars(
                select(CheckIn)
                .join(Plan, Plan.id == CheckIn.plan_id)
                .join(HardshipRequest, HardshipRequest.id == Plan.request_id)
                .where(HardshipRequest.borrower_id == borrower.id, CheckIn.asked_at.is_not(None))
                .order_by(CheckIn.id)
            )
        ],
        "contacts": _contacts(session, borrower),
        "how_you_want_to_be_contacted": _own(
            session, ContactWish, borrower, "recorded_at", "forms", "days", "opens", "closes"
        ),
        "reminders_stopped": [
            _plain(hold, "starts_at", "ends_at")
            for hold in session.scalars(
                select(Hold).where(Hold.borrower_id == borrower.id, Hold.kind == "opt_out").order_by(Hold.id)
            )
        ],
        "consents_as_guarantor": [
            _plain(consent, "asked_at", "status", "answered_at", "figures")
            for consent in session.scalars(
                select(GuarantorConsent)
                .where(GuarantorConsent.guarantor_id == borrower.id)
                .order_by(GuarantorConsent.id)
            )
        ],
        "papers": [
            _plain(paper, "recorded_at", "kind", "media_type", "pages", "size", "removed_at")
            for paper in session.scalars(
                select(Document).where(Document.borrower_id == borrower.id).order_by(Document.id)
            )
        ],
        "corrections": _own(
            session, Correction, borrower, "recorded_at", "detail", "status", "settled_at",
            should_be="should_be_sealed", answer="answer_sealed",
        ),
    }  # fmt: skip


def _person(session: Session, borrower: Borrower) -> dict[str, Any]:
    sealed = {name: f"{name}_sealed" for name in ("phone", "birth_date", "id_last_four", "email")}
    return _plain(
        borrower,
        "name",
        "greeting",
        "client_number",
        "language",
        "zone",
        has_personal_word=borrower.word_hash is not None,
    ) | _opened(session, borrower, **sealed)


def _loans(session: Session, borrower: Borrower) -> list[dict[str, Any]]:
    """A guarantor gets the loan's number: the rest is the borrower's."""
    parts = session.execute(
        select(Loan, LoanPerson.role)
        .join(LoanPerson)
        .where(LoanPerson.borrower_id == borrower.id)
        .options(selectinload(Loan.entries))
        .order_by(Loan.id)
    )
    found = []
    for loan, role in parts:
        about = _plain(loan, "reference", role=role)
        if role in HOLDS_THE_LOAN:
            about |= _plain(
                loan, "currency", "principal", "annual_rate", "method", "installments", "every", "unit",
                "disbursed_on", "first_due_on", "status", "stated_balance", "stated_overdue",
                decimals=exponent(loan.currency),
                payments=[_plain(entry, "kind", "amount", "effective_on", "recorded_at") for entry in loan.entries],
            )  # fmt: skip
        found.append(about)
    return found


def _requests(session: Session, borrower: Borrower) -> list[dict[str, Any]]:
    requests = session.scalars(
        select(HardshipRequest)
        .where(HardshipRequest.borrower_id == borrower.id)
        .options(
            selectinload(HardshipRequest.steps),
            selectinload(HardshipRequest.offers),
            selectinload(HardshipRequest.questions),
        )
        .order_by(HardshipRequest.id)
    )
    return [
        _plain(
            request, "recorded_at", "kind", "status", "sent_at", "answer_by", "change", "lasting", "words_consent_at",
            "budget", "budget_per", "season", "left_over", "proposed",
            steps=[
                _plain(step, "action", "at", "role") | _opened(session, step, letter="letter_sealed")
                for step in request.steps
            ],
            questions=[_question(session, question) for question in request.questions],
            offers=[_plain(offer, "number", "status", "terms", "made_at", "expires_on") for offer in request.offers],
        )
        | _opened(session, request, words="words_sealed")
        for request in requests
    ]  # fmt: skip


def _question(session: Session, question: Question) -> dict[str, Any]:
    return _plain(question, "asked_at", "answered_at") | _opened(
        session, question, question="words_sealed", answer="answer_sealed"
    )


def _contacts(session: Session, borrower: Borrower) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Contact, Message)
        .outerjoin(Message, Message.id == Contact.message_id)
        .where(Contact.borrower_id == borrower.id)
        .order_by(Contact.id)
    )
    return [
        _plain(contact, "at", "form", "unit", "purpose", "agency", "outcome", "next_step", "next_on")
        | _opened(session, contact, words="words_sealed")
        | (_opened(session, message, text="text_sealed") if message else {})
        for contact, message in rows
    ]


def _own(session: Session, kind: Any, borrower: Borrower, *columns: str, **sealed: str) -> list[dict[str, Any]]:
    rows = session.scalars(select(kind).where(kind.borrower_id == borrower.id).order_by(kind.id))
    return [_plain(row, *columns) | _opened(session, row, **sealed) for row in rows]


def _plain(row: Model, *columns: str, **more: Any) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in columns}
    return {
        name: value.isoformat() if isinstance(value, date | datetime) else value for name, value in values.items()
    } | more


def _opened(session: Session, row: Model, **sealed: str) -> dict[str, str | None]:
    """What is sealed in columns of `row`, by the kind under which it was sealed."""
    keys = keyring(session)
    values = {kind: getattr(row, column) for kind, column in sealed.items()}
    return {kind: keys.open(kind, value) if value else None for kind, value in values.items()}
