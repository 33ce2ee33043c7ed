"""The fields that forms are made of, one class per concept. What was typed is kept and shown again as it was typed;
what is wrong with it is said in a sentence beside it.

A field's amounts are in the currency of its form (`of`); its sentences are in the language of the request.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from flask import g
from flask_babel import get_locale, gettext
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import TextInput

from portal import formats, languages
from portal.domain.money import exponent
from portal.forms.reading import Unreadable, plain_text, read_amount, read_birth_dates, read_last_four

LONGEST_WORDS = 4000  # characters of somebody's own words
LONGEST_LINE = 200  # characters of what stands on one line


class KeyedForm(FlaskForm):  # type: ignore[misc]
    """A form with CSRF protection and an idempotency key: made when the form is first shown and sent back with it, so
    that the second of two equal submissions is known as such.

    of: the loan whose currency the form's amounts are in (`currency`, `decimals`). today: for a field that asks for a
    date.
    """

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """What is sent; on a page that somebody comes back to, what they had typed there when their session ran out
            (`g.typed_before`), as if it were sent."""
            found = super().wrap_formdata(form, formdata)
            return g.get("typed_before") if found is None and formdata is not None else found

    form_key = HiddenField(default=lambda: uuid4().hex)

    def __init__(self, *args: Any, of: Any = None, today: date | None = None, **kwargs: Any) -> None:
        self.of = of
        self.today = today
        super().__init__(*args, **kwargs)
        for field in self:
            if isinstance(field, AmountField):
                field.of = of

    def validate_form_key(self, field: Field) -> None:
        if not re.fullmatch(r"[0-9a-f]{32}", field.data or ""):
            raise ValidationError(gettext("This page was not sent whole. Please send it once more."))


def reader_language() -> str:
    """The tag of the language that the form is read and filled in."""
    return languages.base(languages.resolve(str(get_locale() or "")) or languages.DEFAULT)


def leave_unread(field: Field) -> None:
    """Another answer of the form makes this one needless: it is neither read nor refused, and what was typed stays."""
    field.pre_validate = lambda form: None  # type: ignore[method-assign]


class AmountField(Field):
    """One amount of money. `data` is minor units once the form is validated, None for an empty field that may be empty.

    required: refuses an empty field. above_zero: refuses zero.
    """

    widget = TextInput()
    of: Any = None

    def __init__(self, label: Any, *, required: bool = False, above_zero: bool = False, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.required = required
        self.above_zero = above_zero
        self.typed: str | None = None

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.typed = valuelist[0] if valuelist else ""
        self.data = None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return (
            ""
            if self.data is None
            else formats.amount(self.data, self.of.currency, reader_language(), self.of.decimals)
        )

    def pre_validate(self, form: Any) -> None:
        if self.typed is None:
            return
        try:
            self.data = read_amount(self.typed, self.of.currency, reader_language(), self.of.decimals)
            if self.above_zero and self.data == 0:
                raise Unreadable("zero")
        except Unreadable as refusal:
            self.data = None
            if refusal.code != "empty" or self.required:
                raise StopValidation(self._sentence(refusal)) from None

    def _sentence(self, refusal: Unreadable) -> Any:
        def written(minor: int) -> str:
            return formats.money(minor, self.of.currency, reader_language(), self.of.decimals)

        if refusal.code == "unclear":
            readings = [written(minor) for minor in refusal.readings]
            if len(readings) == 1:
                return gettext("Did you mean %(amount)s? Please write it that way.", amount=readings[0])
            return gettext(
                "This can be read as %(first)s or as %(second)s. Please write it in one of these ways.",
                first=readings[0],
                second=readings[1],
            )
        if refusal.code == "decimals":
            if exponent(self.of.currency) and self.of.decimals != 0:
                return gettext(
                    "This has more decimals than the money has. Please write it like %(amount)s.",
                    amount=written(123450),
                )
            return gettext("Please write a whole amount, without anything after the point.")
        if refusal.code == "zero":
            return gettext("Please write an amount above zero.")
        if refusal.code == "negative":
            return gettext("Please write the amount without a minus.")
        if refusal.code == "too_large":
            return gettext("This amount is too large. Please look at it once more.")
        if refusal.code == "empty":
            return gettext("Please write an amount. A good guess is fine.")
        return gettext(
            "Please write the amount in figures, like %(amount)s.",
            amount=written(10 ** exponent(self.of.currency) * 1200),
        )


class BirthDateField(Field):
    """A birth date in three boxes (`NAME-year`, `NAME-month`, `NAME-day`), or the whole of it in any one of them.

    `data` is every date that was meant, once the form is validated: more than one where a year may be of the Republic
    of China or of the common era, or where day and month may stand in either order. Empty tuple when left empty.
    """

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.boxes: dict[str, str] = {"year": "", "month": "", "day": ""}

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors = []
        self.object_data = self.data = ()
        if formdata is not None:
            self.raw_data = []
            for box in self.boxes:
                typed = formdata.getlist(f"{self.name}-{box}")
                self.boxes[box] = typed[0][:80] if typed else ""
                self.raw_data += typed[:1]

    def pre_validate(self, form: Any) -> None:
        try:
            self.data = read_birth_dates(**self.boxes, today=form.today)
        except Unreadable as refusal:
            self.data = ()
            if refusal.code == "empty":
                raise StopValidation(gettext("Please write your date of birth.")) from None
            raise StopValidation(
                gettext("That is not a date that we can read. Please write it like 5 4 1980, or 19800405.")
            ) from None


class LastFourField(StringField):
    """The last four characters of a number. `data` is four digits or capitals once the form is validated."""

    def _value(self) -> str:
        return self.raw_data[0][:80] if self.raw_data else ""

    def pre_validate(self, form: Any) -> None:
        try:
            self.data = read_last_four(self.data or "")
        except Unreadable:
            raise StopValidation(gettext("Please write the last 4 characters. An X counts as one.")) from None


class CodeField(StringField):
    """A code that was said or printed, as it was typed; whoever looks it up reads it gently."""

    def pre_validate(self, form: Any) -> None:
        if not any(letter.isalnum() for letter in self.data or ""):
            raise StopValidation(gettext("Please write the code."))
        if len(self.data or "") > LONGEST_LINE:
            raise StopValidation(gettext("This is longer than any that we know."))


class WordField(StringField):
    """A personal word, which nobody is shown again. It may be left out."""

    def _value(self) -> str:
        return ""

    def pre_validate(self, form: Any) -> None:
        if len(self.data or "") > LONGEST_LINE:
            raise StopValidation(gettext("This is longer than any that we know."))


class ChoiceField(Field):
    """One of a few answers. `choices` are (code, label), `hints` a second line by code; `data` is a code or None."""

    def __init__(
        self,
        label: Any,
        *,
        choices: Sequence[tuple[str, Any]] = (),
        required: bool = True,
        hints: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, **kwargs)
        self.choices = list(choices)
        self.required = required
        self.hints = hints or {}

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = valuelist[0] if valuelist else None

    def pre_validate(self, form: Any) -> None:
        if self.data in dict(self.choices):
            return
        if self.data or self.required:
            self.data = None
            raise StopValidation(gettext("Please choose one of these."))
        self.data = None


class ChoicesField(Field):
    """Any of a few answers, or none. `choices` are (code, label), `hints` a second line by code; `data` is a list of codes
    in the order of the choices."""

    def __init__(
        self,
        label: Any,
        *,
        choices: Sequence[tuple[str, Any]] = (),
        hints: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, **kwargs)
        self.choices = list(choices)
        self.hints = hints or {}

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = list(valuelist)

    def pre_validate(self, form: Any) -> None:
        self.data = [code for code, _ in self.choices if code in (self.data or ())]


class MonthsField(Field):
    """Months of the year. `data` is a list of numbers, 1 to 12, in order."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = sorted(
            {int(value) for value in valuelist if value.isascii() and value.isdigit() and len(value) < 3}
        )

    def pre_validate(self, form: Any) -> None:
        if any(not 1 <= month <= 12 for month in self.data or ()):
            self.data = []
            raise StopValidation(gettext("Please choose one of these."))


class WordsField(TextAreaField):
    """Somebody's own words. `data` has no control characters once read; what is too long (over `longest` characters) is
    refused, and kept."""

    def __init__(self, label: Any, *, required: bool = False, longest: int = LONGEST_WORDS, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.required = required
        self.longest = longest

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = plain_text(valuelist[0]) if valuelist else ""

    def pre_validate(self, form: Any) -> None:
        if self.required and not self.data:
            raise StopValidation(gettext("Please write a few words."))
        if self.data and len(self.data) > self.longest:
            raise StopValidation(
                gettext(
                    "This is %(length)s characters long, and %(longest)s fit. Please shorten it a little.",
                    length=len(self.data),
                    longest=self.longest,
                )
            )
