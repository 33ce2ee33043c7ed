"""'I will pay on another day': a day and an amount, changed or taken back at any time."""

from datetime import date, timedelta

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.access import now, open_to
from portal.clock import local_date
from portal.db import current_session, transaction
from portal.domain.payment_notices import promise_rests_until
from portal.forms.payment import PromiseForm, TakeBackForm
from portal.queries.borrower_loans import LoanView
from portal.queries.lender import the_lender
from portal.queries.payment_notices import newest_promise
from portal.services import promises, submissions
from portal.views.borrower import blueprint, me, my_loan

Answer = str | Response | tuple[str, int]
FRIDAY = 4


@blueprint.route("/loans/<loan_id>/promise", methods=["GET", "POST"])
@open_to("borrower")
def promise(loan_id: str) -> Answer:
    loan = my_loan(loan_id)
    zone = the_lender(current_session()).zone
    today = local_date(now(), zone)
    latest = promises.latest_day(today)
    days = _suggested(loan, today, latest)
    usual = loan.overdue_total or loan.next_amount or None
    form = PromiseForm(days=days, today=today, latest=latest, of=loan, data={"amount": usual})
    if form.validate_on_submit() and form.promised_on:
        borrower, where = me(), url_for("borrower.promise", loan_id=loan_id)
        by, key = f"borrower:{borrower.id}", form.form_key.data or ""
        with transaction() as session:
            if submissions.first_answer(session, key, by, now()) is None:
                promises.promise(session, borrower, session.merge(loan.loan), form.amount.data, form.promised_on, now())
                submissions.answered(session, key, by, where)
        return redirect(where, 303)
    page = render_template(
        "borrower/promise.html",
        loan=loan,
        reference=loan.ref,
        form=form,
        days=days,
        latest=latest,
        rests={day: promise_rests_until(day) for day in days},
        promise=newest_promise(current_session(), me(), loan.loan, zone, now()),
        back_form=TakeBackForm(formdata=None),
    )
    return (page, 422) if form.errors else page


@blueprint.post("/loans/<loan_id>/promise/take-back")
@open_to("borrower")
def take_back_promise(loan_id: str) -> Answer:
    loan = my_loan(loan_id)
    if TakeBackForm().validate():
        with transaction() as session:
            promises.withdraw(session, me(), session.merge(loan.loan), now())
    return redirect(url_for("borrower.promise", loan_id=loan_id), 303)


def _suggested(loan: LoanView, today: date, latest: date) -> list[date]:
    """The coming Friday, the Monday after it, and the day of the next payment."""
    friday = today + timedelta(days=(FRIDAY - today.weekday()) % 7 or 7)
    found = {friday, friday + timedelta(days=3)}
    if loan.next_due_on and today < loan.next_due_on <= latest:
        found.add(loan.next_due_on)
    return sorted(found)
