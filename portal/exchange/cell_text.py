"""Text of one cell: what was typed, without what nobody can see.

Identifiers are compared and typed again, so digits of every script and full-width forms become ASCII, and nothing
invisible stays. Names are shown, so they keep their letters and lose only what could turn or hide the text beside them.
"""

import re
import unicodedata

from portal.exchange.row_errors import Unreadable

LONGEST_IDENTIFIER = 64
LONGEST_NAME = 200

# Zero-width characters, direction marks, embeddings, overrides and isolates, soft hyphens, byte-order marks. (UAX #9;
# a lone override in a name turns the amount beside it.)
_INVISIBLE = (
    "\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb"
)
_JOINERS = "\u200c\u200d"
_INVISIBLE_ALL = re.compile(f"[{_INVISIBLE}{_JOINERS}\U000e0000-\U000e007f]")
_INVISIBLE_IN_NAMES = re.compile(f"[{_INVISIBLE}\U000e0000-\U000e007f]")
# Persian, Urdu and the scripts of India need joiners between letters; between anything else they are noise.
_STRAY_JOINER = re.compile(f"(?<![^\x00-\x7f\\s])[{_JOINERS}]+|[{_JOINERS}]+(?![^\x00-\x7f\\s])")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_UNDECODED = re.compile("[\ud800-\udfff]")


def ascii_digits(text: str) -> str:
    """`text` with the digits of every script and the full-width forms (１２，３ ＮＦ) in ASCII."""
    if text.isascii():
        return text
    return "".join(_ascii(char) for char in text)


def _ascii(char: str) -> str:
    if "\uff01" <= char <= "\uff5e":
        return chr(ord(char) - 0xFEE0)
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    return char


def plain(text: str) -> str:
    """`text` composed (NFC), without invisible characters and without white space around it."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", _INVISIBLE_ALL.sub("", text)).strip()


def identifier(text: str, encoding: str = "") -> str:
    """A loan number, client number or ID as text: leading zeros stay. Raises Unreadable."""
    if not text.isascii():
        if _UNDECODED.search(text):
            raise Unreadable("undecodable", encoding=encoding)
        text = plain(ascii_digits(text))
    text = text.strip()
    if not text.isprintable():
        raise Unreadable("control_character")
    if len(text) > LONGEST_IDENTIFIER:
        raise Unreadable("too_long", length=len(text), limit=LONGEST_IDENTIFIER)
    return text


def name(text: str, encoding: str = "") -> str:
    """A person's name as one text, of any length from one character. Raises Unreadable."""
    if _UNDECODED.search(text):
        raise Unreadable("undecodable", encoding=encoding)
    text = _STRAY_JOINER.sub("", _INVISIBLE_IN_NAMES.sub("", text))
    text = unicodedata.normalize("NFC", " ".join(_CONTROL.sub(" ", text).split()))
    if len(text) > LONGEST_NAME:
        raise Unreadable("too_long", length=len(text), limit=LONGEST_NAME)
    return text
