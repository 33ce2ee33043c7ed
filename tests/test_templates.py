"""Every page of the borrower's side, in every language, with the data of tests/gallery.py."""

import gzip
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, g
from flask_babel import gettext, ngettext

from portal import languages
from tests import gallery
from tests.pages import parsed, problems_of_page, text_of

STATIC = Path("portal/static")
LARGEST_PAGE = 10_240  # bytes, compressed, with the stylesheet
LARGEST_STYLESHEET = 5_000
# Words that a stranger must not read, before anybody is known.
OF_A_LOAN = re.compile(
    r"\bloans?\b|\bdebts?\b|\boverdue\b|\breminders?\b|贷款|貸款|借款|还款|還款|逾期|欠|催", re.IGNORECASE
)


@pytest.fixture(scope="module")
def app() -> Flask:
    return gallery.make_app()


def compressed(text: bytes) -> int:
    return len(gzip.compress(text, 6, mtime=0))


@pytest.mark.parametrize("language", languages.LANGUAGES)
@pytest.mark.parametrize("page", gallery.PAGES)
def test_a_page_is_whole_in_every_language(app, page, language):
    html = gallery.render(app, page, language)
    root = parsed(html, page)
    assert problems_of_page(root) == []
    assert root.get("lang") == language
    assert root.get("dir") == languages.direction(language)
    assert text_of(root.find("head/title")).endswith(f"– {gallery.LENDERS[language][0]}")
    assert not re.search(r"\bNone\b(?! of these| given)", text_of(root.find("body")))
    assert compressed(html.encode()) + compressed((STATIC / "leeway.css").read_bytes()) <= LARGEST_PAGE


@pytest.mark.case("R043")
@pytest.mark.parametrize("language", languages.LANGUAGES)
@pytest.mark.parametrize("page", sorted(gallery.NEUTRAL))
def test_a_stranger_reads_no_name_and_no_word_of_a_loan(app, page, language):
    root = parsed(gallery.render(app, page, language, signed_in=False), page)
    said = text_of(root)
    assert not OF_A_LOAN.search(said), OF_A_LOAN.search(said)
    assert gallery.PEOPLE[language][0] not in said
    assert "NF-20418" not in said
    policies = {meta.get("name"): meta.get("content") for meta in root.iter("meta")}
    assert policies["referrer"] == "no-referrer"
    assert policies["robots"] == "noindex"


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("page", gallery.PAGES)
def test_a_chinese_page_is_chinese(app, page, language):
    body = parsed(gallery.render(app, page, language), page).find("body")
    assert body is not None
    english = re.findall(r"[A-Za-z]{3,}(?: [A-Za-z']{2,}){2,}", text_of(body))
    assert [words for words in english if words not in ("the same every week", "Mei Ling Chen")] == []


@pytest.mark.parametrize("page", gallery.PAGES)
def test_traditional_pages_have_no_simplified_sentence(app, page):
    said = text_of(parsed(gallery.render(app, page, "zh-Hant"), page).find("body")).replace("简体", "")
    assert re.findall("[们这还说请写谢见东车长门问间时发给让决计请钱总额办]", said.replace("余地", "")) == []


def test_a_page_says_which_language_is_chosen_and_keeps_its_address(app):
    root = parsed(gallery.render(app, "home", "zh-Hant"), "home")
    offered = {link.get("lang"): link for link in root.iter("a") if link.get("hreflang")}
    assert list(offered) == list(languages.LANGUAGES)
    assert [tag for tag, link in offered.items() if link.get("aria-current")] == ["zh-Hant"]
    assert offered["ar"].get("href") == "?lang=ar"


def test_plans_that_do_not_fit_come_last_and_say_by_how_much(app):
    said = text_of(parsed(gallery.render(app, "plans", "en"), "plans"))
    fitting, hard, over = said.index("Smaller payments"), said.index("Hard for now"), said.index("($88.00 over)")
    assert fitting < hard < over < said.index("Something I work out myself")
    without = text_of(parsed(gallery.render(app, "plans-without-budget", "en"), "plans"))
    assert "Hard for now" not in without


def test_the_pause_of_reminders_is_promised_as_it_is(app):
    """They pause when the first answer is saved, for a stated number of days; an unsent draft lets them begin again."""
    before = text_of(parsed(gallery.render(app, "difficulty", "en"), "difficulty"))
    assert "Reminders pause when you save your first answer, for 7 days." in before
    assert "If you stop halfway, they begin again" in before
    after = text_of(parsed(gallery.render(app, "difficulty-begun", "en"), "difficulty"))
    assert "Reminders are paused until 2 December." in after


@pytest.mark.parametrize("page", ["difficulty", "question-change", "budget", "plans", "check", "request-sent"])
def test_pages_of_difficulty_name_somebody_to_talk_to_today(app, page):
    assert "I need to talk to someone today: Lifeline 555 0199" in text_of(
        parsed(gallery.render(app, page, "en"), page)
    )


@pytest.mark.case("R104")
def test_a_greeting_without_a_name_has_no_gap(app):
    said = text_of(parsed(gallery.render(app, "home-nobody", "en"), "home"))
    assert "Hello, There is nothing to pay" in said


@pytest.mark.case("R101")
@pytest.mark.parametrize("count", [0, 1, 2, 5, 21])
def test_a_count_is_said_in_each_language(app, count):
    said = {}
    for language in ("en", "zh-Hans", "zh-Hant"):
        with app.test_request_context():
            g.language = language
            said[language] = ngettext("and one more", "and %(num)s more", count).replace("\u00a0", " ")
    assert said == {
        "en": "and one more" if count == 1 else f"and {count} more",
        "zh-Hans": f"另有 {count} 期",
        "zh-Hant": f"另有 {count} 期",
    }


@pytest.mark.case("R100")
def test_a_sentence_that_traditional_lacks_is_english_and_never_simplified(tmp_path):
    for locale, written in (("zh_Hans_CN", "返回"), ("zh_Hant_TW", "")):
        catalogue = Catalog(locale=locale)
        catalogue.add("Back", written)
        folder = tmp_path / locale / "LC_MESSAGES"
        folder.mkdir(parents=True)
        with (folder / "messages.mo").open("wb") as file:
            write_mo(file, catalogue)
    app = gallery.make_app(tmp_path)
    said = {}
    for language in ("zh-Hans", "zh-Hant"):
        with app.test_request_context():
            g.language = language
            said[language] = gettext("Back")
    assert said == {"zh-Hans": "返回", "zh-Hant": "Back"}


def test_the_stylesheet_is_small_and_quiet():
    css = (STATIC / "leeway.css").read_text()
    assert compressed(css.encode()) < LARGEST_STYLESHEET
    assert "http" not in css
    assert not re.search(r"#f00|#e00|#c00|\bred\b", css)


def test_every_class_in_a_template_has_a_rule():
    css = (STATIC / "leeway.css").read_text()
    known = set(re.findall(r"\.([a-z][a-z0-9]*)", css))
    used: set[str] = set()
    for template in Path("portal/templates").rglob("*.html"):
        for value in re.findall(r'class="([^"]*)"', template.read_text()):
            used.update(re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", value).split())
    assert {name for name in used if re.fullmatch(r"[a-z][a-z0-9]*", name)} - known == set()
