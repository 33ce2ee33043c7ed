"""'I have paid': told, found or settled, taken back."""

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.access import now, open_to
from portal.clock import local_date
from portal.db import current_session, transaction
from portal.domain.pay_ways import pay_ways
from portal.domain.payment_notices import OLDEST_PAID, paid_rests_until
from portal.forms.payment import OTHER, PaidForm, TakeBackForm
from portal.presentation import current_language
from portal.queries.borrower_loans import LoanView
from portal.queries.lender import in_language, the_lender
from portal.queries.payment_notices import paid_notice_of, paid_notices
from portal.queries.receipts import receipts
from portal.services import paid_notices as notices
from portal.services import submissions
from portal.views.borrower import blueprint, me, my_loan, my_officer

Answer = str | Response | tuple[str, int]


@blueprint.route("/loans/<loan_id>/paid", methods=["GET", "POST"])
@open_to("borrower")
def paid(loan_id: str) -> Answer:
    loan = my_loan(loan_id)
    lender = the_lender(current_session())
    today = local_date(now(), lender.zone)
    usual = loan.overdue_total or loan.next_amount or None
    form = PaidForm(
        ways=_ways(loan), earliest=today - OLDEST_PAID, today=today, of=loan, data={"amount": usual, "paid_on": today}
    )
    if form.validate_on_submit():
        borrower, where = me(), url_for("borrower.paid", loan_id=loan_id)
        by, key = f"borrower:{borrower.id}", form.form_key.data or ""
        with transaction() as session:
            if submissions.first_answer(session, key, by, now()) is None:
                notices.tell(
                    session,
                    borrower,
                    session.merge(loan.loan),
                    form.amount.data,
                    form.paid_on.data,
                    form.way.data,
                    form.words.data or None,
                    now(),
                )
                submissions.answered(session, key, by, where)
        return redirect(where, 303)
    page = render_template(
        "borrower/paid.html",
        loan=loan,
        reference=loan.ref,
        form=form,
        notices=paid_notices(current_session(), me(), loan.loan, lender.zone, now()),
        back_form=TakeBackForm(formdata=None),
        rests_until=paid_rests_until(today),
        officer=my_officer(),
        newest_receipt=next(iter(receipts(loan.loan, lender.zone)), None),
    )
    return (page, 422) if form.errors else page


@blueprint.post("/loans/<loan_id>/paid/take-back")
@open_to("borrower")
def take_back_paid(loan_id: str) -> Answer:
    loan, form = my_loan(loan_id), TakeBackForm()
    if form.validate():
        with transaction() as session:
            found = paid_notice_of(session, me(), form.notice.data or "")
            if found is not None and found.loan_id == loan.loan.id:
                notices.withdraw(session, me(), found, now())
    return redirect(url_for("borrower.paid", loan_id=loan_id), 303)


def _ways(loan: LoanView) -> list[tuple[str, str]]:
    """The lender's ways for this loan, and the two that are always possible."""
    names = {
        "bank_transfer": _("Bank transfer"),
        "epc_qr": _("QR code"),
        "merchant_qr": _("QR code"),
        "store_barcode": _("At a convenience store"),
        "payment_page": _("On the payment page"),
        "in_person": _("At the counter"),
    }
    lender = the_lender(current_session())
    found: dict[str, str] = {}
    for way in pay_ways(lender.pay_ways, loan.currency):
        name = in_language(dict(way.names), current_language(), lender.language)
        found.setdefault(way.kind, name or names[way.kind])
    return [*found.items(), ("officer", _("To an officer")), (OTHER, _("Another way"))]
