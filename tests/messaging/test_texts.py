"""What a text says before anybody knows who reads it: who writes and where to look, in the reader's language."""

import re
from pathlib import Path

import pytest

from portal.domain.sms_text import measure
from portal.languages import LANGUAGES
from portal.messaging.texts import Signature, names, sms, written_in

LINK = "https://northfield.example/l/7kQzR2mXw9B"
GRACE = {
    "en": Signature("Northfield Co-operative", "Grace Lim"),
    "zh-Hans": Signature("北田服务中心", "林佩仪"),
    "zh-Hant": Signature("北田服務中心", "林佩儀"),
    "ar": Signature("تعاونية نورثفيلد", "ليلى منصور"),
}
ALL = [(name, language) for name in names() for language in GRACE]
# Whoever holds the phone may not learn what it is about. 'Account' and 'payment' tell as much as 'loan'.
TELLING = {
    "en": r"\b(loans?|debts?|owed?|due|overdue|late|arrears|balance|accounts?|pay|paid|payments?|amount|money|bank)\b",
    "zh-Hans": "[贷债欠款账钱元期催]|金额|银行",
    "zh-Hant": "[貸債欠款帳錢元期催]|金額|銀行",
    "ar": r"قرض|\bدين\b|ديون|مستحق|متأخر|تأخير|رصيد|حساب|دفع|سداد|قسط|أقساط|مبلغ|مال|مصرف|بنك",
}


@pytest.mark.parametrize(("name", "language"), ALL)
def test_it_names_the_lender_and_signs_with_the_officer(name: str, language: str) -> None:
    text = sms(name, language, GRACE[language], LINK)
    assert GRACE[language].lender in text
    if name.startswith("reminder"):
        assert str(GRACE[language].officer) in text


@pytest.mark.case("R038")
@pytest.mark.parametrize(("name", "language"), ALL)
def test_the_link_stands_alone_on_its_line(name: str, language: str) -> None:
    assert sms(name, language, GRACE[language], LINK).splitlines()[-1] == LINK


@pytest.mark.case("R043")
@pytest.mark.parametrize(("name", "language"), ALL)
def test_it_says_nothing_about_money_and_how_to_say_that_it_is_not_for_them(name: str, language: str) -> None:
    text = sms(name, language, Signature("North", "Grace"), "")
    assert re.findall(TELLING[language], text.lower()) == []
    assert not any(letter.isdigit() for letter in text)
    assert {"en": "Not for you?", "zh-Hans": "不是找您的？", "zh-Hant": "不是找您的？", "ar": "الرسالة ليست لكم؟"}[
        language
    ] in text


@pytest.mark.case("R047")
@pytest.mark.parametrize("name", names())
def test_english_needs_no_character_outside_the_basic_alphabet_and_two_segments_at_most(name: str) -> None:
    length = measure(sms(name, "en", GRACE["en"], LINK))
    assert length.outside == ()
    assert length.segments <= 2


@pytest.mark.parametrize(("name", "language"), [(name, language) for name, language in ALL if language != "en"])
def test_other_scripts_are_two_segments_at_most_and_arabic_three(name: str, language: str) -> None:
    assert measure(sms(name, language, GRACE[language], LINK)).segments <= (3 if language == "ar" else 2)


@pytest.mark.parametrize(("name", "language"), ALL)
def test_without_an_officer_the_lender_signs(name: str, language: str) -> None:
    text = sms(name, language, Signature("North", None), LINK)
    assert "None" not in text
    assert "  " not in text


@pytest.mark.case("R058")
@pytest.mark.parametrize("language", GRACE)
def test_the_tone_never_hardens(language: str) -> None:
    """There is one text for after the date, so the last is as kind as the first; it offers help as the others do."""
    help_is_offered = {
        "en": "we will find a way",
        "zh-Hans": "一起想办法",
        "zh-Hant": "一起想辦法",
        "ar": "لنبحث معًا عن حلّ",
    }[language]
    reminders = [name for name in names() if name.startswith("reminder")]
    assert reminders == ["reminder_after", "reminder_before", "reminder_due"]
    for name in reminders:
        text = sms(name, language, GRACE[language], LINK)
        assert help_is_offered in text or help_is_offered.capitalize() in text
        assert "!" not in text
        assert "！" not in text


def test_the_lenders_language_stands_in_where_a_message_has_no_words_yet_and_then_english(tmp_path: Path) -> None:
    for locale in ("en", "zh_Hans_CN"):
        (tmp_path / locale).mkdir()
    message = str(tmp_path)
    assert written_in(message, "zh-Hans") == "zh-Hans"
    assert written_in(message, "ar", otherwise="zh-Hans") == "zh-Hans"
    assert written_in(message, "ar", otherwise="zh-Hant") == "en"
    assert {written_in(name, tag) for name in names() for tag in LANGUAGES} == set(LANGUAGES)


@pytest.mark.parametrize("name", names())
def test_a_region_without_words_of_its_own_has_those_of_its_language(name: str) -> None:
    assert written_in(name, "zh-Hant-HK", otherwise="en") == "zh-Hant-HK"
    assert sms(name, "zh-Hant-HK", GRACE["zh-Hant"], LINK) == sms(name, "zh-Hant", GRACE["zh-Hant"], LINK)
