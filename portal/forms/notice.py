"""What staff answer to a notice."""

from flask_babel import lazy_gettext as _l

from portal.forms.fields import KeyedForm, WordsField


class DisputeAnswerForm(KeyedForm):
    answer = WordsField(_l("Your answer"), required=True)


class SettleForm(KeyedForm):
    """A wrong number is dealt with: nothing but the wish to say so."""
