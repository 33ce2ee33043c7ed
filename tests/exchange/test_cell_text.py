"""Identifiers stay text and lose what nobody sees; names keep their letters and can't turn the text beside them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.exchange import cell_text
from portal.exchange.row_errors import Unreadable


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("00012345", "00012345"),
        (" 12345 ", "12345"),
        ("\ufeffNF-18002", "NF-18002"),
        ("NF\u200b-18\u202e002\u200d", "NF-18002"),
        ("ＮＦ－１８００２", "NF-18002"),
        ("٣40", "340"),
        ("a\u0301b", "áb"),
        ("=1+1", "=1+1"),
        ("1e5", "1e5"),
    ],
)
@pytest.mark.case("R074")
@pytest.mark.case("R098")
@pytest.mark.case("R107")
def test_an_identifier_is_text_without_what_nobody_sees(typed, kept):
    assert cell_text.identifier(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Budi", "Budi"),
        ("一", "一"),
        ("O", "O"),
        ("  Mary   Ann\u00a0Lee ", "Mary Ann Lee"),
        ("Nguyê\u0303n A\u0301nh", "Nguyễn Ánh"),
        ("\ufa10本", "\u585a本"),
        ("Amir\u202e00.001", "Amir00.001"),
        ("note\u2067 open", "note open"),
        ("محمد", "محمد"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("क्\u200dष", "क्\u200dष"),
        ("Lee\u200d", "Lee"),
        ("许功盖", "许功盖"),
        ("Ann\nLee\tMay", "Ann Lee May"),
    ],
)
@pytest.mark.case("R104")
@pytest.mark.case("R106")
@pytest.mark.case("R107")
def test_a_name_keeps_its_letters_and_nothing_that_turns_the_text_beside_it(typed, kept):
    assert cell_text.name(typed) == kept


@pytest.mark.parametrize(("read", "length"), [(cell_text.identifier, 65), (cell_text.name, 201)])
def test_text_without_end_is_refused(read, length):
    with pytest.raises(Unreadable) as reason:
        read("x" * length)
    assert reason.value.code == "too_long"


def test_a_line_break_inside_an_identifier_is_refused():
    with pytest.raises(Unreadable) as reason:
        cell_text.identifier("NF\n18002")
    assert reason.value.code == "control_character"


@given(st.text(max_size=60))
def test_reading_again_changes_nothing(typed):
    for read in (cell_text.identifier, cell_text.name):
        try:
            once = read(typed)
        except Unreadable:
            continue
        assert read(once) == once
        assert unicodedata.normalize("NFC", once) == once
        assert not set(once) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f\ufeff")
