"""What people type, read: figures, amounts, birth dates, the ends of numbers, their own words. Pure functions.

Digits of any script are digits: full-width ones from an East Asian keyboard, Arabic and Persian ones. What could be two
things is never guessed: it is refused with the readings that it has, or returned as all the dates that it may be.
"""

import re
import unicodedata
from datetime import date

from babel import numbers

from portal import formats, languages
from portal.domain.money import exponent
from portal.forms.date_words import in_figures

LONGEST_AMOUNT = 12  # digits before the decimals; more is a slip of the finger
OLDEST = 120  # years

# Full-width and Arabic punctuation, and the many dashes, as the ASCII that a keyboard in Latin script would have given.
_PUNCTUATION = str.maketrans(
    {
        "，": ",",
        "．": ".",
        "﹒": ".",
        "￥": "¥",
        "＄": "$",
        "＋": "+",
        "／": "/",
        "（": "(",
        "）": ")",
        "﹣": "-",
        "－": "-",
    }
    | dict.fromkeys("‐‑‒–—−", "-")
    | {"٫": ".", "٬": ",", "،": ","}
)
_WORDS = {
    "CNY": ("rmb", "人民币", "元", "块", "圆", "yuan"),
    "TWD": ("nt", "新台幣", "台幣", "元", "塊", "圓"),
    "HKD": ("hk", "港幣", "元", "蚊"),
    "JPY": ("円", "日元", "日圓", "yen"),
    "USD": ("us", "美元", "美金", "dollars", "dollar"),
}

# How many zeros the words stand for that Chinese figures end with.
_THOUSANDS = {"千": 3, "万": 4, "萬": 4}


class Unreadable(ValueError):
    """What was typed can't be taken. `code`: empty, not_a_number, negative, zero, decimals, too_large, unclear,
    not_a_date or too_short. `readings`: for unclear, each amount that it may mean, in minor units."""

    def __init__(self, code: str, readings: tuple[int, ...] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.readings = readings


def ascii_digits(text: str) -> str:
    """Text with every decimal digit as 0-9, its punctuation in ASCII, and without marks that nobody can see.

    Superscripts and the like stay as they are: they are no digits of a number.
    """
    plain = []
    for letter in text.translate(_PUNCTUATION):
        if letter.isdecimal():
            plain.append(str(unicodedata.decimal(letter)))
        elif unicodedata.category(letter) not in ("Cf", "Cc"):
            plain.append(" " if letter.isspace() else letter)
    return "".join(plain).strip()


def plain_text(text: str) -> str:
    """A person's words without what can reorder or hide a line: control and format characters. Line ends and joiners
    stay. Composed form (NFC), so that one word is spelt in one way."""
    kept = (
        letter
        for letter in text.replace("\r\n", "\n").replace("\r", "\n")
        if letter in "\n\u200c\u200d" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs")
    )
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def read_amount(text: str, currency: str, language: str, decimals: int | None = None) -> int:
    """The amount that was typed, in minor units of `currency`; zero or more.

    decimals: how many the lender shows, where that is fewer than ISO 4217's; more are refused. Separators are those of
    the language. The currency's own sign or word may stand before or after. Raises Unreadable.
    """
    digits = exponent(currency)
    shown = digits if decimals is None else min(decimals, digits)
    figure = _without_sign(text, currency)
    if figure[-1] in _THOUSANDS:
        return _in_thousands(figure, digits)
    locale = languages.locale(language)
    point, group = numbers.get_decimal_symbol(locale), numbers.get_group_symbol(locale)
    whole, _, part = figure.partition(point)
    grouped = re.fullmatch(rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+|\d{{1,3}}(?: \d{{3}})+|\d+", whole)
    if not (grouped or (not whole and part)) or not re.fullmatch(r"\d*", part):
        raise _unclear(figure, digits, shown)
    if len(part) > shown and not (shown == 0 and part == "00"):
        may_be_thousands = whole.strip("0") and (len(part) == 3 or set(part[shown:]) == {"0"})
        raise _unclear(figure, digits, shown) if may_be_thousands else Unreadable("decimals")
    return _minor(re.sub(r"\D", "", whole), part, digits)


def _without_sign(text: str, currency: str) -> str:
    """The bare figure: digits and separators, nothing else."""
    if len(text) > 80:
        raise Unreadable("not_a_number")
    figure = re.sub(r"\s+", " ", ascii_digits(text)).lower()
    if not figure:
        raise Unreadable("empty")
    bare = {"$"} if formats.sign(currency, "en").endswith("$") else set()
    bare |= {"¥"} if currency in ("CNY", "JPY") else set()
    signs = bare | {currency.lower(), *_WORDS.get(currency, ())}
    signs |= {formats.sign(currency, language).strip().lower() for language in languages.LANGUAGES}
    ordered = "|".join(re.escape(sign) for sign in sorted(signs, key=len, reverse=True))
    found = re.fullmatch(
        rf"(\(|- ?)?(?:{ordered})? ?(- ?)?([\d., ]*?\d[\d., ]*?[千万萬]?) ?(?:{ordered})?([-)])?", figure
    )
    if not found:
        raise Unreadable("not_a_number")
    if found[1] or found[2] or found[4]:
        raise Unreadable("negative")
    return found[3].strip()


def _in_thousands(figure: str, digits: int) -> int:
    """1.5万 is 15,000: a figure with a point at most, since a comma beside 万 would tell too little."""
    found = re.fullmatch(r"(\d{1,12})(?:\.(\d+))? ?(.)", figure)
    if not found:
        raise Unreadable("not_a_number")
    whole, part, by = found[1], (found[2] or "").rstrip("0"), _THOUSANDS[found[3]]
    if len(part) > by:
        raise Unreadable("not_a_number")
    return _minor(whole + part.ljust(by, "0"), "", digits)


def _minor(whole: str, part: str, digits: int) -> int:
    if len(whole.lstrip("0")) > LONGEST_AMOUNT:
        raise Unreadable("too_large")
    return int((whole or "0") + part[:digits].ljust(digits, "0"))


def _unclear(figure: str, digits: int, shown: int) -> Unreadable:
    """What a badly grouped figure may mean: its last separator as a decimal one, or all of them as grouping."""
    pieces = re.split(r"[., ]+", figure)
    marks = re.findall(r"[.,]", figure)
    readings = set()
    last_is_its_own_kind = len(marks) > 1 and marks[-1] not in marks[:-1]
    if (len(marks) == 1 or last_is_its_own_kind) and len(pieces[-1].rstrip("0")) <= shown:
        readings.add(("".join(pieces[:-1]), pieces[-1]))
    if not last_is_its_own_kind:
        readings.add(("".join(pieces), ""))
    amounts = {_minor(whole, part, digits) for whole, part in readings if len(whole.lstrip("0")) <= LONGEST_AMOUNT}
    return Unreadable("unclear", tuple(sorted(amounts))) if amounts else Unreadable("not_a_number")


def read_birth_dates(year: str, month: str, day: str, today: date) -> tuple[date, ...]:
    """Every date that was meant by what stands in the three boxes, or by one box that holds it all; at least one.

    A month may be named, and figures may be Chinese numerals. Years of the Republic of China (79 is 1990) are read beside
    two-digit years of the common era (79 is 1979), and figures such as 05/04/1980 as either order, so that the answer is
    all of them and the keeper of the date compares.
    today: no date after it is given, and none over 120 years before. Raises Unreadable with empty or not_a_date.
    """
    boxes = [ascii_digits(in_figures(box[:80]))[:40] for box in (year, month, day)]
    filled = [box for box in boxes if box]
    if not filled:
        raise Unreadable("empty")
    if len(filled) == 1:
        candidates = _read_together(filled[0])
    elif all(boxes):
        candidates = [tuple(boxes)]
    else:
        raise Unreadable("not_a_date")
    found = {
        day_of_birth
        for written_year, written_month, written_day in candidates
        for common_year in _years(written_year)
        if (day_of_birth := _date(common_year, written_month, written_day))
        and day_of_birth <= today
        and common_year >= today.year - OLDEST
    }
    if not found:
        raise Unreadable("not_a_date")
    return tuple(sorted(found))


def read_days(text: str, earliest: date, latest: date) -> tuple[date, ...]:
    """Every day from `earliest` to `latest` that may be meant by what was typed; at least one.

    2026-12-05 and other dates with a year, in either order of day and month; 5/12, 12月5日 and 5 December without one.
    Raises Unreadable: empty, not_a_date, out_of_range.
    """
    plain = ascii_digits(in_figures(text[:80]))[:40]
    if not plain:
        raise Unreadable("empty")
    pieces = re.findall(r"\d{1,2}", plain)
    if re.fullmatch(r"\d{1,2}\D+\d{1,2}\D*", plain):
        named = _named_month(plain)
        orders = [(1, 0), (0, 1)] if named is None else [(named, 1 - named)]
        dates = [
            _date(year, pieces[month], pieces[day])
            for year in range(earliest.year, latest.year + 1)
            for month, day in orders
        ]
    else:
        dates = [_date(y, month, day) for written, month, day in _read_together(plain) for y in _years(written)]
    found = {day for day in dates if day}
    if not found:
        raise Unreadable("not_a_date")
    inside = sorted(day for day in found if earliest <= day <= latest)
    if not inside:
        raise Unreadable("out_of_range")
    return tuple(inside)


def _read_together(text: str) -> list[tuple[str, ...]]:
    """Year, month and day in each order that a date written in one piece may have."""
    republic = re.match(r"(?:中?華?民國|中?华?民国|roc)", text, re.IGNORECASE)
    rest = text[republic.end() :] if republic else text
    pieces = re.findall(r"\d+", rest)
    if republic and pieces:
        pieces[0] = "r" + pieces[0]
    if len(pieces) == 3 and (len(pieces[0]) > 2 or republic or "年" in text):
        return [tuple(pieces)]
    named = _named_month(rest)
    if len(pieces) == 3 and named is not None:
        before, after = (index for index in range(3) if index != named)
        by_name = [(after, named, before), (before, named, after)]
        return [tuple(pieces[index] for index in order) for order in by_name if len(pieces[order[2]]) < 3]
    if len(pieces) == 3:
        # 5/4/1980 and 4/5/1980 are written in different countries; 79/4/5 is a year of the Republic first.
        orders = [(2, 1, 0), (2, 0, 1), (0, 1, 2)] if len(pieces[2]) < 3 else [(2, 1, 0), (2, 0, 1)]
        return [tuple(pieces[index] for index in order) for order in orders]
    if len(pieces) == 1 and re.fullmatch(r"\d{6,8}", rest):
        first = (rest[:-4], rest[-4:-2], rest[-2:])
        return [first, (rest[4:], rest[2:4], rest[:2]), (rest[4:], rest[:2], rest[2:4])] if len(rest) == 8 else [first]
    return []


def _named_month(text: str) -> int | None:
    """Which of the figures in `text` says by itself that it is the month."""
    marks = re.findall(r"\d+(月?)", text)
    return marks.index("月") if "月" in marks else None


def _years(text: str) -> list[int]:
    """The years of the common era that a written year may be; 'r' before it says that it is of the Republic."""
    republic = re.fullmatch(r"(?:r|民國|民国)?0?(\d{1,3})年?", text)
    figure = re.fullmatch(r"(\d{1,4})年?", text)
    years = []
    if figure and len(figure[1]) == 4:
        years.append(int(figure[1]))
    if republic and int(republic[1]):
        years.append(1911 + int(republic[1]))
    if figure and len(figure[1]) == 2:
        years += [1900 + int(figure[1]), 2000 + int(figure[1])]
    return years


def _date(year: int, month: str, day: str) -> date | None:
    figures = [re.sub(r"[月日号號]$", "", text) for text in (month, day)]
    if not all(re.fullmatch(r"\d{1,2}", figure) for figure in figures):
        return None
    try:
        return date(year, int(figures[0]), int(figures[1]))
    except ValueError:
        return None


def read_last_four(text: str) -> str:
    """The last four characters of a number: digits and letters in capitals, X included; spaces and dashes are not
    counted. More than four may be typed: the last four are taken, the rest is dropped. Raises Unreadable."""
    plain = re.sub(r"[\s.\-/]", "", ascii_digits(unicodedata.normalize("NFKC", text[:80]))).upper()
    if not plain:
        raise Unreadable("empty")
    if not re.fullmatch(r"[0-9A-Z+()]{4,}", plain) or not re.fullmatch(r"[0-9A-Z]{4}", plain[-4:]):
        raise Unreadable("too_short")
    return plain[-4:]
