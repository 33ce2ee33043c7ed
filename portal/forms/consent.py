"""A guarantor's yes or no."""

from wtforms import StringField
from wtforms.validators import AnyOf

from portal.forms.fields import KeyedForm


class ConsentForm(KeyedForm):
    """`act` is the button that was pressed, one of ACTS."""

    ACTS = ("agree", "refuse")

    act = StringField(validators=[AnyOf(ACTS)])
