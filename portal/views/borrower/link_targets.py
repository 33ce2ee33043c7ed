"""Where the links of texts lead that name no loan: to the page of the only one there is, or home."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal.access import now, open_to
from portal.clock import local_date
from portal.db import current_session
from portal.queries.borrower_loans import loan_views
from portal.queries.check_ins import waiting_check_ins
from portal.queries.lender import the_lender
from portal.views.borrower import blueprint, me


@blueprint.get("/difficulty")
@open_to("borrower")
def my_difficulty() -> Response:
    return _of_the_only_loan("borrower.difficulty")


@blueprint.get("/pay")
@open_to("borrower")
def my_payment() -> Response:
    return _of_the_only_loan("borrower.pay")


@blueprint.get("/check-in")
@open_to("borrower")
def my_check_in() -> Response:
    waiting = waiting_check_ins(current_session(), me(), now())
    if not waiting:
        return redirect(url_for("borrower.home"))
    return redirect(url_for("borrower.check_in", check_in_id=waiting[0].public_id))


def _of_the_only_loan(endpoint: str) -> Response:
    lender = the_lender(current_session())
    views = loan_views(current_session(), me(), lender, local_date(now(), lender.zone))
    unpaid = [view for view in views if view.left_to_pay]
    if len(unpaid) != 1:
        return redirect(url_for("borrower.home"))
    return redirect(url_for(endpoint, loan_id=unpaid[0].loan_id))
