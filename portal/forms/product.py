"""The next version of a loan product: every convention as a choice between the sentences of portal.forms.conventions."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from portal.domain.conventions import Component, Conventions
from portal.domain.errors import InvalidTerms
from portal.forms.convention_labels import COMPONENTS, INSTALLMENT_ROUNDED, INTEREST_ROUNDED, SENTENCES, TITLES
from portal.forms.conventions import rounding_sentences, weekdays
from portal.forms.decision import CountField
from portal.forms.fields import AmountField, ChoiceField, KeyedForm, WordsField
from portal.forms.reading import ascii_digits

LONGEST_GRACE = 365
MOST_BUCKETS = 12
LONGEST_BUCKET = 3650


@dataclass(frozen=True)
class Units:
    """What units of rounding are amounts of: a currency with all its decimals, whatever pages show."""

    currency: str
    decimals: None = None


# A flag of Conventions as a form sends it.
FLAGS = {"yes": True, "no": False}
_CODES = {flag: code for code, flag in FLAGS.items()}


def _choice(name: str) -> ChoiceField:
    choices = [(_CODES.get(value, value), sentence) for value, sentence in SENTENCES[name].items()]
    return ChoiceField(TITLES[name], choices=choices)


class OrderField(Field):
    """The four components in the order in which money pays them, each place chosen by itself (`NAME-1` to `NAME-4`).
    `data` is a tuple of Component once the form is validated."""

    choices = list(COMPONENTS.items())

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors = []
        self.object_data = data or ()
        self.places: list[str] = [str(item.value) for item in data or ()]
        if formdata is not None:
            self.places = [(formdata.getlist(f"{self.name}-{place}") or [""])[0] for place in range(1, 5)]
        self.data = tuple(data or ())

    def pre_validate(self, form: Any) -> None:
        if sorted(self.places) != sorted(Component):
            self.data = ()
            raise StopValidation(gettext("Please name each of the four once."))
        self.data = tuple(Component(place) for place in self.places)


class WeekdaysField(Field):
    """Days of the week, any number of them, 0 for Monday. `data` is a tuple of numbers."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = tuple(sorted({int(day) for day in valuelist if day in set("0123456")}))

    @property
    def days(self) -> dict[int, str]:
        return weekdays()


class DaysField(Field):
    """Rising numbers of days, like '30, 60, 90'. `data` is a tuple of them once the form is validated; empty for none."""

    widget = TextInput()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = ()

    def _value(self) -> str:
        return str(self.raw_data[0][:80]) if self.raw_data else ", ".join(str(day) for day in self.data or ())

    def pre_validate(self, form: Any) -> None:
        found = [piece for piece in re.split(r"[\s,;、，；]+", ascii_digits(self._value())) if piece]
        days = [int(piece) for piece in found if piece.isdecimal() and len(piece) < 6]
        rising = days == sorted(set(days)) and all(1 <= day <= LONGEST_BUCKET for day in days)
        if len(days) != len(found) or not rising or len(days) > MOST_BUCKETS:
            raise StopValidation(gettext("Please write rising numbers of days, like 30, 60, 90."))
        self.data = tuple(days)


class ProductForm(KeyedForm):
    """`version` is the one that was on the page; `shown` the draft whose effect was shown, so that nothing is made whose
    effect was not. Units of rounding are amounts of the currency of `of`."""

    version = HiddenField()
    shown = HiddenField()
    interest_period = _choice("interest_period")
    day_count = _choice("day_count")
    year_break = _choice("year_break")
    odd_period = _choice("odd_period")
    interest_unit = AmountField(_l("Interest is rounded to"), required=True, above_zero=True)
    rounding = ChoiceField(TITLES["rounding"])
    interest_carried = _choice("interest_carried")
    level_basis = _choice("level_basis")
    installment_unit = AmountField(_l("An installment is rounded to"), required=True, above_zero=True)
    installment_rounding = ChoiceField(TITLES["installment_rounding"])
    remainder = _choice("remainder")
    closed_day_rule = _choice("closed_day_rule")
    closed_weekdays = WeekdaysField(TITLES["closed_weekdays"])
    order_due = OrderField(TITLES["order_due"])
    order_in_advance = OrderField(TITLES["order_in_advance"])
    excess = _choice("excess")
    interest_recalculated = _choice("interest_recalculated")
    stretches_rounded = _choice("stretches_rounded")
    payoff_interest = _choice("payoff_interest")
    flat_extension = _choice("flat_extension")
    due_day_is_late = _choice("due_day_is_late")
    grace_days = CountField(TITLES["grace_days"], most=LONGEST_GRACE)
    buckets = DaysField(TITLES["buckets"])
    late_fee = _choice("late_fee")
    reason = WordsField(_l("Why this change"), required=True)

    def __init__(self, *args: Any, of: Units, **kwargs: Any) -> None:
        super().__init__(*args, of=of, **kwargs)
        unit = str(gettext("to that unit"))
        self.rounding.choices = rounding_sentences(INTEREST_ROUNDED, unit)
        self.installment_rounding.choices = rounding_sentences(INSTALLMENT_ROUNDED, unit)

    @classmethod
    def filled(cls, conventions: Conventions, version: int, of: Units) -> "ProductForm":
        """A form that begins with the conventions of `version`."""
        values = {item.name: _chosen(getattr(conventions, item.name)) for item in fields(conventions)}
        return cls(formdata=None, of=of, version=str(version), shown="", **values)

    @property
    def seen_version(self) -> int:
        """The version on the page; -1, which no product has, where the field was tampered with."""
        typed = self.version.data or ""
        return int(typed) if typed.isdecimal() and len(typed) < 10 else -1

    @property
    def conventions(self) -> Conventions:
        """What was chosen, once the form is validated. Raises InvalidTerms where the domain refuses it."""
        values: dict[str, Any] = {}
        standard = Conventions()
        for item in fields(standard):
            chosen, usual = self[item.name].data, getattr(standard, item.name)
            if isinstance(usual, bool):
                chosen = FLAGS[chosen]
            elif isinstance(usual, Enum):
                chosen = type(usual)(chosen)
            values[item.name] = 0 if chosen is None else chosen
        return Conventions(**values)

    def has_shown(self, conventions: Conventions) -> bool:
        """Whether the effect of just these was on the page."""
        return bool(self.shown.data) and self.shown.data == as_shown(conventions)

    def refuse(self, refusal: InvalidTerms, sentence: str) -> None:
        """Says why the domain refused, beside the first of the two conventions that it names, and names both."""
        first, second = str(refusal.params.get("first")), str(refusal.params.get("second"))
        if first in TITLES and second in TITLES:
            sentence = gettext(
                "%(first)s and %(second)s: %(sentence)s", first=TITLES[first], second=TITLES[second], sentence=sentence
            )
        field = next((field for field in self if field.name == first), self.reason)
        field.errors = [*field.errors, sentence]


def as_shown(conventions: Conventions) -> str:
    """Conventions as a hidden field keeps them."""
    return json.dumps(conventions.to_dict(), sort_keys=True, separators=(",", ":"))


def _chosen(value: Any) -> Any:
    if isinstance(value, bool):
        return _CODES[value]
    return value.value if isinstance(value, Enum) else value
