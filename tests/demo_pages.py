"""Every page of the demo's lender, seen by somebody to whom it has something to say: photographed, weighed and swept.

A new page gets its line in `pages`. A guard (tests/browser/test_sweep.py) names those that have none.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flask import Flask
from sqlalchemy import select

from portal.app import create_app
from portal.config import read_settings
from portal.db import current_session, transaction
from portal.demo.people import ADMIN, FEATURED, GUARANTOR, OFFICER
from portal.demo.run import demo_environment, free_port, portal, running, wait_until_it_answers
from portal.models import (
    Borrower,
    CheckIn,
    Complaint,
    Dispute,
    Document,
    GuarantorConsent,
    HardshipRequest,
    LedgerEntry,
    Letter,
    Loan,
    LoanPerson,
    Offer,
    Plan,
    Product,
    Staff,
)
from portal.services import links, requests, sessions

NOW = "2026-11-25T10:00:00+08:00"
# Name, address, and who reads it (None: a stranger).
Listed = tuple[str, str, Borrower | Staff | None]


@contextmanager
def a_demo() -> Iterator[tuple[Flask, str]]:
    """An app on the demo's database, and the address of the server beside it."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        environment = {**demo_environment(folder, port), "PORTAL_NOW": NOW, "PORTAL_LOG_LEVEL": "WARNING"}
        subprocess.run(portal("demo-data"), env=environment, check=True, stdout=subprocess.DEVNULL)
        with running([portal("serve", "--port", str(port))], environment, folder / "log") as processes:
            wait_until_it_answers(f"http://127.0.0.1:{port}/health", processes[0])
            with patch.dict(
                os.environ, {key: value for key, value in environment.items() if key.startswith("PORTAL_")}
            ):
                app = create_app(read_settings())
            yield app, f"http://127.0.0.1:{port}"
            app.extensions["engine"].dispose()


def pages() -> Iterator[Listed]:
    """Every page, seen by somebody to whom it has something to say. To be asked once a demo: it adds what the demo lacks."""
    session = current_session()
    featured = session.scalars(select(Borrower).where(Borrower.name == FEATURED.name)).one()
    officer = session.scalars(select(Staff).where(Staff.email == OFFICER)).one()
    loan_id = session.scalars(
        select(Loan.public_id).join(LoanPerson).where(LoanPerson.borrower_id == featured.id)
    ).one()
    plan = session.scalars(select(Plan).order_by(Plan.id)).first()
    dispute = session.scalars(select(Dispute).order_by(Dispute.id)).first()
    assert plan and dispute
    with transaction() as writable:
        token = links.mint_link(writable, featured, "home", datetime.fromisoformat(NOW))
        stop = links.mint_link(writable, featured, "unsubscribe", datetime.fromisoformat(NOW))
    yield "verify", f"/l/{token}", None
    yield "not-me", f"/l/{token}/not-me", None
    yield "unsubscribe", f"/u/{stop}", None
    yield "paper", "/paper", None
    yield "new-link", "/new-link", None
    yield "home", "/my/", featured
    yield "schedule", f"/my/loans/{loan_id}/schedule", featured
    yield "difficulty", f"/my/loans/{loan_id}/difficulty", featured
    for name in ("change", "lasting", "words", "budget", "plans"):
        yield name, f"/my/loans/{loan_id}/difficulty/{name}", featured
    yield "season", f"/my/loans/{loan_id}/difficulty/season", featured
    yield "papers", f"/my/loans/{loan_id}/difficulty/documents", featured
    for name in ("history", "pay", "paid", "promise", "skip", "dispute"):
        yield name, f"/my/loans/{loan_id}/{name}", featured
    yield "check", *_a_draft()
    yield "consent", *_a_consent()
    yield "check-in", *_a_check_in()
    came = session.scalars(select(LedgerEntry).join(Loan).where(Loan.public_id == loan_id)).first()
    assert came is not None
    yield "receipt", f"/my/loans/{loan_id}/receipts/R-{came.id:06d}", featured
    for status in ("sent", "asked", "offered", "agreed"):
        request = _request(status)
        yield f"request-{status}", f"/my/requests/{request.public_id}", request.borrower
    yield "agreement", f"/my/agreements/{plan.public_id}", plan.request.borrower
    yield "home-in-plan", "/my/", plan.request.borrower
    written = session.scalars(select(Letter).where(Letter.staff_id.is_not(None))).first()
    paper = session.scalars(select(Document)).first()
    assert written and paper
    yield "letters", "/my/letters", written.borrower
    request_id = session.scalars(select(HardshipRequest.public_id).where(HardshipRequest.id == paper.request_id)).one()
    yield "documents", f"/my/requests/{request_id}/documents", paper.borrower
    yield "staff-letters", f"/staff/letters/{written.borrower.public_id}", officer
    yield "dispute-sent", f"/my/disputes/{dispute.public_id}", dispute.borrower
    yield "passbook", "/my/passbook", featured
    yield "contact", "/my/contact", featured
    yield "complain", "/my/complaints/new", featured
    yield "my-data", "/my/data", featured
    for name, is_open in (("complaint", True), ("complaint-answered", False)):
        complaint = session.scalars(select(Complaint).where(Complaint.is_open.is_(is_open))).first()
        assert complaint is not None
        yield name, f"/my/complaints/{complaint.public_id}", complaint.borrower
    yield "advice", "/advice", None
    yield "word", "/my/word", featured
    yield "link-ended", "/l/ended", None
    yield "enter", "/enter", None
    yield "today", "/today", None
    yield "today-known", "/today", featured
    yield "signed-out", "/signed-out", None
    yield "not-found", "/nowhere", None
    yield "outbox", "/demo/outbox", None
    yield "staff-sign-in", "/staff/sign-in", None
    yield "requests", "/staff/", officer
    yield "case", f"/staff/requests/{_request('sent').public_id}", officer
    yield "notices", "/staff/notices", officer
    yield "ways-in", f"/staff/borrowers/{featured.public_id}/ways-in", officer
    admin = session.scalars(select(Staff).where(Staff.email == ADMIN)).one()
    product = session.scalars(select(Product.id).order_by(Product.id)).first()
    yield "products", "/staff/products", officer
    yield "product", f"/staff/products/{product}", admin
    yield "product-draft", f"/staff/products/{product}/next", admin


def _a_draft() -> tuple[str, Borrower]:
    """The last step of a request that was told and not sent."""
    with transaction() as session:
        taken = select(HardshipRequest.loan_id).where(HardshipRequest.is_open.is_(True))
        loan = session.scalars(
            select(Loan).where(Loan.status == "open", Loan.id.not_in(taken)).order_by(Loan.id)
        ).all()[-1]
        borrower, now = loan.people[0].borrower, datetime.fromisoformat(NOW)
        draft = requests.begin(session, borrower, loan, borrower.language, now)
        requests.save(session, borrower, draft, now, change="less_work", lasting="three_months", words="Fewer hours.")
        requests.suggest(session, borrower, draft, now)
        return f"/my/loans/{loan.public_id}/difficulty/check", borrower


def _a_consent() -> tuple[str, Borrower]:
    """What a guarantor is asked, with the figures of an offer that there is."""
    with transaction() as session:
        offer = session.scalars(select(Offer).order_by(Offer.id)).first()
        guarantor = session.scalars(select(Borrower).where(Borrower.name == GUARANTOR.name)).one()
        assert offer is not None
        consent = GuarantorConsent(
            public_id="0123456789abcdef",
            request_id=offer.request_id,
            guarantor_id=guarantor.id,
            status="asked",
            terms=offer.terms,
            figures=offer.figures,
            fingerprint=offer.figures["fingerprint"],
            asked_at=datetime.fromisoformat(NOW),
            language=guarantor.language,
        )
        session.add(consent)
        return f"/my/consents/{consent.public_id}", guarantor


def _a_check_in() -> tuple[str, Borrower]:
    found = current_session().scalars(select(CheckIn).order_by(CheckIn.id)).first()
    assert found is not None
    return f"/my/check-ins/{found.public_id}", found.plan.request.borrower


def _request(status: str) -> HardshipRequest:
    found = current_session().scalars(select(HardshipRequest).where(HardshipRequest.status == status)).first()
    assert found is not None, f"the demo has no request that is {status}"
    return found


def cookie(app: Flask, base: str, who: Borrower | Staff) -> Any:
    """The cookie of a session of `who`, as a browser would hold it."""
    with transaction() as session:
        token = sessions.begin(session, who, app.extensions["clock"].now())
    held = {"borrower": token} if isinstance(who, Borrower) else {"_user_id": token, "_fresh": True}
    signed = app.session_interface.get_signing_serializer(app).dumps(held)  # type: ignore[attr-defined]
    return {"name": "leeway", "value": signed, "url": base}
