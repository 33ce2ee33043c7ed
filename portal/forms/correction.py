"""A detail that is wrong, and what staff do about it."""

from flask_babel import lazy_gettext as _l

from portal.forms.fields import ChoiceField, KeyedForm, WordsField

DETAILS = {
    "name": _l("My name"),
    "greeting": _l("How you address me"),
    "phone": _l("My phone number"),
    "email": _l("My email address"),
    "birth_date": _l("My date of birth"),
    "other": _l("Something else"),
}


class CorrectionForm(KeyedForm):
    detail = ChoiceField(_l("What is wrong?"), choices=list(DETAILS.items()))
    should_be = WordsField(_l("What should it be?"), required=True)


class SettleCorrectionForm(KeyedForm):
    status = ChoiceField(
        _l("The detail"), choices=[("corrected", _l("It is corrected")), ("not_corrected", _l("It stays as it is"))]
    )
    answer = WordsField(_l("What you write back"))
