"""English is what the code says: its catalogue holds each sentence as it stands, so that it is complete like the others.

Run by `make translations`.
"""

from pathlib import Path

from babel.messages.pofile import read_po, write_po

ENGLISH = Path(__file__).parent / "en" / "LC_MESSAGES" / "messages.po"


def fill() -> None:
    with ENGLISH.open("rb") as file:
        catalogue = read_po(file, locale="en")
    for message in catalogue:
        if message.id:
            message.string = message.id
    with ENGLISH.open("wb") as file:
        write_po(file, catalogue, sort_output=True, no_location=True)


if __name__ == "__main__":
    fill()
