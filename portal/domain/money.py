"""Money in minor units of an ISO 4217 currency: rounding by a named rule, splitting without losing a cent."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portal.domain.errors import DomainError, UnknownCurrency

# ISO 4217 minor digits (list one, 2024). Every code in use is here, so that an unknown one is refused, not guessed.
_EXPONENTS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY "
    "COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR "
    "IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD "
    "NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC "
    "SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
EXPONENT_OF = {code: digits for digits, codes in _EXPONENTS.items() for code in codes.split()}


class Rounding(StrEnum):
    """How a figure that falls between two units becomes one of them."""

    half_up = "half_up"  # a tie goes away from zero
    half_even = "half_even"  # a tie goes to the even unit
    half_down = "half_down"  # a tie goes towards zero
    up = "up"  # away from zero
    down = "down"  # towards zero


def exponent(currency: str) -> int:
    """How many digits of `currency` stand after the point: 2 for USD, 0 for JPY. Raises UnknownCurrency."""
    try:
        return EXPONENT_OF[currency]
    except (KeyError, TypeError):
        raise UnknownCurrency(currency) from None


def round_ratio(num: int, den: int, mode: Rounding = Rounding.half_up) -> int:
    """`num / den` (den above zero) to a whole number, exactly, by `mode`."""
    if num < 0:
        return -round_ratio(-num, den, mode)
    if mode == Rounding.half_up:
        return (2 * num + den) // (2 * den)
    whole, rest = divmod(num, den)
    if not rest or mode == Rounding.down:
        return whole
    if mode == Rounding.up:
        return whole + 1
    twice = 2 * rest
    if twice == den:
        return whole + (whole & 1 if mode == Rounding.half_even else 0)
    return whole + (twice > den)


def round_to(num: int, den: int, unit: int, mode: Rounding = Rounding.half_up) -> int:
    """`num / den` minor units to a multiple of `unit` minor units, by `mode`."""
    return unit * round_ratio(num, den * unit, mode)


def split(total: int, parts: int) -> tuple[int, ...]:
    """`total` minor units in `parts` shares that differ by at most one and add up to it; the larger ones come last."""
    if parts < 1:
        raise DomainError("no_parts", "An amount can only be split into one part or more.", parts=parts)
    share, rest = divmod(total, parts)
    return (share,) * (parts - rest) + (share + 1,) * rest


def to_minor(amount: Decimal, currency: str) -> int:
    """Currency units to minor units. Refuses what the currency can't hold (a tenth of a cent, infinity)."""
    digits = exponent(currency)
    if not amount.is_finite():
        raise DomainError("amount_not_finite", "An amount must be an ordinary number.")
    scaled = amount.scaleb(digits)
    if scaled != scaled.to_integral_value():
        raise DomainError(
            "too_many_digits",
            f"An amount in {currency} has at most {digits} digits after the point.",
            amount=str(amount),
            currency=currency,
            digits=digits,
        )
    return int(scaled)


def to_decimal(minor: int, currency: str) -> Decimal:
    """Minor units to currency units with all the digits of the currency: 1200 USD cents -> Decimal('12.00')."""
    return Decimal(minor).scaleb(-exponent(currency))


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount: `minor` units of `currency`. Never mixes two currencies."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        exponent(self.currency)

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise DomainError(
                "mixed_currencies",
                f"{self.currency} and {other.currency} can't be reckoned together.",
                first=self.currency,
                second=other.currency,
            )
        return other.minor

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    @property
    def decimal(self) -> Decimal:
        """In currency units."""
        return to_decimal(self.minor, self.currency)

    def split(self, parts: int) -> tuple["Money", ...]:
        """In `parts` shares that add up to it."""
        return tuple(Money(share, self.currency) for share in split(self.minor, parts))

    @staticmethod
    def total(amounts: Iterable["Money"], currency: str) -> "Money":
        """The sum of `amounts`, all in `currency`; nothing adds up to zero of it."""
        result = Money(0, currency)
        for amount in amounts:
            result = result + amount
        return result
