"""'The amount is not right', 'this loan is not mine'."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.forms.documents import PapersField
from portal.forms.fields import ChoiceField, ChoicesField, KeyedForm, WordsField

KINDS = {
    "amount": _l("The amount is not right"),
    "not_mine": _l("This loan is not mine"),
    "other": _l("Something else"),
}
KIND_HINTS = {"not_mine": _l("Or I did not sign it, or somebody used my name")}
DETAILS = {
    "never": _l("I have never had this loan"),
    "name_used": _l("Somebody I know may have used my name"),
    "paid_back": _l("It was mine, and it is paid back"),
}
DETAIL_HINTS = {"name_used": _l("You need not say who")}
LONGEST_FIGURE = 200


class DisputeForm(KeyedForm):
    """`should_be` stays as it was typed: a guess is welcome and is no figure to reckon with. `doubted` are codes of what was
    on the page."""

    kind = ChoiceField(_l("What is not right?"), choices=list(KINDS.items()), hints=KIND_HINTS)
    detail = ChoiceField(_l("Which is nearest?"), choices=list(DETAILS.items()), hints=DETAIL_HINTS, required=False)
    doubted = ChoicesField(_l("What looks wrong?"))
    should_be = WordsField(_l("What should it be?"))
    words = WordsField(_l("In your own words"))
    papers = PapersField(_l("A photo of a paper or receipt"))

    def __init__(self, *args: Any, doubts: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doubted.choices = [(code, code) for code in doubts]


class MorePapersForm(KeyedForm):
    """Papers that follow a dispute."""

    papers = PapersField(_l("A photo of a paper or receipt"), required=True)
