"""How we contact you: ways, days, hours, language; stop and start again."""

from babel.lists import format_list
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import languages
from portal.access import now, open_to
from portal.clock import local_date
from portal.contact_rules import rule_sets
from portal.db import current_session, keyring, transaction
from portal.domain.contact_wishes import Wish, hours_allowed, hours_wished
from portal.forms.contact_wishes import ContactWishesForm
from portal.models import Borrower
from portal.presentation import current_language
from portal.queries.contact_wishes import newest_wish, opt_out_of
from portal.queries.lender import the_lender
from portal.queries.passbook import named_beside
from portal.services import contact_wishes as wishes
from portal.services import submissions
from portal.views.borrower import blueprint, me

Answer = str | Response | tuple[str, int]
DAY_BEGINS, DAY_ENDS = "00:00", "24:00"


@blueprint.route("/contact", methods=["GET", "POST"])
@open_to("borrower")
def contact_wishes() -> Answer:
    session, borrower = current_session(), me()
    wish = newest_wish(session, borrower)
    locale = languages.locale(current_language())
    form = ContactWishesForm(
        offered=_reached_by(borrower),
        days=[locale.days["stand-alone"]["wide"][day] for day in range(7)],
        data=_as_it_is(borrower, wish),
    )
    if form.validate_on_submit():
        return redirect(_keep(borrower, form), 303)
    page = _page(borrower, form, wish)
    return (page, 422) if form.errors else page


def _reached_by(borrower: Borrower) -> list[str]:
    phone = borrower.phone_sealed is not None
    reached = {"text": phone, "email": borrower.email_sealed is not None, "call": phone, "visit": True, "letter": True}
    return [form for form, possible in reached.items() if possible]


def _as_it_is(borrower: Borrower, wish: Wish) -> dict[str, object]:
    window = wish.window
    return {
        "forms": sorted(wish.forms),
        "days": [str(day) for day in sorted(wish.days or range(7))],
        "opens": f"{window.opens:%H:%M}" if window else None,
        "closes": (f"{window.closes:%H:%M}" if window.closes.hour else DAY_ENDS) if window else None,
        "often": wishes.how_often(current_session(), borrower, now()),
        "language": languages.base(languages.resolve(borrower.language) or current_language()),
    }


def _keep(borrower: Borrower, form: ContactWishesForm) -> str:
    by, key = f"borrower:{borrower.id}", form.form_key.data or ""
    opens, closes = form.opens.data, form.closes.data
    if opens or closes:
        opens, closes = opens or DAY_BEGINS, closes or DAY_ENDS
    with transaction() as session:
        where = submissions.first_answer(session, key, by, now())
        if where is None:
            person = session.merge(borrower)
            # A form that can't be offered (no address for it) is neither wished nor refused.
            unasked = newest_wish(session, person).forms - {code for code, _ in form.forms.choices}
            forms = [*form.forms.data, *sorted(unasked)]
            wishes.choose(session, person, forms, [int(day) for day in form.days.data], opens, closes, now())
            wishes.set_often(session, person, form.often.data, now())
            # Traditional stays Hong Kong's for whom it is so now.
            wishes.speak(session, person, languages.regional(form.language.data, [person.language]), now())
            # In the address, so that the page is in the language that was just chosen.
            where = url_for("borrower.contact_wishes", saved="1", lang=form.language.data)
            submissions.answered(session, key, by, where)
    return where


def _page(borrower: Borrower, form: ContactWishesForm, wish: Wish) -> str:
    session = current_session()
    lender = the_lender(session)
    rests = opt_out_of(session, borrower, now())
    keys = keyring(session)
    phone = keys.open("phone", borrower.phone_sealed) if borrower.phone_sealed else None
    late = [step for step in sorted(lender.cadence) if step > 0]
    return render_template(
        "borrower/contact.html",
        form=form,
        saved=request.args.get("saved") == "1",
        often=wishes.how_often(session, borrower, now()),
        rests_until=local_date(rests.ends_at, borrower.zone) if rests and rests.ends_at else None,
        would_rest_until=local_date(now() + wishes.PAUSE, borrower.zone),
        phone_ending=phone[-2:] if phone else None,
        before=max((-step for step in lender.cadence if step < 0), default=0),
        on_the_day=0 in lender.cadence,
        after=format_list([str(step) for step in late], locale=languages.locale(current_language())) if late else None,
        hours=_hours(lender.contact_rules, wish),
        beside=list(named_beside(session, borrower).values()),
    )


def _hours(names: list[str], wish: Wish) -> dict[str, object] | None:
    """What the rules make of the hours that were wished: from when to when they allow anything, and whether nothing of the
    wish is left. None where all of it is."""
    rules = rule_sets(names)
    allowed, wished = hours_allowed(rules, wish), hours_wished(wish)
    if wish.window is None or wished <= allowed:
        return None
    if not allowed:
        return {"opens": None, "closes": None, "none_left": True}
    return {"opens": f"{min(allowed)}:00", "closes": f"{max(allowed) + 1}:00", "none_left": not wished & allowed}
