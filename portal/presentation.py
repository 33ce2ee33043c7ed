"""What templates may say with: amounts, dates and names in the language of the request (Jinja filters), and the words
for the domain's codes. The language is Flask-Babel's for this request or message, never kept between two of them.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel import numbers
from babel.lists import format_list
from flask import Flask, request
from flask_babel import get_locale
from markupsafe import Markup, escape

from portal import formats, languages
from portal.domain.money import exponent
from portal.forms.convention_labels import COMPONENTS
from portal.forms.conventions import convention_line
from portal.forms.difficulty import CHANGE_LABELS, LASTING_LABELS
from portal.forms.reading import plain_text


class InCurrency(Protocol):
    """A loan, or whatever else says in which currency its amounts are and how many decimals the lender shows."""

    @property
    def currency(self) -> str: ...
    @property
    def decimals(self) -> int | None: ...


def current_language() -> str:
    """The tag of the language that this request or message is written in: one of those that a reader chooses from, also
    where a region's words are laid over it."""
    return languages.base(languages.resolve(str(get_locale() or "")) or languages.DEFAULT)


def money_text(minor: int, of: InCurrency) -> str:
    """An amount as plain text, for aria-label, titles and messages. minor: minor units of `of.currency`."""
    return formats.money(minor, of.currency, current_language(), of.decimals)


def money(minor: int, of: InCurrency) -> Markup:
    """An amount that neither breaks at the line's end nor is turned round by the words about it."""
    return Markup('<bdi class="nw">%s</bdi>') % money_text(minor, of)


def signed_money(minor: int, of: InCurrency) -> Markup:
    """A difference: '+$5.00', '−$5.00', with the sign where its figures are, also among words from right to left."""
    return Markup('<bdi class="nw">%s%s</bdi>') % ("+" if minor > 0 else "", money_text(minor, of))


def amount(minor: int | None, of: InCurrency) -> str:
    """An amount without its sign; '' for None."""
    return "" if minor is None else formats.amount(minor, of.currency, current_language(), of.decimals)


def currency_name(of: InCurrency) -> str:
    """What the reader calls the money: 'US dollars', '人民币'."""
    return numbers.get_currency_name(of.currency, count=2, locale=get_locale())


def currency_sign(of: InCurrency) -> str:
    return formats.sign(of.currency, current_language())


def decimals_shown(of: InCurrency) -> int:
    """How many decimals an amount is shown and typed with."""
    digits = exponent(of.currency)
    return digits if of.decimals is None else min(of.decimals, digits)


def change_label(code: str) -> str:
    """What changed, as the borrower chose it."""
    return str(CHANGE_LABELS[code])


def lasting_label(code: str) -> str:
    """How long it may last, as the borrower chose it."""
    return str(LASTING_LABELS[code])


def person(name: str) -> Markup:
    """A person's name, kept to itself: its direction changes nothing about it."""
    return Markup("<bdi>%s</bdi>") % plain_text(name)


def paragraphs(text: str) -> Markup:
    """What a person typed, as paragraphs; a single line end stays a line end (`white-space: pre-line`)."""
    parts = [part.strip() for part in plain_text(text).split("\n\n")]
    return Markup("\n").join(Markup('<p dir="auto">%s</p>') % escape(part) for part in parts if part)


def spoken(tags: Iterable[str]) -> str:
    """The languages that a person speaks, named and listed in the reader's: 'English and Chinese'."""
    locale = get_locale()
    names = dict.fromkeys(locale.languages.get(tag.replace("_", "-").split("-")[0], tag) for tag in tags)
    return format_list(list(names), locale=locale) if names else ""


def language_address(tag: str) -> str:
    """This page in another language."""
    return "?" + urlencode({**request.args.to_dict(), "lang": tag})


def page_address(number: int) -> str:
    """Another page of the list on this page."""
    return "?" + urlencode({**request.args.to_dict(), "page": number})


def month_names(months: Iterable[int]) -> str:
    """Months of the year (1 to 12), named and listed: 'March, April and May'."""
    locale = languages.locale(current_language())
    return format_list(
        [formats.month(date(2001, month, 1), current_language()) for month in sorted(months)], locale=locale
    )


def _dated(write: Callable[[date, str], str]) -> Callable[[date], str]:
    def in_this_language(day: date) -> str:
        return write(day, current_language())

    in_this_language.__doc__ = write.__doc__
    return in_this_language


def _instant(moment: datetime, zone: str) -> str:
    return formats.instant(moment, zone, current_language())


def _clock(moment: datetime, zone: str) -> str:
    """The hour of an aware moment as a clock in `zone` shows it: '14:05'."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"


def _percent(rate: Decimal | str) -> str:
    return formats.percent(Decimal(rate), current_language())


def _about_language() -> dict[str, Any]:
    language = current_language()
    # Chinese puts no space between two sentences.
    gap = "" if language.startswith("zh") else " "
    # What stands in `<html lang>` is the region's, zh-Hant-HK; the rest of a page asks for its language alone.
    tag = languages.resolve(str(get_locale() or "")) or languages.DEFAULT
    return {"language": language, "page_tag": tag, "languages": tuple(languages.LANGUAGES.values()), "gap": gap}


def init_app(app: Flask) -> None:
    """Gives the app's templates these filters, `language`, `languages` and `language_address`. Needs Flask-Babel."""
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    dated = (
        "date_long",
        "date_short",
        "date_day",
        "day_short",
        "weekday_date",
        "day_month",
        "month",
        "month_year",
        "month_short",
        "year",
    )
    app.jinja_env.filters.update(
        {name: _dated(getattr(formats, name)) for name in dated},
        money=money,
        money_text=money_text,
        signed_money=signed_money,
        amount=amount,
        instant=_instant,
        clock=_clock,
        percent=_percent,
        person=person,
        plain_text=plain_text,
        paragraphs=paragraphs,
        currency_name=currency_name,
        currency_sign=currency_sign,
        decimals_shown=decimals_shown,
        change_label=change_label,
        lasting_label=lasting_label,
        spoken=spoken,
        direction=languages.direction,
        language_name=languages.name,
    )
    app.jinja_env.globals.update(language_address=language_address, page_address=page_address, month_names=month_names)
    app.jinja_env.globals.update(convention_line=convention_line, component_names=COMPONENTS)
    app.context_processor(_about_language)
