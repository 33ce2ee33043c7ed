"""What the contact gate is told about one planned contact: plain facts, and how they are read from plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FORMS = ("text", "email", "call", "visit", "letter")
UNITS = ("attempt", "answered", "conversation")
WRITTEN = ("text", "email", "letter")


class BadFacts(ValueError):
    """Facts that can't be read; the text says which and why."""


@dataclass(frozen=True)
class PastContact:
    """A contact that was made. `unit` is how far it got: an attempt, answered, or a conversation.

    A debt or number of None is not known, and counts as if it were the one in question.
    """

    at: datetime
    form: str
    unit: str
    debt: str | None = None
    number: str | None = None
    purpose: str | None = None


@dataclass(frozen=True)
class ActiveHold:
    """A reason to be silent. `starts` and `ends` are the first and last day of it in the borrower's zone, or instants;
    None is open. `treatment_ended` is for a hold that lasts as long as a treatment. `number` and `form` narrow it."""

    kind: str
    starts: date | datetime | None = None
    ends: date | datetime | None = None
    treatment_ended: date | None = None
    number: str | None = None
    form: str | None = None


@dataclass(frozen=True)
class Holiday:
    """scope: national or state."""

    on: date
    scope: str = "national"
    name: str = ""


@dataclass(frozen=True)
class Window:
    """Hours of a day, [opens, closes): the opening minute is inside, the closing one outside. `closes` at or before
    `opens` is of the next day; equal ends are the whole day."""

    opens: time
    closes: time


@dataclass(frozen=True)
class Facts:
    """One planned contact.

    zone: IANA name, the borrower's; form: one of FORMS; purpose: reminder, offer_notice, answer, code, agreement,
    legal_notice; to: borrower, guarantor, nominated_contact, family; wish, wish_days: the hours and the days (0 is Monday;
    none: any) that the borrower wants; consent: what the borrower agreed to ('hours', …);
    place: home or workplace; days_past_due: None where not known.
    """

    zone: str
    form: str
    purpose: str
    to: str
    history: tuple[PastContact, ...] = ()
    holds: tuple[ActiveHold, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    debt: str | None = None
    number: str | None = None
    wish: Window | None = None
    wish_days: frozenset[int] = frozenset()
    consent: frozenset[str] = frozenset()
    place: str | None = None
    days_past_due: int | None = None


def read_facts(record: Mapping[str, Any]) -> Facts:
    """Facts from plain data, in the form of `facts` in cases/contacts.jsonl. Raises BadFacts."""
    try:
        zone = record["borrower_zone"]
        _check_zone(zone)
        form = record["form"]
        if form not in FORMS:
            raise BadFacts(f"form is {form!r}; it is one of {', '.join(FORMS)}")
        wishes = record.get("wishes")
        return Facts(
            zone=zone,
            form=form,
            purpose=record["purpose"],
            to=record["to"],
            history=tuple(_past_contact(entry) for entry in record.get("history") or ()),
            holds=tuple(_hold(entry) for entry in record.get("holds") or ()),
            holidays=tuple(
                Holiday(date.fromisoformat(entry["date"]), entry.get("scope", "national"), entry.get("name", ""))
                for entry in record.get("holidays") or ()
            ),
            debt=record.get("debt"),
            number=record.get("number"),
            wish=Window(read_time(wishes["from"]), read_time(wishes["to"])) if wishes else None,
            wish_days=frozenset((wishes or {}).get("days") or ()),
            consent=frozenset(record.get("consent") or ()),
            place=record.get("place"),
            days_past_due=record.get("days_past_due"),
        )
    except KeyError as missing:
        raise BadFacts(f"{missing.args[0]} is missing") from None
    except BadFacts:
        raise
    except (ValueError, TypeError, AttributeError) as error:
        raise BadFacts(str(error)) from None


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except ZoneInfoNotFoundError:
        raise BadFacts(f"{zone} is no time zone") from None


def read_instant(text: str) -> datetime:
    """An aware instant. Raises BadFacts for one without its offset, whose zone would be a guess."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise BadFacts(f"{text!r} has no offset")
    return instant


def read_time(text: str) -> time:
    """'07:30'; '24:00' is the midnight that ends a day."""
    return time(0) if text == "24:00" else time.fromisoformat(text)


def _past_contact(entry: Mapping[str, Any]) -> PastContact:
    unit = entry.get("unit", "attempt")
    if unit not in UNITS:
        raise BadFacts(f"unit is {unit!r}; it is one of {', '.join(UNITS)}")
    return PastContact(
        at=read_instant(entry["at"]),
        form=entry["form"],
        unit=unit,
        debt=entry.get("debt"),
        number=entry.get("number"),
        purpose=entry.get("purpose"),
    )


def _hold(entry: Mapping[str, Any]) -> ActiveHold:
    treatment_ended = entry.get("treatment_ended")
    return ActiveHold(
        kind=entry["kind"],
        starts=_day_or_instant(entry.get("starts") or entry.get("since")),
        ends=_day_or_instant(entry.get("ends") or entry.get("until")),
        treatment_ended=date.fromisoformat(treatment_ended) if treatment_ended else None,
        number=entry.get("number"),
        form=entry.get("form"),
    )


def _day_or_instant(text: str | None) -> date | datetime | None:
    if not text:
        return None
    return date.fromisoformat(text) if len(text) == len("2026-11-25") else read_instant(text)
