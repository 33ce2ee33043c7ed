"""One question about a plan, answered with one tap."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import AnyOf

from portal.domain.check_ins import ANSWERS
from portal.forms.fields import KeyedForm

ANSWER_LABELS = {
    "well": _l("I can manage"),
    "hard": _l("It will be hard"),
    "cannot": _l("I cannot pay it"),
    "talk": _l("I would rather talk"),
}


class CheckInForm(KeyedForm):
    """`answer` is the tile that was pressed."""

    answer = StringField(validators=[AnyOf(ANSWERS)])
