"""'This was not all right', and what a supervisor answers."""

from flask_babel import lazy_gettext as _l

from portal.forms.fields import ChoiceField, KeyedForm, WordsField

KINDS = {
    "contact": _l("A call, text, visit or letter"),
    "person": _l("How somebody spoke to me"),
    "decision": _l("My request or its answer"),
    "figures": _l("The amount or the account"),
    "other": _l("Something else"),
}
WISHES = {
    "apology": _l("An apology"),
    "explanation": _l("An explanation"),
    "other_officer": _l("Another officer"),
    "other_times": _l("Other times, or another way to contact me"),
    "money_back": _l("Money back"),
}
OUTCOMES = {
    "upheld": _l("You are right"),
    "partly": _l("You are right in part"),
    "not_upheld": _l("We see it differently"),
}


class ComplaintForm(KeyedForm):
    """`contact` is the number of the contact in question; its choices are of the borrower's own."""

    kind = ChoiceField(_l("What is it about?"), choices=list(KINDS.items()))
    contact = ChoiceField(_l("Which one"), required=False)
    words = WordsField(_l("What happened?"))
    wishes = ChoiceField(_l("What would put it right?"), choices=list(WISHES.items()), required=False)


class MoreWordsForm(KeyedForm):
    words = WordsField(_l("Add something"), required=True)


class ComplaintAnswerForm(KeyedForm):
    outcome = ChoiceField(_l("What you found"), choices=list(OUTCOMES.items()))
    answer = WordsField(_l("Your letter"), required=True)
