"""Why a row of a file could not be read, as data: a stable code, and a sentence for the person who mends the file."""

import re
from dataclasses import dataclass, field
from unicodedata import category

SHOWN = 160
_UNDECODED = re.compile("[\ud800-\udfff]")

# Each sentence is about the cell that stands beside it. %(name)s are details, cut to SHOWN characters.
REASONS = {
    # of the whole file: nothing can be read
    "utf_16": "The file is in UTF-16 (%(detail)s). Save it as 'CSV UTF-8' and send it again.",
    "workbook": "The file is a spreadsheet workbook (%(detail)s), not CSV. Save the sheet as CSV and send that.",
    "binary": "The file isn't text: it holds zero bytes. Save the sheet as CSV and send that.",
    "other_mark": "The file begins with the mark of UTF-8, and the mapping says %(encoding)s. One of the two is wrong.",
    "empty_file": "The file is empty.",
    "header_unreadable": "The first line can't be read: %(why)s",
    "no_column": "There is no column '%(name)s' in the first line.%(hint)s",
    "column_twice": "The column '%(name)s' stands in the first line more than once. Give each a name of its own.",
    # of a line
    "open_quote": "A quotation mark opens here and is not closed, or stands inside a cell. Double it inside a cell.",
    "cell_count": "The line has %(found)s cells, the first line %(expected)s. Is there a separator inside a cell?",
    "duplicate_row": "The same loan stands in line %(first)s with the same contents. It is taken in once.",
    "number_taken": "Line %(first)s has this loan number too, with other contents. Only one of them can be right.",
    "number_unsettled": "Line %(first)s has this loan number too and can't be read, so it is open which is right.",
    # of a cell
    "undecodable": "These bytes are not %(encoding)s. Is the mapping's encoding the file's?",
    "missing": "The cell is empty, and the loan can't be taken in without it.",
    "control_character": "There is a line break or another control character inside.",
    "too_long": "It has %(length)s characters; at most %(limit)s are expected here.",
    "not_a_number": "It is not a number.",
    "number_format": "It doesn't fit the numbers of this file (%(format)s), and is not read in another way.",
    "scientific": "It is written with an exponent, as spreadsheets shorten numbers. Write all its digits.",
    "negative": "It is negative.",
    "not_positive": "It has to be more than zero.",
    "extra_decimals": "%(currency)s has %(digits)s decimals, and this has more. (The mapping can say to round them.)",
    "too_large": "It is larger than can be true.",
    "not_whole": "It has to be a whole number.",
    "rate_range": "A rate of %(percent)s percent a year is outside 0 to %(limit)s. Does the mapping's rate unit fit?",
    "not_a_date": "It is not a date of the form %(format)s.",
    "no_such_day": "%(month)s %(year)s has %(days)s days.",
    "no_such_month": "There is no month %(month)s. Are day and month the other way round in this file?",
    "two_digit_year": "The year has two digits, so the century would be a guess. Write all four.",
    "roc_year": "The year looks like one of the Republic of China (%(roc)s is %(gregorian)s). Where the file counts "
    'so, the mapping says calendar = "roc".',
    "not_roc_year": "The mapping says that years are of the Republic of China, and %(year)s is not one.",
    "year_range": "The year %(year)s can't be right here.",
    "time_of_day": "There is a time of day beside the date. Leave the date alone.",
    "spreadsheet_serial": "It looks like a spreadsheet's serial number for %(date)s. Format the column as a date and "
    "save again.",
    "unknown_currency": "It is not the code of a currency, such as USD or TWD.",
    "unknown_status": "The mapping doesn't say what this word means. Add it to [status].",
    "unknown_language": "The mapping doesn't say which language this is. Add it to [people.languages].",
    "two_phones": "There is more than one number in the cell. Keep one.",
    "phone_not_dialled": "It is not a phone number as it is dialled.",
    "phone_needs_country": "It is no number of %(region)s. If it is from elsewhere, write it with + and the country's "
    "code%(hint)s.",
    "phone_invalid": "No number like this exists.",
    "name_missing": "The row says how to reach somebody and not who that is.",
    "position_unknown": "The loan is overdue, and the file states neither its balance nor what was paid or is overdue.",
    "due_before_issue": "The first payment would be due on %(due)s, and the money was paid out on %(issued)s.",
    # of a loan, beside what the books hold already
    "terms_refused": "No repayment schedule follows from these terms. %(why)s",
    "other_book": "This number is a loan of another book (%(book)s). If it is another loan, give this book a prefix in "
    "the mapping.",
    "other_person": "In our books this loan is somebody else's. A person has to decide who owes it.",
    "unknown_officer": "Nobody on the staff has this address.",
}
OF_THE_FILE = frozenset(
    ["utf_16", "workbook", "binary", "other_mark", "empty_file", "header_unreadable", "no_column", "column_twice"]
)


def writable(text: str) -> str:
    """`text` with bytes that could not be decoded (\\xb0), control and format characters (\\u202e) written out."""
    text = _UNDECODED.sub(lambda found: f"\\x{ord(found[0]) & 0xFF:02x}", text)
    return text if text.isprintable() else "".join(c if category(c)[0] != "C" else ascii(c)[1:-1] for c in text)


class Unreadable(Exception):
    """Raised by the reader of one cell, caught by the reader of the row; it never leaves this package."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = {name: str(value)[:SHOWN] for name, value in details.items()}


@dataclass(frozen=True)
class RowError:
    """What stood where, and why it can't be taken in.

    line: as a text editor counts, from 1 (the header); the first where a row has several. column: the lender's name for
    it, '' where the whole line or file is meant. value: the cell as it stands in the file. code: a key of REASONS.
    """

    line: int
    column: str
    value: str
    code: str
    details: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Bytes of another encoding stand in `value` as lone surrogates, which no output can write.
        object.__setattr__(self, "value", writable(self.value))
        object.__setattr__(self, "details", {name: writable(text) for name, text in self.details.items()})

    @property
    def sentence(self) -> str:
        return REASONS[self.code] % self.details

    @property
    def whole_file(self) -> bool:
        """Nothing in the file can be read."""
        return self.code in OF_THE_FILE

    @property
    def is_duplicate(self) -> bool:
        """The row could be read and is left out since its loan is in already, with the same contents."""
        return self.code == "duplicate_row"
