"""'The amount is not right', 'this loan is not mine'."""

from collections.abc import Sequence

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import uploads
from portal.access import now, open_to
from portal.clock import local_date
from portal.db import current_session, keyring, transaction
from portal.domain.despair import speaks_of_despair
from portal.domain.hardship import answer_by
from portal.forms.dispute import DisputeForm, MorePapersForm
from portal.models import Dispute
from portal.paging import page_of
from portal.presentation import current_language
from portal.queries.disputes import answered_account, doubted, doubts
from portal.queries.documents import papers_of
from portal.queries.lender import the_lender
from portal.queries.requests import dispute_of, named
from portal.services import disputes, documents, submissions
from portal.services.documents import NotKept
from portal.views.borrower import blueprint, me, my_loan

Answer = str | Response | tuple[str, int]
LINES_A_PAGE = 24


@blueprint.route("/loans/<loan_id>/dispute", methods=["GET", "POST"])
@open_to("borrower")
@uploads.takes_files
def dispute(loan_id: str) -> Answer:
    loan = my_loan(loan_id)
    possible = doubts(loan.loan, loan.stated)
    form = DisputeForm(doubts=[each.code for each in possible])
    if form.validate_on_submit():
        borrower = me()
        files = uploads.received(form.papers.data or (), documents.room(current_session(), borrower, now()))
        by, key = f"borrower:{borrower.id}", form.form_key.data or ""
        refused: Sequence[NotKept] = ()
        with transaction() as session:
            where = submissions.first_answer(session, key, by, now())
            if where is None:
                raised = disputes.raise_dispute(
                    session,
                    borrower,
                    session.merge(loan.loan),
                    form.kind.data,
                    form.detail.data,
                    form.should_be.data,
                    form.words.data,
                    now(),
                    form.doubted.data or (),
                )
                refused = documents.keep(session, borrower, raised, files, now())
                where = url_for("borrower.dispute_page", dispute_id=raised.public_id)
                submissions.answered(session, key, by, where)
        # What was said is with us in any case; which paper is not is told on its page, at once.
        return (_page(raised, refused), 422) if refused else redirect(where, 303)
    zone = the_lender(current_session()).zone
    page = render_template(
        "borrower/dispute.html",
        loan=loan,
        reference=loan.ref,
        form=form,
        doubts=possible,
        answer_by=answer_by(local_date(now(), zone), disputes.WORKING_DAYS),
    )
    return (page, 422) if form.errors else page


@blueprint.route("/disputes/<dispute_id>", methods=["GET", "POST"])
@open_to("borrower")
@uploads.takes_files
def dispute_page(dispute_id: str) -> Answer:
    """What the borrower told us, to which papers can be added, and the answer once there is one."""
    found = dispute_of(current_session(), me(), dispute_id) or abort(404)
    form = MorePapersForm()
    if not form.is_submitted() or not found.is_open:
        return _page(found)
    if not form.validate():
        return _page(found, form=form), 422
    files = uploads.received(form.papers.data or (), documents.room(current_session(), me(), now()))
    with transaction() as session:
        refused = documents.keep(session, me(), session.merge(found), files, now())
    if refused:
        return _page(found, refused), 422
    return redirect(url_for("borrower.dispute_page", dispute_id=dispute_id), 303)


def _page(found: Dispute, refused: Sequence[NotKept] = (), form: MorePapersForm | None = None) -> str:
    session = current_session()
    keys = keyring(session)
    loan = my_loan(found.loan.public_id)
    zone = the_lender(session).zone
    words = keys.open("words", found.words_sealed) if found.words_sealed else None
    account = answered_account(found.account)
    return render_template(
        "borrower/dispute_sent.html",
        dispute=found,
        loan=loan,
        reference=loan.ref,
        answer=keys.open("answer", found.answer_sealed) if found.answer_sealed else None,
        answered_by=named(found.answered_by, current_language()),
        answered_on=local_date(found.answered_at, zone) if found.answered_at else None,
        account=account,
        page=page_of(account.lines[::-1], LINES_A_PAGE, request.args.get("page")) if account else None,
        doubted=doubted(found, loan.loan, loan.stated),
        words=words,
        papers=papers_of(session, me(), found),
        refused=refused,
        form=(form or MorePapersForm(formdata=None)) if found.is_open else None,
        despair=found.is_open and bool(words) and speaks_of_despair(words or ""),
    )
