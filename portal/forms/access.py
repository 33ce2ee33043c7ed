"""Ways in: a personal word, a new link, a code of the second way in; and the wish to talk to somebody today."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import StopValidation

from portal.forms.fields import LONGEST_LINE, ChoiceField, KeyedForm, WordField, WordsField


class NumberField(StringField):
    """A phone number or the lender's client number, as it was typed."""

    def pre_validate(self, form: Any) -> None:
        if sum(map(str.isalnum, self.data or "")) < 3:
            raise StopValidation(gettext("Please write your number."))
        if len(self.data or "") > LONGEST_LINE:
            raise StopValidation(gettext("This is longer than any that we know."))


class NewLinkForm(KeyedForm):
    number = NumberField(_l("Your mobile number"))


class WordForm(KeyedForm):
    """`present` is asked for where a word is set."""

    present = WordField(_l("Your word as it is now"))
    wanted = WordField(_l("Your personal word"))


class TodayForm(KeyedForm):
    words = WordsField(_l("When, and on which number?"))


class WaysInForm(KeyedForm):
    """What staff do about somebody's ways in, once they know that it is that person."""

    checked = ChoiceField(
        _l("Is it this person?"), choices=[("yes", _l("I have checked that I am speaking with this person"))]
    )
