"""Showing who one is: the lender chooses the ways, the borrower one of them."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.forms.fields import BirthDateField, ChoiceField, KeyedForm, LastFourField, leave_unread

WAYS = {
    "birth_date": _l("My date of birth"),
    "id_last_four": _l("The last 4 characters of my ID"),
    "phone_last_four": _l("The last 4 digits of my phone number"),
}


class VerifyForm(KeyedForm):
    """`way` is one of `ways`; only the answer to that way is read. `answer` is a tuple of dates or four characters."""

    way = ChoiceField(
        _l("How would you like to do this?"),
        hints={"id_last_four": _l("Any identity document you have shown us before")},
    )
    birth_date = BirthDateField(_l("Date of birth"))
    id_last_four = LastFourField(_l("Last 4 characters"))
    phone_last_four = LastFourField(_l("Last 4 digits"))

    def __init__(self, *args: Any, ways: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.way.choices = [(way, WAYS[way]) for way in ways]
        if len(ways) == 1:
            self.way.data = ways[0]
        for name in WAYS:
            if name != self.way.data:
                leave_unread(self[name])

    @property
    def answer(self) -> Any:
        return self[self.way.data].data if self.way.data else None


class NotMeForm(KeyedForm):
    """'That isn't me': nothing but the wish to say so."""
