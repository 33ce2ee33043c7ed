"""A guarantor is asked for consent to a plan that makes the guarantee greater or longer."""

from datetime import date, timedelta
from types import SimpleNamespace

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.access import now, open_to
from portal.clock import local_date
from portal.db import current_session, transaction
from portal.domain.plan_terms import PlanTerms
from portal.forms.consent import ConsentForm
from portal.models import GuarantorConsent
from portal.presentation import current_language
from portal.queries.consents import consent_of, newest_consent
from portal.queries.lender import officer_text, the_lender
from portal.queries.plan_views import plan_view
from portal.services import consents
from portal.services.hardship import Done
from portal.views.borrower import blueprint, me

Answer = str | Response | tuple[str, int]


@blueprint.get("/newest-consent")
@open_to("borrower")
def newest_consent_page() -> Response:
    """Where a text about a guarantee leads."""
    found = newest_consent(current_session(), me())
    if found is None:
        return redirect(url_for("borrower.home"))
    return redirect(url_for("borrower.consent", consent_id=found.public_id))


@blueprint.route("/consents/<consent_id>", methods=["GET", "POST"])
@open_to("borrower")
def consent(consent_id: str) -> Answer:
    found = consent_of(current_session(), me(), consent_id) or abort(404)
    form = ConsentForm()
    if not form.is_submitted():
        return _page(found, form)
    if not form.validate():
        return _page(found, form), 422
    with transaction() as session:
        outcome = consents.answer(session, me(), session.merge(found), form.act.data == "agree", now())
    if isinstance(outcome, Done):
        return redirect(url_for("borrower.consent", consent_id=consent_id), 303)
    again = consent_of(current_session(), me(), consent_id) or abort(404)
    return _page(again, ConsentForm(formdata=None), outcome.code), 409


def _page(found: GuarantorConsent, form: ConsentForm, problem: str | None = None) -> str:
    lender = the_lender(current_session())
    loan = found.request.loan
    comparison = found.figures["comparison"]
    plan = plan_view("", PlanTerms.from_dict(found.terms), found.figures)
    officer = found.request.officer or found.guarantor.officer
    return render_template(
        "borrower/consent.html",
        consent=found,
        form=form,
        problem=problem,
        reference=loan.reference,
        loan=SimpleNamespace(
            currency=loan.currency,
            decimals=lender.money_decimals.get(loan.currency),
            frequency_unit=loan.unit.removesuffix("s"),
            frequency_every=loan.every,
        ),
        borrower_name=found.request.borrower.name,
        greeting_name=me().greeting or me().name,
        plan=plan,
        today_side=SimpleNamespace(
            total=comparison["left_to_pay_today"],
            amount=comparison["amount_today"],
            last_on=date.fromisoformat(comparison["last_due_today"]),
        ),
        open_until=local_date(found.asked_at + timedelta(days=lender.days_offer_open), lender.zone),
        answered_on=local_date(found.answered_at, lender.zone) if found.answered_at else None,
        officer=officer_text(officer, current_language()) if officer else None,
    )
