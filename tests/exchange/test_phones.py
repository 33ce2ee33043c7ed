"""Phone numbers: one form for all that mean the same, and nothing invalid is kept."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.exchange.phones import read_phone
from portal.exchange.row_errors import REASONS, Unreadable


def refusal(typed: str, region: str = "TW") -> Unreadable:
    with pytest.raises(Unreadable) as reason:
        read_phone(typed, region)
    return reason.value


@pytest.mark.parametrize(
    "typed",
    [
        "0912‑345‑678",
        "0912–345–678",
        "\u202a+886912345678\u202c",
        "(0912) 345 678",
        "0912\u200b345\u200b678",
        "０９１２３４５６７８",
        "٠٩١٢٣٤٥٦٧٨",
        "(+886) 912-345-678",
    ],
)
@pytest.mark.case("R116")
@pytest.mark.case("R097")
@pytest.mark.case("R098")
def test_look_alike_and_invisible_characters_change_no_number(typed):
    assert read_phone(typed, "TW").e164 == "+886912345678"


@pytest.mark.parametrize("typed", ["+886 0912 345 678", "886912345678", "00886912345678", "912345678", "0912345678"])
@pytest.mark.case("R118")
def test_prefixes_that_people_type_are_understood(typed):
    assert read_phone(typed, "TW").e164 == "+886912345678"


@pytest.mark.case("R118")
def test_a_number_of_another_country_asks_for_its_code():
    reason = refusal("13123456789")
    assert reason.code == "phone_needs_country"
    assert "+86" in REASONS[reason.code] % reason.details


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("+1 0086-592-5627191", "phone_invalid"),
        ("0912345678,0922345678", "two_phones"),
        ("0912345678/02-23456789", "two_phones"),
        ("0912345678、0922345678", "two_phones"),
        ("0912345678 或 0922345678", "two_phones"),
        ("0912345678 0922345678", "two_phones"),
        ("n/a", "phone_not_dialled"),
        ("tel:0912345678", "phone_not_dialled"),
        ("0912345678 ext 5", "phone_not_dialled"),
        ("1" * 200, "too_long"),
        ("", "phone_not_dialled"),
        ("+886 912", "phone_invalid"),
    ],
)
@pytest.mark.case("R119")
def test_what_is_no_one_number_is_refused_by_name(typed, code):
    assert refusal(typed).code == code


def test_what_was_typed_is_kept_without_what_nobody_sees():
    assert read_phone(" \u202a(0912) 345 678\u202c ", "TW").typed == "(0912) 345 678"


def test_a_slash_inside_one_number_is_a_separator():
    assert read_phone("030/1234567", "DE").e164 == "+49301234567"


@given(
    st.text(alphabet="0123456789+-() /,;tel:.０١\u200b\u202e", max_size=24) | st.text(),
    st.sampled_from(["TW", "CN", "US"]),
)
def test_any_text_is_a_valid_number_or_refused(typed, region):
    try:
        phone = read_phone(typed, region)
    except Unreadable:
        return
    assert phonenumbers.is_valid_number(phonenumbers.parse(phone.e164))
    assert read_phone(phone.e164, region).e164 == phone.e164
