"""How the demo's lender is paid. Accounts, codes and addresses are made up: nothing that is sent to them arrives."""

from typing import Any

from portal.domain.pay_ways import BankTransfer, EpcQr, InPerson, MerchantQr, PaymentPage, StoreBarcode

PAY_WAYS: list[dict[str, Any]] = [
    way.to_dict()
    for way in (
        BankTransfer(
            currencies=("USD", "JPY"),
            holder="Northfield Co-operative",
            bank="Mill Road Savings Bank",
            account="0412 7730 951",
        ),
        BankTransfer(
            currencies=("CNY",), holder="北田服务中心", bank="磨坊路储蓄银行", account="6200 0412 7730 0951 0000"
        ),
        BankTransfer(
            currencies=("TWD",), holder="北田服務中心", bank="磨坊路儲蓄銀行", account="0412 7730 9510", bank_code="999"
        ),
        BankTransfer(
            currencies=("EUR",),
            holder="Northfield Co-operative",
            bank="Mill Road Savings Bank",
            account="DE71 1102 2033 0123 4567 89",
        ),
        EpcQr(currencies=("EUR",), holder="Northfield Co-operative", iban="DE71110220330123456789", structured=True),
        MerchantQr(
            currencies=("CNY", "USD"),
            accounts={"26": {"00": "EXAMPLE.NORTHFIELD", "01": "0412773095"}},
            country="CN",
            name="NORTHFIELD",
            city="SHANGHAI",
        ),
        StoreBarcode(currencies=("TWD",), code="6ZZ", account="99"),
        PaymentPage(
            currencies=("CNY", "USD", "TWD", "EUR", "JPY"),
            address="https://pay.northfield.example/{reference}?amount={amount}&currency={currency}",
        ),
        InPerson(
            currencies=("CNY", "USD", "TWD", "EUR", "JPY"),
            places={
                "en": "At 12 Mill Road, or at any Northfield agent.",
                "zh-Hans": "磨坊路 12 号，或北田的任何一个代办点。",
                "zh-Hant": "磨坊路 12 號，或北田的任何一個代辦點。",
                "ar": "في 12 شارع الطاحونة، أو لدى أي وكيل لنورثفيلد.",
            },
        ),
    )
]
