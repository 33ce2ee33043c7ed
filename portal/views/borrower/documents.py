"""Papers that may help with a request: sent, seen again, taken back before the request is sent."""

from collections.abc import Sequence

from flask import Response as FlaskResponse
from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal import uploads
from portal.access import now, open_to
from portal.db import current_session, transaction
from portal.forms.documents import KINDS, PapersForm, TakeBackPaperForm
from portal.models import HardshipRequest
from portal.presentation import current_language
from portal.queries.borrower_loans import LoanView
from portal.queries.documents import document_of, papers_of
from portal.queries.lender import the_lender
from portal.queries.requests import request_of
from portal.services import documents, requests
from portal.services.documents import NotKept
from portal.views.borrower import blueprint, me, my_loan, my_officer

Answer = str | Response | tuple[str, int]


@blueprint.route("/loans/<loan_id>/difficulty/documents", methods=["GET", "POST"])
@open_to("borrower")
@uploads.takes_files
def loan_documents(loan_id: str) -> Answer:
    """Before anything else was told: the first paper begins the request that it belongs to."""
    loan = my_loan(loan_id)
    draft = requests.open_request(current_session(), loan.loan)
    if draft is not None and draft.borrower_id != me().id:
        # A co-borrower's papers are not this borrower's to see.
        abort(404)
    return _papers(loan, draft)


@blueprint.route("/requests/<request_id>/documents", methods=["GET", "POST"])
@open_to("borrower")
@uploads.takes_files
def request_documents(request_id: str) -> Answer:
    case = request_of(current_session(), me(), request_id) or abort(404)
    return _papers(my_loan(case.loan.public_id), case)


@blueprint.get("/documents/<document_id>")
@open_to("borrower")
def document(document_id: str) -> FlaskResponse:
    found = document_of(current_session(), me(), document_id) or abort(404)
    return uploads.paper(documents.content(current_session(), found), found.media_type, found.number)


@blueprint.post("/documents/<document_id>/take-back")
@open_to("borrower")
def take_back_document(document_id: str) -> Answer:
    found = document_of(current_session(), me(), document_id) or abort(404)
    case = current_session().get(HardshipRequest, found.request_id) if found.request_id else abort(404)
    assert case is not None
    if TakeBackPaperForm().validate():
        with transaction() as session:
            documents.take_back(session, me(), session.merge(found), now())
    return redirect(url_for("borrower.request_documents", request_id=case.public_id), 303)


def _papers(loan: LoanView, case: HardshipRequest | None) -> Answer:
    form = PapersForm()
    if not form.is_submitted() or (case is not None and not case.is_open):
        return _page(loan, case, form)
    if not form.validate():
        return _page(loan, case, form), 422
    # Reading takes its time, and no transaction waits for it.
    files = uploads.received(form.papers.data, documents.room(current_session(), me(), now()))
    with transaction() as session:
        held = session.merge(loan.loan)
        request = (case and session.merge(case)) or requests.begin(session, me(), held, current_language(), now())
        refused = documents.keep(session, me(), request, files, now(), form.kind.data)
        if request.status == "draft" and len(refused) < len(files):
            requests.save(session, me(), request, now())
        public_id = request.public_id
    if refused:
        again = request_of(current_session(), me(), public_id)
        return _page(my_loan(loan.loan_id), again, PapersForm(formdata=None), refused), 422
    return redirect(url_for("borrower.request_documents", request_id=public_id), 303)


def _page(loan: LoanView, case: HardshipRequest | None, form: PapersForm, refused: Sequence[NotKept] = ()) -> str:
    session = current_session()
    return render_template(
        "borrower/documents.html",
        loan=loan,
        reference=loan.ref,
        case=case,
        form=form,
        papers=papers_of(session, me(), case) if case else (),
        refused=refused,
        kinds=KINDS,
        most=documents.MOST_AT_ONCE,
        back_form=TakeBackPaperForm(formdata=None),
        officer=my_officer(),
        zone=the_lender(session).zone,
    )
