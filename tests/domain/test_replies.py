"""What somebody means who answers a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.replies import meaning, normalised
from portal.reply_words import vocabulary

# What carriers and the law of the United States name: 47 CFR 64.1200(a)(10), CTIA Messaging Principles 5.1.3, Twilio's list.
DOCUMENTED = ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "opt out")


def means(words):
    return meaning(words, vocabulary())


@pytest.mark.case("R065")
@pytest.mark.parametrize("word", DOCUMENTED)
def test_every_word_that_carriers_act_on_stops(word):
    assert means(word) == "stop"


@pytest.mark.parametrize(
    "written", ["ＳＴＯＰ", " stop. ", "Stop!", "“STOP”", "st\u200bop", "\u202aSTOP\u202c", "S T O P", "stop 🙏"]
)
def test_how_it_is_written_makes_no_difference(written):
    assert means(written) == "stop"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("退订", "stop"),
        ("TD", "stop"),
        ("回复停止", "letter"),
        ("停止", "stop"),
        ("請不要再發了", "letter"),
        ("不要再發了", "stop"),
        ("إيقاف", "stop"),
        ("ايقاف", "stop"),
        ("تـوقـف", "stop"),
        ("開始", "start"),
        ("START", "start"),
        ("ابدا", "start"),
        ("HELP", "help"),
        ("帮助", "help"),
        ("مساعده", "letter"),
        ("مُساعَدة", "help"),
    ],
)
def test_each_language_has_its_words(words, meant):
    assert means(words) == meant


@pytest.mark.case("R064")
@pytest.mark.parametrize(
    "words",
    [
        "I will stop by the branch to pay",
        "我不想停止还款",
        "Please don't stop",
        "stop and help",
        "the end of the month",
        "لا أريد التوقف",
        "",
        "?",
        "STOP STOP",
    ],
)
def test_a_word_inside_a_sentence_is_for_a_person_to_read(words):
    assert means(words) == "letter"


@given(st.text())
def test_nothing_that_is_written_breaks_it_and_normalising_twice_is_once(words):
    assert means(words) in ("stop", "start", "help", "letter")
    assert normalised(normalised(words)) == normalised(words)


def test_no_word_means_two_things():
    known = vocabulary()
    assert not known.stop & known.start and not known.stop & known.help and not known.start & known.help
