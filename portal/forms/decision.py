"""What officers and supervisors answer to a request. Each form carries the version of the request that was on the page,
so that nobody decides on what they did not see, and a letter or words that the borrower reads."""

from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, HiddenField, IntegerField
from wtforms.validators import StopValidation

from portal.domain.hardship import DECLINE_REASONS
from portal.domain.plan_terms import Arrears, PauseInterest, PlanTerms
from portal.forms.fields import AmountField, ChoiceField, KeyedForm, WordsField
from portal.forms.reading import ascii_digits

DECLINE_LABELS = {
    "below_interest": _l("The amount does not cover the interest"),
    "plan_running": _l("Another plan for this loan is still running"),
    "beyond_limits": _l("It goes beyond what we may agree to"),
    "need_to_talk": _l("We need to talk first"),
}
ARREARS_LABELS = {
    Arrears.keep.value: _l("Stays due as it is"),
    Arrears.spread.value: _l("Spread, without interest"),
    Arrears.at_end.value: _l("At the end, without interest"),
    Arrears.capitalise.value: _l("Bears interest with the rest"),
}
PAUSE_INTEREST_LABELS = {
    PauseInterest.at_end.value: _l("Paid at the end"),
    PauseInterest.spread.value: _l("Spread over what follows"),
    PauseInterest.capitalise.value: _l("Bears interest with the rest"),
    PauseInterest.waive.value: _l("Not charged"),
}
# Where a refusal of the domain is said: beside the first of these fields that holds something.
FIELDS_OF = {
    "amount_never_repays": ("amount",),
    "longer_than_longest": ("amount", "extend_by", "pause"),
    "first_on_too_early": ("first_on", "due_day"),
    "pause_too_long": ("pause",),
    "arrears_over_too_long": ("arrears_over",),
    "nothing_overdue": ("arrears",),
    "invalid_due_day": ("due_day",),
}
LONGEST_COUNT = 600


class CountField(IntegerField):
    """A number of payments, or a day of the month. `data` is None for an empty field."""

    def __init__(self, label: Any, *, least: int = 0, most: int = LONGEST_COUNT, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.least, self.most = least, most

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = ascii_digits(valuelist[0]).strip() if valuelist else ""
        self.data = int(typed) if typed.isdecimal() and len(typed) < 6 else None

    def pre_validate(self, form: Any) -> None:
        typed = (self.raw_data or [""])[0].strip()
        if (self.data is None and typed) or (self.data is not None and not self.least <= self.data <= self.most):
            raise StopValidation(
                gettext("Please write a whole number from %(least)s to %(most)s.", least=self.least, most=self.most)
            )


class DayField(DateField):
    """A date as the browser's own field sends it. `data` is None for an empty field."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        typed = valuelist[0].strip() if valuelist else ""
        if typed:
            try:
                self.data = date.fromisoformat(ascii_digits(typed))
            except ValueError:
                raise ValueError(gettext("Please write the date as 2026-12-31.")) from None


class DecisionForm(KeyedForm):
    """`act` is what the form does, as in portal.domain.hardship. Ids begin with it, since a page holds several forms."""

    act = ""
    version = HiddenField()
    # The plan that was on the page, so that what changed meanwhile can be shown beside it.
    seen = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.id = f"{self.act}-{field.name}"
            field.label.field_id = field.id

    @property
    def seen_version(self) -> int:
        """The version on the page; -1, which no request has, where the field was tampered with."""
        typed = self.version.data or ""
        return int(typed) if typed.isdecimal() and len(typed) < 10 else -1

    @property
    def wrote(self) -> str:
        """What the officer wrote to the borrower."""
        return ""


class TakeForm(DecisionForm):
    act = "take"


class LetterForm(DecisionForm):
    letter = WordsField(_l("Your letter"), required=True)

    @property
    def wrote(self) -> str:
        return self.letter.data or ""


class ApproveForm(LetterForm):
    act = "approve"


class AskForm(DecisionForm):
    act = "ask"
    words = WordsField(_l("Your question"), required=True)

    @property
    def wrote(self) -> str:
        return self.words.data or ""


class DeclineForm(LetterForm):
    """`wrote` is the letter with the next step as its last paragraph: nobody is left with a bare no."""

    act = "decline"
    reason = ChoiceField(_l("The reason"), choices=[(code, DECLINE_LABELS[code]) for code in DECLINE_REASONS])
    next_step = WordsField(_l("What can be done next"), required=True)

    @property
    def wrote(self) -> str:
        return "\n\n".join(filter(None, (self.letter.data, self.next_step.data)))


class OfferForm(LetterForm):
    """Another plan. What is left empty stays as it is today."""

    act = "offer"
    amount = AmountField(_l("Each payment"), above_zero=True)
    first_on = DayField(_l("First payment on"))
    due_day = CountField(_l("Day of the month"), least=1, most=31)
    pause = CountField(_l("Pause, in payments"))
    pause_interest = ChoiceField(_l("Interest of the pause"), choices=list(PAUSE_INTEREST_LABELS.items()))
    extend_by = CountField(_l("Longer by, in payments"))
    arrears = ChoiceField(_l("What is overdue"), choices=list(ARREARS_LABELS.items()))
    arrears_over = CountField(_l("Spread over, in payments"), least=1)

    def __init__(self, *args: Any, monthly: bool, **kwargs: Any) -> None:
        """monthly: whether the loan is due on a day of the month."""
        super().__init__(*args, **kwargs)
        if not monthly:
            del self.due_day

    @classmethod
    def filled(cls, terms: PlanTerms, **kwargs: Any) -> "OfferForm":
        """A form that begins with `terms`; what it has no field for is left out."""
        return cls(
            formdata=None,
            amount=terms.amount,
            first_on=terms.first_on,
            due_day=terms.due_day,
            pause=terms.pause or None,
            pause_interest=terms.pause_interest.value,
            extend_by=terms.extend_by or None,
            arrears=terms.arrears.value,
            arrears_over=terms.arrears_over,
            **kwargs,
        )

    @property
    def terms(self) -> PlanTerms:
        """The plan, once the form is validated. Raises InvalidPlan where two of the terms contradict each other."""
        spread = self.arrears.data == Arrears.spread
        return PlanTerms(
            amount=self.amount.data,
            first_on=self.first_on.data,
            due_day=self.due_day.data if "due_day" in self else None,
            pause=self.pause.data or 0,
            pause_interest=PauseInterest(self.pause_interest.data),
            extend_by=self.extend_by.data or 0,
            arrears=Arrears(self.arrears.data),
            arrears_over=self.arrears_over.data if spread else None,
        )

    def refuse(self, code: str, params: dict[str, Any], sentence: str) -> None:
        """Says why the domain refused the terms, beside the field that it is about."""
        names = FIELDS_OF.get(code) or tuple(params.get(key, "") for key in ("first", "second"))
        known = [self[name] for name in names if name in self]
        field: Field = next((field for field in known if field.data), known[0] if known else self.amount)
        field.errors = [*field.errors, sentence]
