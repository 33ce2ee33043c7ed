"""Amounts, dates and rates as a reader of each language writes them. Pure: plain values and a language in, text out.

Arabic pages use Western digits. In Chinese a no-break space stands between a figure and 月 or 日, so that a line never
ends between them; dates with a year are written without spaces.
"""

from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from babel import dates, numbers

from portal import languages
from portal.domain.money import exponent, to_decimal

MINUS = "\N{MINUS SIGN}"
NBSP = "\N{NO-BREAK SPACE}"

# Where CLDR would write one sign for two moneys that one lender may hold: a bare ¥ is yuan, on Simplified pages alone,
# and a bare $ is the US dollar, also for a reader in Taiwan, where CLDR gives it to the local one.
_SIGNS = {"JPY": "JP¥", "TWD": "NT$"}
_SIGNS_BY_LANGUAGE = {"ar": "en"}


def sign(currency: str, language: str) -> str:
    """The currency's sign as this language's readers know it, never one sign for two currencies."""
    if currency in _SIGNS:
        return _SIGNS[currency]
    tag = _SIGNS_BY_LANGUAGE.get(language, language)
    return numbers.get_currency_symbol(currency, languages.locale(tag))


def money(minor: int, currency: str, language: str, decimals: int | None = None) -> str:
    """An amount with its sign: '$4,679.02', 'NT$2,520', '−¥5.00'.

    minor: in the currency's minor units. decimals: how many the lender shows, where it shows fewer than ISO's (Taiwan's
    dollar without cents); half a unit is rounded away from zero. An amount that rounds to zero has no minus sign.
    """
    prefix = sign(currency, language)
    if prefix[-1].isalpha():
        prefix += NBSP
    figure = amount(minor, currency, language, decimals)
    return MINUS + prefix + figure[1:] if figure.startswith(MINUS) else prefix + figure


def amount(minor: int, currency: str, language: str, decimals: int | None = None) -> str:
    """An amount without its sign, as it is typed back into a form or stands under a heading that names the currency."""
    digits = exponent(currency)
    shown = digits if decimals is None else min(decimals, digits)
    value = to_decimal(minor, currency).quantize(Decimal(1).scaleb(-shown), ROUND_HALF_UP)
    pattern = "#,##0." + "0" * shown if shown else "#,##0"
    figure = numbers.format_decimal(abs(value), pattern, locale=languages.locale(language), numbering_system="latn")
    return MINUS + figure if value < 0 else figure


def percent(rate: Decimal, language: str) -> str:
    """A rate in percent, with the digits that it has: Decimal('1.50') gives '1.5%'."""
    locale = languages.locale(language)
    figure = numbers.format_decimal(abs(rate), "#,##0.######", locale=locale, numbering_system="latn")
    return f"{MINUS if rate < 0 else ''}{figure}%"


def _date(day: date, language: str, european: str, chinese: str) -> str:
    pattern = chinese if language.startswith("zh") else european
    return dates.format_date(day, pattern, locale=languages.locale(language))


def date_long(day: date, language: str) -> str:
    """'25 November 2026', '2026年11月25日'."""
    return _date(day, language, "d MMMM y", "y年M月d日")


def date_short(day: date, language: str) -> str:
    """For tables: '5 Dec 2026', '2026年12月5日'."""
    return _date(day, language, "d MMM y", "y年M月d日")


def day_short(day: date, language: str) -> str:
    """In a narrow column, where the year is plain: '25 Nov', '11月25日'."""
    return _date(day, language, "d MMM", "M月d日")


def date_day(day: date, language: str) -> str:
    """'Saturday 5 December 2026', '2026年12月5日，星期六'."""
    return _date(day, language, "EEEE d MMMM y", "y年M月d日，EEEE")


def weekday_date(day: date, language: str) -> str:
    """A day near at hand: 'Wednesday 2 December', '12 月 2 日（星期三）'."""
    return _date(day, language, "EEEE d MMMM", f"M{NBSP}月{NBSP}d{NBSP}日（EEEE）")


def day_month(day: date, language: str) -> str:
    """'5 December', '12 月 5 日'."""
    return _date(day, language, "d MMMM", f"M{NBSP}月{NBSP}d{NBSP}日")


def month(day: date, language: str) -> str:
    """'October', '10 月'."""
    return _date(day, language, "LLLL", f"M{NBSP}月")


def month_year(day: date, language: str) -> str:
    """'December 2026', '2026年12月'."""
    return _date(day, language, "LLLL y", "y年M月")


def year(day: date, language: str) -> str:
    """'2027', '2027 年'."""
    return _date(day, language, "y", f"y{NBSP}年")


def month_short(day: date, language: str) -> str:
    """Under a picture: 'Dec 2026', '2026年12月'."""
    return _date(day, language, "LLL y", "y年M月")


def instant(moment: datetime, zone: tzinfo | str, language: str) -> str:
    """An aware moment as a clock in `zone` shows it: '25 November 2026, 14:05', '2026年11月25日 14:05'."""
    local = moment.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
    joint = " " if language.startswith("zh") else "، " if language == "ar" else ", "
    return f"{date_long(local.date(), language)}{joint}{local:%H:%M}"
