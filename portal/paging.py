"""Long lists, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True)
class PageOf(Generic[Item]):
    """A part of a list: `items` of page `number` of `pages`, counted from 1; `begins` is the place of the first, from 0."""

    items: Sequence[Item]
    number: int
    pages: int
    begins: int


def page_of(items: Sequence[Item], most: int, asked: str | None) -> PageOf[Item]:
    """The page that was asked for (as it stands in the address), with at most `most` items; the nearest that there is where
    there is no such page, and the first where it is no number."""
    pages = max(-(-len(items) // most), 1)
    is_number = asked is not None and asked.isascii() and asked.isdigit() and len(asked) < 5
    number = min(max(int(asked or 1) if is_number else 1, 1), pages)
    begins = (number - 1) * most
    return PageOf(items[begins : begins + most], number, pages, begins)
