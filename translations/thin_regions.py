"""A region's catalogue holds the sentences that it says in words of its own, and leaves the rest to its language's: what is
empty, or the same as there, goes.

Run by `make translations`.
"""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from portal import languages

FOLDER = Path(__file__).parent


def thin() -> None:
    for region in languages.REGIONS.values():
        whole = _read(str(languages.locale(region.base)))
        catalogue = _read(region.locale)
        for message in list(catalogue):
            said = whole.get(message.id, message.context) if message.id else None
            if message.id and (not any(message.string) or (said is not None and said.string == message.string)):
                catalogue.delete(message.id, message.context)
        with _path(region.locale).open("wb") as file:
            write_po(file, catalogue, sort_output=True, no_location=True, ignore_obsolete=True)


def _read(locale: str) -> Catalog:
    with _path(locale).open("rb") as file:
        return read_po(file, locale=locale)


def _path(locale: str) -> Path:
    return FOLDER / locale / "LC_MESSAGES" / "messages.po"


if __name__ == "__main__":
    thin()
