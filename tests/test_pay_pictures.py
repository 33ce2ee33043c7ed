"""What is scanned: drawn true, with its quiet zone, and small."""

import gzip
import re

import segno

from portal.pay_pictures import code_39, qr, skipped_box


def modules(path):
    """The dark modules of a QR code's path: (column, row)."""
    x, y, dark = 0, 0, set()
    for dx, dy, length in re.findall(r"m(-?\d+) (-?\d+)h(\d+)", path):
        x, y = x + int(dx), y + int(dy)
        dark |= {(x + at, y) for at in range(int(length))}
        x += int(length)
    return dark


def test_a_qr_code_is_drawn_as_the_library_has_it_with_four_modules_of_quiet():
    code = qr("BCD\n002\n1\nSCT")
    rows = list(segno.make_qr("BCD\n002\n1\nSCT", error="m", boost_error=False).matrix_iter(border=4))
    assert modules(code.path) == {(x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module}
    assert code.width == code.height == len(rows)


def test_the_largest_code_of_a_transfer_is_small():
    assert len(gzip.compress(qr("B" * 300).path.encode())) < 2_500


def test_code_39_draws_nine_strokes_a_character_between_its_asterisks():
    code = code_39("A1")
    bars = re.findall(r"m(\d+) 0h(\d+)", code.path)
    assert len(bars) == 4 * 5
    assert {int(wide) for _, wide in bars} == {1, 3}
    # 15 units a character, one between two, ten of quiet on either side.
    assert code.width == 4 * 15 + 3 + 20
    assert [int(wide) for _, wide in bars[:5]] == [1, 1, 3, 3, 1]  # the asterisk


def test_the_skipped_box_is_dashed_where_it_was_and_filled_where_it_goes():
    box = skipped_box(4)
    assert box.rest.count("M") == 3 and box.skipped.startswith("M1.5") and box.added.startswith("M117.5")
    assert skipped_box(40).width == skipped_box(10).width <= 346
