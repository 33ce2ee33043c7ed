"""What people open in a spreadsheet runs nothing, and its numbers stay numbers."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.exchange.row_errors import RowError
from portal.exchange.spreadsheet import safe_cell, write_errors


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


def test_the_errors_of_a_file_are_line_column_value_and_reason():
    out = io.StringIO()
    error = RowError(77, "due", "31/11/2026", "no_such_day", {"month": "November", "year": "2026", "days": "30"})
    write_errors(out, [error, RowError(80, "", "=cmd", "open_quote")])
    assert out.getvalue().startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(out.getvalue().removeprefix("\ufeff"))))
    assert rows[0] == ["line", "column", "value", "reason"]
    assert rows[1] == ["77", "due", "31/11/2026", "November 2026 has 30 days."]
    assert rows[2][2] == "'=cmd"
