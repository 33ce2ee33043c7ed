"""An agreement to keep: the page that prints, from what was frozen when it was accepted."""

from datetime import date, datetime
from types import SimpleNamespace
from urllib.parse import urlsplit

from flask import abort, current_app, render_template, url_for
from werkzeug.wrappers import Response

from portal.access import open_to
from portal.db import current_session
from portal.models import Plan
from portal.printing import pdf
from portal.queries.borrower_loans import interest_kind, late_fee
from portal.queries.lender import the_lender
from portal.queries.requests import plan_of
from portal.views.borrower import as_pdf, blueprint, me


@blueprint.get("/agreements/<plan_id>")
@open_to("borrower")
def agreement(plan_id: str) -> str:
    return _page(plan_of(current_session(), me(), plan_id) or abort(404))


@blueprint.get("/agreements/<plan_id>.pdf")
@open_to("borrower")
def agreement_pdf(plan_id: str) -> Response:
    plan = plan_of(current_session(), me(), plan_id) or abort(404)
    return as_pdf(pdf(_page(plan)), url_for("borrower.agreement", plan_id=plan_id))


def _page(plan: Plan) -> str:
    kept, loan = plan.agreement, plan.loan
    lender = the_lender(current_session())
    return render_template(
        "borrower/agreement.html",
        reference=kept["loan"]["reference"],
        agreement=SimpleNamespace(
            lender=kept["lender"],
            people=kept["people"],
            reference=kept["loan"]["reference"],
            contract_on=date.fromisoformat(kept["loan"]["contract_of"]),
            principal=kept["loan"]["principal"],
            currency=kept["loan"]["currency"],
            decimals=lender.money_decimals.get(kept["loan"]["currency"]),
            rate_percent=kept["loan"]["annual_rate"],
            interest_kind=interest_kind(loan),
            late_fee=late_fee(loan),
            frequency_unit=loan.unit.removesuffix("s"),
            frequency_every=loan.every,
            before=_payments(kept["before"]),
            after=_payments(kept["after"]),
            not_received=kept["not_received"],
            credit_record=kept["credit_record"],
            time_limit=kept["time_limit"],
            officer=kept["officer"],
            consents=[
                SimpleNamespace(name=given["name"], given_on=date.fromisoformat(given["on"]))
                for given in kept.get("consents", ())
            ],
            accepted_at=datetime.fromisoformat(kept["accepted_at"]),
            zone=lender.zone,
            in_force=plan.in_force,
            kept_by=plan.kept_by,
            ending=plan.ending,
            fingerprint=plan.fingerprint,
            paper_code=plan.paper_code,
            plan_id=plan.public_id,
        ),
        paper_address=urlsplit(current_app.extensions["settings"].base_url).netloc + url_for("links.paper"),
    )


def _payments(kept: list[dict[str, str | int]]) -> list[tuple[date, int]]:
    return [(date.fromisoformat(str(row["due_on"])), int(row["amount"])) for row in kept]
