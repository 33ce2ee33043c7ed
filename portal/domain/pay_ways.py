"""The ways in which a lender is paid: checked when they are set, and turned into what a borrower copies, scans or shows.

None of them carries anything about the borrower but the reference of the loan.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any, ClassVar

from portal.domain import epc_qr, merchant_qr, store_barcode
from portal.domain.errors import InvalidPayWay
from portal.domain.money import EXPONENT_OF, exponent, to_decimal

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")  # RFC 3986, 2.3
_PLACEHOLDERS = ("reference", "amount", "currency")


def payment_reference(loan_reference: str) -> str:
    """What a payer writes for a loan: its reference in letters and digits alone, since banks' forms refuse other signs.
    A reference without any stays as it is."""
    return "".join(re.findall(r"[0-9A-Z]", loan_reference.upper())) or loan_reference


@dataclass(frozen=True, kw_only=True)
class PayWay:
    """One way. `currencies`: of the loans that it serves (ISO 4217). `names`: what the page calls it, by language, where the
    kind alone doesn't say it ("PayNow")."""

    kind: ClassVar[str]
    currencies: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "currencies", tuple(self.currencies))
        unknown = [currency for currency in self.currencies if currency not in EXPONENT_OF]
        if unknown or not self.currencies:
            raise InvalidPayWay("unknown_currency", "A way to pay names the currencies that it is for.")
        self._check()

    def _check(self) -> None:
        """Raises InvalidPayWay where what was set could not work."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {"kind": self.kind, **values, "currencies": list(self.currencies), "names": dict(self.names)}


@dataclass(frozen=True, kw_only=True)
class BankTransfer(PayWay):
    """An account: an IBAN, or the number that the place's banks use. `bank_code` where payers have to give one."""

    kind = "bank_transfer"
    holder: str
    bank: str
    account: str
    bank_code: str = ""

    def _check(self) -> None:
        _printable("holder", self.holder, 140)
        _printable("bank", self.bank, 140)
        plain = re.sub(r"[ -]", "", self.account)
        looks_like_iban = re.match(r"[A-Z]{2}\d{2}[A-Z0-9]{11}", plain)
        if looks_like_iban and not epc_qr.is_iban(plain):
            raise InvalidPayWay("not_an_iban", "This is not an IBAN, or a digit of it is wrong.")
        if not re.fullmatch(r"[0-9A-Z]{4,34}", plain):
            raise InvalidPayWay("not_an_account", "An account number has 4 to 34 digits or capitals.")
        if not re.fullmatch(r"[0-9A-Z-]{0,15}", self.bank_code):
            raise InvalidPayWay("not_a_bank_code", "A bank's code has digits and capitals alone.")


@dataclass(frozen=True, kw_only=True)
class EpcQr(PayWay):
    """A SEPA transfer as a QR code, in euros alone. `structured`: the reference as one of ISO 11649, else as words."""

    kind = "epc_qr"
    holder: str
    iban: str
    bic: str = ""
    purpose: str = ""
    structured: bool = False

    def _check(self) -> None:
        if self.currencies != ("EUR",):
            raise InvalidPayWay("euro_only", "A SEPA transfer is in euros.")
        self.payload(1, "1")

    def payload(self, cents: int, reference: str) -> str:
        """The text of the code. Raises InvalidPayWay as portal.domain.epc_qr.payload."""
        said = {"structured": epc_qr.creditor_reference(reference)} if self.structured else {"text": reference}
        iban = self.iban.replace(" ", "")
        return epc_qr.payload(self.holder, iban, cents, bic=self.bic, purpose=self.purpose, **said)


@dataclass(frozen=True, kw_only=True)
class MerchantQr(PayWay):
    """The code of a network that works with EMV's merchant-presented mode. `accounts` as portal.domain.merchant_qr has them;
    `local`: language (ISO 639), name and city in another script."""

    kind = "merchant_qr"
    accounts: Mapping[str, Mapping[str, str]]
    country: str
    name: str
    city: str
    category: str = "6012"  # financial institutions
    local: tuple[str, str, str] | None = None

    def _check(self) -> None:
        object.__setattr__(self, "local", tuple(self.local) if self.local else None)
        for currency in self.currencies:
            self.payload(1, currency, "1")

    def payload(self, minor: int, currency: str, reference: str) -> str:
        """The text of the code. Raises InvalidPayWay as portal.domain.merchant_qr.payload."""
        return merchant_qr.payload(
            self.accounts, self.category, currency, minor, self.country, self.name, self.city, reference, self.local
        )


@dataclass(frozen=True, kw_only=True)
class StoreBarcode(PayWay):
    """Three barcodes for the counter of a convenience store in Taiwan. `days`: for how long they can be paid; `most`: whole
    dollars that a store takes at once; `dates` as portal.domain.store_barcode.lines."""

    kind = "store_barcode"
    code: str
    account: str
    days: int = 14
    most: int = 20_000
    dates: str = "month_day"

    def _check(self) -> None:
        if self.currencies != ("TWD",):
            raise InvalidPayWay("taiwan_only", "Stores in Taiwan take New Taiwan dollars.")
        if self.dates not in store_barcode.DATES or not 0 < self.days <= 365 or self.most < 1:
            raise InvalidPayWay("not_a_barcode", "How long, how much and in which form is not as it should be.")
        store_barcode.lines(self.code, self.account, "1", 1, date(2026, 1, 1), date(2026, 1, 1))

    def lines(self, minor: int, reference: str, today: date) -> tuple[str, str, str]:
        """The three lines of a payment that is made within `days` of `today`. Raises InvalidPayWay: amount_not_whole,
        above_most (with `most`, minor units), and as portal.domain.store_barcode.lines."""
        dollars, cents = divmod(minor, 10 ** exponent("TWD"))
        if cents:
            raise InvalidPayWay("amount_not_whole", "Stores take whole dollars.")
        if dollars > self.most:
            most = self.most * 10 ** exponent("TWD")
            raise InvalidPayWay("above_most", "Stores take less than this at once.", most=most)
        until = self.pay_until(today)
        return store_barcode.lines(self.code, self.account, reference, dollars, until, until, self.dates)

    def pay_until(self, today: date) -> date:
        return today + timedelta(days=self.days)


@dataclass(frozen=True, kw_only=True)
class PaymentPage(PayWay):
    """The lender's own page. `address` is https, with {reference}, {amount} and {currency} where it takes them."""

    kind = "payment_page"
    address: str

    def _check(self) -> None:
        if not re.fullmatch(r"https://[A-Za-z0-9][A-Za-z0-9.-]*(:\d{1,5})?(/[!-~]*)?", self.address):
            raise InvalidPayWay("not_https", "The page's address begins with https:// and a host.")
        if set(re.findall(r"\{(.*?)\}", self.address)) - set(_PLACEHOLDERS) or re.search(
            r"[{}]", re.sub(r"\{\w+\}", "", self.address)
        ):
            raise InvalidPayWay("unknown_placeholder", "An address may hold {reference}, {amount} and {currency}.")

    def link(self, minor: int, currency: str, reference: str) -> str:
        """The address for one payment, with each value percent-encoded."""
        values = {"reference": reference, "amount": f"{to_decimal(minor, currency):f}", "currency": currency}
        return re.sub(r"\{(\w+)\}", lambda found: _encoded(values[found[1]]), self.address)


@dataclass(frozen=True, kw_only=True)
class InPerson(PayWay):
    """Where cash is taken, by language: "at 12 Mill Road, or at any agent of ours"."""

    kind = "in_person"
    places: Mapping[str, str]

    def _check(self) -> None:
        if not self.places or not all(self.places.values()):
            raise InvalidPayWay("no_place", "Say where cash is taken.")


KINDS: dict[str, type[PayWay]] = {
    way.kind: way for way in (BankTransfer, EpcQr, MerchantQr, StoreBarcode, PaymentPage, InPerson)
}


def read_pay_way(stored: Mapping[str, Any]) -> PayWay:
    """A way from plain values, as `to_dict` gives them. Raises InvalidPayWay."""
    values = dict(stored)
    kind = KINDS.get(values.pop("kind", ""))
    if kind is None:
        raise InvalidPayWay("unknown_kind", "This is not a way to pay that we know.")
    known = {item.name for item in fields(kind)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise InvalidPayWay("unknown_value", f"{unknown[0]} is no part of this way to pay.", name=unknown[0])
    try:
        return kind(**values)
    except TypeError:
        raise InvalidPayWay("value_missing", "Something that this way to pay needs is not there.") from None


def pay_ways(stored: Iterable[Mapping[str, Any]], currency: str) -> tuple[PayWay, ...]:
    """The ways of a lender that serve loans in `currency`, in its order."""
    return tuple(way for values in stored if currency in (way := read_pay_way(values)).currencies)


def _printable(name: str, text: str, longest: int) -> None:
    if not 0 < len(text) <= longest or not text.isprintable():
        raise InvalidPayWay("value_missing", f"{name} has 1 to {longest} characters.", name=name)


def _encoded(text: str) -> str:
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in text.encode())
