"""The conventions of a loan product in plain words: the same sentences where they are read and where they are chosen. A new
convention needs its Rule in RULES, a new value its line in portal.forms.convention_labels; a test walks both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from babel.dates import get_day_names
from babel.lists import format_list
from flask_babel import get_locale, gettext, ngettext
from flask_babel import lazy_gettext as _l

from portal import formats, languages
from portal.domain.conventions import Conventions, InterestPeriod, LateFee, OddPeriod
from portal.domain.day_count import DayCount
from portal.domain.due_dates import ClosedDayRule
from portal.domain.money import exponent
from portal.domain.recalculation import follows_money
from portal.forms.convention_labels import (
    COMPONENTS,
    DAYS_IN_SHORT,
    INSTALLMENT_ROUNDED,
    INTEREST_ROUNDED,
    ROUNDINGS,
    SENTENCES,
    TITLES,
)


class InCurrency(Protocol):
    """In which currency units of rounding are."""

    @property
    def currency(self) -> str: ...


@dataclass(frozen=True)
class Rule:
    """One thing that a product settles. `names` are its fields in Conventions, the first giving it its name; `write` says
    it; `is_idle` whether it can't act under the conventions beside it; `for_borrower` whether it tells a borrower something.
    """

    names: tuple[str, ...]
    title: Any
    write: Callable[[Conventions, InCurrency], str]
    is_idle: Callable[[Conventions], bool] = lambda conventions: False
    for_borrower: Callable[[Conventions], bool] = lambda conventions: True

    @property
    def name(self) -> str:
        return self.names[0]


@dataclass(frozen=True)
class Said:
    """A rule in force, said. `items` are an order of payment, first to last, in place of more words."""

    name: str
    title: str
    sentence: str
    items: tuple[str, ...]
    is_idle: bool


def in_force(conventions: Conventions, of: InCurrency) -> list[tuple[str, list[Said]]]:
    """Every convention in a sentence, by heading, in the language of the request. Units are of the currency of `of`."""
    return [(str(heading), [_said(rule, conventions, of) for rule in rules]) for heading, rules in RULES]


def convention_sentences(conventions: Conventions, of: InCurrency) -> list[str]:
    """How a loan's interest and payments are worked out, for who repays it: whole sentences in the language of the request,
    without what can't act on the loan. Units are of the currency of `of` (a loan, or whatever has a `currency`)."""
    return [
        gettext("%(sentence)s.", sentence=_whole(_said(rule, conventions, of)))
        for _, rules in RULES
        for rule in rules
        if rule.for_borrower(conventions) and not rule.is_idle(conventions)
    ]


def convention_line(conventions: Conventions, of: InCurrency) -> str:
    """The conventions that tell most, in one line: 'Interest by days, 365 a year; rounded to the cent'."""
    daily = conventions.interest_period is InterestPeriod.daily
    interest = DAYS_IN_SHORT[conventions.day_count] if daily else _l("Interest by periods, equal whatever their days")
    return str(
        gettext(
            "%(interest)s; rounded %(unit)s",
            interest=interest,
            unit=unit_words(conventions.installment_unit, of.currency),
        )
    )


def changed(before: Conventions, after: Conventions, of: InCurrency) -> list[tuple[Said, Said]]:
    """The rules whose fields differ, as each says them."""
    return [
        (_said(rule, before, of), _said(rule, after, of))
        for _, rules in RULES
        for rule in rules
        if any(getattr(before, name) != getattr(after, name) for name in rule.names)
    ]


def unit_words(unit: int, currency: str) -> str:
    """'to the cent', 'to the whole unit', 'to a multiple of $5.00'. unit: minor units of `currency`."""
    digits = exponent(currency)
    if unit == 10**digits:
        return str(gettext("to the whole unit"))
    if unit == 1 and digits == 2:
        return str(gettext("to the cent"))
    return str(gettext("to a multiple of %(amount)s", amount=formats.money(unit, currency, _language())))


def rounding_sentences(template: Any, unit: str) -> list[tuple[str, str]]:
    """The choices of a rounding: code and sentence, with its unit in words."""
    return [(code, str(template) % {"unit": unit, "way": way}) for code, way in ROUNDINGS.items()]


def weekdays(chosen: tuple[int, ...] | None = None) -> dict[int, str]:
    """Names of the days of the week in the reader's language, 0 for Monday."""
    names = get_day_names("wide", locale=languages.locale(_language()))
    return {day: names[day] for day in (range(7) if chosen is None else chosen)}


def _language() -> str:
    return languages.resolve(str(get_locale() or "")) or languages.DEFAULT


def _said(rule: Rule, conventions: Conventions, of: InCurrency) -> Said:
    value = getattr(conventions, rule.name)
    items = tuple(str(COMPONENTS[item]) for item in value) if rule.name.startswith("order_") else ()
    return Said(rule.name, str(rule.title), rule.write(conventions, of), items, rule.is_idle(conventions))


def _whole(said: Said) -> str:
    """A rule in one sentence, its items after it."""
    if not said.items:
        return said.sentence
    return str(gettext("%(sentence)s: %(items)s", sentence=said.sentence, items=_then(said.items)))


def _then(items: tuple[str, ...]) -> str:
    return str(
        gettext("%(first)s, then %(second)s, then %(third)s, then %(fourth)s")
        % dict(zip(("first", "second", "third", "fourth"), items, strict=True))
    )


def _value(name: str) -> Callable[[Conventions, InCurrency], str]:
    def write(conventions: Conventions, of: InCurrency) -> str:
        return str(SENTENCES[name][getattr(conventions, name)])

    return write


def _rounded(template: Any, way: str, unit: str) -> Callable[[Conventions, InCurrency], str]:
    def write(conventions: Conventions, of: InCurrency) -> str:
        words = unit_words(getattr(conventions, unit), of.currency)
        return str(template) % {"unit": words, "way": ROUNDINGS[getattr(conventions, way)]}

    return write


def _days_counted(conventions: Conventions, of: InCurrency) -> str:
    return str(SENTENCES["day_count"][conventions.day_count])


def _closed_weekdays(conventions: Conventions, of: InCurrency) -> str:
    days = list(weekdays(conventions.closed_weekdays).values())
    if not days:
        return str(gettext("No day of the week is closed as such; a loan’s own holidays count"))
    locale = languages.locale(_language())
    return str(gettext("Closed: %(days)s, and a loan’s own holidays", days=format_list(days, locale=locale)))


def _grace_days(conventions: Conventions, of: InCurrency) -> str:
    days = conventions.grace_days
    if not days:
        return str(gettext("A payment counts as late from the first day past due"))
    return str(
        ngettext(
            "One day past due does not yet count as late",
            "The first %(num)s days past due do not yet count as late",
            days,
        )
    )


def _buckets(conventions: Conventions, of: InCurrency) -> str:
    if not conventions.buckets:
        return str(gettext("Late loans are not divided by days past due"))
    edges = ", ".join(str(edge) for edge in conventions.buckets)
    return str(gettext("Late loans are divided at %(days)s days past due", days=edges))


def _order_due(conventions: Conventions, of: InCurrency) -> str:
    return str(gettext("A payment pays what is due in this order"))


def _order_in_advance(conventions: Conventions, of: InCurrency) -> str:
    return str(gettext("What is paid before it is due pays in this order"))


def _counts_no_days(conventions: Conventions) -> bool:
    return conventions.interest_period is InterestPeriod.per_period and conventions.odd_period is not OddPeriod.by_days


def _no_borrower(conventions: Conventions) -> bool:
    return False


def _rule(name: str, write: Any = None, *also: str, **more: Any) -> Rule:
    return Rule((name, *also), TITLES[name], write or _value(name), **more)


RULES: tuple[tuple[Any, tuple[Rule, ...]], ...] = (
    (
        _l("Interest"),
        (
            _rule("interest_period"),
            _rule("day_count", _days_counted, is_idle=_counts_no_days),
            _rule(
                "year_break",
                is_idle=lambda c: c.day_count is not DayCount.actual_actual or _counts_no_days(c),
            ),
            _rule("odd_period", is_idle=lambda c: c.interest_period is InterestPeriod.daily),
            _rule("rounding", _rounded(INTEREST_ROUNDED, "rounding", "interest_unit"), "interest_unit"),
            _rule("interest_carried"),
        ),
    ),
    (
        _l("Installments"),
        (
            _rule("level_basis", for_borrower=_no_borrower),
            _rule(
                "installment_rounding",
                _rounded(INSTALLMENT_ROUNDED, "installment_rounding", "installment_unit"),
                "installment_unit",
            ),
            _rule("remainder"),
            _rule("closed_day_rule"),
            _rule(
                "closed_weekdays",
                _closed_weekdays,
                is_idle=lambda c: c.closed_day_rule is ClosedDayRule.stay,
                for_borrower=lambda c: bool(c.closed_weekdays),
            ),
        ),
    ),
    (
        _l("Payments"),
        (
            _rule("order_due", _order_due),
            _rule("order_in_advance", _order_in_advance, is_idle=follows_money),
            _rule("excess"),
            _rule("interest_recalculated"),
            _rule("stretches_rounded", is_idle=lambda c: not follows_money(c), for_borrower=_no_borrower),
            _rule("payoff_interest"),
            _rule("flat_extension", for_borrower=_no_borrower),
        ),
    ),
    (
        _l("Late payments"),
        (
            _rule("due_day_is_late", for_borrower=_no_borrower),
            _rule("grace_days", _grace_days, for_borrower=_no_borrower),
            _rule("buckets", _buckets, for_borrower=_no_borrower),
            _rule("late_fee", for_borrower=lambda c: c.late_fee is not LateFee.not_stated),
        ),
    ),
)
