"""Letters with whoever looks after the loan."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import uploads
from portal.access import now, open_to
from portal.db import current_session, transaction
from portal.forms.letter import LONGEST_LETTER, LetterForm
from portal.paging import page_of
from portal.presentation import current_language
from portal.queries.lender import the_lender
from portal.queries.letters import letters_of
from portal.services import documents, submissions
from portal.services import letters as post
from portal.services.documents import NotKept
from portal.views.borrower import blueprint, me, my_officer

Answer = str | Response | tuple[str, int]
LETTERS_A_PAGE = 10


@blueprint.route("/letters", methods=["GET", "POST"])
@open_to("borrower")
@uploads.takes_files
def letters() -> Answer:
    form = LetterForm()
    if not form.is_submitted():
        return _page(form)
    if not form.validate():
        return _page(form), 422
    files = uploads.received(form.papers.data or (), documents.room(current_session(), me(), now()))
    by, key = f"borrower:{me().id}", form.form_key.data or ""
    where, refused = url_for("borrower.letters"), []
    with transaction() as session:
        if submissions.first_answer(session, key, by, now()) is None:
            letter = post.write(session, me(), None, form.words.data or "", current_language(), now())
            refused = documents.keep(session, me(), letter, files, now())
            submissions.answered(session, key, by, where)
    # The letter is sent in any case; what came with it and can't be kept is said at once.
    return (_page(LetterForm(formdata=None), refused), 422) if refused else redirect(where, 303)


def _page(form: LetterForm, refused: Sequence[NotKept] = ()) -> str:
    found = letters_of(current_session(), me(), current_language())
    if any(letter.who and letter.read_at is None for letter in found):
        with transaction() as session:
            post.mark_read(session, me(), by_staff=False, now=now())
    mine = [letter for letter in found if letter.who is None]
    return render_template(
        "borrower/letters.html",
        form=form,
        page=page_of(found, LETTERS_A_PAGE, request.args.get("page")),
        refused=refused,
        # Until a person has answered: whoever wrote so is told whom to call now.
        urgent=next((each.urgency for each in mine if each.urgency != "usual" and each.answered_at is None), None),
        longest=LONGEST_LETTER,
        officer=my_officer(),
        zone=the_lender(current_session()).zone,
    )
