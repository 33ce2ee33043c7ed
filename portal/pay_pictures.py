"""The geometry of what is scanned or counted when one pays. Pure: text and figures in, SVG path data out.

A QR code is one path of horizontal runs, which compresses better than a square each. Every code stands beside the same in
words: a page works without them.
"""

from dataclasses import dataclass
from itertools import groupby

import segno

# Code 39, ISO/IEC 16388: bars and spaces in turn, n narrow and w wide; nine to a character.
_PATTERNS = (
    "nnnwwnwnn wnnwnnnnw nnwwnnnnw wnwwnnnnn nnnwwnnnw wnnwwnnnn nnwwwnnnn nnnwnnwnw wnnwnnwnn nnwwnnwnn wnnnnwnnw "
    "nnwnnwnnw wnwnnwnnn nnnnwwnnw wnnnwwnnn nnwnwwnnn nnnnnwwnw wnnnnwwnn nnwnnwwnn nnnnwwwnn wnnnnnnww nnwnnnnww "
    "wnwnnnnwn nnnnwnnww wnnnwnnwn nnwnwnnwn nnnnnnwww wnnnnnwwn nnwnnnwwn nnnnwnwwn wwnnnnnnw nwwnnnnnw wwwnnnnnn "
    "nwnnwnnnw wwnnwnnnn nwwnwnnnn nwnnnnwnw wwnnnnwnn nwwnnnwnn nwnwnwnnn nwnwnnnwn nwnnnwnwn nnnwnwnwn nwnnwnwnn"
)
_CODE_39 = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%*", _PATTERNS.split(), strict=True))
_WIDE, _QUIET, _BARCODE_HEIGHT = 3, 10, 50
_QR_QUIET = 4


@dataclass(frozen=True)
class Code:
    """A code of `width` by `height` units, its quiet zone included. `path` is its dark part, `stroke` units wide."""

    width: int
    height: int
    path: str
    stroke: int


def qr(text: str) -> Code:
    """`text` as a QR code with error correction M, as EPC069-12 asks for and EMV allows; four units of quiet zone."""
    drawn = segno.make_qr(text, error="m", boost_error=False, encoding=None if text.isascii() else "utf-8")
    path, at_x, at_y = "", 0, 0
    rows = [list(row) for row in drawn.matrix_iter(border=_QR_QUIET)]
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                path += f"m{x - at_x} {y - at_y}h{length}"
                at_x, at_y = x + length, y
            x += length
    return Code(len(rows), len(rows), f"M0 .5{path}", 1)


def code_39(text: str) -> Code:
    """`text` (digits, capitals and - . $ / + %) between its two asterisks, wide bars three times the narrow ones."""
    path, gap = "", _QUIET
    for character in f"*{text}*":
        for place, stroke in enumerate(_CODE_39[character]):
            wide = _WIDE if stroke == "w" else 1
            if place % 2:
                gap += wide
            else:
                path += f"m{gap} 0h{wide}"
                gap = 0
        gap = 1  # between two characters
    width = 2 * _QUIET + sum(_WIDE * p.count("w") + p.count("n") + 1 for p in (_CODE_39[c] for c in f"*{text}*")) - 1
    return Code(width, _BARCODE_HEIGHT, f"M0 {_BARCODE_HEIGHT // 2}{path}", _BARCODE_HEIGHT)


@dataclass(frozen=True)
class SkippedBox:
    """A row of boxes, one a payment: the skipped one dashed, the rest in outline, the one that is added at the end filled,
    and after it the cost, narrow and striped. `arrow` leads from the dashed box to the filled one."""

    width: int
    height: int
    skipped: str
    rest: str
    added: str
    cost: str
    cost_box: str
    arrow: str


def skipped_box(payments: int) -> SkippedBox:
    """`payments`: how many are still to come today, the skipped one among them. More than ten are drawn as ten."""
    boxes = min(max(payments, 1), 10)
    step, size, top = 29, 24, 31.5

    def box(at: int) -> str:
        return f"M{at * step + 1.5:g} {top}h{size}v{size}h-{size}z"

    end = boxes * step + 1.5
    middle, lands = 13.5, end + size / 2
    return SkippedBox(
        width=int(end + size + 20),
        height=58,
        skipped=box(0),
        rest="".join(box(at) for at in range(1, boxes)),
        added=box(boxes),
        cost=f"M{end + size + 8:g} {top}v{size}",
        cost_box=f"M{end + size + 5:g} {top}h6v{size}h-6z",
        arrow=f"M{middle:g} 28C{middle + 40:g} -2 {lands - 40:g} -2 {lands:g} 27M{lands - 8:g} 20l8 8 8 -8",
    )
