"""What a lender's operator says once about a file: which column is what, and how its numbers and dates are written.

A mapping is a TOML file (docs/import.md). Nothing in it is guessed: encoding, delimiter, decimal mark and date form
have to be there, and a key that isn't known is refused, since a misspelt one would silently change figures.
"""

import difflib
import tomllib
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers

from portal import languages
from portal.domain.conventions import Conventions
from portal.domain.due_dates import Frequency, Unit
from portal.domain.errors import InvalidTerms
from portal.domain.money import EXPONENT_OF
from portal.domain.schedule import Method
from portal.exchange.amounts import DECIMAL_MARKS, GROUP_MARKS, GROUP_SIZES, RATE_PERIODS, RATE_UNITS, NumberFormat
from portal.exchange.csv_rows import DELIMITERS, ENCODINGS, QUOTES, CsvFormat
from portal.exchange.dates import CALENDARS, FORMS, MONTHS_ONLY, DateForm

# Our names of columns -> how their cells are read.
FIELDS = {
    "loan_number": "identifier",
    "principal": "amount",
    "installments": "count",
    "rate": "rate",
    "issued_on": "date",
    "first_due_on": "date",
    "currency": "currency",
    "status": "status",
    "branch": "name",
    "officer": "identifier",
    "stated_installment": "amount",
    "stated_balance": "amount",
    "stated_overdue": "amount",
    "paid_principal": "amount",
    "paid_interest": "amount",
    "paid_fees": "amount",
    "client_number": "identifier",
    "name": "name",
    "greeting": "name",
    "phone": "phone",
    "birth_date": "date",
    "id_number": "identifier",
    "language": "language",
}
PERSON_FIELDS = ("client_number", "name", "greeting", "phone", "birth_date", "id_number", "language")
ALWAYS = ("loan_number", "principal", "installments", "rate", "issued_on")

# What a lender's status word can mean. `current` loans are those whose balance is compared with our own figure.
STATUSES = ("current", "overdue", "paid_off", "written_off")
FREQUENCIES = {
    "daily": Frequency(1, Unit.days),
    "weekly": Frequency(1, Unit.weeks),
    "fortnightly": Frequency(2, Unit.weeks),
    "four-weekly": Frequency(4, Unit.weeks),
    "twice-monthly": Frequency(1, Unit.half_months),
    "monthly": Frequency(1, Unit.months),
    "quarterly": Frequency(3, Unit.months),
    "yearly": Frequency(12, Unit.months),
}

# The methods that need nothing of a loan but what a row states.
METHODS = ("equal_installments", "equal_principal", "flat", "interest_only", "bullet")

T = TypeVar("T")


class BadMapping(Exception):
    """A mapping that can't be used; the text says where and what to write."""


@dataclass(frozen=True)
class ProductTerms:
    """The lender's product: what its loans have in common."""

    name: str
    method: Method
    frequency: Frequency
    conventions: Conventions


@dataclass(frozen=True)
class People:
    """region: ISO 3166, for phone numbers. language: BCP 47, where a row states none. languages: the file's words ->
    tags. zone: IANA, in which borrowers live; None for the lender's."""

    region: str
    language: str
    languages: tuple[tuple[str, str], ...] = ()
    zone: str | None = None


@dataclass(frozen=True)
class Mapping:
    """One kind of file of one lender.

    book: names the source; `prefix` goes before its loan numbers where two sources number alike. branch: of the loans,
    where no column has it; None for the lender's first. columns: our names ->
    the lender's. required: what every row has to state. dates: our names -> forms. currency: where no column has it.
    periods_to_first_due: from the issue to the first payment, where the file doesn't state its date. statuses: the
    file's words -> STATUSES. missing: words that stand for an empty cell. as_of: the day of the file.
    """

    book: str
    prefix: str
    branch: str | None
    as_of: date | None
    csv: CsvFormat
    columns: dict[str, str]
    required: frozenset[str]
    numbers: NumberFormat
    rate_unit: str
    rate_per: str
    dates: dict[str, DateForm]
    currency: str | None
    product: ProductTerms
    periods_to_first_due: int | None
    statuses: dict[str, str]
    missing: frozenset[str]
    people: People | None
    source: dict[str, Any]


class _Table:
    """One table of the TOML, taken apart key by key; `end` refuses what is left over."""

    def __init__(self, values: dict[str, Any], path: str) -> None:
        self._values = dict(values)
        self._path = path
        self._known: list[str] = []

    def where(self, key: str) -> str:
        return f"[{self._path}] {key}" if self._path else f"[{key}]"

    def take(self, key: str, kind: type[T], default: T | None = None, needed: bool = False) -> T | None:
        self._known.append(key)
        value = self._values.pop(key, None)
        if value is None:
            if needed:
                raise BadMapping(f"{self.where(key)} is missing.")
            return default
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            expected = {
                str: "text in quotes",
                int: "a whole number",
                dict: "a table",
                list: "a list",
                bool: "true or false",
            }
            raise BadMapping(f"{self.where(key)} has to be {expected.get(kind, 'a date such as 2027-02-01')}.")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty; needed where there is no default."""
        value = self.take(key, str, default, needed=default is None)
        if value is None or (not value.strip() and default is None):
            raise BadMapping(f"{self.where(key)} is empty.")
        return value

    def choice(self, key: str, choices: Any, default: str | None = None) -> str:
        value = self.text(key, default)
        if value not in choices:
            close = difflib.get_close_matches(value.lower(), list(choices), 1, 0.5)
            hint = f" Is it '{close[0]}'?" if close else ""
            raise BadMapping(f"{self.where(key)} is '{value}'; it is one of {', '.join(choices)}.{hint}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.take(key, list, [])
        if not all(isinstance(value, str) for value in values or ()):
            raise BadMapping(f"{self.where(key)} has to be a list of texts in quotes.")
        return tuple(values or ())

    def words(self, key: str, choices: Any = None) -> dict[str, str]:
        """A table of texts, from the lender's words or ours to one of `choices`."""
        table = self.take(key, dict, {}) or {}
        path = f"{self._path}.{key}" if self._path else key
        for word, meaning in table.items():
            if not isinstance(meaning, str) or not meaning.strip():
                raise BadMapping(f"[{path}] {word} has to be text in quotes.")
            if choices is not None and meaning not in choices:
                raise BadMapping(f"[{path}] '{word}' is '{meaning}'; it is one of {', '.join(choices)}.")
        return table

    def table(self, key: str, needed: bool = False) -> "_Table":
        values = self.take(key, dict, {}, needed)
        return _Table(values or {}, f"{self._path}.{key}" if self._path else key)

    def rest(self) -> dict[str, Any]:
        values, self._values = self._values, {}
        return values

    def end(self) -> None:
        for key in self._values:
            close = difflib.get_close_matches(key, self._known, 1)
            hint = f" Is it '{close[0]}'?" if close else f" What can stand there: {', '.join(self._known)}."
            raise BadMapping(f"{self.where(key)} is not known.{hint}")


def read_mapping(text: str | bytes) -> Mapping:
    """The mapping in a TOML file's text. Raises BadMapping."""
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        values = tomllib.loads(text)
    except UnicodeDecodeError:
        raise BadMapping("The mapping itself has to be saved as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise BadMapping(f"The mapping is not TOML: {error}.") from None
    return mapping_from(values)


def mapping_from(values: dict[str, Any]) -> Mapping:
    """The mapping in the tables of a TOML file. Raises BadMapping."""
    top = _Table(values, "")
    book, file = top.table("book", needed=True), top.table("file", needed=True)
    columns = _columns(top)
    numbers, rate = top.table("numbers", needed=True), top.table("rate")
    first_due, missing = top.table("first_due"), top.table("missing")
    currency = top.table("currency")
    people = top.table("people") if "people" in values else None
    mapping = Mapping(
        book=book.text("name"),
        prefix=book.text("prefix", ""),
        branch=book.take("branch", str),
        as_of=book.take("as_of", date),
        csv=_csv_format(file),
        columns=columns,
        required=_required(missing, columns),
        numbers=_number_format(numbers),
        rate_unit=rate.choice("unit", RATE_UNITS, "percent"),
        rate_per=rate.choice("per", RATE_PERIODS, "year"),
        dates=_date_forms(top.table("dates", needed=True), columns),
        currency=_currency(currency, columns),
        product=_product(top.table("product", needed=True)),
        periods_to_first_due=_first_due(first_due, columns),
        statuses=top.words("status", STATUSES),
        missing=frozenset(missing.texts("words")),
        people=_people(people, columns),
        source=values,
    )
    if "status" in columns and not mapping.statuses:
        raise BadMapping("[columns] names a status; [status] has to say what its words mean.")
    for table in (book, file, numbers, rate, first_due, missing, currency, people, top):
        if table:
            table.end()
    return mapping


def _columns(top: _Table) -> dict[str, str]:
    columns: dict[str, Any] = top.take("columns", dict, needed=True) or {}
    for ours, theirs in columns.items():
        if ours not in FIELDS:
            close = difflib.get_close_matches(ours, FIELDS, 1)
            hint = f" Is it '{close[0]}'?" if close else f" It is one of {', '.join(FIELDS)}."
            raise BadMapping(f"[columns] {ours} is not known.{hint}")
        if not isinstance(theirs, str) or not theirs.strip():
            raise BadMapping(f"[columns] {ours} has to be the name of a column, as text in quotes.")
    for ours in ALWAYS:
        if ours not in columns:
            raise BadMapping(f"[columns] {ours} is missing: no loan can be read without it.")
    return dict(columns)


def _csv_format(file: _Table) -> CsvFormat:
    name = file.text("encoding").lower().replace("_", "-").replace("shift-jis", "shift_jis").removesuffix("-sig")
    name = {"utf8": "utf-8", "windows-936": "cp936", "windows-950": "cp950", "latin-1": "iso-8859-1"}.get(name, name)
    if name.startswith(("utf-16", "utf16", "utf-32", "ucs-2")):
        raise BadMapping(
            "[file] encoding: files in UTF-16 or UTF-32 are not read. Save it as 'CSV UTF-8' and write utf-8."
        )
    if name not in ENCODINGS:
        raise BadMapping(f"[file] encoding is '{name}'; it is one of {', '.join(ENCODINGS)}.")
    return CsvFormat(name, file.choice("delimiter", DELIMITERS), file.choice("quote", QUOTES, "double"))


def _required(missing: _Table, columns: dict[str, str]) -> frozenset[str]:
    named = missing.texts("refuse_row")
    for ours in named:
        if ours not in columns:
            raise BadMapping(f"[missing] refuse_row names {ours}, which [columns] does not.")
    return frozenset(named) | frozenset(ALWAYS)


def _number_format(numbers: _Table) -> NumberFormat:
    decimal = numbers.choice("decimal", DECIMAL_MARKS)
    grouping = numbers.choice("grouping", GROUP_MARKS)
    if decimal == grouping:
        raise BadMapping("[numbers] decimal and grouping are the same mark.")
    return NumberFormat(
        decimal,
        grouping,
        groups=numbers.choice("groups", GROUP_SIZES, "thousands"),
        round_extra=numbers.choice("extra_decimals", ("refuse", "round"), "refuse") == "round",
        signs=numbers.texts("signs"),
    )


def _date_forms(table: _Table, columns: dict[str, str]) -> dict[str, DateForm]:
    of_dates = [ours for ours in columns if FIELDS[ours] == "date"]
    form, calendar = table.choice("form", FORMS), table.choice("calendar", CALENDARS, "gregorian")
    day = table.take("day", int)
    if day is not None and not 1 <= day <= 31:
        raise BadMapping("[dates] day is a day of the month, 1 to 31.")
    special = table.words("columns", FORMS)
    for ours in special:
        if ours not in of_dates:
            raise BadMapping(f"[dates.columns] {ours} is none of the date columns ({', '.join(of_dates)}).")
    table.end()
    forms = {ours: DateForm(special.get(ours, form), calendar, day) for ours in of_dates}
    for ours, found in forms.items():
        if found.form in MONTHS_ONLY and day is None:
            raise BadMapping(
                f"[dates] day is missing: {ours} has months alone, so say which day of the month is assumed."
            )
        if found.form == "mmm-yyyy" and calendar == "roc":
            raise BadMapping('[dates] calendar = "roc" doesn\'t go with the form mmm-yyyy.')
    return forms


def _currency(table: _Table, columns: dict[str, str]) -> str | None:
    code = table.take("code", str)
    if code is not None and code not in EXPONENT_OF:
        raise BadMapping(f"[currency] code is '{code}'; it is a code of ISO 4217, such as USD or TWD.")
    if (code is None) == ("currency" not in columns):
        raise BadMapping(
            "State the currency once: [currency] code for the whole file, or a column for it in [columns]."
        )
    return code


def _product(table: _Table) -> ProductTerms:
    frequency = FREQUENCIES[table.choice("frequency", FREQUENCIES)]
    name = table.text("name")
    method = table.choice("method", METHODS)
    try:
        conventions = Conventions.from_dict(table.rest())
    except InvalidTerms as error:
        known = ", ".join(field.name for field in fields(Conventions))
        raise BadMapping(f"[product] {error.sentence} Conventions are {known}.") from None
    return ProductTerms(name, Method(method), frequency, conventions)


def _first_due(table: _Table, columns: dict[str, str]) -> int | None:
    periods = table.take("periods_after_issue", int)
    if periods is None and "first_due_on" not in columns:
        raise BadMapping("[first_due] periods_after_issue is missing, and [columns] has no first_due_on either.")
    if periods is not None and not 1 <= periods <= 120:
        raise BadMapping("[first_due] periods_after_issue is a number of periods from 1 to 120.")
    return periods


def _people(table: _Table | None, columns: dict[str, str]) -> People | None:
    named = [ours for ours in PERSON_FIELDS if ours in columns]
    if table is None:
        if named:
            raise BadMapping(f"[columns] has {', '.join(named)}; [people] has to say their region and language.")
        return None
    if "name" not in columns and any(ours != "client_number" for ours in named):
        raise BadMapping(f"[columns] has {', '.join(named)} and no name: a person has to have one.")
    region = table.text("region")
    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise BadMapping(f"[people] region is '{region}'; it is a country's code of two letters, such as TW.")
    words = table.words("languages")
    tags = {word: languages.resolve(tag) for word, tag in words.items()}
    fallback = languages.resolve(table.text("language"))
    if fallback is None or None in tags.values():
        raise BadMapping(
            f"[people] languages are written as tags: {', '.join(languages.LANGUAGES)}, or zh-TW and the like."
        )
    zone = table.take("zone", str)
    if zone is not None:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise BadMapping(f"[people] zone is '{zone}'; it is a name such as Asia/Taipei.") from None
    return People(region, fallback, tuple((word, tag) for word, tag in tags.items() if tag), zone)
