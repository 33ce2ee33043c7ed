"""How we contact you."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import ValidationError

from portal import languages
from portal.forms.fields import ChoiceField, ChoicesField, KeyedForm

FORMS = {
    "text": _l("Text message"),
    "email": _l("Email"),
    "call": _l("Phone call"),
    "visit": _l("A visit"),
    "letter": _l("Paper post"),
}
HOURS = [(f"{hour:02d}:00", f"{hour}:00") for hour in range(25)]
OFTEN = {
    "usual": _l("Reminders, as usual"),
    "pause": _l("Pause reminders for 30 days"),
    "stop": _l("Stop reminders"),
}


class ContactWishesForm(KeyedForm):
    """An hour that is left out on one side is the day's beginning or its end; both left out are any hour."""

    forms = ChoicesField(_l("Ways that suit you"))
    days = ChoicesField(_l("Days that suit you"))
    opens = ChoiceField(_l("From"), choices=HOURS[:-1], required=False)
    closes = ChoiceField(_l("To"), choices=HOURS[1:], required=False)
    often = ChoiceField(_l("How often"), choices=list(OFTEN.items()))
    language = ChoiceField(_l("Language"))

    def __init__(
        self, *args: Any, offered: Sequence[str] = tuple(FORMS), days: Sequence[str] = (), **kwargs: Any
    ) -> None:
        """offered: the forms by which this borrower can be reached; days: what the days are called, Monday first."""
        super().__init__(*args, **kwargs)
        self.language.choices = [(each.tag, each.name) for each in languages.LANGUAGES.values()]
        self.forms.choices = [(code, FORMS[code]) for code in offered]
        self.days.choices = [(str(at), name) for at, name in enumerate(days)]

    def validate_closes(self, field: Field) -> None:
        if self.opens.data and field.data and self.opens.data == field.data:
            raise ValidationError(gettext("These are the same hour. Please choose a later one, or leave both out."))
