"""CSV bytes -> rows of text, a line at a time. What is wrong with the file or a line is yielded as data."""

import codecs
import csv
import difflib
import io
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from portal.exchange.cell_text import plain
from portal.exchange.row_errors import RowError

Source = Path | BinaryIO | bytes

# What a mapping may name -> the codec that reads it. Windows writes supersets under the older names, so these are read.
ENCODINGS = {
    "utf-8": "utf-8-sig",
    "gbk": "gbk",
    "gb2312": "gbk",
    "cp936": "gbk",
    "gb18030": "gb18030",
    "big5": "cp950",
    "cp950": "cp950",
    "big5-hkscs": "big5hkscs",
    "shift_jis": "cp932",
    "cp932": "cp932",
    "euc-kr": "cp949",
    "cp949": "cp949",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "windows-1252": "cp1252",
    "windows-1256": "cp1256",
    "windows-1258": "cp1258",
    "iso-8859-1": "latin-1",
    "iso-8859-15": "iso8859-15",
}
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
QUOTES = {"double": '"', "none": None}

MOST_LINES_A_ROW = 50  # a quoted cell may hold line breaks; an unclosed quote would swallow the rest of the file
LOOKED_AT = 4096

_MARKS = (
    (codecs.BOM_UTF16_LE, "utf_16", "little-endian, with its mark"),
    (codecs.BOM_UTF16_BE, "utf_16", "big-endian, with its mark"),
    (b"PK\x03\x04", "workbook", "XLSX or ODS"),
    (b"\xd0\xcf\x11\xe0", "workbook", "XLS"),
)


@dataclass(frozen=True)
class CsvFormat:
    """encoding, delimiter, quote: keys of ENCODINGS, DELIMITERS and QUOTES."""

    encoding: str
    delimiter: str
    quote: str = "double"


@dataclass(frozen=True)
class CsvRow:
    """line: where the row begins, as a text editor counts from 1. cells: as many as the header has."""

    line: int
    cells: list[str]


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """The bytes of `source` from where they stand. Only a file that was opened here is closed."""
    if isinstance(source, bytes):
        yield io.BytesIO(source)
    elif isinstance(source, Path):
        with source.open("rb") as file:
            yield file
    else:
        yield source


def file_problem(start: bytes, csv_format: CsvFormat) -> RowError | None:
    """Why a file that begins with `start` can't be read as CSV in this encoding, or None."""
    if not start.strip():
        return _of_the_file("empty_file")
    for mark, code, detail in _MARKS:
        if start.startswith(mark):
            return _of_the_file(code, detail=detail)
    if start.startswith(codecs.BOM_UTF8) and csv_format.encoding != "utf-8":
        return _of_the_file("other_mark", encoding=csv_format.encoding)
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if even + odd > len(start) // 5:
        return _of_the_file("utf_16", detail="little-endian, without a mark" if odd > even else "big-endian")
    if even + odd:
        return _of_the_file("binary")
    return None


def _of_the_file(code: str, line: int = 1, **details: str) -> RowError:
    return RowError(line, "", "", code, details)


class _Lines:
    """The lines of a text, numbered, with the lines of the row in hand kept so that they can be read once more."""

    def __init__(self, text: Iterator[str]) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MOST_LINES_A_ROW:
            raise StopIteration  # the csv reader takes it for the end of the file, reports the row and can go on
        line = self._again.popleft() if self._again else next(self._text)
        self.number += 1
        self.taken.append(line)
        return line

    def reread_after_first(self) -> None:
        """Puts back all lines of the row in hand but its first."""
        self._again.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken) - 1


def read_rows(file: BinaryIO, csv_format: CsvFormat) -> Generator[CsvRow | RowError]:
    """The rows of a CSV file, the header first; empty lines are passed over.

    A line that can't be read costs itself alone: after an unclosed quote the lines behind it are read on their own.
    Bytes that are not of the encoding come as lone surrogates, for the readers of cells to refuse. Reads on from where
    `file` stands and doesn't close it; close the generator before the file.
    """
    buffered = io.BufferedReader(cast(io.RawIOBase, file))
    try:
        problem = file_problem(buffered.peek(LOOKED_AT)[:LOOKED_AT], csv_format)
        if problem:
            yield problem
            return
        text = io.TextIOWrapper(buffered, ENCODINGS[csv_format.encoding], errors="surrogateescape", newline="")
        try:
            yield from _rows(_Lines(text), csv_format)
        finally:
            text.detach()
    finally:
        buffered.detach()


def _rows(lines: _Lines, csv_format: CsvFormat) -> Iterator[CsvRow | RowError]:
    quote = QUOTES[csv_format.quote]
    reader = csv.reader(
        lines,
        delimiter=DELIMITERS[csv_format.delimiter],
        quotechar=quote,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        strict=True,
    )
    expected = 0
    while True:
        lines.taken.clear()
        first = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if not expected:
                yield _of_the_file("header_unreadable", why=str(error))
                return
            shown = lines.taken[0].rstrip("\r\n") if lines.taken else ""
            lines.reread_after_first()
            if "field limit" in str(error):
                yield RowError(first, "", shown, "too_long", {"length": f"over {len(shown)}", "limit": "131072"})
            else:
                yield RowError(first, "", shown, "open_quote")
            continue
        if not any(cells):
            continue
        if not expected:
            expected = len(cells)
        elif len(cells) != expected:
            while len(cells) > expected and not cells[-1].strip():
                cells.pop()
            if len(cells) != expected:
                details = {"found": str(len(cells)), "expected": str(expected)}
                yield RowError(first, "", lines.taken[0].rstrip("\r\n"), "cell_count", details)
                if len(lines.taken) > 1:
                    lines.reread_after_first()
                continue
        yield CsvRow(first, cells)


def find_columns(header: CsvRow, wanted: dict[str, str]) -> dict[str, int] | list[RowError]:
    """Where each of our names (keys) stands, by the lender's (values); or what is wrong with the header."""
    names = [plain(cell) for cell in header.cells]
    places: dict[str, int] = {}
    problems: list[RowError] = []
    for ours, theirs in wanted.items():
        count = names.count(plain(theirs))
        if count == 1:
            places[ours] = names.index(plain(theirs))
        elif count:
            problems.append(_of_the_file("column_twice", header.line, name=theirs))
        else:
            problems.append(_of_the_file("no_column", header.line, name=theirs, hint=_hint(theirs, names)))
    return problems or places


def _hint(wanted: str, names: list[str]) -> str:
    if len(names) == 1:
        for delimiter, mark in DELIMITERS.items():
            if mark in names[0]:
                return f" The line seems to be separated by {delimiter}."
    close = difflib.get_close_matches(wanted, names, 1)
    return f" Is it '{close[0]}'?" if close else ""
