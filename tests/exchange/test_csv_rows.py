"""Files as they come: marks, encodings, separators, quotes that are never closed."""

import codecs
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.exchange.csv_rows import DELIMITERS, ENCODINGS, CsvFormat, CsvRow, read_rows
from portal.exchange.row_errors import RowError

UTF8 = CsvFormat("utf-8", "comma")


def rows(data: bytes, csv_format: CsvFormat = UTF8) -> list[CsvRow | RowError]:
    return list(read_rows(io.BytesIO(data), csv_format))


def cells(data: bytes, csv_format: CsvFormat = UTF8) -> list[list[str]]:
    return [row.cells for row in rows(data, csv_format) if isinstance(row, CsvRow)]


def codes(data: bytes, csv_format: CsvFormat = UTF8) -> list[tuple[int, str]]:
    return [(row.line, row.code) for row in rows(data, csv_format) if isinstance(row, RowError)]


@pytest.mark.case("R071")
def test_a_byte_order_mark_is_no_part_of_the_first_column():
    assert cells(codecs.BOM_UTF8 + b"loan_no,name\n1,A\n") == [["loan_no", "name"], ["1", "A"]]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("loan_no,name\n".encode("utf-16"), "utf_16"),
        (codecs.BOM_UTF16_BE + "loan_no,name\n".encode("utf-16-be"), "utf_16"),
        ("loan_no,name\n".encode("utf-16-le"), "utf_16"),
        ("loan_no,name\n".encode("utf-16-be"), "utf_16"),
        (b"PK\x03\x04 and so on", "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook"),
        (b"loan_no,name\n1,A\x00\n", "binary"),
        (b"", "empty_file"),
        (b"\n\r\n \n", "empty_file"),
        (b'"loan_no,name\n1,A\n', "header_unreadable"),
    ],
)
@pytest.mark.case("R071")
def test_a_file_that_is_no_such_csv_is_refused_by_name(data, code):
    assert [row.code for row in rows(data) if isinstance(row, RowError)] == [code]
    assert cells(data) == []


def test_a_mark_of_utf_8_under_a_mapping_that_says_gbk_is_refused():
    assert codes(codecs.BOM_UTF8 + b"a,b\n", CsvFormat("gbk", "comma")) == [(1, "other_mark")]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("gbk", "王小明"),
        ("big5", "王小明"),
        ("big5", "許功蓋"),
        ("cp950", "碁銹裏"),
        ("gb18030", "㐂王"),
        ("utf-8", "王"),
    ],
)
@pytest.mark.case("R073")
def test_the_encoding_is_the_mapping_s_and_a_backslash_inside_a_character_breaks_nothing(encoding, name):
    data = f'loan_no,name,rest\n1,{name},x\n2,"{name}",y\n'.encode(encoding)
    assert cells(data, CsvFormat(encoding, "comma"))[1:] == [["1", name, "x"], ["2", name, "y"]]


def test_bytes_of_another_encoding_don_t_stop_the_file():
    assert len(cells("n,x\n王小明,1\nA,2\n".encode("gbk"))) == 3


@pytest.mark.parametrize(("delimiter", "mark"), DELIMITERS.items())
def test_every_delimiter(delimiter, mark):
    assert cells(f"a{mark}b\n1{mark}2\n".encode(), CsvFormat("utf-8", delimiter)) == [["a", "b"], ["1", "2"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_counts_as_one_line(end):
    assert [row.line for row in rows(end.join(["a,b", "1,2", "", "3,4", ""]).encode())] == [1, 2, 4]


def test_a_line_break_inside_a_quoted_cell_is_one_row_and_its_lines_are_counted():
    found = rows(b'a,b\n1,"x\ny"\n2,z\n')
    assert [(row.line, row.cells) for row in found if isinstance(row, CsvRow)][1:] == [
        (2, ["1", "x\ny"]),
        (4, ["2", "z"]),
    ]


def test_an_unclosed_quote_costs_its_own_line_alone():
    lines = [f"{number},name" for number in range(400)]
    lines[10] = '10,"name'
    data = "\n".join(["a,b", *lines]).encode()
    assert codes(data) == [(12, "open_quote")]
    assert len(cells(data)) == 400


def test_two_unclosed_quotes_cost_two_lines():
    data = b'a,b\n1,x\n2,"y\n3,z\n4,"w\n5,v\n'
    assert codes(data) == [(3, "open_quote"), (5, "open_quote")]
    assert [row[0] for row in cells(data)] == ["a", "1", "3", "5"]


def test_quotes_are_letters_where_the_mapping_says_that_there_are_none():
    assert cells(b'a,b\n1,5" pipe\n', CsvFormat("utf-8", "comma", "none")) == [["a", "b"], ["1", '5" pipe']]


def test_a_line_with_a_cell_too_many_or_too_few_is_reported_and_the_rest_read():
    data = b"a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,,\n"
    assert codes(data) == [(3, "cell_count"), (4, "cell_count")]
    assert cells(data)[1:] == [["1", "2", "3"], ["1", "2", "3"]]


def test_a_cell_without_end_is_reported_and_the_rest_read():
    data = b"a,b\n1," + b"x" * 200_000 + b"\n2,y\n"
    assert codes(data) == [(2, "too_long")]
    assert cells(data)[1:] == [["2", "y"]]


def test_the_file_is_left_open_for_whoever_opened_it():
    file = io.BytesIO(b"a,b\n1,2\n")
    list(read_rows(file, UTF8))
    assert not file.closed


TRICKY = st.lists(
    st.sampled_from(
        [b'"', b",", b";", b"\t", b"\n", b"\r", b"\x00", b"a", b"1", b" ", b"\xff", b"\xb3\x5c", b"\xe7\x8e", b"\\"]
    )
).map(b"".join)


@given(st.binary(max_size=200) | TRICKY, st.sampled_from(sorted(ENCODINGS)), st.sampled_from(sorted(DELIMITERS)))
def test_any_bytes_are_rows_and_errors(data, encoding, delimiter):
    for quote in ("double", "none"):
        found = rows(data, CsvFormat(encoding, delimiter, quote))
        assert [row.line for row in found] == sorted({row.line for row in found})
        for row in found:
            if isinstance(row, RowError):
                row.sentence.encode()
                row.value.encode()


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="gb18030", exclude_characters="\0")), min_size=2, max_size=2), max_size=8
    )
)
def test_what_a_csv_writer_writes_is_read_back(table):
    import csv

    out = io.StringIO()
    csv.writer(out).writerows([["a", "b"], *table])
    data = out.getvalue().encode("gb18030")
    if any(cell.count("\n") + cell.count("\r") > 20 for row in table for cell in row):
        return
    expected = [row for row in table if any(row)]
    assert cells(data, CsvFormat("gb18030", "comma"))[1:] == expected
