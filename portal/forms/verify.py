"""Showing who one is: the lender chooses the ways, the borrower one of them."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.forms.fields import (
    BirthDateField,
    ChoiceField,
    CodeField,
    KeyedForm,
    LastFourField,
    WordField,
    leave_unread,
)

WAYS = {
    "birth_date": _l("My date of birth"),
    "id_last_four": _l("The last 4 characters of my ID"),
    "phone_last_four": _l("The last 4 digits of my phone number"),
}


class VerifyForm(KeyedForm):
    """Only the answer to the way that was chosen is read. methods: the lender's, codes of WAYS, in its order. `word` is
    asked of everybody alike, whether or not they have set one."""

    way = ChoiceField(
        _l("How would you like to do this?"),
        hints={"id_last_four": _l("Any identity document you have shown us before")},
    )
    birth_date = BirthDateField(_l("Date of birth"))
    id_last_four = LastFourField(_l("Last 4 characters"))
    phone_last_four = LastFourField(_l("Last 4 digits"))
    word = WordField(_l("Your personal word"))

    def __init__(self, *args: Any, methods: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.way.choices = [(way, WAYS[way]) for way in methods]
        if len(methods) == 1 or not self.way.raw_data:
            self.way.data = methods[0]
        for name in WAYS:
            if name != self.way.data:
                leave_unread(self[name])

    @property
    def answer(self) -> tuple[str, ...]:
        """What was meant, once validated: ISO dates, more than one where it may be read in more than one way, or four
        characters."""
        data = self[self.way.data].data
        return (data,) if isinstance(data, str) else tuple(day.isoformat() for day in data)


class EnterForm(VerifyForm):
    """The second way in: a code, and who one is."""

    code = CodeField(_l("Code"))
