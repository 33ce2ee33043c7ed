"""Numbers as one file writes them. The format is chosen once for the file and every number has to fit it: a number that
fits another format better is refused, never read differently from its neighbours."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from portal.domain.money import EXPONENT_OF
from portal.exchange.cell_text import ascii_digits, plain
from portal.exchange.row_errors import Unreadable

DECIMAL_MARKS = {"point": ".", "comma": ","}
GROUP_MARKS = {"none": "", "comma": ",", "point": ".", "space": " ", "apostrophe": "'"}
GROUP_SIZES = {"thousands": r"\d{1,3}(?:%s\d{3})+", "lakh": r"\d{1,2}(?:%s\d{2})*%s\d{3}"}

LARGEST_MINOR = 10**15  # ten trillion in hundredths: far inside 64 bits, far outside any loan
HIGHEST_RATE = Decimal(1000)
LONGEST_NUMBER = 40

_SPACES = re.compile("[\u00a0\u2007\u2009\u202f\u3000]")
_LOOK_ALIKES = str.maketrans({"−": "-", "﹣": "-", "–": "-", "’": "'", "٫": ".", "٬": ",", "，": ",", "．": "."})
_SCIENTIFIC = re.compile(r"[-+]?\d+(?:[.,]\d+)?[eE][-+]?\d+")
_NUMBER_LIKE = re.compile(r"[-+(]?[\d.,' ]*\d[\d.,' ]*[)-]?")


@dataclass(frozen=True)
class NumberFormat:
    """How one file writes numbers.

    decimal: a key of DECIMAL_MARKS. grouping: a key of GROUP_MARKS. groups: a key of GROUP_SIZES (thousands: 1,234,567;
    lakh: 12,34,567). round_extra: an amount with more decimals than its currency has is rounded half-up, not refused.
    signs: marks of currency that may stand before or after an amount, such as "$" or "元".
    """

    decimal: str
    grouping: str = "none"
    groups: str = "thousands"
    round_extra: bool = False
    signs: tuple[str, ...] = ()

    @property
    def example(self) -> str:
        """How 1234567.89 is written."""
        mark = GROUP_MARKS[self.grouping]
        whole = f"12{mark}34{mark}567" if self.groups == "lakh" else f"1{mark}234{mark}567"
        return f"{whole}{DECIMAL_MARKS[self.decimal]}89"


class NumberReader:
    """Reads the cells of one file under its format. Every method raises Unreadable with the reason."""

    def __init__(self, number_format: NumberFormat) -> None:
        self._format = number_format
        mark = GROUP_MARKS[number_format.grouping]
        self._group_mark = mark
        self._decimal_mark = DECIMAL_MARKS[number_format.decimal]
        whole = r"\d+"
        if mark:
            whole = GROUP_SIZES[number_format.groups].replace("%s", re.escape(mark)) + "|" + whole
        self._shape = re.compile(rf"({whole})(?:{re.escape(self._decimal_mark)}(\d+))?", re.ASCII)
        self._signs = tuple(sorted(map(ascii_digits, number_format.signs), key=len, reverse=True))

    def amount(self, cell: str, currency: str) -> int:
        """Minor units of `currency`, zero or more."""
        whole, decimals = self._parts(cell)
        digits = EXPONENT_OF[currency]
        if len(decimals) > digits:
            kept = decimals.rstrip("0")
            if len(kept) > digits and not self._format.round_extra:
                raise Unreadable("extra_decimals", currency=currency, digits=digits or "no")
            if len(kept) > digits:
                return _in_range(int(whole + kept[:digits]) + (kept[digits] >= "5"))
            decimals = kept
        return _in_range(int(whole + decimals.ljust(digits, "0")))

    def count(self, cell: str, limit: int) -> int:
        """A whole number from 0 to `limit`: installments, days."""
        whole, decimals = self._parts(cell)
        if decimals.strip("0"):
            raise Unreadable("not_whole")
        if int(whole) > limit:
            raise Unreadable("too_large")
        return int(whole)

    def decimal(self, cell: str) -> Decimal:
        """Any number that is not negative, exactly as written; a percent sign may follow it."""
        text = cell.strip()
        if text[-1:] in ("%", "％"):
            cell = text[:-1]
        whole, decimals = self._parts(cell)
        return Decimal(f"{whole}.{decimals}" if decimals else whole)

    def _parts(self, cell: str) -> tuple[str, str]:
        """The digits before and after the decimal mark."""
        whole, mark, decimals = cell.partition(self._decimal_mark)
        if whole.isdigit() and (decimals.isdigit() or not mark) and cell.isascii() and len(whole) <= LONGEST_NUMBER:
            return whole, decimals  # nearly every cell of a book
        if not (found := self._shape.fullmatch(cell)):
            found = self._shape.fullmatch(self._trimmed(cell))
        if not found:
            raise self._refusal(cell)
        whole, decimals = found.groups()
        if self._group_mark:
            whole = whole.replace(self._group_mark, "")
        if len(whole) > LONGEST_NUMBER:
            raise Unreadable("too_large")
        return whole, decimals or ""

    def _trimmed(self, cell: str) -> str:
        """The cell with ASCII digits and without the marks of currency that the mapping names."""
        text = _SPACES.sub(" ", cell.translate(_LOOK_ALIKES))
        text = ascii_digits(plain(text)).translate(_LOOK_ALIKES)
        for sign in self._signs:
            if text.startswith(sign):
                return text[len(sign) :].strip()
            if text.endswith(sign):
                return text[: -len(sign)].strip()
        return text

    def _refusal(self, cell: str) -> Unreadable:
        text = self._trimmed(cell)
        if _SCIENTIFIC.fullmatch(text):
            return Unreadable("scientific")
        if text.startswith("-") or text.endswith("-") or (text.startswith("(") and text.endswith(")")):
            try:
                self._parts(text.strip("-() "))
            except Unreadable:
                pass
            else:
                return Unreadable("negative")
        if _NUMBER_LIKE.fullmatch(text):
            return Unreadable("number_format", format=self._format.example)
        return Unreadable("not_a_number")


def _in_range(minor: int) -> int:
    if minor > LARGEST_MINOR:
        raise Unreadable("too_large")
    return minor


_PERCENT_OF = {"percent": Decimal(1), "permille": Decimal("0.1"), "fraction": Decimal(100)}
_TIMES_A_YEAR = {"year": 1, "month": 12}
RATE_UNITS, RATE_PERIODS = tuple(_PERCENT_OF), tuple(_TIMES_A_YEAR)


def rate_reader(numbers: NumberReader, unit: str, per: str) -> Callable[[str], Decimal]:
    """A reader of rates: percent a year come out. unit: of RATE_UNITS; per: of RATE_PERIODS. What it returns raises
    Unreadable outside 0 to HIGHEST_RATE."""
    factor = _PERCENT_OF[unit] * _TIMES_A_YEAR[per]

    def rate(cell: str) -> Decimal:
        percent = numbers.decimal(cell) * factor
        if percent > HIGHEST_RATE:
            raise Unreadable("rate_range", percent=percent, limit=HIGHEST_RATE)
        return percent

    return rate


def readings(cell: str) -> dict[str, Decimal]:
    """Every format's reading of a cell with a separator in it, by the decimal mark ('point', 'comma'): more than one,
    and different, where the cell alone can't say which is meant ('1.000')."""
    found: dict[str, Decimal] = {}
    for decimal, grouping in (("point", "comma"), ("comma", "point")):
        try:
            found[decimal] = NumberReader(NumberFormat(decimal, grouping)).decimal(cell)
        except Unreadable:
            continue
    return found
