"""A loan book, row by row: what is read, what is refused and why, and that one bad row costs itself alone."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.exchange.loan_book import LoanRow, read_loans
from portal.exchange.mapping import read_mapping
from portal.exchange.row_errors import RowError
from tests.exchange.books import HEADER, ROW, book, column, errors, loans, mapping, read, with_cell

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
PEOPLE = {"region": "TW", "language": "zh-TW"}
DECIMAL_COMMA = {"file": {"delimiter": "semicolon"}, "numbers": {"decimal": "comma", "grouping": "point"}}


def code(found: LoanRow | RowError) -> str:
    assert isinstance(found, RowError)
    return found.code


def test_a_row_becomes_a_loan():
    (loan,) = read(book(HEADER, ROW.format("L-001")))
    assert isinstance(loan, LoanRow)
    assert (loan.line, loan.loan_number, loan.currency) == (2, "L-001", "USD")
    assert (loan.principal, loan.installments, loan.rate) == (120000, 12, Decimal(12))
    assert (loan.issued_on, loan.first_due_on) == (date(2027, 1, 10), date(2027, 2, 10))
    assert (loan.status, loan.status_word, loan.person) == ("current", None, None)


@pytest.mark.case("R071")
def test_a_byte_order_mark_hides_no_column():
    assert len(loans(read(b"\xef\xbb\xbf" + book(HEADER, ROW.format("L-001"))))) == 1


@pytest.mark.case("R071")
def test_utf_16_is_refused_by_its_name():
    (error,) = errors(read(book(HEADER, ROW.format("L-001"), encoding="utf-16")))
    assert error.whole_file and "UTF-16" in error.sentence


@pytest.mark.case("R074")
def test_a_loan_number_is_text_so_leading_zeros_tell_loans_apart():
    data = book(HEADER, ROW.format("00012345"), ROW.format('"00012345"'), ROW.format("12345"))
    found = read(data)
    assert [loan.loan_number for loan in loans(found)] == ["00012345", "12345"]
    (duplicate,) = errors(found)
    assert duplicate.is_duplicate and duplicate.line == 3 and "line 2" in duplicate.sentence


def test_the_same_number_with_other_contents_is_an_error_on_the_later_row():
    found = read(book(HEADER, ROW.format("L-001"), ROW.format("L-001").replace("1200", "1300")))
    assert [loan.principal for loan in loans(found)] == [120000]
    assert [(error.line, error.code) for error in errors(found)] == [(3, "number_taken")]


def test_a_number_whose_first_row_can_t_be_read_stays_open():
    found = read(book(HEADER, ROW.format("L-001").replace("1200.00", "x"), ROW.format("L-001")))
    assert loans(found) == []
    assert [error.code for error in errors(found)] == ["not_a_number", "number_unsettled"]


def test_a_number_with_invisible_characters_is_the_same_number():
    found = read(book(HEADER, ROW.format("L-001"), ROW.format("\u200bL-0\u202e01")))
    assert len(loans(found)) == 1 and errors(found)[0].is_duplicate


@pytest.mark.case("R106")
def test_a_name_in_another_normal_form_is_the_same_contents():
    using = column("name", "name", people=PEOPLE)
    found = read(
        book(HEADER + ",name", ROW.format("1") + ",Nguyễn Ánh", ROW.format("1") + ",Nguyê\u0303n A\u0301nh"), using
    )
    assert len(loans(found)) == 1 and errors(found)[0].is_duplicate


@pytest.mark.case("R076")
def test_semicolons_and_decimal_commas_are_read_where_the_mapping_says_so():
    lines = (
        HEADER.replace(",", ";"),
        "L-001;1.355,90;12;9,5;2027-05-10",
        "L-002;10,00;12;9,5;2027-05-10",
    )
    found = loans(read(book(*lines), mapping(**DECIMAL_COMMA)))
    assert [loan.principal for loan in found] == [135590, 1000]
    assert found[0].rate == Decimal("9.5")


@pytest.mark.case("R076")
def test_under_a_mapping_for_other_files_they_are_refused_with_what_is_seen():
    lines = (HEADER.replace(",", ";"), "L-001;1.355,90;12;9,5;2027-05-10")
    found = read(book(*lines))
    assert all(isinstance(error, RowError) and error.whole_file for error in found)
    assert "separated by semicolon" in errors(found)[0].sentence
    found = read(book(*lines), mapping(file={"delimiter": "semicolon"}))
    assert [error.code for error in errors(found)] == ["number_format", "number_format"]


@pytest.mark.parametrize(
    ("amounts", "principals"),
    [(["1.000"], [100000]), (["1.000", "1.111,11"], [100000, 111111])],
)
@pytest.mark.case("R077")
def test_the_number_format_is_the_file_s_and_not_the_row_s(amounts, principals):
    lines = [f"L-{place};{amount};12;9;2027-05-10" for place, amount in enumerate(amounts)]
    found = read(book(HEADER.replace(",", ";"), *lines), mapping(**DECIMAL_COMMA))
    assert [loan.principal for loan in loans(found)] == principals


@pytest.mark.case("R077")
def test_a_thousand_with_a_comma_stands_beside_numbers_without_one():
    lines = ['L-1,"1,000",12,9,2027-05-10', "L-2,999,12,9,2027-05-10"]
    found = read(book(HEADER, *lines), mapping(numbers={"grouping": "comma"}))
    assert [loan.principal for loan in loans(found)] == [100000, 99900]


@pytest.mark.case("R079")
def test_the_same_digits_are_refused_as_a_date_and_kept_as_an_amount():
    found = with_cell("46419", "first_due_on")
    assert code(found) == "spreadsheet_serial" and "2027-02-01" in found.sentence
    assert with_cell("46419", "principal").principal == 4641900


@pytest.mark.parametrize(
    ("ours", "cell", "refused", "why"),
    [
        ("loan_number", "", "missing", "a loan has a number"),
        ("loan_number", "\u200b\ufeff", "missing", "and one that can be seen"),
        ("principal", "NA", "missing", "a word of the mapping's stands for nothing"),
        ("principal", "0", "not_positive", "a loan of nothing"),
        ("principal", "-100", "negative", "a loan of less"),
        ("installments", "0", "not_positive", "a loan that is never paid back"),
        ("installments", "12.5", "not_whole", "half an installment"),
        ("installments", "5000", "too_large", "a loan for four centuries"),
        ("rate", "1500", "rate_range", "a rate of another unit"),
        ("issued_on", "31/11/2026", "not_a_date", "a date of another form"),
        ("issued_on", "2026-11-31", "no_such_day", "a day that November doesn't have"),
        ("first_due_on", "2027-01-10", "due_before_issue", "due on the day of the payout"),
        ("stated_balance", "1,200.00", "number_format", "a number of another format"),
        ("currency", "XXX", "unknown_currency", "no currency"),
        ("currency", "", "missing", "an amount without its currency"),
        ("status", "Sleeping", "unknown_status", "a word that the mapping doesn't explain"),
        ("language", "Klingon", "unknown_language", "a language that the mapping doesn't name"),
        ("phone", "0912345678,0922345678", "two_phones", "two numbers in one cell"),
        ("birth_date", "116-02-01", "roc_year", "a year of the Republic without the option"),
    ],
)
def test_what_can_t_be_taken_in_says_why(ours, cell, refused, why):
    tables = {"missing": {"words": ["NA"]}, "status": {"Good": "current"} if ours == "status" else None}
    if ours in ("language", "phone", "birth_date"):
        tables["people"] = PEOPLE
    if ours == "currency":
        tables["currency"] = None
    found = with_cell(cell, ours, **tables)
    assert code(found) == refused, why
    assert found.line == 2 and found.value == cell.replace("\u200b\ufeff", "\\u200b\\ufeff") and found.sentence


def test_every_bad_cell_of_a_row_is_told():
    found = read(book(HEADER, "L-001,x,y,12,2027-13-01"))
    assert [error.column for error in errors(found)] == ["amount", "term", "issued"]


@pytest.mark.case("R082")
def test_one_bad_row_of_five_hundred_costs_itself_alone():
    rows = [ROW.format(f"L-{number:03}") for number in range(1, 501)]
    rows[249] = rows[249].replace("1200.00", "twelve hundred")
    found = read(book(HEADER, *rows))
    assert len(loans(found)) == 499
    assert [(error.line, error.value) for error in errors(found)] == [(251, "twelve hundred")]


@pytest.mark.case("R119")
def test_seven_bad_phones_are_seven_errors_and_the_rest_of_the_file_is_read():
    phones = [
        "+1 0086-592-5627191",
        '"0912345678,0922345678"',
        "0912345678/02-23456789",
        "n/a",
        "tel:0912345678",
        "1" * 200,
        "",
    ]
    rows = [f"{ROW.format(number)},Budi,{phone}" for number, phone in enumerate([*phones, "0912345678"])]
    using = mapping(columns={"name": "who", "phone": "tel"}, people=PEOPLE, missing={"refuse_row": ["phone"]})
    found = read(book(HEADER + ",who,tel", *rows), using)
    assert [error.line for error in errors(found)] == [2, 3, 4, 5, 6, 7, 8]
    assert [error.code for error in errors(found)].count("two_phones") == 2
    assert [loan.person.phone.e164 for loan in loans(found)] == ["+886912345678"]


@pytest.mark.case("R116")
@pytest.mark.case("R118")
def test_a_phone_becomes_one_form_and_what_was_typed_stays_beside_it():
    found = with_cell("(0912) 345 678", "phone", people=PEOPLE)
    assert found.person.phone == ("+886912345678", "(0912) 345 678")


@pytest.mark.parametrize("name", ["Budi", "一", "O"])
@pytest.mark.case("R104")
def test_a_name_is_one_text_of_any_length(name):
    assert with_cell(name, "name", people=PEOPLE).person.name == name


@pytest.mark.case("R107")
def test_a_name_turns_no_text_beside_it():
    assert with_cell("Amir\u202e00.001", "name", people=PEOPLE).person.name == "Amir00.001"
    assert with_cell("محمد", "name", people=PEOPLE).person.name == "محمد"


def test_a_row_that_names_nobody_is_a_loan_that_waits_to_be_linked():
    assert with_cell("", "name", people=PEOPLE).person is None


def test_a_row_that_says_how_to_reach_somebody_says_who_that_is():
    using = mapping(columns={"name": "who", "phone": "tel"}, people=PEOPLE)
    found = read(book(HEADER + ",who,tel", ROW.format("1") + ",,0912345678"), using)
    assert [(error.column, error.code) for error in errors(found)] == [("who", "name_missing")]


@pytest.mark.parametrize(
    ("status", "balance", "refused"), [("Late", "", True), ("Late", "900.00", False), ("Good", "", False)]
)
def test_of_an_overdue_loan_the_file_has_to_say_how_far_it_is_paid(status, balance, refused):
    using = mapping(
        columns={"status": "status", "stated_balance": "left"}, status={"Late": "overdue", "Good": "current"}
    )
    (found,) = read(book(HEADER + ",status,left", f"{ROW.format('1')},{status},{balance}"), using)
    assert isinstance(found, RowError) is refused
    if refused:
        assert code(found) == "position_unknown"


def test_what_a_row_leaves_out_is_not_made_up():
    person = with_cell("Budi", "name", people=PEOPLE).person
    assert (person.phone, person.birth_date, person.language) == (None, None, None)


@pytest.mark.parametrize(
    ("issued", "frequency", "due"),
    [
        ("2027-01-31", "monthly", date(2027, 2, 28)),
        ("2027-01-10", "weekly", date(2027, 1, 17)),
        ("2027-01-10", "fortnightly", date(2027, 1, 24)),
        ("2027-11-30", "quarterly", date(2028, 2, 29)),
    ],
)
def test_the_first_payment_follows_the_issue_by_the_mapping_s_rule(issued, frequency, due):
    assert with_cell(issued, "issued_on", product={"frequency": frequency}).first_due_on == due


@pytest.mark.case("R080")
def test_a_book_that_counts_in_years_of_the_republic():
    loan = with_cell("116/02/01", "issued_on", dates={"form": "yyyy/mm/dd", "calendar": "roc"})
    assert loan.issued_on == date(2027, 2, 1)
    assert code(with_cell("116/02/01", "issued_on", dates={"form": "yyyy/mm/dd"})) == "roc_year"


def test_a_currency_per_row_sets_the_decimals_of_its_amounts():
    using = column("currency", "cur", currency=None)
    found = read(book(HEADER + ",cur", ROW.format("1") + ",jpy", ROW.format("2") + ",KWD"), using)
    assert [(loan.currency, loan.principal) for loan in loans(found)] == [("JPY", 1200), ("KWD", 1200000)]


COOPERATIVE = (
    "合同号;贷款金额;期数;月利率;放款日期;首期还款日;状态;每期应还;本金余额;逾期金额;客户编号;客户姓名;手机;出生日期;身份证号;备注",
    "0007;￥12,000.00;12;8.5;2026/03/05;2026/04/05;正常;1,056.03;9,120.55;0;C-01;王小明;131 2345 6789;"
    "19800405;11010519491231002X;",
    "0008;5000元;6;8.5;2026/03/05;2026/04/05;逾期;858.21;-;858.21;C-02;刘建国;无;19790101;无;现金",
    "0009;5000元;6;8.5;2026/03/05;2026/04/05;睡眠;858.21;-;858.21;C-03;许功盖;无;19790101;无;",
)


@pytest.mark.case("R073")
def test_a_book_in_gbk_with_semicolons_and_chinese_headers():
    using = read_mapping((EXAMPLES / "township-cooperative.toml").read_bytes())
    first, second, refused = read(book(*COOPERATIVE, encoding="gbk"), using)
    assert (first.loan_number, first.principal, first.rate) == ("0007", 1200000, Decimal("10.2"))
    assert (first.person.name, first.person.phone.e164) == ("王小明", "+8613123456789")
    assert (first.person.birth_date, first.person.id_number) == (date(1980, 4, 5), "11010519491231002X")
    assert (second.status, second.stated_balance, second.stated_overdue) == ("overdue", None, 85821)
    assert second.person.phone is None
    assert (code(refused), refused.value) == ("unknown_status", "睡眠")


@pytest.mark.case("R073")
def test_bytes_that_are_not_of_the_encoding_are_row_errors_that_can_be_printed():
    using = column("name", "name", people=PEOPLE)
    found = read(book(HEADER + ",name", ROW.format("1") + ",王小明", ROW.format("2") + ",A", encoding="gbk"), using)
    assert [error.code for error in errors(found)] == ["undecodable"]
    assert errors(found)[0].value.isprintable()
    assert [loan.person.name for loan in loans(found)] == ["A"]


def test_a_path_is_opened_and_closed(tmp_path):
    path = tmp_path / "book.csv"
    path.write_bytes(book(HEADER, ROW.format("L-001")))
    assert len(list(read_loans(path, mapping()))) == 1


CELLS = st.sampled_from(
    [
        "",
        '"',
        '""',
        "1",
        "L-1",
        "1200.00",
        "1.200,00",
        "12",
        "2027-01-10",
        "116/02/01",
        "46419",
        "王",
        "\u202e",
        "n/a",
        "0912345678",
    ]
) | st.text(max_size=12)


@settings(max_examples=150)
@given(
    st.lists(st.lists(CELLS, min_size=4, max_size=13).map(",".join), max_size=6),
    st.sampled_from(["utf-8", "gbk", "big5"]),
    st.binary(max_size=6),
)
def test_no_file_makes_the_reader_raise(lines, encoding, noise):
    header = HEADER + ",due,cur,status,balance,name,tel,born,lang"
    ours = ("first_due_on", "currency", "status", "stated_balance", "name", "phone", "birth_date", "language")
    using = mapping(
        columns=dict(zip(ours, header.split(",")[5:], strict=True)),
        file={"encoding": encoding},
        currency=None,
        status={"1": "current"},
        people=PEOPLE,
    )
    data = header.encode() + b"\n" + "\n".join(lines).encode("utf-8", "surrogatepass") + noise
    for item in read_loans(data, using):
        if isinstance(item, RowError):
            assert item.sentence.encode() and item.value.encode() is not None
        else:
            assert item.principal > 0 and item.first_due_on > item.issued_on


@given(st.binary(max_size=120))
def test_no_bytes_make_the_reader_raise(data):
    for item in read_loans(data, mapping()):
        assert isinstance(item, RowError) and item.sentence
