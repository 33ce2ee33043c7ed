"""Dates as one column writes them. The form is chosen once for the column; a date in another form is refused."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from portal.exchange.cell_text import ascii_digits, plain
from portal.exchange.row_errors import Unreadable

# The order of the parts, and what may stand between them.
_SEPARATED = r"[/.\-]"
_SHAPES = {
    "iso": (r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", "2027-02-01"),
    "yyyy/mm/dd": (rf"(?P<y>\d{{1,4}}){_SEPARATED}(?P<m>\d{{1,2}}){_SEPARATED}(?P<d>\d{{1,2}})", "2027/02/01"),
    "yyyymmdd": (r"(?P<y>\d{2,4})(?P<m>\d{2})(?P<d>\d{2})", "20270201"),
    "yyyy年m月d日": (r"(?P<y>\d{1,4}) ?年 ?(?P<m>\d{1,2}) ?月 ?(?P<d>\d{1,2}) ?日", "2027年2月1日"),
    "dd/mm/yyyy": (rf"(?P<d>\d{{1,2}}){_SEPARATED}(?P<m>\d{{1,2}}){_SEPARATED}(?P<y>\d{{1,4}})", "31/12/2027"),
    "mm/dd/yyyy": (rf"(?P<m>\d{{1,2}}){_SEPARATED}(?P<d>\d{{1,2}}){_SEPARATED}(?P<y>\d{{1,4}})", "12/31/2027"),
    "mmm-yyyy": (r"(?P<name>[A-Za-z]{3,9})[- ](?P<y>\d{4})", "Jan-2018"),
    "yyyy-mm": (r"(?P<y>\d{1,4})[-/](?P<m>\d{1,2})", "2018-01"),
}
FORMS = tuple(_SHAPES)
MONTHS_ONLY = ("mmm-yyyy", "yyyy-mm")
CALENDARS = ("gregorian", "roc")
EARLIEST, LATEST = 1900, 2199

_MIDNIGHT = re.compile(r"[T ]0{1,2}:00(?::00(?:\.0+)?)?Z?$")
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}")
_ERA = re.compile(r"^(?:中華民國|中华民国|民國|民国|R\.?O\.?C\.?)\s*")
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_FIRST_SERIAL, _LAST_SERIAL = 14611, 109205  # 1940 to 2198
_SERIAL_DAY_0 = date(1899, 12, 30)
_MONTH_NAMES = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_abbr[number].lower(), calendar.month_name[number].lower(), "sept" * (number == 9))
    if name
}


@dataclass(frozen=True)
class DateForm:
    """How one column writes dates.

    form: of FORMS. calendar: of CALENDARS; with "roc" every year is one of the Republic of China (116 is 2027), also
    after 民國, and year-month-day columns may be written with 年月日. day: the day of the month where the form has
    months alone; the last day of a shorter month.
    """

    form: str
    calendar: str = "gregorian"
    day: int | None = None

    @property
    def example(self) -> str:
        return "116/02/01" if self.calendar == "roc" and self.form == "yyyy/mm/dd" else _SHAPES[self.form][1]


def date_reader(form: DateForm) -> Callable[[str], date]:
    """A reader of this column's cells; what it returns raises Unreadable with the reason. Equal cells are read once."""
    shapes = [re.compile(_SHAPES[form.form][0], re.ASCII)]
    if form.calendar == "roc" and form.form in ("yyyy/mm/dd", "iso"):
        shapes = [re.compile(_SHAPES[name][0], re.ASCII) for name in ("yyyy/mm/dd", "yyyy年m月d日")]
    known: dict[str, date] = {}

    def read(cell: str) -> date:
        day = known.get(cell)
        if day is None:
            day = _read(cell, form, shapes)
            if len(known) < 50_000:
                known[cell] = day
        return day

    return read


def _read(cell: str, form: DateForm, shapes: list[re.Pattern[str]]) -> date:
    text = _MIDNIGHT.sub("", ascii_digits(plain(cell)))
    bare, eras = _ERA.subn("", text)
    found = next((match for shape in shapes if (match := shape.fullmatch(bare))), None)
    if not found:
        raise _not_a_date(text, form)
    parts = found.groupdict()
    year = _year(parts["y"], bool(eras), form)
    if "name" in parts:
        month = _MONTH_NAMES.get(parts["name"].lower())
        if month is None:
            raise _not_a_date(text, form)
    else:
        month = int(parts["m"])
    if not 1 <= month <= 12:
        raise Unreadable("no_such_month", month=month)
    days = calendar.monthrange(year, month)[1]
    day = int(parts["d"]) if "d" in parts else min(form.day or 1, days)
    if not 1 <= day <= days:
        raise Unreadable("no_such_day", month=calendar.month_name[month], year=year, days=days)
    return date(year, month, day)


def _year(digits: str, era: bool, form: DateForm) -> int:
    year = int(digits)
    if form.calendar == "roc":
        # A file that counts in years of the Republic has no others: 2027 there is a slip, not a second calendar.
        if len(digits) == 4 or not 1 <= year <= LATEST - 1911:
            raise Unreadable("not_roc_year", year=digits)
        return year + 1911
    if era or len(digits) == 3:
        raise Unreadable("roc_year", roc=year, gregorian=year + 1911)
    if len(digits) < 3:
        raise Unreadable("two_digit_year")
    if not EARLIEST <= year <= LATEST:
        raise Unreadable("year_range", year=year)
    return year


def _not_a_date(text: str, form: DateForm) -> Unreadable:
    if _SERIAL.fullmatch(text) and _FIRST_SERIAL <= int(text[:5]) <= _LAST_SERIAL:
        return Unreadable("spreadsheet_serial", date=_SERIAL_DAY_0 + timedelta(days=int(text[:5])))
    if _TIME.search(text):
        return Unreadable("time_of_day")
    bare, eras = _ERA.subn("", text)
    if form.calendar != "roc" and (found := re.fullmatch(r"(\d{2,3})[/.\-年 ]+\d{1,2}[/.\-月 ]+\d{1,2} ?日?", bare)):
        year = int(found[1])
        if eras or len(found[1]) == 3:
            return Unreadable("roc_year", roc=year, gregorian=year + 1911)
    return Unreadable("not_a_date", format=form.example)
