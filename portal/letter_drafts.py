"""What an officer's letter begins with: plain sentences in the borrower's language, there to be edited."""

from flask_babel import force_locale
from flask_babel import gettext as _

from portal import formats, languages
from portal.forms.reading import plain_text
from portal.models import HardshipRequest, Staff
from portal.presentation import current_language
from portal.queries.plan_views import PlanView

BETWEEN = "\n\n"


def agreeing(case: HardshipRequest, plan: PlanView | None) -> str:
    """A letter that agrees to what was asked."""
    with _language_of(case):
        said = _("We agree to the plan that you asked for.")
        if plan is not None:
            day = formats.date_long(plan.first_on, current_language())
            said = _("We agree to the plan that you asked for. Its first payment is on %(day)s.", day=day)
        return BETWEEN.join((_dear(case), _thanks(), said))


def offering(case: HardshipRequest) -> str:
    """A letter that offers another plan."""
    with _language_of(case):
        offer = _("We looked at what you told us and at your loan, and this is a plan that we can offer you.")
        no_hurry = _("There is no hurry. If it does not suit you, tell us, and we look again together.")
        return BETWEEN.join((_dear(case), _thanks(), offer, no_hurry))


def declining(case: HardshipRequest) -> str:
    """A letter that says no; the reason and the next step stand in fields of their own."""
    with _language_of(case):
        return BETWEEN.join((_dear(case), _thanks(), _("We have read all of it. We cannot agree to this plan.")))


def next_step(case: HardshipRequest, staff: Staff) -> str:
    """What can be done after a no."""
    with _language_of(case):
        return str(_("Please call me on %(phone)s, and we look for another way together.", phone=staff.phone))


def _language_of(case: HardshipRequest):  # type: ignore[no-untyped-def]
    return force_locale(str(languages.locale(case.language)))


def _dear(case: HardshipRequest) -> str:
    return str(_("Dear %(name)s,", name=plain_text(case.borrower.greeting or case.borrower.name)))


def _thanks() -> str:
    return str(_("Thank you for telling us how things are."))
