"""What a borrower copies, scans or shows to pay: as the standards have it, by their own examples."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segno import helpers

from portal.domain import epc_qr, merchant_qr, store_barcode
from portal.domain.errors import InvalidPayWay
from portal.domain.money import EXPONENT_OF
from portal.domain.pay_ways import (
    BankTransfer,
    EpcQr,
    MerchantQr,
    PaymentPage,
    StoreBarcode,
    pay_ways,
    payment_reference,
    read_pay_way,
)

IBAN = "DE71110220330123456789"
PAYNOW = {"26": {"00": "SG.PAYNOW", "01": "2", "02": "201234567A"}}


def refused(code):
    return pytest.raises(InvalidPayWay, check=lambda refusal: refusal.code == code)


class TestSepaTransfer:
    """EPC069-12."""

    def test_the_guidelines_example_with_a_structured_reference(self):
        said = epc_qr.payload(
            "Franz Mustermänn", IBAN, 1230, bic="BHBLDEHHXXX", purpose="GDDS", structured="RF18539007547034"
        )
        assert said == (
            "BCD\n002\n1\nSCT\nBHBLDEHHXXX\nFranz Mustermänn\nDE71110220330123456789\nEUR12.3\nGDDS\nRF18539007547034"
        )

    def test_the_guidelines_example_with_words(self):
        said = epc_qr.payload(
            "François D'Alsace S.A.", "FR1420041010050500013M02606", 1230, text="Client:Marie Louise La Lune"
        )
        assert said == (
            "BCD\n002\n1\nSCT\n\nFrançois D'Alsace S.A.\nFR1420041010050500013M02606\nEUR12.3\n\n\n"
            "Client:Marie Louise La Lune"
        )

    def test_the_creditor_reference_of_the_example_has_its_check_digits(self):
        assert epc_qr.creditor_reference("539007547034") == "RF18539007547034"

    @given(st.integers(1, 99_999_999_999), st.from_regex(r"[A-Z0-9]{1,21}", fullmatch=True), st.booleans())
    def test_another_library_writes_the_same(self, cents, reference, structured):
        way = EpcQr(currencies=("EUR",), holder="Northfield", iban=IBAN, structured=structured)
        said = {"reference": epc_qr.creditor_reference(reference)} if structured else {"text": reference}
        euros = f"{cents // 100}.{cents % 100:02d}"
        theirs = helpers._make_epc_qr_data("Northfield", IBAN, euros, encoding=1, **said)
        assert way.payload(cents, reference).encode() == theirs

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            pytest.param({"currencies": ("USD",)}, "euro_only", id="it is for euros alone"),
            pytest.param({"iban": "DE71110220330123456780"}, "not_an_iban", id="a wrong digit is seen"),
            pytest.param({"iban": "CH9300762011623852957"}, "bic_missing", id="a BIC is needed outside the EEA"),
            pytest.param({"bic": "BHBL"}, "not_a_bic", id="a BIC has 8 or 11 characters"),
            pytest.param({"holder": "x" * 71}, "name_too_long", id="a name has at most 70"),
            pytest.param({"purpose": "RENTS"}, "not_a_purpose", id="a purpose has at most 4"),
        ],
    )
    def test_what_could_not_be_paid_is_refused_when_it_is_set(self, change, code):
        with refused(code):
            EpcQr(**{"currencies": ("EUR",), "holder": "Northfield", "iban": IBAN} | change)

    @pytest.mark.parametrize("cents", [0, 100_000_000_000])
    def test_an_amount_outside_the_codes_range_is_refused(self, cents):
        with refused("amount_out_of_range"):
            epc_qr.payload("Northfield", IBAN, cents)

    def test_a_reference_of_141_characters_is_refused(self):
        assert epc_qr.payload("Northfield", IBAN, 1, text="x" * 140)
        with refused("reference_too_long"):
            epc_qr.payload("Northfield", IBAN, 1, text="x" * 141)

    def test_a_code_of_more_than_331_bytes_is_refused(self):
        with refused("code_too_long"):
            epc_qr.payload("北" * 70, IBAN, 1, text="田" * 60)


class TestMerchantQr:
    """EMV QRCPS-MPM 1.1."""

    def test_the_specifications_example(self):
        objects = [
            ("00", "01"),
            ("01", "12"),
            ("29", merchant_qr.encode([("00", "D15600000000"), ("05", "A93FO3230Q")])),
            ("31", merchant_qr.encode([("00", "D15600000001"), ("03", "12345678")])),
            ("52", "4111"),
            ("58", "CN"),
            ("59", "BEST TRANSPORT"),
            ("60", "BEIJING"),
            ("64", merchant_qr.encode([("00", "ZH"), ("01", "最佳运输"), ("02", "北京")])),
            ("54", "23.72"),
            ("53", "156"),
            ("55", "01"),
            ("62", merchant_qr.encode([("03", "1234"), ("06", "***"), ("07", "A6008667"), ("09", "ME")])),
            ("91", merchant_qr.encode([("00", "A011223344998877"), ("07", "12345678")])),
        ]
        assert merchant_qr.sealed(objects) == (
            "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN"
            "5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***"
            "0708A60086670902ME91320016A0112233449988770708123456786304A13A"
        )

    def test_the_checksum_of_123456789_is_the_catalogues(self):
        assert merchant_qr.crc16(b"123456789") == 0x29B1

    def test_a_payment_states_payee_amount_and_reference(self):
        way = MerchantQr(
            currencies=("SGD",),
            accounts=PAYNOW,
            country="SG",
            name="NORTHFIELD",
            city="SINGAPORE",
            local=("ZH", "北田", "新加坡"),
        )
        assert way.payload(12_050, "SGD", "NF20418")[:-4] == (
            "00020101021226320009SG.PAYNOW010120210201234567A5204601253037025406120.505802SG5910NORTHFIELD6009SINGAPORE"
            "62110507NF2041864190002ZH0102北田0203新加坡6304"
        )

    def test_every_currency_that_we_know_has_its_number(self):
        # The Netherlands Antillean guilder and the lev left the list with their countries' new money.
        assert set(EXPONENT_OF) - set(merchant_qr.NUMERIC) == {"ANG", "BGN"}
        assert {code: merchant_qr.NUMERIC[code] for code in ("USD", "CNY", "TWD", "JPY", "EUR")} == {
            "USD": "840",
            "CNY": "156",
            "TWD": "901",
            "JPY": "392",
            "EUR": "978",
        }

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            pytest.param({"accounts": {}}, "not_an_account", id="without an account nobody is paid"),
            pytest.param({"accounts": {"02": {"00": "X"}}}, "not_an_account", id="templates are 26 to 51"),
            pytest.param({"accounts": {"26": {"01": "X"}}}, "not_an_account", id="a network names itself first"),
            pytest.param({"name": "北田"}, "not_a_payee", id="the first name is in ASCII"),
            pytest.param({"city": "A city of 16 let"}, "not_a_payee", id="a city has at most 15"),
            pytest.param({"country": "Singapore"}, "not_a_payee", id="a country has two letters"),
        ],
    )
    def test_what_could_not_be_paid_is_refused_when_it_is_set(self, change, code):
        good = {
            "currencies": ("SGD",),
            "accounts": PAYNOW,
            "country": "SG",
            "name": "NORTHFIELD",
            "city": "SINGAPORE",
        }
        with refused(code):
            MerchantQr(**good | change)

    def test_a_reference_has_at_most_25_characters(self):
        way = MerchantQr(currencies=("SGD",), accounts=PAYNOW, country="SG", name="N", city="S")
        with refused("reference_too_long"):
            way.payload(1, "SGD", "x" * 26)


class TestStoreBarcode:
    """The check characters of 超商代收."""

    def test_the_worked_example_of_a_collector(self):
        # By hand: the odd places sum to 22 + 41 + 12 = 75, which leaves 9; the even ones to 76, which leaves 10.
        assert store_barcode.check_characters("991231Y01", "ABCDEFGHIKLMNPQR", "1234000007890") == "9Y"

    @pytest.mark.parametrize(
        ("third", "characters"),
        [
            pytest.param("0000000000000", "AX", id="nothing left over is A and X"),
            pytest.param("9191000000000", "72", id="any other remainder is itself"),
            pytest.param("5555000000000", "BY", id="ten left over is B and Y"),
        ],
    )
    def test_what_each_remainder_is_written_as(self, third, characters):
        assert store_barcode.check_characters("", "", third) == characters

    def test_the_three_lines_of_a_payment(self):
        way = StoreBarcode(currencies=("TWD",), code="6AB", account="9530", days=10)
        first, second, third = way.lines(120_000, "NF20418", date(2026, 11, 25))
        assert (first, second) == ("1512056AB", "95300000 0NF20418".replace(" ", ""))
        assert (third[:4], third[6:]) == ("1205", "000001200")
        assert third[4:6] == store_barcode.check_characters(first, second, third[:4] + third[6:])

    def test_a_bank_may_want_the_year_and_month_in_the_third_line(self):
        way = StoreBarcode(currencies=("TWD",), code="6AB", account="9530", days=10, dates="year_month")
        assert way.lines(120_000, "NF20418", date(2026, 11, 25))[2][:4] == "1512"

    @given(st.integers(1, 20_000), st.from_regex(r"[A-Z0-9]{1,12}", fullmatch=True), st.dates(date(2026, 1, 1)))
    def test_lines_have_the_lengths_that_tills_read(self, dollars, reference, today):
        way = StoreBarcode(currencies=("TWD",), code="6AB", account="9530")
        if today > date(9999, 12, 1):
            return
        assert [len(line) for line in way.lines(dollars * 100, reference, today)] == [9, 16, 15]

    @pytest.mark.parametrize(
        ("minor", "reference", "code"),
        [
            pytest.param(120_050, "1", "amount_not_whole", id="a till takes whole dollars"),
            pytest.param(2_000_100, "1", "above_most", id="no more than the stores take at once"),
            pytest.param(100, "1" * 13, "reference_too_long", id="account and reference are 16 characters"),
            pytest.param(100, "nf-1", "not_a_reference", id="digits and capitals alone"),
        ],
    )
    def test_what_a_till_would_refuse_is_not_drawn(self, minor, reference, code):
        with refused(code):
            StoreBarcode(currencies=("TWD",), code="6AB", account="9530").lines(minor, reference, date(2026, 11, 25))


class TestPaymentPage:
    def test_amount_and_reference_are_encoded_into_the_address(self):
        way = PaymentPage(
            currencies=("USD",), address="https://pay.northfield.example/p/{reference}?a={amount}&c={currency}"
        )
        assert way.link(12_000, "USD", "A&B/Ñ") == "https://pay.northfield.example/p/A%26B%2F%C3%91?a=120.00&c=USD"

    @pytest.mark.parametrize(
        ("address", "code"),
        [
            pytest.param("http://pay.example/", "not_https", id="in the open"),
            pytest.param("https://user:word@pay.example/", "not_https", id="with a name and a password"),
            pytest.param("javascript:alert(1)", "not_https", id="no address at all"),
            pytest.param("https://{reference}.example/", "not_https", id="a host that depends on the loan"),
            pytest.param("https://pay.example/?who={name}", "unknown_placeholder", id="asking for a name"),
            pytest.param("https://pay.example/{", "unknown_placeholder", id="a brace that opens nothing"),
        ],
    )
    def test_an_address_that_is_not_safe_is_refused(self, address, code):
        with refused(code):
            PaymentPage(currencies=("USD",), address=address)


class TestWays:
    @pytest.mark.parametrize(
        "stored",
        [
            {"kind": "bank_transfer", "currencies": ["USD"], "holder": "N", "bank": "B", "account": "0412 7730 951"},
            {"kind": "epc_qr", "currencies": ["EUR"], "holder": "N", "iban": IBAN, "structured": True},
            {"kind": "store_barcode", "currencies": ["TWD"], "code": "6AB", "account": "9530"},
            {"kind": "payment_page", "currencies": ["USD", "EUR"], "address": "https://pay.example/"},
            {"kind": "in_person", "currencies": ["USD"], "places": {"en": "At 12 Mill Road"}},
            {
                "kind": "merchant_qr",
                "currencies": ["SGD"],
                "accounts": PAYNOW,
                "country": "SG",
                "name": "N",
                "city": "S",
                "local": ["ZH", "北", "新"],
                "names": {"en": "PayNow"},
            },
        ],
        ids=lambda stored: stored["kind"],
    )
    def test_what_is_kept_is_read_as_it_was_set(self, stored):
        way = read_pay_way(stored)
        assert read_pay_way(json.loads(json.dumps(way.to_dict()))) == way
        assert json.loads(json.dumps(way.to_dict())).items() >= stored.items()

    @pytest.mark.parametrize(
        ("stored", "code"),
        [
            pytest.param({"kind": "gift"}, "unknown_kind", id="a kind that nobody knows"),
            pytest.param({"kind": "in_person", "currencies": ["USD"]}, "value_missing", id="a value is missing"),
            pytest.param(
                {"kind": "in_person", "currencies": ["XXX"], "places": {"en": "x"}}, "unknown_currency", id="no money"
            ),
            pytest.param(
                {"kind": "in_person", "currencies": ["USD"], "places": {"en": "x"}, "iban": "x"},
                "unknown_value",
                id="a value that is no part of it",
            ),
            pytest.param(
                {
                    "kind": "bank_transfer",
                    "currencies": ["EUR"],
                    "holder": "N",
                    "bank": "B",
                    "account": IBAN[:-1] + "0",
                },
                "not_an_iban",
                id="an IBAN with a wrong digit",
            ),
        ],
    )
    def test_what_is_set_wrongly_is_refused_with_a_code(self, stored, code):
        with refused(code):
            read_pay_way(stored)

    def test_an_account_with_spaces_is_kept_as_it_is_printed(self):
        way = BankTransfer(currencies=("USD",), holder="N", bank="B", account="0412 7730 951")
        assert way.account == "0412 7730 951"

    def test_a_loan_is_offered_the_ways_of_its_currency_in_the_lenders_order(self):
        stored = [
            {"kind": "payment_page", "currencies": ["USD"], "address": "https://pay.example/"},
            {"kind": "epc_qr", "currencies": ["EUR"], "holder": "N", "iban": IBAN},
            {"kind": "bank_transfer", "currencies": ["EUR", "USD"], "holder": "N", "bank": "B", "account": "04127"},
        ]
        assert [way.kind for way in pay_ways(stored, "USD")] == ["payment_page", "bank_transfer"]
        assert [way.kind for way in pay_ways(stored, "TWD")] == []

    @pytest.mark.parametrize(
        ("loan", "written"), [("NF-20418", "NF20418"), ("nf 18/2", "NF182"), ("0007", "0007"), ("北田", "北田")]
    )
    def test_a_reference_is_written_in_what_banks_forms_take(self, loan, written):
        assert payment_reference(loan) == written
