"""Every sentence that a page can say is written in each of the languages, whole and with its placeholders."""

import re
from collections import defaultdict

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from tests.guards.source import REPOSITORY

LOCALES = ["en", "zh_Hans_CN", "zh_Hant_TW"]
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
        if message.id:
            found = written.get(message.id, message.context)
            if found is None:
                wrong["not in the catalogue"].append(message.id)
            elif found.fuzzy:
                wrong["fuzzy"].append(message.id)
            elif not all(found.string if isinstance(found.string, tuple) else (found.string,)):
                wrong["empty"].append(message.id)
    assert dict(wrong) == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_keeps_the_placeholders(locale):
    """The form for one may leave the number out; a language without such a form uses what either has."""
    wrong = []
    for message in catalogue(locale):
        ids, strings = (value if isinstance(value, tuple) else (value,) for value in (message.id, message.string))
        least = set.intersection(*(placeholders(text) for text in ids))
        most = set.union(*(placeholders(text) for text in ids))
        wrong += [(message.id, text) for text in strings if text and not least <= placeholders(text) <= most]
    assert wrong == []


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[a-z]", text))


@pytest.mark.parametrize("locale", LOCALES)
def test_no_sentence_is_kept_that_nothing_says(said, locale):
    assert [m.id for m in catalogue(locale) if m.id and said.get(m.id, m.context) is None] == []
