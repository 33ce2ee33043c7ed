"""Dates that are written in words, in figures: months by their names in any of the languages, and Chinese numerals."""

import re
from functools import cache

from babel import Locale

from portal import languages

# The months of the Levant and Iraq (نيسان) beside those of Egypt and the Gulf (أبريل).
_MONTHS_BESIDE = ("ar_LB",)
_HAN = {"零": 0, "〇": 0, "○": 0} | {figure: value for value, figure in enumerate("一二三四五六七八九", 1)}
_HAN_FIGURES = re.compile("[零〇○一二三四五六七八九十廿百]+")
_ALEPHS = str.maketrans("أإآ", "ااا")


def in_figures(text: str) -> str:
    """'5 April 1980' becomes '5 4月 1980', and 民國七十九年四月五日 becomes 民國79年4月5日: 月 stands behind a month
    that was named."""
    names, pattern = _month_names()
    text = _HAN_FIGURES.sub(lambda found: _figure(found.group()), text.lower().translate(_ALEPHS))
    return pattern.sub(lambda found: f" {names[found.group(1)]}月 ", text)


def _figure(written: str) -> str:
    if not re.search("[十廿百]", written):
        return "".join(str(_HAN[figure]) for figure in written)
    found = re.fullmatch(
        "(?:([一二三四五六七八九])百零?)?(?:([二三四五六七八九一]?)十|(廿))?([一二三四五六七八九]?)", written
    )
    if not found:
        return written
    hundreds, tens, twenty, ones = found.groups()
    ten = 2 if twenty else _HAN.get(tens or "一", 0) if "十" in written else 0
    return str(100 * _HAN.get(hundreds, 0) + 10 * ten + _HAN.get(ones, 0))


@cache
def _month_names() -> tuple[dict[str, int], re.Pattern[str]]:
    names: dict[str, int] = {}
    for name in [*(language.locale for language in languages.LANGUAGES.values()), *_MONTHS_BESIDE]:
        for context in Locale.parse(name).months.values():
            for width in ("wide", "abbreviated"):
                names |= {
                    month.lower().rstrip(".").translate(_ALEPHS): number for number, month in context[width].items()
                }
    names = {name: number for name, number in names.items() if not re.search(r"\d", name)}
    listed = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return names, re.compile(rf"(?<![^\W\d_])({listed})(?![^\W\d_])\.?")
