"""Papers that may help."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField
from wtforms.validators import StopValidation

from portal.forms.fields import ChoiceField, KeyedForm

KINDS = {
    "payslip": _l("A payslip"),
    "work": _l("A letter about work"),
    "bill": _l("A bill or a doctor’s paper"),
    "receipt": _l("A receipt of a payment"),
    "other": _l("Something else"),
}


class PapersField(MultipleFileField):  # type: ignore[misc]
    """Photos and PDFs. `data` is the files that were chosen, unread: what is in them is no matter of the form."""

    def __init__(self, label: Any, *, required: bool = False, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.required = required

    def pre_validate(self, form: Any) -> None:
        if self.required and not any(file.filename for file in self.data or ()):
            raise StopValidation(gettext("Please choose a photo or a PDF."))


class PapersForm(KeyedForm):
    kind = ChoiceField(_l("What is it?"), choices=list(KINDS.items()), required=False)
    papers = PapersField(_l("Photo or PDF"), required=True)
    consent = BooleanField(_l("May we keep them?"))

    def validate_consent(self, field: Any) -> None:
        if not field.data:
            raise StopValidation(gettext("Please tick this, so that we may keep what you send."))


class TakeBackPaperForm(KeyedForm):
    """A paper is taken back: nothing but the wish to say so."""
