"""A personal word: set, changed, removed."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.access import now, open_to
from portal.db import transaction
from portal.forms.access import WordForm
from portal.services import personal_word
from portal.views.borrower import blueprint, me

Answer = str | Response | tuple[str, int]


@blueprint.route("/word", methods=["GET", "POST"])
@open_to("borrower")
def word() -> Answer:
    form = WordForm()
    removes = request.form.get("act") == "remove"
    if not form.validate_on_submit():
        page = _page(form)
        return (page, 422) if form.errors else page
    if not removes and not personal_word.plain(form.wanted.data or ""):
        form.wanted.errors = [_("Please write a word.")]
        return _page(form), 422
    wanted = "" if removes else form.wanted.data or ""
    with transaction() as session:
        refusal = personal_word.change(session, session.merge(me()), form.present.data or "", wanted, now())
    if refusal is None:
        return redirect(url_for("borrower.word"), 303)
    field = form.present if refusal in ("mismatch", "too_many") else form.wanted
    field.errors = [_sentence(refusal)]
    return _page(form), 429 if refusal == "too_many" else 422


def _page(form: WordForm) -> str:
    return render_template("borrower/word.html", form=form, set_at=me().word_set_at)


def _sentence(refusal: str) -> str:
    sentences: dict[str, str] = {
        "too_many": _("This was tried several times and rests for half an hour."),
        "mismatch": _("That is not the word as it is now."),
        "too_short": _("Please choose a longer word: four letters at least, or two characters."),
        "too_long": _("Please choose a shorter word."),
        "known": _("Your family may know this as well. Please choose another word."),
    }
    return sentences[refusal]
