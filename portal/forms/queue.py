"""Which requests the queue shows. It stands in the address, so that a view can be kept; nothing of a person does."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from portal.forms.fields import ChoiceField

SHOW_LABELS = {
    "": _l("All open"),
    "mine": _l("Mine"),
    "untaken": _l("Nobody has opened them"),
    "theirs": _l("Waiting for the borrower"),
}
ASKS_LABELS = {
    "": _l("Anything"),
    "smaller_for_longer": _l("Smaller payments"),
    "pause_then_on": _l("A pause"),
    "spread_overdue": _l("Spread what is overdue"),
    "another_day": _l("Another day"),
    "with_the_season": _l("With the seasons"),
    "own_amount": _l("Their own amount"),
    "suggest": _l("A plan from us"),
}
BUDGET_LABELS = {
    "": _l("Any"),
    "fits": _l("Fits"),
    "tight": _l("Tight"),
    "above": _l("Above what is left"),
    "none": _l("No budget yet"),
}


class QueueForm(FlaskForm):  # type: ignore[misc]
    """What is not among the choices, in an address that somebody kept or changed, shows everything."""

    show = ChoiceField(_l("Show"), choices=list(SHOW_LABELS.items()))
    asks = ChoiceField(_l("Asking for"), choices=list(ASKS_LABELS.items()))
    budget = ChoiceField(_l("Budget"), choices=list(BUDGET_LABELS.items()))
    officer = ChoiceField(_l("Officer"))

    class Meta:
        csrf = False

    def __init__(self, *args: Any, officers: dict[int, str], **kwargs: Any) -> None:
        """officers: names by id, of those who hold a request."""
        super().__init__(*args, **kwargs)
        self.officer.choices = [("", _l("Anyone")), *((str(number), name) for number, name in officers.items())]
        for field in self:
            if field.data not in dict(field.choices):
                field.data = ""
