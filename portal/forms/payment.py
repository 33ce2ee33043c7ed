"""What a borrower tells about payments: how much now, 'I have paid', a promised day, a skipped payment."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField
from wtforms.validators import AnyOf, StopValidation

from portal import formats
from portal.forms.documents import PapersField
from portal.forms.fields import AmountField, ChoiceField, KeyedForm, WordsField, leave_unread, reader_language
from portal.forms.reading import Unreadable, read_days

OTHER = "other"


class DayField(Field):
    """One day, in a box of type date or typed. `data` is a date once the form is validated. `earliest`, `latest`: the
    days that may be meant, set by the form; they also tell apart what can be read in two ways."""

    earliest: date
    latest: date

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.typed: str | None = None

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.typed = valuelist[0][:80] if valuelist else ""
        self.data = None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return self.data.isoformat() if self.data else ""

    def pre_validate(self, form: Any) -> None:
        if self.typed is None:
            return
        try:
            days = read_days(self.typed, self.earliest, self.latest)
        except Unreadable as refusal:
            raise StopValidation(self._sentence(refusal.code)) from None
        if len(days) > 1:
            first, last = (formats.date_long(day, reader_language()) for day in (days[0], days[-1]))
            raise StopValidation(
                gettext(
                    "This can be read as %(first)s or as %(second)s. Please write it like 2026-12-05.",
                    first=first,
                    second=last,
                )
            )
        self.data = days[0]

    def _sentence(self, code: str) -> Any:
        if code == "empty":
            return gettext("Please choose a day.")
        if code == "out_of_range":
            return gettext(
                "Please choose a day from %(first)s to %(last)s.",
                first=formats.date_long(self.earliest, reader_language()),
                last=formats.date_long(self.latest, reader_language()),
            )
        return gettext("That is not a date that we can read. Please write it like 2026-12-05.")


class PayForm(KeyedForm):
    """How much to pay: asked in the address, and nothing is changed by it. `pay` is a code of the amounts on the page, or
    OTHER with `amount`."""

    class Meta:
        csrf = False

    form_key = None  # type: ignore[assignment]  # WTForms' way to leave a field out
    pay = ChoiceField(_l("How much"), required=False)
    amount = AmountField(_l("Another amount"), required=True, above_zero=True)

    def __init__(self, *args: Any, codes: Sequence[str], most: int, **kwargs: Any) -> None:
        """most: minor units that settle the loan; more than that is a slip."""
        super().__init__(*args, **kwargs)
        self.most = most
        self.pay.choices = [(code, code) for code in (*codes, OTHER)]
        if self.pay.data != OTHER:
            leave_unread(self.amount)

    def validate_amount(self, field: AmountField) -> None:
        if self.pay.data == OTHER and field.data is not None and field.data > self.most:
            raise StopValidation(
                gettext(
                    "This is more than settles the whole loan, which is %(amount)s today.",
                    amount=formats.money(self.most, self.of.currency, reader_language(), self.of.decimals),
                )
            )


class PaidForm(KeyedForm):
    """'I have paid.' Only the amount and the day are needed."""

    amount = AmountField(_l("How much"), required=True, above_zero=True)
    paid_on = DayField(_l("When"))
    way = ChoiceField(_l("How"), required=False)
    words = WordsField(_l("The reference that you wrote, or anything else"))
    papers = PapersField(_l("A photo of a paper or receipt"))

    def __init__(self, *args: Any, ways: Sequence[tuple[str, Any]], earliest: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.way.choices = list(ways)
        self.paid_on.earliest, self.paid_on.latest = earliest, today


class PromiseForm(KeyedForm):
    """'I will pay on another day.' `day` is one of the suggested days (ISO), or OTHER with `other_day`."""

    amount = AmountField(_l("How much"), required=True, above_zero=True)
    day = ChoiceField(_l("Which day"))
    other_day = DayField(_l("Another day"))

    def __init__(self, *args: Any, days: Sequence[date], today: date, latest: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.suggested = {day.isoformat(): day for day in days}
        self.day.choices = [(iso, iso) for iso in (*self.suggested, OTHER)]
        self.other_day.earliest, self.other_day.latest = today, latest
        if self.day.data != OTHER:
            leave_unread(self.other_day)

    @property
    def promised_on(self) -> date | None:
        """The chosen day, once the form is validated."""
        return self.other_day.data if self.day.data == OTHER else self.suggested.get(self.day.data or "")


class TakeBackForm(KeyedForm):
    """Takes back what was told. `notice` says which, where there may be several."""

    notice = HiddenField()


class ReceiptForm(KeyedForm):
    """Papers that follow an 'I have paid'. `notice` says which."""

    notice = HiddenField()
    papers = PapersField(_l("A photo of a paper or receipt"), required=True)


class SkipForm(KeyedForm):
    """`act` is the tile that was pressed; `seen` the fingerprint of the figures on the page."""

    ACTS = ("skip", "keep")

    act = StringField(validators=[AnyOf(ACTS)])
    seen = HiddenField()
