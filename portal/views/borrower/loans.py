"""One loan: its schedule, as a page and as files to keep, and why the balance is what it is."""

from flask import Response, abort, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal import calendars
from portal.access import now, open_to
from portal.clock import local_date
from portal.db import current_session
from portal.domain.conventions import Conventions
from portal.forms.conventions import convention_sentences
from portal.paging import page_of
from portal.presentation import current_language
from portal.printing import pdf
from portal.queries.lender import lender_text, the_lender
from portal.queries.loan_history import loan_history
from portal.views.borrower import as_pdf, blueprint, my_loan

LINES_A_PAGE = 24


@blueprint.get("/loans/<loan_id>/schedule")
@open_to("borrower")
def schedule(loan_id: str) -> str:
    loan = my_loan(loan_id)
    unpaid = [line for line in loan.lines if line.open]
    page = page_of(unpaid, LINES_A_PAGE, request.args.get("page"))
    return render_template("borrower/schedule.html", loan=loan, reference=loan.ref, page=page)


@blueprint.get("/loans/<loan_id>/schedule.pdf")
@open_to("borrower")
def schedule_pdf(loan_id: str) -> Answer:
    loan = my_loan(loan_id)
    unpaid = [line for line in loan.lines if line.open]
    page = page_of(unpaid, max(len(unpaid), 1), None)
    html = render_template("borrower/schedule.html", loan=loan, reference=loan.ref, page=page)
    return as_pdf(pdf(html), url_for("borrower.schedule", loan_id=loan_id))


@blueprint.get("/loans/<loan_id>/schedule.ics")
@open_to("borrower")
def schedule_ics(loan_id: str) -> Answer:
    loan = my_loan(loan_id)
    days = [line.due_on for line in loan.lines if line.state in ("next", "to_come")]
    if not days:
        abort(404)
    name = lender_text(the_lender(current_session()), current_language()).name
    file = calendars.due_dates(name, loan.loan_id, days, now())
    return Response(file, mimetype="text/calendar", headers={"Content-Disposition": 'inline; filename="dates.ics"'})


@blueprint.get("/loans/<loan_id>/history")
@open_to("borrower")
def history(loan_id: str) -> str:
    loan = my_loan(loan_id)
    zone = the_lender(current_session()).zone
    moments = loan_history(current_session(), loan.loan, zone, local_date(now(), zone))
    return render_template(
        "borrower/history.html",
        loan=loan,
        reference=loan.ref,
        page=page_of(moments[::-1], LINES_A_PAGE, request.args.get("page")),
        sums={
            kind: sum(moment.change for moment in moments if moment.kind in kinds)
            for kind, kinds in {
                "lent": ("lent",),
                "interest": ("interest", "recalculated"),
                "plans": ("plan",),
                "paid": ("payment", "reversal", "opening"),
            }.items()
        },
        left=moments[-1].left_after,
        conventions=convention_sentences(Conventions.from_dict(loan.loan.product.conventions), loan),
    )
