"""Make a payment: how much, and by which of the lender's ways; the receipt of one that came."""

from flask import abort, render_template, request

from portal.access import now, open_to
from portal.clock import local_date
from portal.db import current_session
from portal.domain.money import exponent
from portal.forms.payment import OTHER, PayForm
from portal.pay_offers import offered
from portal.presentation import current_language
from portal.queries.accounts import loan_terms
from portal.queries.borrower_loans import LoanView
from portal.queries.lender import the_lender
from portal.queries.payment_notices import newest_promise, paid_notices
from portal.queries.receipts import receipt_of, receipts
from portal.services import skips
from portal.views.borrower import blueprint, me, my_loan

RECEIPTS_SHOWN = 3


@blueprint.get("/loans/<loan_id>/pay")
@open_to("borrower")
def pay(loan_id: str) -> str | tuple[str, int]:
    session, loan = current_session(), my_loan(loan_id)
    lender = the_lender(session)
    today = local_date(now(), lender.zone)
    amounts = _amounts(loan)
    form = PayForm(request.args, codes=tuple(amounts), most=amounts.get("payoff", 0), of=loan)
    valid = form.validate()
    chosen = form.pay.data if valid and form.pay.data else next(iter(amounts), None)
    amount = form.amount.data if chosen == OTHER else amounts.get(chosen or "", 0)
    page = render_template(
        "borrower/pay.html",
        loan=loan,
        reference=loan.ref,
        form=form,
        amounts=amounts,
        chosen=form.pay.data if form.errors else chosen,
        amount=amount,
        ways=offered(lender, loan, amount, current_language(), today) if amount else [],
        lowers_interest=loan_terms(loan.loan).conventions.interest_recalculated,
        notices=paid_notices(session, me(), loan.loan, lender.zone, now()),
        promise=newest_promise(session, me(), loan.loan, lender.zone, now()),
        receipts=receipts(loan.loan, lender.zone)[:RECEIPTS_SHOWN],
        may_skip=isinstance(skips.work_out(session, loan.loan, now()), skips.Skip),
    )
    return (page, 422) if form.errors else page


@blueprint.get("/loans/<loan_id>/receipts/<receipt_id>")
@open_to("borrower")
def receipt(loan_id: str, receipt_id: str) -> str:
    """One payment that came: where it went, and how the loan stood after it."""
    loan = my_loan(loan_id)
    found = receipt_of(loan.loan, receipt_id, the_lender(current_session()).zone) or abort(404)
    return render_template("borrower/receipt.html", loan=loan, reference=loan.ref, receipt=found)


def _amounts(loan: LoanView) -> dict[str, int]:
    """What the page offers by code, minor units: what has not come yet, the next payment, what settles it today."""
    # A whole loan costs what it costs to the last fraction that the lender shows, never less.
    unit = 10 ** max(exponent(loan.currency) - (exponent(loan.currency) if loan.decimals is None else loan.decimals), 0)
    found = {
        "overdue": loan.overdue_total,
        "next": loan.next_amount,
        "payoff": -(-max(loan.stated.payoff, 0) // unit) * unit,
    }
    return {code: amount for code, amount in found.items() if amount > 0}
