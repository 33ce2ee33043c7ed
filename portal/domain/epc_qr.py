"""The QR code of a SEPA credit transfer: EPC069-12 v3.1, 'Guidelines to enable the data capture for the initiation of an
SCT', version 002; the creditor reference of ISO 11649; the check of an IBAN, ISO 13616.
"""

import re

from portal.domain.errors import InvalidPayWay
from portal.domain.money import to_decimal

LONGEST_NAME, LONGEST_TEXT, LONGEST_PAYLOAD = 70, 140, 331
LONGEST_AMOUNT = 99_999_999_999  # cents
LONGEST_CREDITOR_REFERENCE = 21  # beside RF and its two check digits
# Within the European Economic Area the IBAN alone finds the bank; elsewhere in SEPA the BIC has to be given.
EEA = frozenset(re.findall("..", "ATBEBGCYCZDEDKEEESFIFRGRHRHUIEISITLILTLULVMTNLNOPLPTROSESISK"))
_UTF_8 = "1"


def is_iban(account: str) -> bool:
    """Whether `account` (no spaces, capitals) is an IBAN with the right check digits."""
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", account):
        return False
    return _mod_97(account[4:] + account[:4]) == 1


def creditor_reference(reference: str) -> str:
    """`reference` (up to 21 ASCII letters and digits) with the check digits of ISO 11649: 'RF18539007547034'."""
    plain = reference.upper()
    if not re.fullmatch(rf"[A-Z0-9]{{1,{LONGEST_CREDITOR_REFERENCE}}}", plain):
        raise InvalidPayWay("reference_not_structured", "This reference can't be one of ISO 11649.")
    return f"RF{98 - _mod_97(plain + 'RF00'):02d}{plain}"


def _mod_97(text: str) -> int:
    return int("".join(str(int(letter, 36)) for letter in text)) % 97


def payload(
    name: str, iban: str, cents: int, *, bic: str = "", purpose: str = "", structured: str = "", text: str = ""
) -> str:
    """The text of the code, in UTF-8, to be drawn with error correction M.

    name: the holder of the account. cents: 1 to 99,999,999,999. purpose: a code of ISO 20022, or none. structured: a
    creditor reference of ISO 11649; text: free words instead. Raises InvalidPayWay: not_an_iban, bic_missing,
    name_too_long, amount_out_of_range, two_references, reference_too_long, code_too_long.
    """
    if not is_iban(iban):
        raise InvalidPayWay("not_an_iban", "This is not an IBAN, or a digit of it is wrong.")
    if bic and not re.fullmatch(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", bic):
        raise InvalidPayWay("not_a_bic", "A BIC has 8 or 11 letters and digits.")
    if not bic and iban[:2] not in EEA:
        raise InvalidPayWay("bic_missing", "Outside the European Economic Area a BIC is needed.")
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise InvalidPayWay("name_too_long", "The account holder's name has 1 to 70 characters.", longest=LONGEST_NAME)
    if not 0 < cents <= LONGEST_AMOUNT:
        raise InvalidPayWay("amount_out_of_range", "This amount can't stand in the code.", most=LONGEST_AMOUNT)
    if purpose and not re.fullmatch(r"[A-Z0-9]{1,4}", purpose):
        raise InvalidPayWay("not_a_purpose", "A purpose code has up to 4 letters.")
    if structured and text:
        raise InvalidPayWay("two_references", "A code holds a structured reference or words, not both.")
    if len(text) > LONGEST_TEXT or (text and not text.isprintable()):
        raise InvalidPayWay("reference_too_long", "The reference is too long for the code.", longest=LONGEST_TEXT)
    amount = f"{to_decimal(cents, 'EUR'):f}".rstrip("0").rstrip(".")
    lines = ["BCD", "002", _UTF_8, "SCT", bic, name, iban, f"EUR{amount}", purpose, structured, text]
    while not lines[-1]:
        lines.pop()
    written = "\n".join(lines)
    if len(written.encode()) > LONGEST_PAYLOAD:
        raise InvalidPayWay("code_too_long", "Name and reference are too long for the code.", longest=LONGEST_PAYLOAD)
    return written
