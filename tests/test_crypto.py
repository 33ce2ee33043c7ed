"""What identifies people is sealed, found by a keyed hash, and moved nowhere unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.crypto import CannotOpen, Keyring
from portal.csrf import mask, unmask

OLD, NEW = bytes(32), bytes(range(32))
KEYS = Keyring({"new": NEW, "old": OLD}, b"lookup key of the tests")


@given(st.text())
def test_what_was_sealed_opens(text: str) -> None:
    assert KEYS.open("phone", KEYS.seal("phone", text)) == text


def test_the_newest_key_seals_and_older_ones_still_open() -> None:
    assert KEYS.seal("phone", "1").startswith("new:")
    assert KEYS.open("phone", Keyring({"old": OLD}, b"").seal("phone", "+886912345678")) == "+886912345678"


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert KEYS.seal("phone", "1") != KEYS.seal("phone", "1")


@pytest.mark.parametrize(
    ("kind", "sealed"),
    [
        pytest.param("birth_date", KEYS.seal("phone", "1"), id="moved to another column"),
        pytest.param("phone", KEYS.seal("phone", "1")[:-4] + "AAA=", id="changed"),
        pytest.param("phone", Keyring({"other": NEW}, b"").seal("phone", "1"), id="of a key that is not there"),
        pytest.param("phone", "nothing", id="never sealed"),
    ],
)
def test_what_was_tampered_with_does_not_open(kind: str, sealed: str) -> None:
    with pytest.raises(CannotOpen):
        KEYS.open(kind, sealed)


@given(st.binary())
def test_a_file_that_was_sealed_opens_in_its_own_row_alone(content: bytes) -> None:
    sealed = KEYS.seal_bytes("document:a", content)
    assert KEYS.open_bytes("document:a", sealed) == content
    for kind, changed in (("document:b", sealed), ("document:a", sealed[:-1]), ("document:a", b"gone" + sealed[3:])):
        with pytest.raises(CannotOpen):
            KEYS.open_bytes(kind, changed)


def test_a_hash_is_of_its_kind_and_key() -> None:
    assert KEYS.lookup("phone", "1") == KEYS.lookup("phone", "1")
    assert KEYS.lookup("phone", "1") != KEYS.lookup("id", "1")
    assert KEYS.lookup("phone", "1") != Keyring({"new": NEW}, b"another").lookup("phone", "1")


@given(st.text(alphabet="abcdefXYZ0123456789._-", min_size=1))
def test_a_masked_token_is_another_each_time_and_the_same_underneath(token: str) -> None:
    assert unmask(mask(token)) == token


@pytest.mark.parametrize("typed", ["", "no base64 at all", "AAA", "é"])
def test_a_token_that_was_never_masked_is_none(typed: str) -> None:
    assert unmask(typed) in (None, "")
