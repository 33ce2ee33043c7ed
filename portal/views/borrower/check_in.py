"""One question about a plan: one tap answers, and the next step is offered."""

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.access import now, open_to
from portal.db import current_session, transaction
from portal.forms.check_in import ANSWER_LABELS, CheckInForm
from portal.queries.check_ins import check_in_of
from portal.services import check_ins
from portal.views.borrower import blueprint, me, my_loan, my_officer

Answer = str | Response | tuple[str, int]


@blueprint.route("/check-ins/<check_in_id>", methods=["GET", "POST"])
@open_to("borrower")
def check_in(check_in_id: str) -> Answer:
    found = check_in_of(current_session(), me(), check_in_id) or abort(404)
    loan = my_loan(found.plan.loan.public_id)
    form = CheckInForm()
    if found.plan.in_force and form.validate_on_submit():
        with transaction() as session:
            # A second tap is the same answer, and another tile is another.
            check_ins.answer(session, me(), session.merge(found), form.answer.data or "", now())
        return redirect(url_for("borrower.check_in", check_in_id=check_in_id), 303)
    borrower = me()
    return render_template(
        "borrower/check_in.html",
        loan=loan,
        reference=loan.ref,
        check_in=found,
        is_open=found.plan.in_force and loan.left_to_pay > 0,
        labels=ANSWER_LABELS,
        form=CheckInForm(formdata=None),
        greeting_name=borrower.greeting or borrower.name,
        officer=my_officer(),
    )
