"""'I have paid': told, found or settled, taken back."""

from collections.abc import Sequence

from flask import abort, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal import uploads
from portal.access import now, open_to
from portal.clock import local_date
from portal.db import current_session, transaction
from portal.domain.pay_ways import pay_ways
from portal.domain.payment_notices import OLDEST_PAID, paid_rests_until
from portal.forms.payment import OTHER, PaidForm, ReceiptForm, TakeBackForm
from portal.presentation import current_language
from portal.queries.borrower_loans import LoanView
from portal.queries.documents import Paper, papers_of
from portal.queries.lender import in_language, the_lender
from portal.queries.payment_notices import paid_notice_of, paid_notices
from portal.queries.receipts import receipts
from portal.services import documents, submissions
from portal.services import paid_notices as notices
from portal.services.documents import NotKept
from portal.views.borrower import blueprint, me, my_loan, my_officer

Answer = str | Response | tuple[str, int]


@blueprint.route("/loans/<loan_id>/paid", methods=["GET", "POST"])
@open_to("borrower")
@uploads.takes_files
def paid(loan_id: str) -> Answer:
    loan = my_loan(loan_id)
    form = _form(loan)
    if not form.validate_on_submit():
        page = _page(loan, form)
        return (page, 422) if form.errors else page
    borrower, where = me(), url_for("borrower.paid", loan_id=loan_id)
    files = uploads.received(form.papers.data or (), documents.room(current_session(), borrower, now()))
    by, key = f"borrower:{borrower.id}", form.form_key.data or ""
    refused: Sequence[NotKept] = ()
    with transaction() as session:
        if submissions.first_answer(session, key, by, now()) is None:
            told = notices.tell(
                session,
                borrower,
                session.merge(loan.loan),
                form.amount.data,
                form.paid_on.data,
                form.way.data,
                form.words.data or None,
                now(),
            )
            refused = documents.keep(session, borrower, told, files, now())
            submissions.answered(session, key, by, where)
    # What was told is with us in any case; which paper is not is said at once.
    return (_page(my_loan(loan_id), _form(loan, fresh=True), refused), 422) if refused else redirect(where, 303)


@blueprint.post("/loans/<loan_id>/paid/receipt")
@open_to("borrower")
@uploads.takes_files
def add_receipt(loan_id: str) -> Answer:
    """A paper that follows what was told, while it is looked for."""
    loan, form = my_loan(loan_id), ReceiptForm()
    found = paid_notice_of(current_session(), me(), form.notice.data or "") or abort(404)
    if found.loan_id != loan.loan.id:
        abort(404)
    if not form.validate():
        return _page(loan, _form(loan, fresh=True), receipt_form=form), 422
    files = uploads.received(form.papers.data or (), documents.room(current_session(), me(), now()))
    with transaction() as session:
        refused = documents.keep(session, me(), session.merge(found), files, now()) if found.status == "open" else []
    if refused:
        return _page(loan, _form(loan, fresh=True), refused), 422
    return redirect(url_for("borrower.paid", loan_id=loan_id), 303)


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


def _form(loan: LoanView, fresh: bool = False) -> PaidForm:
    today = local_date(now(), the_lender(current_session()).zone)
    usual = loan.overdue_total or loan.next_amount or None
    return PaidForm(
        **({"formdata": None} if fresh else {}),
        ways=_ways(loan),
        earliest=today - OLDEST_PAID,
        today=today,
        of=loan,
        data={"amount": usual, "paid_on": today},
    )


def _page(
    loan: LoanView, form: PaidForm, refused: Sequence[NotKept] = (), receipt_form: ReceiptForm | None = None
) -> str:
    session = current_session()
    lender = the_lender(session)
    told = paid_notices(session, me(), loan.loan, lender.zone, now())
    return render_template(
        "borrower/paid.html",
        loan=loan,
        reference=loan.ref,
        form=form,
        notices=told,
        papers={each.public_id: _papers(each.public_id) for each in told},
        back_form=TakeBackForm(formdata=None),
        receipt_form=receipt_form or ReceiptForm(formdata=None),
        refused=refused,
        rests_until=paid_rests_until(local_date(now(), lender.zone)),
        officer=my_officer(),
        newest_receipt=next(iter(receipts(loan.loan, lender.zone)), None),
    )


def _papers(notice_id: str) -> list[Paper]:
    found = paid_notice_of(current_session(), me(), notice_id)
    return papers_of(current_session(), me(), found) if found else []


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
