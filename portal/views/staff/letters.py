"""The letters of one borrower, and an answer to them."""

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.access import STAFF_ROLES, now, open_to
from portal.db import current_session, transaction
from portal.forms.letter import ReplyForm
from portal.models import Borrower
from portal.presentation import current_language
from portal.queries.lender import the_lender
from portal.queries.letters import URGENCIES, letters_of
from portal.queries.notices import find_borrower
from portal.services import letters as post
from portal.services import submissions
from portal.services.records import Actor, audit
from portal.views.staff import DECIDERS, blueprint, me

Answer = str | Response | tuple[str, int]


@blueprint.get("/letters/<borrower_id>")
@open_to(*STAFF_ROLES)
def letters(borrower_id: str) -> Answer:
    return _page(_opened(borrower_id))


@blueprint.post("/letters/<borrower_id>")
@open_to(*DECIDERS)
def answer_letters(borrower_id: str) -> Answer:
    form = ReplyForm()
    if not form.validate():
        return _page(_opened(borrower_id), form), 422
    by, key = f"staff:{me().id}", form.form_key.data or ""
    where = url_for("staff.letters", borrower_id=borrower_id)
    with transaction() as session:
        borrower = find_borrower(session, me(), borrower_id) or abort(404)
        if submissions.first_answer(session, key, by, now()) is None:
            if form.act.data == "reply":
                post.reply(session, me(), borrower, form.words.data or "", form.seen_up_to, current_language(), now())
            else:
                post.settle(session, me(), borrower, form.seen_up_to, now())
            submissions.answered(session, key, by, where)
    return redirect(where, 303)


def _opened(borrower_id: str) -> Borrower:
    """The borrower whose letters these are; the view is written down, and the borrower sees that they were read."""
    with transaction() as session:
        borrower = find_borrower(session, me(), borrower_id) or abort(404)
        if me().role in DECIDERS:
            post.mark_read(session, borrower, by_staff=True, now=now())
        audit(session, Actor.staff(me()), "view_letters", "done", "borrower", borrower.id, now())
    return borrower


def _page(borrower: Borrower, form: ReplyForm | None = None) -> str:
    found = letters_of(current_session(), borrower, current_language())
    waiting = [letter for letter in found if letter.who is None and letter.answered_at is None]
    if form is None and me().role in DECIDERS:
        form = ReplyForm(formdata=None, seen=str(found[0].id if found else 0))
    return render_template(
        "staff/letters.html",
        section="notices",
        borrower=borrower,
        letters=found,
        waiting=waiting,
        urgent=min((letter.urgency for letter in waiting), key=URGENCIES.index, default="usual"),
        form=form,
        zone=the_lender(current_session()).zone,
    )
