"""The queue: who waits for an answer, and how long."""

from flask import render_template, request

from portal.access import STAFF_ROLES, now, open_to
from portal.clock import local_date
from portal.db import current_session
from portal.forms.queue import QueueForm
from portal.pictures import budget_bar
from portal.queries import staff_queue
from portal.queries.lender import the_lender
from portal.queries.staff_queue import MOST_SHOWN, Wishes
from portal.views.staff import blueprint, me


@blueprint.get("/")
@open_to(*STAFF_ROLES)
def requests() -> str:
    session, staff = current_session(), me()
    lender = the_lender(session)
    form = QueueForm(request.args, officers=staff_queue.holders(session, staff))
    wishes = Wishes(form.show.data, form.asks.data, form.budget.data, form.officer.data)
    rows = staff_queue.queue(session, staff, lender, now(), wishes)
    return render_template(
        "staff/requests.html",
        section="requests",
        form=form,
        filtered=wishes != Wishes(),
        rows=[(row, budget_bar(row.fit.carries, row.fit.asked) if row.fit else None) for row in rows],
        most_shown=MOST_SHOWN,
        totals=staff_queue.totals(session, staff, local_date(now(), lender.zone)),
        days_to_answer=lender.days_to_answer,
    )
