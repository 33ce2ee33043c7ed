"""Phone numbers as people type them -> E.164, by the metadata of libphonenumber; what was typed is kept beside it."""

import re
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from babel.core import get_global
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from portal.exchange.cell_text import ascii_digits, plain
from portal.exchange.row_errors import Unreadable

LONGEST_PHONE = 60

_DASHES = re.compile("[\u2010-\u2015\u2212\u30fc\ufe58\ufe63\uff0d~\u301c\uff5e]")
_DIALLED = re.compile(r"[+\d][\d\s().\-+]*|\([\d\s+]+\)[\d\s().\-]*")
_SEVERAL = re.compile(r"\s*(?:[,;/|、，；／&]|\bor\b|\band\b|或|和)\s*")


class Phone(NamedTuple):
    """e164: '+886912345678'. typed: as it stood, without invisible characters."""

    e164: str
    typed: str


@lru_cache(maxsize=4096)
def read_phone(text: str, region: str) -> Phone:
    """The number in `text`. region: two letters of ISO 3166, for numbers without a country's code.

    Raises Unreadable: two_phones, phone_not_dialled, phone_needs_country, phone_invalid. Nothing that libphonenumber
    calls invalid is returned.
    """
    typed = plain(text)
    if len(typed) > LONGEST_PHONE:
        raise Unreadable("too_long", length=len(typed), limit=LONGEST_PHONE)
    dialled = _DASHES.sub("-", ascii_digits(typed))
    if len([part for part in _SEVERAL.split(dialled) if sum(map(str.isdecimal, part)) >= 5]) > 1:
        raise Unreadable("two_phones")
    dialled = dialled.replace("/", "-")
    if not _DIALLED.fullmatch(dialled) or "+" in dialled.lstrip("+("):
        raise Unreadable("phone_not_dialled")
    digits = re.sub(r"\D", "", dialled)
    number = _valid(dialled, region) or _with_prefix(digits, dialled, region)
    if number:
        return Phone(phonenumbers.format_number(number, PhoneNumberFormat.E164), typed)
    if all(_valid(part, region) for part in dialled.split()):
        raise Unreadable("two_phones")
    if "+" in dialled or digits.startswith("00"):
        raise Unreadable("phone_invalid")
    raise Unreadable("phone_needs_country", region=region, hint=_elsewhere(digits))


def region_of(zone: str) -> str:
    """The country (two letters of ISO 3166) that an IANA zone lies in by CLDR: numbers without a country's code are read as
    its. 'ZZ', which no number is of, where CLDR knows none."""
    found = get_global("zone_territories").get(zone)
    return str(found) if found else "ZZ"


def _valid(text: str, region: str) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _with_prefix(digits: str, dialled: str, region: str) -> PhoneNumber | None:
    """The number with the prefix for calls abroad that people of every country know (00), or with the country's code
    but no + before it. Plain parsing would take these digits for a national number."""
    if dialled.startswith("+"):
        return None
    if digits.startswith("00"):
        return _valid(f"+{digits[2:]}", region)
    code = str(phonenumbers.country_code_for_region(region))
    return _valid(f"+{digits}", region) if digits.startswith(code) else None


_NEIGHBOURS = (
    "CN",
    "TW",
    "HK",
    "MO",
    "SG",
    "MY",
    "JP",
    "KR",
    "VN",
    "TH",
    "PH",
    "ID",
    "IN",
    "AE",
    "EG",
    "KE",
    "GB",
    "US",
)


def _elsewhere(digits: str) -> str:
    """A hint at the country in which the digits are a mobile's, where one is: ' (+86 for CN)'."""
    for region in _NEIGHBOURS:
        number = _valid(digits, region)
        if number and phonenumbers.number_type(number) in (
            phonenumbers.PhoneNumberType.MOBILE,
            phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
        ):
            return f" (+{number.country_code} for {region})"
    return ""
