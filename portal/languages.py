"""The languages that the pages speak, and how a reader's wish becomes one of them.

A language goes by its BCP 47 tag as it stands in `<html lang>` and in `?lang=`: en, zh-Hans, zh-Hant, ar. What is
chosen by is the script and never the country alone: somebody in Hong Kong reads Traditional, somebody in Singapore
Simplified, and a reader of the one is never given the other. A string that a catalogue lacks appears in English.
"""

from dataclasses import dataclass
from itertools import takewhile

from babel import Locale
from babel.core import get_global, parse_locale


@dataclass(frozen=True)
class Language:
    """tag: BCP 47; name: in its own script, as its reader looks for it; locale: the catalogue in translations/."""

    tag: str
    name: str
    locale: str
    direction: str = "ltr"


LANGUAGES = {
    language.tag: language
    for language in (
        Language("en", "English", "en"),
        Language("zh-Hans", "简体", "zh_Hans_CN"),
        Language("zh-Hant", "繁體", "zh_Hant_TW"),
        Language("ar", "العربية", "ar", "rtl"),
    )
}
DEFAULT = "en"

_BY_SCRIPT = {("en", "Latn"): "en", ("zh", "Hans"): "zh-Hans", ("zh", "Hant"): "zh-Hant", ("ar", "Arab"): "ar"}
# Phones name Mandarin in several ways; its speakers, and those of Cantonese, read written Chinese.
_READS = {"cmn": "zh", "yue": "zh"}
_LONGEST_HEADER = 500


def resolve(tag: str | None) -> str | None:
    """The supported language for a BCP 47 tag or a locale's name ('zh-HK', 'zh_TW', 'en-GB'); None where there is none.

    A script that is not stated comes from CLDR's likely subtags: of language and territory first, then of the language.
    """
    if not tag or len(tag) > 64:
        return None
    subtags = tag.strip().replace("_", "-").lower().split("-")
    if len(subtags) > 1 and subtags[0] == "zh" and subtags[1] in _READS:
        subtags = subtags[1:]
    if subtags[0] == "cmn":
        subtags[0] = "zh"
    plain = list(takewhile(lambda subtag: len(subtag) > 1, subtags))  # a single letter begins an extension
    try:
        language, territory, script = parse_locale("-".join(plain), sep="-")[:3]
    except ValueError:
        return None
    if not script:
        likely = get_global("likely_subtags")
        full = likely.get(f"{language}_{territory}") or likely.get(language)
        script = parse_locale(full)[2] if full else None
    return _BY_SCRIPT.get((_READS.get(language, language), script or ""))


def negotiate(accept_language: str | None, default: str = DEFAULT) -> str:
    """The first supported language of an Accept-Language header (RFC 9110, 12.5.4), by weight, then by order.

    `default` where the header names none that we have. A language with weight 0 is not acceptable to the reader.
    """
    wishes = []
    for place, part in enumerate((accept_language or "")[:_LONGEST_HEADER].split(",")):
        tag, *parameters = (piece.strip() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "q":
                try:
                    weight = min(max(float(value), 0.0), 1.0)
                except ValueError:
                    weight = 0.0
        wishes.append((-weight, place, tag))
    refused = {resolve(tag) for weight, _, tag in wishes if not weight < 0}
    for weight, _, tag in sorted(wishes):
        found = default if tag == "*" else resolve(tag)
        if weight < 0 and found and found not in refused:
            return found
    return default


def locale(language: str) -> Locale:
    """The Babel locale of a supported language; KeyError for any other."""
    return Locale.parse(LANGUAGES[language].locale)


def direction(language: str) -> str:
    """'ltr' or 'rtl', as in `<html dir>`."""
    return LANGUAGES[language].direction


def name(language: str) -> str:
    """The language's name in its own script."""
    return LANGUAGES[language].name
