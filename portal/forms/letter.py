"""A letter, by either side."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import AnyOf

from portal.forms.documents import PapersField
from portal.forms.fields import KeyedForm, WordsField, leave_unread

LONGEST_LETTER = 5000


class LetterForm(KeyedForm):
    words = WordsField(_l("Your letter"), required=True, longest=LONGEST_LETTER)
    papers = PapersField(_l("Add a photo or file"))


class ReplyForm(KeyedForm):
    """`act` is the button that was pressed, one of ACTS; `seen` the number of the newest letter that was on the page."""

    ACTS = ("reply", "settle")

    act = StringField(validators=[AnyOf(ACTS)])
    seen = HiddenField()
    words = WordsField(_l("Your answer"), required=True, longest=LONGEST_LETTER)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.act.data == "settle":
            leave_unread(self.words)

    @property
    def seen_up_to(self) -> int:
        seen = self.seen.data or ""
        return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 18 else 0
