"""What staff answer to a notice."""

from flask_babel import lazy_gettext as _l

from portal.forms.fields import ChoiceField, KeyedForm, WordsField


class DisputeAnswerForm(KeyedForm):
    answer = WordsField(_l("Your answer"), required=True)


class SettleForm(KeyedForm):
    """A wrong number is dealt with: nothing but the wish to say so."""


class PaidNoticeForm(KeyedForm):
    """What became of a payment that somebody told of: whether it was found, and what is written back."""

    found = ChoiceField(_l("The payment"), choices=[("found", _l("It is here")), ("not_found", _l("It has not come"))])
    answer = WordsField(_l("Your answer"), required=True)
