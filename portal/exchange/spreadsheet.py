"""CSV that people open in a spreadsheet: a text is never taken for a formula, and a number stays a number."""

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from portal.exchange.row_errors import RowError

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 in the code page of the machine
ERROR_COLUMNS = ("line", "column", "value", "reason")

_NUMBER = re.compile(r"-?\d[\d.,' ]*", re.ASCII)
_BEGINS_FORMULA = re.compile(r"[\s'\"]*[=+\-@|＝＋－＠]|[\t\r\n]")


def safe_cell(value: object) -> str:
    """`value` as text that no spreadsheet runs: an apostrophe goes before what would begin a formula (OWASP, CSV
    injection). A number, also a negative one, stays as it is."""
    text = "" if value is None else str(value)
    if _BEGINS_FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def error_cells(error: RowError) -> tuple[object, ...]:
    """The cells of an errors file's row, in the order of ERROR_COLUMNS."""
    return error.line, error.column, error.value, error.sentence


class SpreadsheetFile:
    """A CSV at `path`, begun with its first row and readable by its owner alone, since rows hold what people's did."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.path = path
        self.rows = 0
        self._columns = columns
        self._file: TextIO | None = None
        self._writer: Any = None

    def add(self, cells: Sequence[object]) -> None:
        if self._file is None:
            self.path.touch(mode=0o600)
            self._file = self.path.open("w", encoding="utf-8", newline="")
            self._file.write(BYTE_ORDER_MARK)
            self._writer = csv.writer(self._file)
            self._writer.writerow([safe_cell(name) for name in self._columns])
        self._writer.writerow([safe_cell(cell) for cell in cells])
        self.rows += 1

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
