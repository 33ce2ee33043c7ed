"""The code on a paper."""

from flask_babel import lazy_gettext as _l

from portal.forms.fields import KeyedForm, WordsField


class PaperForm(KeyedForm):
    code = WordsField(_l("The code on the paper"), required=True)
