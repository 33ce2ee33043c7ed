"""The QR code that a payee shows: EMV QR Code Specification for Payment Systems, Merchant-Presented Mode, v1.1.

Data objects are identifier, length and value, in text; lengths count characters. Which network gets the money stands in the
templates 26 to 51, which a lender has from its bank.
"""

import re
from collections.abc import Iterable, Mapping

from portal.domain.errors import InvalidPayWay
from portal.domain.money import to_decimal

LONGEST_NAME, LONGEST_CITY, LONGEST_REFERENCE, LONGEST_VALUE, LONGEST_AMOUNT = 25, 15, 25, 99, 13
# ISO 4217, list one of 2026.
NUMERIC: dict[str, str] = dict(
    re.findall(
        r"([A-Z]{3})(\d{3})",
        "AED784 AFN971 ALL008 AMD051 AOA973 ARS032 AUD036 AWG533 AZN944 BAM977 BBD052 BDT050 BHD048 BIF108 BMD060 "
        "BND096 BOB068 BRL986 BSD044 BTN064 BWP072 BYN933 BZD084 CAD124 CDF976 CHF756 CLF990 CLP152 CNY156 COP170 "
        "CRC188 CUP192 CVE132 CZK203 DJF262 DKK208 DOP214 DZD012 EGP818 ERN232 ETB230 EUR978 FJD242 FKP238 GBP826 "
        "GEL981 GHS936 GIP292 GMD270 GNF324 GTQ320 GYD328 HKD344 HNL340 HTG332 HUF348 IDR360 ILS376 INR356 IQD368 "
        "IRR364 ISK352 JMD388 JOD400 JPY392 KES404 KGS417 KHR116 KMF174 KPW408 KRW410 KWD414 KYD136 KZT398 LAK418 "
        "LBP422 LKR144 LRD430 LSL426 LYD434 MAD504 MDL498 MGA969 MKD807 MMK104 MNT496 MOP446 MRU929 MUR480 MVR462 "
        "MWK454 MXN484 MYR458 MZN943 NAD516 NGN566 NIO558 NOK578 NPR524 NZD554 OMR512 PAB590 PEN604 PGK598 PHP608 "
        "PKR586 PLN985 PYG600 QAR634 RON946 RSD941 RUB643 RWF646 SAR682 SBD090 SCR690 SDG938 SEK752 SGD702 SHP654 "
        "SLE925 SOS706 SRD968 SSP728 STN930 SVC222 SYP760 SZL748 THB764 TJS972 TMT934 TND788 TOP776 TRY949 TTD780 "
        "TWD901 TZS834 UAH980 UGX800 USD840 UYI940 UYU858 UYW927 UZS860 VED926 VES928 VND704 VUV548 WST882 XAF950 "
        "XCD951 XOF952 XPF953 YER886 ZAR710 ZMW967 ZWG924",
    )
)


def encode(objects: Iterable[tuple[str, str]]) -> str:
    """Data objects in their order. Raises InvalidPayWay `value_too_long` where one is empty or above 99 characters."""
    written = []
    for identifier, value in objects:
        if not 0 < len(value) <= LONGEST_VALUE:
            raise InvalidPayWay("value_too_long", "A value of the code has 1 to 99 characters.", id=identifier)
        written.append(f"{identifier}{len(value):02d}{value}")
    return "".join(written)


def sealed(objects: Iterable[tuple[str, str]]) -> str:
    """A whole code: data objects and, last, the checksum over all that stands before its value (4.7.3.1)."""
    body = encode(objects) + "6304"
    return f"{body}{crc16(body.encode()):04X}"


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE, as ISO/IEC 13239 has it: polynomial 1021, begun with FFFF."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def check_accounts(accounts: Mapping[str, Mapping[str, str]]) -> None:
    """Raises InvalidPayWay `not_an_account` where the merchant account information could not stand in a code."""
    if not accounts:
        raise InvalidPayWay("not_an_account", "The code needs an account of the lender's.")
    for identifier, values in accounts.items():
        if not re.fullmatch(r"\d\d", identifier) or not 26 <= int(identifier) <= 51:
            raise InvalidPayWay(
                "not_an_account", "Account information stands in the templates 26 to 51.", id=identifier
            )
        named = all(re.fullmatch(r"\d\d", name) and value for name, value in values.items())
        if not named or not 0 < len(values.get("00", "")) <= 32:
            raise InvalidPayWay(
                "not_an_account", "An account template begins with 00, the network's own identifier.", id=identifier
            )


def check_payee(category: str, country: str, name: str, city: str) -> None:
    """Raises InvalidPayWay `not_a_payee`: name and city are plain ASCII here; another script has its own template."""
    fits = (
        re.fullmatch(r"\d{4}", category)
        and re.fullmatch(r"[A-Z]{2}", country)
        and re.fullmatch(rf"[ -~]{{1,{LONGEST_NAME}}}", name)
        and re.fullmatch(rf"[ -~]{{1,{LONGEST_CITY}}}", city)
    )
    if not fits:
        raise InvalidPayWay(
            "not_a_payee",
            "The code needs a category (4 digits), a country (2 letters), a name (25) and a city (15) in ASCII.",
        )


def payload(
    accounts: Mapping[str, Mapping[str, str]],
    category: str,
    currency: str,
    minor: int,
    country: str,
    name: str,
    city: str,
    reference: str,
    local: tuple[str, str, str] | None = None,
) -> str:
    """The text of the code, for one payment of `minor` units of `currency` (ISO 4217) under `reference`.

    category: ISO 18245, 4 digits. country: ISO 3166, 2 letters. local: language, name and city in another script. Raises
    InvalidPayWay: not_an_account, not_a_payee, currency_not_in_code, amount_out_of_range, reference_too_long,
    value_too_long.
    """
    check_accounts(accounts)
    check_payee(category, country, name, city)
    if currency not in NUMERIC:
        raise InvalidPayWay("currency_not_in_code", "This currency has no number that we know.", currency=currency)
    amount = f"{to_decimal(minor, currency):f}"
    if minor <= 0 or len(amount) > LONGEST_AMOUNT:
        raise InvalidPayWay("amount_out_of_range", "This amount can't stand in the code.")
    if len(reference) > LONGEST_REFERENCE:
        raise InvalidPayWay("reference_too_long", "The reference is too long for the code.", longest=LONGEST_REFERENCE)
    objects = [("00", "01"), ("01", "12")]
    objects += [(identifier, encode(sorted(values.items()))) for identifier, values in sorted(accounts.items())]
    objects += [("52", category), ("53", NUMERIC[currency]), ("54", amount)]
    objects += [("58", country), ("59", name), ("60", city), ("62", encode([("05", reference)]))]
    if local:
        objects.append(("64", encode(zip(("00", "01", "02"), local, strict=True))))
    return sealed(objects)
