"""Where things stand, and signing out."""

from datetime import timedelta
from types import SimpleNamespace

from flask import redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from portal.access import now, open_to
from portal.clock import local_date
from portal.db import current_session, transaction
from portal.pictures import stamp_card
from portal.presentation import current_language
from portal.queries.borrower_loans import loan_views
from portal.queries.consents import newest_consent
from portal.queries.home_news import news_for
from portal.queries.lender import the_lender
from portal.queries.payment_notices import newest_promise, paid_notices
from portal.queries.requests import answered_disputes, ended_requests, newest_sent
from portal.queries.settlements import ended_by_loan
from portal.services import sessions
from portal.views.borrower import blueprint, me, my_officer

# How long home leads to an answer that was given.
STAYS = timedelta(days=60)


@blueprint.get("/")
@open_to("borrower")
def home() -> str:
    borrower = me()
    lender = the_lender(current_session())
    today = local_date(now(), lender.zone)
    views = loan_views(current_session(), borrower, lender, today)
    since = now() - STAYS
    requests = {found.loan_id: found for found in reversed(ended_requests(current_session(), borrower, since))}
    disputes = {found.loan_id: found for found in reversed(answered_disputes(current_session(), borrower, since))}
    settlements = ended_by_loan(current_session(), [view.loan.id for view in views], since)
    return render_template(
        "borrower/home.html",
        greeting_name=borrower.greeting or borrower.name,
        officer=my_officer(),
        has_word=borrower.word_set_at is not None,
        news=news_for(current_session(), borrower, lender, current_language(), since, now()),
        consent=newest_consent(current_session(), borrower),
        loans=[
            SimpleNamespace(
                **vars(view),
                card=stamp_card(view.lines),
                ended_request=requests.get(view.loan.id),
                answered_dispute=disputes.get(view.loan.id),
                ended_settlement=settlements.get(view.loan.id),
                paid_notices=paid_notices(current_session(), borrower, view.loan, lender.zone, now()),
                promise=newest_promise(current_session(), borrower, view.loan, lender.zone, now()),
            )
            for view in views
        ],
        reference=views[0].ref if len(views) == 1 else None,
    )


@blueprint.post("/sign-out")
@open_to("borrower")
def sign_out() -> Response:
    with transaction() as writable:
        sessions.end(writable, session["borrower"], now())
    session.clear()
    return redirect(url_for("links.signed_out"), 303)


@blueprint.get("/newest-request")
@open_to("borrower")
def newest_request() -> Response:
    """Where a text about a request leads: to the one that was sent last, or home where none was."""
    request = newest_sent(current_session(), me())
    if request is None:
        return redirect(url_for("borrower.home"))
    return redirect(url_for("borrower.request_page", request_id=request.public_id))
