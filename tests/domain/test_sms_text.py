"""A text is counted as operators count it, and never cut inside a character."""

import json

import pytest

from portal.domain.sms_text import BASIC, EXTENSION, measure, segments


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "parts", "sentence"),
    [
        pytest.param("a" * 160, "GSM-7", 160, 1, "160 plain letters are one segment", marks=pytest.mark.case("R046")),
        ("a" * 161, "GSM-7", 161, 2, "one more makes two"),
        pytest.param("a" * 159 + "€", "GSM-7", 161, 2, "the euro sign takes two", marks=pytest.mark.case("R046")),
        pytest.param(
            "a" * 68 + "{款",
            "UCS-2",
            70,
            1,
            "a brace costs one once the text is Unicode",
            marks=pytest.mark.case("R046"),
        ),
        ("款" * 71, "UCS-2", 71, 2, "71 characters of Chinese are two segments"),
        pytest.param(
            "a" * 150 + "’", "UCS-2", 151, 3, "one curly apostrophe costs two more", marks=pytest.mark.case("R047")
        ),
        pytest.param("a" * 150 + "'", "GSM-7", 151, 1, "a straight one nothing", marks=pytest.mark.case("R047")),
        ("a" * 152 + "€" + "a" * 7, "GSM-7", 161, 2, "an escaped character moves whole into the second part"),
        ("", "GSM-7", 0, 1, "nothing is still one"),
    ],
)
def test_length(text: str, alphabet: str, units: int, parts: int, sentence: str) -> None:
    length = measure(text)
    assert (length.alphabet, length.units, length.segments) == (alphabet, units, parts), sentence


@pytest.mark.case("R047")
def test_the_character_that_switches_the_alphabet_is_named() -> None:
    assert measure("a" * 150 + "’").outside == ("’",)


@pytest.mark.case("R049")
@pytest.mark.parametrize("letter", ["𠮷", "😀"])
def test_a_cut_moves_before_a_character_of_two_units(letter: str) -> None:
    text = "款" * 66 + letter + "款" * 20
    assert segments(text) == ["款" * 66, letter + "款" * 20]
    assert json.loads(json.dumps(segments(text))) == segments(text)


def test_the_alphabet_has_its_127_characters_and_the_extension_its_ten() -> None:
    assert len(set(BASIC)) == len(BASIC) == 127
    assert len(set(EXTENSION)) == len(EXTENSION) == 10
