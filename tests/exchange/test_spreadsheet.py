"""What people open in a spreadsheet runs nothing, and its numbers stay numbers."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.exchange.row_errors import RowError
from portal.exchange.spreadsheet import ERROR_COLUMNS, SpreadsheetFile, error_cells, safe_cell


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ('=HYPERLINK("http://example.org")', '\'=HYPERLINK("http://example.org")'),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+886912345678", "'+886912345678"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("\t=1", "'\t=1"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ("-12.50", "-12.50"),
        ("1.234,50", "1.234,50"),
        (46419, "46419"),
        ("L-001", "L-001"),
        ("王小明", "王小明"),
        (None, ""),
    ],
)
def test_a_text_is_never_a_formula_and_a_number_stays_one(value, written):
    assert safe_cell(value) == written


@given(st.text(max_size=20))
def test_no_cell_begins_as_a_formula_does(text):
    written = safe_cell(text)
    assert not written.startswith(("=", "+", "@", "\t", "\r"))
    assert written.lstrip("'") == text.lstrip("'")


def test_the_errors_of_a_file_are_line_column_value_and_reason(tmp_path):
    file = SpreadsheetFile(tmp_path / "book.errors.csv", ERROR_COLUMNS)
    day = {"month": "November", "year": "2026", "days": "30"}
    file.add(error_cells(RowError(77, "due", "31/11/2026", "no_such_day", day)))
    file.add(error_cells(RowError(80, "", "=cmd", "open_quote")))
    file.close()
    text = file.path.read_text(encoding="utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == ["line", "column", "value", "reason"]
    assert rows[1] == ["77", "due", "31/11/2026", "November 2026 has 30 days."]
    assert rows[2][2] == "'=cmd"
    assert file.path.stat().st_mode & 0o077 == 0


def test_without_a_row_there_is_no_file(tmp_path):
    file = SpreadsheetFile(tmp_path / "book.errors.csv", ERROR_COLUMNS)
    file.close()
    assert not file.path.exists()
