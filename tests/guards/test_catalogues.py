"""Every sentence that a page can say is written in each of the languages, whole and with its placeholders: in English and
Chinese all of them, in Arabic (and whatever language comes next) all that a borrower can read."""

import re
from collections import Counter, defaultdict
from gettext import c2py  # type: ignore[attr-defined]

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from portal import languages
from tests.guards.source import REPOSITORY

LOCALES = [language.locale for language in languages.LANGUAGES.values()]
REGIONS = [region.locale for region in languages.REGIONS.values()]
# The languages of those who work here. In the others, a sentence of theirs appears in English.
OF_STAFF = {"en", "zh_Hans_CN", "zh_Hant_TW"}
# Where what only staff and operators read is said.
STAFF_FILES = re.compile(
    r"^portal/(templates/(staff|demo)/|templates/layouts/staff|views/staff/|demo/|.*_commands?\.py"
    r"|forms/(decision|notice|queue|sign_in|product|conventions|convention_labels|correction)\.py)"
)
# Placeholders that hold how many there are.
COUNTS = {"%(num)s", "%(count)s"}
KEYWORDS = DEFAULT_KEYWORDS | {"_l": None, "lazy_gettext": None}


@pytest.fixture(scope="module")
def said() -> Catalog:
    """What code and templates say, as `make translations` extracts it."""
    with (REPOSITORY / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file, "babel.cfg")
    found = Catalog()
    for name, line, message, comments, context in extract_from_dir(REPOSITORY, methods, options, KEYWORDS):
        found.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return found


def catalogue(locale: str) -> Catalog:
    with (REPOSITORY / "translations" / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sentence_has_its_translation(said, locale):
    written = catalogue(locale)
    wrong = defaultdict(list)
    for message in said:
        if message.id and (locale in OF_STAFF or not is_for_staff_alone(message)):
            found = written.get(message.id, message.context)
            if found is None:
                wrong["not in the catalogue"].append(message.id)
            elif found.fuzzy:
                wrong["fuzzy"].append(message.id)
            elif not all(found.string if isinstance(found.string, tuple) else (found.string,)):
                wrong["empty"].append(message.id)
    assert dict(wrong) == {}


def is_for_staff_alone(message: Message) -> bool:
    return all(STAFF_FILES.search(name) for name, _ in message.locations)


@pytest.mark.parametrize("locale", REGIONS)
def test_a_region_says_only_what_it_says_otherwise(locale):
    region = languages.REGIONS[locale.replace("_", "-")]
    whole = catalogue(str(languages.locale(region.base)))
    wrong = []
    for message in catalogue(locale):
        if message.id:
            there = whole.get(message.id, message.context)
            if there is None or there.string == message.string or not any(message.string):
                wrong.append(message.id)
    assert wrong == []


@pytest.mark.parametrize("locale", LOCALES + REGIONS)
def test_a_translation_keeps_the_placeholders(locale):
    """A form for one number alone ('one', in Arabic 'none' and 'two') may leave the number out; a language without such a
    form uses what either has."""
    written = catalogue(locale)
    wrong = []
    for message in written:
        ids, strings = (value if isinstance(value, tuple) else (value,) for value in (message.id, message.string))
        least = set.intersection(*(placeholders(text) for text in ids))
        most = set.union(*(placeholders(text) for text in ids))
        for form, text in enumerate(strings):
            needed = least - COUNTS if len(strings) > 1 and form in forms_of_one_number(written) else least
            if text and not needed <= placeholders(text) <= most:
                wrong.append((message.id, text))
    assert wrong == []


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[a-z]", text))


def forms_of_one_number(catalogue: Catalog) -> set[int]:
    form = c2py(catalogue.plural_expr)
    used = Counter(form(number) for number in range(1000))
    return {number for number, times in used.items() if times == 1}


@pytest.mark.parametrize("locale", LOCALES + REGIONS)
def test_no_sentence_is_kept_that_nothing_says(said, locale):
    assert [m.id for m in catalogue(locale) if m.id and said.get(m.id, m.context) is None] == []
