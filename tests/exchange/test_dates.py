"""Dates: one form for the column, no century guessed, no serial number taken for a date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.exchange.dates import FORMS, DateForm, date_reader
from portal.exchange.row_errors import REASONS, Unreadable

ROC = DateForm("yyyy/mm/dd", "roc")


def refusal(form: DateForm, cell: str) -> Unreadable:
    with pytest.raises(Unreadable) as reason:
        date_reader(form)(cell)
    return reason.value


@pytest.mark.parametrize(
    ("form", "cell", "day"),
    [
        (DateForm("iso"), "2027-02-01", date(2027, 2, 1)),
        (DateForm("iso"), " 2027-02-01T00:00:00 ", date(2027, 2, 1)),
        (DateForm("iso"), "2027-02-01 00:00", date(2027, 2, 1)),
        (DateForm("yyyy/mm/dd"), "2027/2/1", date(2027, 2, 1)),
        (DateForm("yyyymmdd"), "20270201", date(2027, 2, 1)),
        (DateForm("yyyy年m月d日"), "2027年2月1日", date(2027, 2, 1)),
        (DateForm("dd/mm/yyyy"), "05/12/2026", date(2026, 12, 5)),
        (DateForm("dd/mm/yyyy"), "05.12.2026", date(2026, 12, 5)),
        (DateForm("mm/dd/yyyy"), "05/12/2026", date(2026, 5, 12)),
        (DateForm("mmm-yyyy", day=28), "Jan-2018", date(2018, 1, 28)),
        (DateForm("mmm-yyyy", day=31), "Feb-2018", date(2018, 2, 28)),
        (DateForm("mmm-yyyy", day=1), "september 2018", date(2018, 9, 1)),
        (DateForm("yyyy-mm", day=15), "2018-01", date(2018, 1, 15)),
        (DateForm("yyyy/mm/dd"), "２０２７／０２／０１", date(2027, 2, 1)),
        (DateForm("iso"), "٢٠٢٧-٠٢-٠١", date(2027, 2, 1)),
    ],
)
def test_a_date_is_read_in_the_form_of_its_column(form, cell, day):
    assert date_reader(form)(cell) == day


@pytest.mark.parametrize(
    "cell", ["116/02/01", "民國116年2月1日", "中華民國 116 年 2 月 1 日", "116-02-01", "116.2.1", "１１６／０２／０１"]
)
@pytest.mark.case("R080")
def test_years_of_the_republic_are_read_where_the_mapping_says_so(cell):
    assert date_reader(ROC)(cell) == date(2027, 2, 1)


@pytest.mark.parametrize(("cell", "day"), [("1160201", date(2027, 2, 1)), ("790501", date(1990, 5, 1))])
@pytest.mark.case("R080")
def test_years_of_the_republic_are_read_without_marks_too(cell, day):
    assert date_reader(DateForm("yyyymmdd", "roc"))(cell) == day


@pytest.mark.parametrize("form", ["iso", "yyyy/mm/dd", "yyyymmdd", "yyyy年m月d日", "dd/mm/yyyy"])
@pytest.mark.parametrize("cell", ["116/02/01", "民國116年2月1日"])
@pytest.mark.case("R080")
def test_without_that_option_they_are_a_clear_error_and_never_the_year_116(form, cell):
    reason = refusal(DateForm(form), cell)
    assert reason.code == "roc_year"
    assert "116 is 2027" in REASONS[reason.code] % reason.details


@pytest.mark.parametrize(
    ("form", "cell", "code"),
    [
        (DateForm("iso"), "46419", "spreadsheet_serial"),
        (DateForm("dd/mm/yyyy"), "46419.0", "spreadsheet_serial"),
        (DateForm("mmm-yyyy", day=1), "46419", "spreadsheet_serial"),
        (ROC, "46419", "spreadsheet_serial"),
        (DateForm("dd/mm/yyyy"), "31/11/2026", "no_such_day"),
        (DateForm("iso"), "2027-02-29", "no_such_day"),
        (DateForm("dd/mm/yyyy"), "05/13/2026", "no_such_month"),
        (DateForm("mm/dd/yyyy"), "13/05/2026", "no_such_month"),
        (DateForm("dd/mm/yyyy"), "05/12/26", "two_digit_year"),
        (DateForm("iso"), "0026-01-01", "year_range"),
        (DateForm("iso"), "9999-12-31", "year_range"),
        (DateForm("iso"), "2027-02-01 13:45", "time_of_day"),
        (DateForm("iso"), "05/12/2026", "not_a_date"),
        (DateForm("dd/mm/yyyy"), "2026-12-05", "not_a_date"),
        (DateForm("mmm-yyyy", day=1), "Foo-2018", "not_a_date"),
        (DateForm("iso"), "soon", "not_a_date"),
        (ROC, "2027/02/01", "not_roc_year"),
        (ROC, "0/02/01", "not_roc_year"),
        (ROC, "116/13/01", "no_such_month"),
    ],
)
def test_what_is_no_date_of_this_form_is_refused(form, cell, code):
    assert refusal(form, cell).code == code


@pytest.mark.case("R079")
def test_a_serial_number_is_refused_with_the_date_that_it_may_stand_for():
    reason = refusal(DateForm("iso"), "46419")
    assert "2027-02-01" in REASONS[reason.code] % reason.details


@given(st.dates(date(1912, 1, 1), date(2199, 12, 31)))
def test_every_date_comes_back_from_both_calendars(day):
    assert date_reader(DateForm("iso"))(day.isoformat()) == day
    assert date_reader(ROC)(f"民國{day.year - 1911}年{day.month}月{day.day}日") == day


@given(
    st.text(alphabet="0123456789/-.年月日民國JanFeb: T０١", max_size=14) | st.text(max_size=30),
    st.sampled_from(FORMS),
    st.sampled_from(["gregorian", "roc"]),
)
def test_any_text_is_read_or_refused(cell, form, calendar):
    try:
        assert 1900 <= date_reader(DateForm(form, calendar, 15))(cell).year <= 2199
    except Unreadable:
        return
