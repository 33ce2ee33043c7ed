"""What a verified borrower sees and does."""

from flask import Blueprint, abort, redirect
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from portal.access import current_borrower, now
from portal.clock import local_date
from portal.db import current_session
from portal.models import Borrower
from portal.presentation import current_language
from portal.queries.borrower_loans import LoanView, loan_view
from portal.queries.lender import OfficerText, officer_text, the_lender

blueprint = Blueprint("borrower", __name__, url_prefix="/my")


def me() -> Borrower:
    """The borrower of this request; the views here are open to none but a verified one."""
    borrower = current_borrower()
    assert borrower is not None
    return borrower


def my_loan(loan_id: str) -> LoanView:
    """The loan of this address where it is the borrower's; else the same 404 as for one that doesn't exist."""
    lender = the_lender(current_session())
    view = loan_view(current_session(), me(), loan_id, lender, local_date(now(), lender.zone))
    return view if view is not None else abort(404)


def my_officer() -> OfficerText | None:
    """Who looks after the borrower's loans, as their language writes it."""
    officer = me().officer
    return officer_text(officer, current_language()) if officer else None


def as_pdf(made: bytes | None, page: str) -> Response:
    """The PDF, shown in the browser, since those inside other apps can't download; where none can be drawn the reader goes
    to `page`, which prints."""
    if made is None:
        return redirect(page, 303)
    return FlaskResponse(made, mimetype="application/pdf", headers={"Content-Disposition": "inline"})


from portal.views.borrower import (  # noqa: E402
    agreement,
    check_in,
    complaints,
    consents,
    contact,
    difficulty,
    dispute,
    documents,
    home,
    kept,
    letters,
    link_targets,
    loans,
    my_data,
    paid,
    passbook,
    pay,
    promise,
    request,
    skip,
    word,
)

__all__ = [
    "agreement",
    "blueprint",
    "check_in",
    "complaints",
    "consents",
    "contact",
    "difficulty",
    "dispute",
    "documents",
    "home",
    "kept",
    "letters",
    "link_targets",
    "loans",
    "me",
    "my_data",
    "my_loan",
    "my_officer",
    "paid",
    "passbook",
    "pay",
    "promise",
    "request",
    "skip",
    "word",
]
