"""The languages that the pages speak, and how a reader's wish becomes one of them.

A language is a folder of translations/ (docs/languages.md). It goes by its BCP 47 tag as it stands in `<html lang>` and
in `?lang=`: en, zh-Hans, zh-Hant, ar. What is chosen by is the script and never the country alone: somebody in Hong Kong
reads Traditional, somebody in Singapore Simplified, and a reader of the one is never given the other. A place whose words
differ in part has a region, zh-Hant-HK: its few sentences laid over the whole of its language's.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from babel import Locale
from babel.core import get_global, parse_locale

FOLDER = Path(__file__).parent.parent / "translations"
DEFAULT = "en"


@dataclass(frozen=True)
class Language:
    """tag: BCP 47; name: in its own script, as its reader looks for it; locale: its folder in translations/; direction:
    'ltr' or 'rtl'; base: the tag of the language itself, which for a region is the one that it is laid over."""

    tag: str
    name: str
    locale: str
    direction: str
    base: str

    @property
    def is_region(self) -> bool:
        return self.tag != self.base


def discover(folder: Path) -> dict[str, Language]:
    """What the folders of catalogues in `folder` speak, by tag; regions stand behind the languages.

    Of several folders for one language in one script, the one without a territory, or with the territory that CLDR holds
    for the likely one, is the language itself; the others are its regions. Raises UnknownLocaleError for a folder that CLDR
    does not know.
    """
    families = defaultdict(list)
    for path in folder.glob("*/LC_MESSAGES"):
        locale = Locale.parse(path.parent.name)
        families[locale.language, locale.script or _likely(locale.language)[1]].append(locale)
    spoken = [language for language, _ in families]
    found = []
    for (language, script), locales in families.items():
        likely = _likely(f"{language}_{script}")[2] or _likely(language)[2]
        locales.sort(key=lambda locale: (locale.territory is not None, locale.territory != likely, str(locale)))
        whole = locales[0]
        name = whole.script_name if spoken.count(language) > 1 and whole.script else whole.language_name
        base = _tag(language, whole.script)
        for locale in locales:
            tag = base if locale is whole else _tag(language, whole.script, locale.territory)
            written = (name or tag)[:1].upper() + (name or tag)[1:]
            found.append(Language(tag, written, str(locale), locale.text_direction, base))
    found.sort(key=lambda each: (each.is_region, each.tag != DEFAULT, each.direction == "rtl", each.tag))
    return {each.tag: each for each in found}


def _tag(*subtags: str | None) -> str:
    return "-".join(subtag for subtag in subtags if subtag)


def _likely(name: str) -> tuple[str, str, str]:
    """Language, script and territory that CLDR holds for likely where `name` leaves them out; '' where it can't tell."""
    full = get_global("likely_subtags").get(name)
    language, territory, script = parse_locale(full)[:3] if full else (name.split("_")[0], None, None)
    return language, script or "", territory or ""


_ALL = discover(FOLDER)
# What a reader chooses from, and the regions that are chosen for them.
LANGUAGES = {tag: language for tag, language in _ALL.items() if not language.is_region}
REGIONS = {tag: language for tag, language in _ALL.items() if language.is_region}


def _family(language: Language) -> tuple[str, str]:
    locale = Locale.parse(language.locale)
    return locale.language, locale.script or _likely(locale.language)[1]


_BY_SCRIPT = {_family(language): tag for tag, language in LANGUAGES.items()}
_BY_PLACE = {(*_family(region), Locale.parse(region.locale).territory): tag for tag, region in REGIONS.items()}
# Phones name Mandarin in several ways; its speakers, and those of Cantonese, read written Chinese.
_READS = {"cmn": "zh", "yue": "zh"}
_LONGEST_HEADER = 500


def resolve(tag: str | None) -> str | None:
    """The supported language or region for a BCP 47 tag or a locale's name ('zh-HK', 'zh_TW', 'en-GB'); None where there
    is none.

    A script that is not stated comes from CLDR's likely subtags: of language and territory first, then of the language.
    A region is that of the territory, or of the one whose words CLDR has the territory follow (Macau those of Hong Kong).
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
        script = _likely(f"{language}_{territory}")[1] or _likely(language)[1]
    written = _READS.get(language, language)
    if written != language and not territory and _likely(language)[1] == script:
        territory = _likely(language)[2]
    return _region(written, script, territory) or _BY_SCRIPT.get((written, script))


def _region(language: str, script: str, territory: str | None) -> str | None:
    parents = get_global("parent_exceptions")
    parent = parents.get(f"{language}_{script}_{territory}") or parents.get(f"{language}_{territory}")
    followed = parse_locale(parent)[1] if parent else None
    return _BY_PLACE.get((language, script, territory)) or _BY_PLACE.get((language, script, followed))


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


def regional(language: str, wishes: Iterable[str | None]) -> str:
    """`language`, or the region of it that the first fitting one of `wishes` (tags) names: who asks for Traditional with a
    phone from Hong Kong is given Hong Kong's."""
    found = (resolve(wish) for wish in wishes)
    return next((tag for tag in found if tag and base(tag) == language), language)


def base(language: str) -> str:
    """The language that a region is laid over; a language itself for itself. KeyError for what is not supported."""
    return _ALL[language].base


def locale(language: str) -> Locale:
    """The Babel locale of a supported language; KeyError for any other."""
    return Locale.parse(_ALL[language].locale)


def direction(language: str) -> str:
    """'ltr' or 'rtl', as in `<html dir>`."""
    return _ALL[language].direction


def name(language: str) -> str:
    """The language's name in its own script."""
    return _ALL[language].name
