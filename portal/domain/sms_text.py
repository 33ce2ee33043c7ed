"""How long a text is for the networks: its alphabet, its units, and the segments that it is cut into and billed by.

One character outside GSM-7 turns the whole text into UCS-2; then nothing costs double but what UTF-16 writes in two
units. Source: 3GPP TS 23.038 (the basic alphabet with its extension table) and TS 23.040 (segments).
"""

from dataclasses import dataclass

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"
# A text of one segment is longer than a part of several, which carry a header each.
ALONE = {"GSM-7": 160, "UCS-2": 70}
PART = {"GSM-7": 153, "UCS-2": 67}


@dataclass(frozen=True)
class Length:
    """alphabet: GSM-7 or UCS-2. units: septets, or UTF-16 code units. outside: the characters that GSM-7 lacks, each
    once, in their order."""

    alphabet: str
    units: int
    segments: int
    outside: tuple[str, ...]


def measure(text: str) -> Length:
    """The length of `text` as an operator counts it."""
    outside = tuple(dict.fromkeys(letter for letter in text if letter not in BASIC and letter not in EXTENSION))
    alphabet = "UCS-2" if outside else "GSM-7"
    units = sum(_cost(letter, alphabet) for letter in text)
    return Length(alphabet, units, len(segments(text)), outside)


def segments(text: str) -> list[str]:
    """`text` as the parts that it is sent in. A character that takes two units is never cut in two."""
    alphabet = "GSM-7" if all(letter in BASIC or letter in EXTENSION for letter in text) else "UCS-2"
    if sum(_cost(letter, alphabet) for letter in text) <= ALONE[alphabet]:
        return [text]
    parts, used = [""], 0
    for letter in text:
        cost = _cost(letter, alphabet)
        if used + cost > PART[alphabet]:
            parts.append("")
            used = 0
        parts[-1] += letter
        used += cost
    return parts


def _cost(letter: str, alphabet: str) -> int:
    if alphabet == "GSM-7":
        return 2 if letter in EXTENSION else 1
    return len(letter.encode("utf-16-be")) // 2
