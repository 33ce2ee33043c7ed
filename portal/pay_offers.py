"""The lender's ways to pay one amount, as a page shows them: what to copy, what to scan, where to go."""

from dataclasses import dataclass, replace
from datetime import date

from portal.domain.errors import InvalidPayWay
from portal.domain.pay_ways import (
    BankTransfer,
    EpcQr,
    InPerson,
    MerchantQr,
    PaymentPage,
    PayWay,
    StoreBarcode,
    pay_ways,
    payment_reference,
)
from portal.models import Lender
from portal.pay_pictures import Code, code_39, qr
from portal.queries.borrower_loans import LoanView
from portal.queries.lender import in_language


@dataclass(frozen=True)
class Offered:
    """One way for one amount. `name`: the lender's own name for it, or ''. `codes`: pictures with the text of each, in
    order. `payee`, `account`: what a payer checks. `refusal`: why this amount can't be paid so: a code, and for
    a limit `most`, minor units."""

    way: PayWay
    kind: str
    name: str
    reference: str
    codes: tuple[tuple[str, Code], ...] = ()
    payee: str = ""
    account: str = ""
    link: str = ""
    place: str = ""
    until: date | None = None
    refusal: str = ""
    most: int = 0


def offered(lender: Lender, loan: LoanView, amount: int, language: str, today: date) -> list[Offered]:
    """Every way that serves the loan's currency, in the lender's order. amount: minor units."""
    reference = payment_reference(loan.ref)
    return [
        _offer(way, lender, loan, amount, reference, language, today)
        for way in pay_ways(lender.pay_ways, loan.currency)
    ]


def _offer(
    way: PayWay, lender: Lender, loan: LoanView, amount: int, reference: str, language: str, today: date
) -> Offered:
    name = in_language(dict(way.names), language, lender.language)
    shown = Offered(way, way.kind, name, reference)
    try:
        match way:
            case EpcQr():
                code = qr(way.payload(amount, reference))
                return replace(shown, codes=((reference, code),), payee=way.holder, account=way.iban)
            case MerchantQr():
                code = qr(way.payload(amount, loan.currency, reference))
                payee = way.local[1] if way.local and language.startswith(way.local[0].lower()) else way.name
                return replace(shown, codes=((reference, code),), payee=payee)
            case StoreBarcode():
                lines = tuple((line, code_39(line)) for line in way.lines(amount, reference, today))
                return replace(shown, codes=lines, until=way.pay_until(today))
            case BankTransfer():
                return replace(shown, payee=way.holder, account=way.account)
            case PaymentPage():
                return replace(shown, link=way.link(amount, loan.currency, reference))
            case InPerson():
                return replace(shown, place=in_language(dict(way.places), language, lender.language))
    except InvalidPayWay as refusal:
        return replace(shown, refusal=refusal.code, most=refusal.params.get("most", 0))
    raise AssertionError(f"no page for {way.kind}")
