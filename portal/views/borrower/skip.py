"""Skip one payment: what it costs first, two tiles of one size, no reason asked."""

from types import SimpleNamespace

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.access import now, open_to
from portal.db import current_session, transaction
from portal.forms.payment import SkipForm
from portal.pay_pictures import skipped_box
from portal.presentation import current_language
from portal.services import skips, submissions
from portal.views.borrower import blueprint, me, my_loan

Answer = str | Response | tuple[str, int]


@blueprint.route("/loans/<loan_id>/skip", methods=["GET", "POST"])
@open_to("borrower")
def skip(loan_id: str) -> Answer:
    loan, form = my_loan(loan_id), SkipForm()
    problem = None
    if form.validate_on_submit():
        if form.act.data == "keep":
            return redirect(url_for("borrower.home"), 303)
        borrower = me()
        by, key = f"borrower:{borrower.id}", form.form_key.data or ""
        with transaction() as session:
            where = submissions.first_answer(session, key, by, now())
            if where is None:
                held = session.merge(loan.loan)
                outcome = skips.skip(session, borrower, held, current_language(), form.seen.data or "", now())
                if isinstance(outcome, skips.NoSkip):
                    problem = outcome.code
                else:
                    sent = skips.newest(session, borrower, held)
                    where = url_for("borrower.request_page", request_id=sent.public_id)
                    submissions.answered(session, key, by, where)
        if where is not None:
            return redirect(where, 303)
    session = current_session()
    loan = my_loan(loan_id)
    found = skips.work_out(session, loan.loan, now())
    page = render_template(
        "borrower/skip.html",
        loan=loan,
        reference=loan.ref,
        why_not=found.code if isinstance(found, skips.NoSkip) else None,
        skip=_shown(found) if isinstance(found, skips.Skip) else None,
        form=SkipForm(formdata=None, seen=found.fingerprint) if isinstance(found, skips.Skip) else None,
        allowance=skips.allowance(session, loan.loan, now()),
        problem=problem,
    )
    return (page, 409) if problem else page


def _shown(found: skips.Skip) -> SimpleNamespace:
    """The figures of a skip by the names that the page says them with. Amounts are minor units."""
    comparison, future = found.result.comparison, found.result.future
    at_end = [row for row in future if comparison.last_due_today and row.due_on > comparison.last_due_today]
    return SimpleNamespace(
        skipped_on=comparison.first_due_today,
        next_on=future[0].due_on,
        next_amount=future[0].total,
        added_on=at_end[0].due_on if at_end else future[-1].due_on,
        last_on=future[-1].due_on,
        last_amount=future[-1].total,
        last_today=comparison.last_due_today,
        amount=comparison.amount_new,
        cost=comparison.extra,
        total=comparison.left_to_pay_new,
        total_today=comparison.left_to_pay_today,
        asks_guarantor=found.asks_guarantor,
        # The cost has a box of its own where it is paid after all else.
        cost_alone=len(at_end) > 1,
        picture=skipped_box(comparison.installments_today),
    )
