"""The three barcodes of Taiwan's convenience stores (超商代收), each drawn as Code 39.

1. last day to pay, YYMMDD of the Republic's years (two digits), and the three characters of the collector's code
2. sixteen characters of the collector's own: an account and a reference
3. four digits of a date, two check characters, the amount in nine digits

The check characters are those of the stores' collection handbooks, as banks hand them on to their clients.
"""

import re
from datetime import date

from portal.domain.errors import InvalidPayWay

LONGEST_REFERENCE = 16
DATES = ("month_day", "year_month")
# What each character of a line counts for: letters as in EBCDIC, I and R before J and S; the signs of Code 39.
_VALUES = (
    {str(digit): digit for digit in range(10)}
    | {letter: at % 9 + 1 for at, letter in enumerate("ABCDEFGHIJKLMNOPQR")}
    | {letter: at + 2 for at, letter in enumerate("STUVWXYZ")}
    | {"+": 1, "%": 2, "-": 6, ".": 7, " ": 8, "$": 9, "/": 0}
)
_FIRST, _SECOND = {0: "A", 10: "B"}, {0: "X", 10: "Y"}


def republic(day: date) -> str:
    """YYMMDD with the last two digits of the Republic's year: 2026 is the year 115, so '15'."""
    return f"{(day.year - 1911) % 100:02d}{day:%m%d}"


def check_characters(first: str, second: str, third: str) -> str:
    """The two check characters over the three lines, the third without its own.

    The first is the sum of all characters in odd places of each line, the second that of those in even places, each what is
    left of it after division by 11; A and X stand for 0, B and Y for 10.
    """
    odd = even = 0
    for line in (first, second, third):
        odd += sum(_VALUES[character] for character in line[::2])
        even += sum(_VALUES[character] for character in line[1::2])
    return _FIRST.get(odd % 11, str(odd % 11)) + _SECOND.get(even % 11, str(even % 11))


def second_line(account: str, reference: str) -> str:
    """Sixteen characters: the account, zeros, and the reference at the end. Raises InvalidPayWay `reference_too_long`."""
    if len(account) + len(reference) > LONGEST_REFERENCE:
        raise InvalidPayWay(
            "reference_too_long", "Account and reference are too long for the barcode.", longest=LONGEST_REFERENCE
        )
    return account + reference.rjust(LONGEST_REFERENCE - len(account), "0")


def lines(
    code: str, account: str, reference: str, dollars: int, pay_until: date, due_on: date, dates: str = "month_day"
) -> tuple[str, str, str]:
    """The three lines for `dollars` whole New Taiwan dollars.

    dates: what the third line begins with, as the collector has agreed with its bank: month and day of `due_on`, or the
    Republic's year and month. Raises InvalidPayWay: not_a_collection_code, reference_too_long, not_a_reference,
    amount_out_of_range.
    """
    if not re.fullmatch(r"[0-9A-Z]{3}", code):
        raise InvalidPayWay("not_a_collection_code", "The collector's code has three digits or capitals.")
    if not re.fullmatch(r"[0-9A-Z]*", account + reference):
        raise InvalidPayWay("not_a_reference", "The barcode holds digits and capitals alone.")
    if not 0 < dollars < 10**9:
        raise InvalidPayWay("amount_out_of_range", "This amount can't stand in the barcode.")
    first, second = republic(pay_until) + code, second_line(account, reference)
    day, amount = f"{due_on:%m%d}" if dates == "month_day" else republic(due_on)[:4], f"{dollars:09d}"
    return first, second, day + check_characters(first, second, day + amount) + amount
