"""What was understood of a file, shown before anything is stored: each column with its first cells as they stand and as
they are read, and what could be meant otherwise."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from portal.domain.money import EXPONENT_OF
from portal.exchange.amounts import readings
from portal.exchange.cell_text import plain
from portal.exchange.csv_rows import ENCODINGS, CsvRow, Source, opened, read_rows
from portal.exchange.loan_book import CellReader, cell_readers, row_reader
from portal.exchange.mapping import FIELDS, Mapping
from portal.exchange.phones import Phone
from portal.exchange.row_errors import RowError, Unreadable, writable

LOOKED_AT = 1000

CONCERNS = {
    "number": "Numbers such as %(cell)s can be read in two ways: the mapping reads %(read)s, it could be %(other)s. No "
    "number in the first rows says which is right.",
    "date": "In dates such as %(cell)s day and month could be the other way round: the mapping reads %(read)s, it "
    "could be %(other)s.",
    "encoding": "The bytes of '%(cell)s' would be '%(other)s' in %(encoding)s. Which of them is right?",
}


@dataclass(frozen=True)
class Concern:
    """Something that a person has to look at. column: the lender's name; code: a key of CONCERNS."""

    code: str
    column: str
    details: dict[str, str]

    @property
    def sentence(self) -> str:
        return CONCERNS[self.code] % self.details


@dataclass(frozen=True)
class CellPreview:
    """raw: as it stands; read: what it was taken for, None where the cell is empty; refusal: why it can't be read."""

    raw: str
    read: str | None
    refusal: str | None = None


@dataclass(frozen=True)
class ColumnPreview:
    """column: the lender's name; read_as: ours, None where the column is left out."""

    column: str
    read_as: str | None
    cells: tuple[CellPreview, ...]


@dataclass(frozen=True)
class Preview:
    """problems: of the whole file; where there are any, nothing else is there."""

    problems: tuple[RowError, ...] = ()
    columns: tuple[ColumnPreview, ...] = ()
    concerns: tuple[Concern, ...] = ()


def preview(source: Source, mapping: Mapping, rows: int = 5) -> Preview:
    """The first `rows` rows as `mapping` reads them. For the concerns the first LOOKED_AT rows are looked at."""
    with opened(source) as file, closing(read_rows(file, mapping.csv)) as found:
        header = next(found)
        if isinstance(header, RowError):
            return Preview((header,))
        reader = row_reader(header, mapping)
        if isinstance(reader, list):
            return Preview(tuple(reader))
        sample = [row.cells for row in islice(found, LOOKED_AT) if isinstance(row, CsvRow)]
    ours_by_name = {plain(theirs): ours for ours, theirs in mapping.columns.items()}
    readers = cell_readers(mapping)
    columns = []
    for place, heading in enumerate(header.cells):
        ours = ours_by_name.get(plain(heading))
        cells = tuple(
            CellPreview(writable(cells[place]), None)
            if ours is None
            else _cell(cells[place], ours, _currency(cells, header, mapping), readers[FIELDS[ours], ours], mapping)
            for cells in sample[:rows]
        )
        columns.append(ColumnPreview(writable(plain(heading)), ours, cells))
    by_column = {ours: [cells[i] for cells in sample] for i, ours in _mapped(header, ours_by_name)}
    return Preview(columns=tuple(columns), concerns=tuple(_concerns(by_column, mapping)))


def _mapped(header: CsvRow, ours_by_name: dict[str, str]) -> Iterator[tuple[int, str]]:
    for place, heading in enumerate(header.cells):
        if ours := ours_by_name.get(plain(heading)):
            yield place, ours


def _currency(cells: list[str], header: CsvRow, mapping: Mapping) -> str:
    if mapping.currency:
        return mapping.currency
    names = [plain(cell) for cell in header.cells]
    code = plain(cells[names.index(plain(mapping.columns["currency"]))]).upper()
    return code if code in EXPONENT_OF else "XAF"


def _cell(cell: str, ours: str, currency: str, read: CellReader, mapping: Mapping) -> CellPreview:
    bare = cell.strip()
    if not bare or bare in mapping.missing:
        return CellPreview(writable(cell), None)
    try:
        value = read(cell, currency)
    except Unreadable as reason:
        return CellPreview(writable(cell), None, RowError(1, "", cell, reason.code, reason.details).sentence)
    return CellPreview(writable(cell), _shown(value, ours, currency))


def _shown(value: Any, ours: str, currency: str) -> str:
    if FIELDS[ours] == "amount":
        return f"{Decimal(value).scaleb(-EXPONENT_OF[currency]):f} {currency}"
    if isinstance(value, Phone):
        return value.e164
    if isinstance(value, Decimal):
        return f"{value.normalize():f} percent a year"
    return value.isoformat() if isinstance(value, date) else str(value)


def _concerns(columns: dict[str, list[str]], mapping: Mapping) -> Iterator[Concern]:
    yield from _numbers(columns, mapping)
    yield from _dates(columns, mapping)
    yield from _encodings(columns, mapping)


def _numbers(columns: dict[str, list[str]], mapping: Mapping) -> Iterator[Concern]:
    """A column whose every separator could be the other mark, where no number of the file says otherwise."""
    doubtful: list[Concern] = []
    for ours, cells in columns.items():
        if FIELDS[ours] not in ("amount", "rate"):
            continue
        for cell in cells:
            found = readings(cell)
            if len(found) == 1 and any(mark in cell for mark in ".,"):
                return
            if len(set(found.values())) == 2 and not any(
                concern.column == mapping.columns[ours] for concern in doubtful
            ):
                other = "comma" if mapping.numbers.decimal == "point" else "point"
                read, otherwise = (f"{found[mark]:f}" for mark in (mapping.numbers.decimal, other))
                details = {"cell": cell.strip(), "read": read, "other": otherwise}
                doubtful.append(Concern("number", mapping.columns[ours], details))
    yield from doubtful


def _dates(columns: dict[str, list[str]], mapping: Mapping) -> Iterator[Concern]:
    """Dates of which none has a day above 12, in a form that puts day and month side by side."""
    for ours, form in mapping.dates.items():
        if form.form not in ("dd/mm/yyyy", "mm/dd/yyyy"):
            continue
        read = cell_readers(mapping)["date", ours]
        found: list[tuple[str, date]] = []
        for cell in columns.get(ours, ()):
            try:
                found.append((cell, read(cell, "")))
            except Unreadable:
                continue
        if found and all(day.day <= 12 and day.month <= 12 for _, day in found):
            for cell, day in found:
                if day.day != day.month:
                    details = {
                        "cell": cell,
                        "read": day.isoformat(),
                        "other": f"{day.year}-{day.day:02}-{day.month:02}",
                    }
                    yield Concern("date", mapping.columns[ours], details)
                    break


def _encodings(columns: dict[str, list[str]], mapping: Mapping) -> Iterator[Concern]:
    """Other encodings in which all the text of the first rows would be text too: no codec can say which is meant."""
    cells = [(ours, cell) for ours, values in columns.items() for cell in values if not cell.isascii()][:200]
    if not cells:
        return
    codec = ENCODINGS[mapping.csv.encoding]
    ours, first = next(((o, c) for o, c in cells if FIELDS[o] == "name"), cells[0])
    for encoding in ("utf-8", "gbk", "big5", "shift_jis", "euc-kr"):
        if ENCODINGS[encoding] == codec:
            continue
        try:
            others = [_recoded(cell, codec, ENCODINGS[encoding]) for _, cell in cells]
        except UnicodeError:
            continue
        other = _recoded(first, codec, ENCODINGS[encoding])
        if other != first and all(text.isprintable() for text in others):
            details = {"cell": writable(first), "other": other, "encoding": encoding}
            yield Concern("encoding", mapping.columns[ours], details)


def _recoded(cell: str, codec: str, other: str) -> str:
    codec = "utf-8" if codec == "utf-8-sig" else codec
    return cell.encode(codec, "surrogateescape").decode("utf-8" if other == "utf-8-sig" else other)
