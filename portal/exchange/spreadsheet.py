"""CSV that people open in a spreadsheet: a text is never taken for a formula, and a number stays a number."""

import csv
import re
from collections.abc import Iterable, Sequence
from typing import TextIO

from portal.exchange.row_errors import RowError

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 in the code page of the machine

_NUMBER = re.compile(r"-?\d[\d.,' ]*", re.ASCII)
_BEGINS_FORMULA = re.compile(r"[\s'\"]*[=+\-@|＝＋－＠]|[\t\r\n]")


def safe_cell(value: object) -> str:
    """`value` as text that no spreadsheet runs: an apostrophe goes before what would begin a formula (OWASP, CSV
    injection). A number, also a negative one, stays as it is."""
    text = "" if value is None else str(value)
    if _BEGINS_FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def write_csv(file: TextIO, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A CSV for spreadsheets, with its byte-order mark. `file` is open for text with newline=""."""
    file.write(BYTE_ORDER_MARK)
    writer = csv.writer(file)
    writer.writerow([safe_cell(name) for name in header])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)


def write_errors(file: TextIO, errors: Iterable[RowError]) -> None:
    """The rows that could not be taken in: line, column, value, reason."""
    write_csv(
        file,
        ("line", "column", "value", "reason"),
        ((error.line, error.column, error.value, error.sentence) for error in errors),
    )
