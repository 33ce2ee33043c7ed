"""The two-way passbook: every contact we made or plan, and what we promised."""

from datetime import date

from flask import render_template, request

from portal.access import now, open_to
from portal.clock import local_date
from portal.db import current_session
from portal.paging import PageOf, page_of
from portal.pictures import Box, stamp_card
from portal.presentation import current_language
from portal.queries import passbook as told
from portal.queries.lender import the_lender
from portal.queries.lender_promises import Judged, lender_promises
from portal.views.borrower import blueprint, me

BOXES = {"kept": "paid", "missed": "not_received", "running": "next"}
FIRST = {"missed": 0, "running": 1, "kept": 2}
SHOWN, PAGE = 5, 24


@blueprint.get("/passbook")
@open_to("borrower")
def passbook() -> str:
    session, borrower = current_session(), me()
    lender = the_lender(session)
    promises = lender_promises(session, borrower, lender, now())
    newest = list(reversed(promises))
    ordered = sorted(newest, key=lambda judged: FIRST[judged.state])
    place = page_of(range(told.contact_count(session, borrower)), PAGE, request.args.get("page"))
    lines = told.contact_lines(session, borrower, current_language(), place.begins, PAGE)
    page = PageOf(lines, place.number, place.pages, place.begins)
    return render_template(
        "borrower/passbook.html",
        promises=ordered,
        shown=max(SHOWN, sum(judged.state != "kept" for judged in promises)),
        card=stamp_card([Box(BOXES[judged.state]) for judged in promises]),
        counts={state: sum(judged.state == state for judged in promises) for state in BOXES},
        since=_since(promises),
        page=page,
        planned=told.planned(session, borrower, lender, current_language(), now()) if page.number == 1 else None,
        lately=told.lately(session, borrower, lender, now()),
        others=told.other_people(session, borrower, lender),
        zone=borrower.zone,
        lender_zone=lender.zone,
        local_day=lambda at: local_date(at, borrower.zone),
    )


def _since(promises: list[Judged]) -> date | None:
    return promises[0].promise.given_on if promises else None
