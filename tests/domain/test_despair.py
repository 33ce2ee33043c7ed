"""Plain phrases of despair are heard, however they are written; plain talk about money is not taken for them."""

import pytest

from portal.domain.despair import PHRASES, speaks_of_despair


@pytest.mark.parametrize(
    "words",
    [
        "I just want to DIE.",
        "Everyone would be better off without me",
        "I can’t go on.",
        "there is no reason\nto live",
        "真的活不下去了",
        "我 不 想 活 了",
        "有時候覺得死了算了",
        "أريد أن أموت",
        "لَا أُرِيدُ أَنْ أَعِيش",
        *PHRASES,
    ],
)
def test_words_of_despair_are_heard(words):
    assert speaks_of_despair(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "My hours were cut, and I cannot pay all of it this month.",
        "My husband died in October.",
        "The harvest failed because of the pesticides.",
        "The shop is dead in winter.",
        "我妈妈上个月去世了，这个月手头紧。",
        "生意結束了，想換個還款日。",
        "توفي والدي الشهر الماضي",
    ],
)
def test_plain_talk_is_plain_talk(words):
    assert not speaks_of_despair(words)
