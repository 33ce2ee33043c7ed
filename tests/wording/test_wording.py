"""The wording check: public cases, sentences of our own, and what ships."""

from pathlib import Path
from typing import Any

import pytest

from portal.domain.wording import AFTER, BEFORE
from portal.languages import LANGUAGES
from portal.messaging.texts import Signature, names, sms, written_in
from portal.wording_rules import NoSuchLanguage, judge
from tests.wording.__main__ import read, verdict_on

DATA = Path(__file__).parents[1] / "data"
PUBLIC = DATA / "cases" / "wording.jsonl"
# Ours: id, lang, stage, text, expect, as the public ones. They were written to be unlike each other.
OWN = DATA / "wording" / "sentences.jsonl"


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for path in (PUBLIC, OWN) for case in read(path)])
def test_sentence(case: dict[str, Any]) -> None:
    verdict = verdict_on(case)
    assert verdict.verdict == case["expect"], verdict.findings


@pytest.mark.shared
def test_the_cases_kept_here_are_the_shared_ones(shared: Path) -> None:
    assert (shared / "cases" / "wording.jsonl").read_bytes() == PUBLIC.read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", names())
def test_every_message_that_ships_may_be_read_by_anybody(name: str, language: str) -> None:
    written = written_in(name, language)
    signature = {
        "en": Signature("Northfield Co-operative", "Grace Lim"),
        "zh-Hans": Signature("北田服务中心", "林佩仪"),
        "zh-Hant": Signature("北田服務中心", "林佩儀"),
        "ar": Signature("تعاونية نورثفيلد", "ليلى منصور"),
    }[written]
    text = sms(name, written, signature, "https://northfield.example/l/7kQzR2mXw9B")
    assert judge(text, written, BEFORE).verdict == "accept", judge(text, written, BEFORE).findings


def test_a_refusal_says_which_words_and_why() -> None:
    verdict = judge("FINAL NOTICE: pay your overdue loan today.", "en", BEFORE)
    assert verdict.verdict == "refuse"
    assert {(found.words, found.why) for found in verdict.findings} >= {
        ("final notice", "invents a hurry"),
        ("overdue", "names the debt before identity is known"),
    }


def test_the_same_sentence_may_be_said_once_identity_is_known() -> None:
    text = "Part of October has not reached us yet."
    assert [judge(text, "en", stage).verdict for stage in (BEFORE, AFTER)] == ["refuse", "accept"]


def test_what_cannot_be_judged_with_confidence_goes_to_a_second_reader() -> None:
    assert judge("The letter about the shop went to your landlord.", "en", AFTER).verdict == "second_reader"


@pytest.mark.parametrize("tag", ["zh_Hant_TW", "zh-Hant-TW", "zh-Hant", "zh_TW"])
def test_a_language_goes_by_its_tag_or_its_locales_name(tag: str) -> None:
    assert judge("法院見囉。", tag, AFTER).verdict == "refuse"


def test_a_language_without_rules_is_refused() -> None:
    with pytest.raises(NoSuchLanguage):
        judge("Bonjour", "fr", AFTER)
