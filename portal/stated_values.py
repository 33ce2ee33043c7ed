"""Single values of a JSON file, read or refused by name: numbers, dates, and what is one of a few."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from portal.domain.errors import DomainError

Stated = dict[str, Any]
Kind = TypeVar("Kind", bound=StrEnum)


class Unstated(DomainError):
    """Terms in a form that can't be read, or that ask for what is not expressed here."""


def decimal(value: Any, name: str) -> Decimal:
    """A number given as text or as a JSON number."""
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise Unstated("not_a_number", f"{name} is not a number: {value!s}", name=name) from None


def whole_number(value: Any, name: str) -> int:
    """A whole number given as text or as a JSON number."""
    number = decimal(value, name)
    if isinstance(value, bool) or not number.is_finite() or number.adjusted() > 20 or number != int(number):
        raise Unstated("not_a_whole_number", f"{name} is not a whole number: {value!s}", name=name)
    return int(number)


def one_of(kind: type[Kind], value: Any, name: str, others: Mapping[str, Kind] | None = None) -> Kind:
    """A value of `kind` by its name, in capitals or not; `others` are further names."""
    text = str(value).strip().lower().replace(" ", "_")
    for named, found in {**{each.value.lower(): each for each in kind}, **(others or {})}.items():
        if named == text:
            return found
    raise Unstated(
        "unknown_value", f"{value!s} is not a {name.replace('_', ' ')} that we know.", name=name, value=value
    )


def day_of(stated: Stated, name: str) -> date | None:
    """An ISO date, where it is stated."""
    value = stated.get(name)
    try:
        return date.fromisoformat(value) if value else None
    except (TypeError, ValueError):
        raise Unstated("not_a_date", f"{name} is not a date like 2027-01-31: {value!s}", name=name) from None


def required_day(stated: Stated, name: str) -> date:
    """An ISO date that has to be there."""
    found = day_of(stated, name)
    if found is None:
        raise Unstated("no_date", f"{name} is missing.", name=name)
    return found
