"""Contact rules as data: a rule set per place, each rule with its unit, what it counts by, window, forms and source.

The sets themselves are TOML files in portal/contact_rules. Nothing here knows any place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.domain.contact_facts import FORMS, UNITS, Facts, Window, read_time

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
COUNTED_BY = ("borrower", "debt", "number")
SURE = ("read", "known", "ours")


class BadRules(ValueError):
    """A rule set that can't be read; the text says which part and why."""


@dataclass(frozen=True)
class Unless:
    """When a rule doesn't bind: the borrower consented to something, or is more than so many days past due."""

    consent: str | None = None
    days_past_due_over: int | None = None

    def holds(self, facts: Facts) -> bool:
        if self.consent is not None and self.consent in facts.consent:
            return True
        late = facts.days_past_due
        return self.days_past_due_over is not None and late is not None and late > self.days_past_due_over


NEVER = Unless()


@dataclass(frozen=True)
class Hours:
    """When a contact of one of `forms` (at one of `places`; None: anywhere) may be made, by weekday (0 is Monday; a day
    without a window has no hours)."""

    forms: frozenset[str]
    places: frozenset[str] | None
    windows: Mapping[int, Window]
    unless: Unless = NEVER

    def binds(self, facts: Facts) -> bool:
        if facts.form not in self.forms or self.unless.holds(facts):
            return False
        return self.places is None or facts.place in self.places


@dataclass(frozen=True)
class Cap:
    """At most `most` contacts in a window.

    forms: those that are limited and counted. units: those that count. written_counts: what is written has reached
    its reader, whatever its unit. by: one of COUNTED_BY. window: 'day' and 'month' are of the borrower's calendar, a
    timedelta rolls.
    """

    reason: str
    most: int
    window: str | timedelta
    forms: frozenset[str] = frozenset(FORMS)
    units: frozenset[str] = frozenset(UNITS)
    written_counts: bool = False
    by: str = "borrower"
    unless: Unless = NEVER


@dataclass(frozen=True)
class SilenceAfter:
    """No further contact of `forms` for `days` calendar days after one of `unit`; that day is the first of them."""

    reason: str
    unit: str
    days: int
    forms: frozenset[str] = frozenset(FORMS)
    by: str = "borrower"


@dataclass(frozen=True)
class RuleSet:
    """The rules of one place. `to`: who may be reminded. `holidays`: the scopes of holidays on which nobody is.

    hold_days: how long a hold of a kind lasts that states no end, in days after its start (or its treatment's end).
    holds_from: the date from which the rules hold, None where the source names none. sure: 'read' (the source's text
    was read), 'known' (not confirmed from a text), 'ours'.
    """

    name: str
    title: str
    source: str
    sure: str
    holds_from: date | None = None
    to: frozenset[str] = frozenset({"borrower", "guarantor"})
    holidays: frozenset[str] = frozenset()
    hours: tuple[Hours, ...] = ()
    caps: tuple[Cap, ...] = ()
    silence_after: tuple[SilenceAfter, ...] = ()
    hold_days: Mapping[str, int] | None = None


def read_rule_set(data: Mapping[str, Any]) -> RuleSet:
    """A rule set from the plain data of its file. Raises BadRules."""
    try:
        sure = data["sure"]
        if sure not in SURE:
            raise BadRules(f"sure is {sure!r}; it is one of {', '.join(SURE)}")
        return RuleSet(
            name=data["name"],
            title=data["title"],
            source=data["source"],
            sure=sure,
            holds_from=data.get("holds_from"),
            to=frozenset(data.get("to", ("borrower", "guarantor"))),
            holidays=frozenset(data.get("holidays", ())),
            hours=tuple(_hours(entry) for entry in data.get("hours", ())),
            caps=tuple(_cap(entry) for entry in data.get("caps", ())),
            silence_after=tuple(
                SilenceAfter(entry["reason"], _unit(entry["unit"]), int(entry["days"]), _forms(entry), _by(entry))
                for entry in data.get("silence_after", ())
            ),
            hold_days={kind: int(days) for kind, days in data.get("hold_days", {}).items()},
        )
    except KeyError as missing:
        raise BadRules(f"{data.get('name', 'a rule set')}: {missing.args[0]} is missing") from None


def _hours(entry: Mapping[str, Any]) -> Hours:
    windows = {day: _window(text) for days, text in entry["windows"].items() for day in range(*_span(days))}
    places = entry.get("places")
    return Hours(_forms(entry), frozenset(places) if places else None, windows, _unless(entry))


def _span(days: str) -> tuple[int, int]:
    """'mon-fri' or 'sat' as a range of weekdays."""
    first, _, last = days.partition("-")
    try:
        return WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1
    except ValueError:
        raise BadRules(f"{days!r} names no weekdays") from None


def _window(text: str) -> Window:
    opens, _, closes = text.partition("-")
    try:
        return Window(read_time(opens), read_time(closes))
    except ValueError:
        raise BadRules(f"{text!r} is no window of hours") from None


def _cap(entry: Mapping[str, Any]) -> Cap:
    window = entry["window"]
    if window not in ("day", "month"):
        count, _, unit = window.partition(" ")
        if not count.isdigit() or unit not in ("days", "hours"):
            raise BadRules(f"{window!r} is no window: day, month, '7 days', '72 hours'")
        window = timedelta(**{unit: int(count)})
    units = frozenset(_unit(unit) for unit in entry.get("units", UNITS))
    return Cap(
        reason=entry["reason"],
        most=int(entry["most"]),
        window=window,
        forms=_forms(entry),
        units=units,
        written_counts=bool(entry.get("written_counts", False)),
        by=_by(entry),
        unless=_unless(entry),
    )


def _forms(entry: Mapping[str, Any]) -> frozenset[str]:
    forms = frozenset(entry.get("forms", FORMS))
    if not forms <= set(FORMS):
        raise BadRules(f"{', '.join(sorted(forms - set(FORMS)))}: no form of contact")
    return forms


def _unit(unit: str) -> str:
    if unit not in UNITS:
        raise BadRules(f"{unit!r} is no unit of contact")
    return unit


def _by(entry: Mapping[str, Any]) -> str:
    by: str = entry.get("by", "borrower")
    if by not in COUNTED_BY:
        raise BadRules(f"{by!r} is nothing to count by")
    return by


def _unless(entry: Mapping[str, Any]) -> Unless:
    return Unless(entry.get("unless_consent"), entry.get("unless_days_past_due_over"))
