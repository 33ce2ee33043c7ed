"""The borrower's answer: to an offer, and to a question."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import AnyOf

from portal.forms.fields import KeyedForm, WordsField


class OfferAnswerForm(KeyedForm):
    """`act` is the button that was pressed, one of ACTS. `version` and `offer` are of the page that was read, so that
    nobody accepts what they did not see."""

    ACTS = ("accept", "talk", "refuse")

    act = StringField(validators=[AnyOf(ACTS)])
    version = HiddenField()
    offer = HiddenField()
    words = WordsField(_l("If you would like to talk first: what about, and when may we call?"))


class QuestionAnswerForm(KeyedForm):
    version = HiddenField()
    answer = WordsField(_l("Your answer"), required=True)
