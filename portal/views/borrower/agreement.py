"""An agreement to keep: the page that prints, from what was frozen when it was accepted."""

from datetime import date, datetime
from types import SimpleNamespace

from flask import abort, render_template

from portal.access import open_to
from portal.db import current_session
from portal.queries.borrower_loans import interest_kind, late_fee
from portal.queries.lender import the_lender
from portal.queries.requests import plan_of
from portal.views.borrower import blueprint, me


@blueprint.get("/agreements/<plan_id>")
@open_to("borrower")
def agreement(plan_id: str) -> str:
    plan = plan_of(current_session(), me(), plan_id) or abort(404)
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
            accepted_at=datetime.fromisoformat(kept["accepted_at"]),
            zone=lender.zone,
            in_force=plan.in_force,
            fingerprint=plan.fingerprint,
        ),
    )


def _payments(kept: list[dict[str, str | int]]) -> list[tuple[date, int]]:
    return [(date.fromisoformat(str(row["due_on"])), int(row["amount"])) for row in kept]
