"""A lender's loan book, row by row: a LoanRow for each that can be read, a RowError for each that can't.

Rows are read as they come and are not kept, so a book of any length fits; what is remembered of each loan number is a
line and a short hash, to find the same number again.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from portal.domain.due_dates import shift
from portal.domain.money import EXPONENT_OF
from portal.exchange import cell_text
from portal.exchange.amounts import NumberReader, rate_reader
from portal.exchange.csv_rows import CsvRow, Source, find_columns, opened, read_rows
from portal.exchange.dates import date_reader
from portal.exchange.mapping import FIELDS, PERSON_FIELDS, Mapping
from portal.exchange.phones import Phone, read_phone
from portal.exchange.row_errors import RowError, Unreadable

MOST_INSTALLMENTS = 1200
_POSITION = ("stated_balance", "paid_principal", "stated_overdue")
_IDENTIFY = ("client_number", "name", "phone", "birth_date", "id_number")

CellReader = Callable[[str, str], Any]  # (cell, currency) -> value


class PersonRow(NamedTuple):
    """Who the row says borrows; what it doesn't state is None. language: BCP 47."""

    client_number: str | None
    name: str | None
    greeting: str | None
    phone: Phone | None
    birth_date: date | None
    id_number: str | None
    language: str | None


class LoanRow(NamedTuple):
    """One loan as the file states it. Amounts are minor units of `currency`; rate is percent a year; status is of
    mapping.STATUSES, status_word the lender's; line is where it stands. person: None where the row names none."""

    line: int
    loan_number: str
    currency: str
    principal: int
    installments: int
    rate: Decimal
    issued_on: date
    first_due_on: date
    status: str
    status_word: str | None
    branch: str | None
    officer: str | None
    stated_installment: int | None
    stated_balance: int | None
    stated_overdue: int | None
    paid_principal: int | None
    paid_interest: int | None
    paid_fees: int | None
    person: PersonRow | None


def read_loans(source: Source, mapping: Mapping) -> Iterator[LoanRow | RowError]:
    """The loans of a book, in its order. Never raises on what is in the file.

    A problem of the whole file comes as the only items (`whole_file`). A row with several bad cells gives an error for
    each. A loan that stands twice with the same contents is given once, then reported (`is_duplicate`); with other
    contents the later one is an error.
    """
    with opened(source) as file, closing(read_rows(file, mapping.csv)) as rows:
        header = next(rows)
        if isinstance(header, RowError):
            yield header
            return
        reader = row_reader(header, mapping)
        if isinstance(reader, list):
            yield from reader
            return
        seen = _Seen(mapping.columns["loan_number"])
        for row in rows:
            if isinstance(row, RowError):
                yield row
            else:
                yield from seen.sift(row, reader.read(row), reader.number(row))


class _Seen:
    """The loan numbers so far, each with its line and a hash of what the file says of it (its line alone where it could
    not be read). One integer each, since a book may have millions."""

    _UNREAD = 0

    def __init__(self, column: str) -> None:
        self._column = column
        self._loans: dict[str, int] = {}

    def sift(self, row: CsvRow, found: LoanRow | list[RowError], number: str | None) -> Iterator[LoanRow | RowError]:
        if number is None:
            yield from found if isinstance(found, list) else (found,)
            return
        contents = self._UNREAD if isinstance(found, list) else hash(found[1:]) & 0xFFFFFFFF | 1
        known = self._loans.setdefault(number, row.line << 32 | contents)
        line, before = known >> 32, known & 0xFFFFFFFF
        if line == row.line:
            yield from found if isinstance(found, list) else (found,)
            return
        if before == self._UNREAD:
            code = "number_unsettled"
        else:
            code = "duplicate_row" if contents == before else "number_taken"
        yield RowError(row.line, self._column, number, code, {"first": str(line)})


class RowReader:
    """Reads the rows under one header."""

    def __init__(self, places: dict[str, int], mapping: Mapping) -> None:
        self._mapping = mapping
        self._columns = mapping.columns
        self._places = places
        readers = cell_readers(mapping)
        # The currency comes first: the amounts of its row are read in it.
        order = sorted(places, key=lambda ours: ours != "currency")
        self._plan = [(ours, places[ours], readers[FIELDS[ours], ours], ours in mapping.required) for ours in order]
        self._absent = {ours: None for ours in FIELDS if ours not in places}
        self._first_due: dict[date, date] = {}
        self._named = any(ours in places for ours in _IDENTIFY)

    def number(self, row: CsvRow) -> str | None:
        """The row's loan number, or None where it can't be read."""
        try:
            return cell_text.identifier(row.cells[self._places["loan_number"]]) or None
        except Unreadable:
            return None

    def read(self, row: CsvRow) -> LoanRow | list[RowError]:
        cells, missing = row.cells, self._mapping.missing
        currency = self._mapping.currency or ""
        values: dict[str, Any] = dict(self._absent)
        errors: list[RowError] = []
        for ours, place, read, required in self._plan:
            cell = cells[place]
            bare = cell.strip()
            try:
                value = None if not bare or bare in missing else read(cell, currency)
                if value is None or value == "":
                    value = None
                    if required or ours == "currency":
                        raise Unreadable("missing")
                elif ours == "currency":
                    currency = value
                values[ours] = value
            except Unreadable as reason:
                errors.append(RowError(row.line, self._columns[ours], cell, reason.code, reason.details))
                if ours == "currency":
                    return errors
        return errors or self._loan(row, currency, values)

    def _loan(self, row: CsvRow, currency: str, values: dict[str, Any]) -> LoanRow | list[RowError]:
        for ours in ("principal", "installments"):
            if not values[ours]:
                return [self._error(row, ours, "not_positive")]
        issued, first_due = values["issued_on"], values["first_due_on"]
        if first_due is None:
            first_due = self._first_due.get(issued)
            if first_due is None:
                periods = self._mapping.periods_to_first_due
                if periods is None:
                    return [self._error(row, "first_due_on", "missing")]
                first_due = self._first_due[issued] = shift(issued, self._mapping.product.frequency, periods)
        elif first_due <= issued:
            return [self._error(row, "first_due_on", "due_before_issue", due=first_due, issued=issued)]
        word = values["status"]
        status = self._mapping.statuses[word] if word else "current"
        if status == "overdue" and all(values[ours] is None for ours in _POSITION):
            return [self._error(row, "status", "position_unknown")]
        person = None
        if self._named and any(values[ours] for ours in _IDENTIFY):
            if not values["name"] and not values["client_number"]:
                return [self._error(row, "name", "name_missing")]
            person = PersonRow(*(values[ours] for ours in PERSON_FIELDS))
        return LoanRow(
            row.line,
            values["loan_number"],
            currency,
            values["principal"],
            values["installments"],
            values["rate"],
            issued,
            first_due,
            status,
            word,
            values["branch"],
            values["officer"],
            values["stated_installment"],
            values["stated_balance"],
            values["stated_overdue"],
            values["paid_principal"],
            values["paid_interest"],
            values["paid_fees"],
            person,
        )

    def _error(self, row: CsvRow, ours: str, code: str, **details: object) -> RowError:
        reason = Unreadable(code, **details)
        return RowError(row.line, self._columns[ours], row.cells[self._places[ours]], code, reason.details)


def row_reader(header: CsvRow, mapping: Mapping) -> RowReader | list[RowError]:
    """A reader of the rows under `header`, or what is wrong with the header."""
    places = find_columns(header, mapping.columns)
    return places if isinstance(places, list) else RowReader(places, mapping)


def cell_readers(mapping: Mapping) -> dict[tuple[str, str], CellReader]:
    """(kind, our name) -> the reader of that column's cells; each raises Unreadable."""
    encoding = mapping.csv.encoding
    numbers = NumberReader(mapping.numbers)
    rates = _remembered(rate_reader(numbers, mapping.rate_unit, mapping.rate_per))
    people = mapping.people
    spoken = dict(people.languages) if people else {}

    def language(cell: str, currency: str) -> str:
        word = cell_text.identifier(cell, encoding)
        if word not in spoken:
            raise Unreadable("unknown_language")
        return spoken[word]

    def status(cell: str, currency: str) -> str:
        word = cell.strip()
        if word not in mapping.statuses and (word := cell_text.name(cell, encoding)) not in mapping.statuses:
            raise Unreadable("unknown_status")
        return word

    def currency_code(cell: str, currency: str) -> str:
        code = cell_text.identifier(cell, encoding).upper()
        if code not in EXPONENT_OF:
            raise Unreadable("unknown_currency")
        return code

    by_kind: dict[str, CellReader] = {
        "identifier": lambda cell, currency: cell_text.identifier(cell, encoding),
        "name": lambda cell, currency: cell_text.name(cell, encoding),
        "amount": numbers.amount,
        "count": lambda cell, currency: numbers.count(cell, MOST_INSTALLMENTS),
        "rate": lambda cell, currency: rates(cell),
        "currency": currency_code,
        "status": status,
        "phone": lambda cell, currency: read_phone(cell, people.region if people else ""),
        "language": language,
    }
    readers = {(kind, ours): by_kind[kind] for ours, kind in FIELDS.items() if kind != "date"}
    for ours, form in mapping.dates.items():
        readers["date", ours] = _of_cell_alone(date_reader(form))
    return readers


def _of_cell_alone(read: Callable[[str], Any]) -> CellReader:
    return lambda cell, currency: read(cell)


def _remembered(read: Callable[[str], Decimal]) -> Callable[[str], Decimal]:
    """`read`, with equal cells read once: a book has few rates, and one Decimal for each is enough."""
    known: dict[str, Decimal] = {}

    def remembered(cell: str) -> Decimal:
        value = known.get(cell)
        if value is None:
            value = read(cell)
            if len(known) < 50_000:
                known[cell] = value
        return value

    return remembered
