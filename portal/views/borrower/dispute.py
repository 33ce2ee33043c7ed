"""'The amount is not right', 'this loan is not mine'."""

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.access import now, open_to
from portal.clock import local_date
from portal.db import current_session, keyring, transaction
from portal.domain.hardship import answer_by
from portal.forms.dispute import DisputeForm
from portal.presentation import current_language
from portal.queries.lender import the_lender
from portal.queries.requests import dispute_of, named
from portal.services import disputes, submissions
from portal.views.borrower import blueprint, me, my_loan

Answer = str | Response | tuple[str, int]
RECEIVED_SHOWN = 3


@blueprint.route("/loans/<loan_id>/dispute", methods=["GET", "POST"])
@open_to("borrower")
def dispute(loan_id: str) -> Answer:
    loan = my_loan(loan_id)
    form = DisputeForm()
    if form.validate_on_submit():
        borrower = me()
        by, key = f"borrower:{borrower.id}", form.form_key.data or ""
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
                )
                where = url_for("borrower.dispute_page", dispute_id=raised.public_id)
                submissions.answered(session, key, by, where)
        return redirect(where, 303)
    zone = the_lender(current_session()).zone
    reversed_ids = {entry.reverses_id for entry in loan.loan.entries}
    received = sorted(
        (
            (entry.effective_on, entry.amount)
            for entry in loan.loan.entries
            if entry.kind == "payment" and entry.id not in reversed_ids
        ),
        reverse=True,
    )
    page = render_template(
        "borrower/dispute.html",
        loan=loan,
        reference=loan.ref,
        form=form,
        answer_by=answer_by(local_date(now(), zone), disputes.WORKING_DAYS),
        received=received[:RECEIVED_SHOWN],
    )
    return (page, 422) if form.errors else page


@blueprint.get("/disputes/<dispute_id>")
@open_to("borrower")
def dispute_page(dispute_id: str) -> str:
    """What the borrower told us, and the answer once there is one."""
    session = current_session()
    found = dispute_of(session, me(), dispute_id) or abort(404)
    loan = my_loan(found.loan.public_id)
    zone = the_lender(session).zone
    return render_template(
        "borrower/dispute_sent.html",
        dispute=found,
        loan=loan,
        reference=loan.ref,
        answer=keyring(session).open("answer", found.answer_sealed) if found.answer_sealed else None,
        answered_by=named(found.answered_by, current_language()),
        answered_on=local_date(found.answered_at, zone) if found.answered_at else None,
    )
