"""A mapping says everything that could be guessed, and a slip in it is told by its place and its cure."""

from datetime import date
from pathlib import Path

import pytest

from portal.exchange.amounts import DECIMAL_MARKS, GROUP_MARKS, RATE_UNITS
from portal.exchange.csv_rows import DELIMITERS
from portal.exchange.dates import CALENDARS, FORMS
from portal.exchange.mapping import (
    FIELDS,
    FREQUENCIES,
    METHODS,
    STATUSES,
    BadMapping,
    mapping_from,
    read_mapping,
)
from tests.exchange.books import mapping, values

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLES = sorted((DOCS / "examples").glob("*.toml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_in_the_documentation_are_mappings(path):
    assert read_mapping(path.read_bytes()).book


@pytest.mark.parametrize(
    "choices",
    [FIELDS, STATUSES, FREQUENCIES, METHODS, FORMS, CALENDARS, DELIMITERS, DECIMAL_MARKS, GROUP_MARKS, RATE_UNITS],
)
def test_the_guide_names_every_choice(choices):
    guide = (DOCS / "import.md").read_text(encoding="utf-8")
    assert [choice for choice in choices if f"`{choice}`" not in guide] == []


def test_a_mapping_may_have_a_byte_order_mark():
    assert read_mapping(b"\xef\xbb\xbf" + EXAMPLES[0].read_bytes()).book


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({"file": {"encoding": None}}, "[file] encoding is missing"),
        ({"file": {"delimiter": None}}, "[file] delimiter is missing"),
        ({"numbers": {"decimal": None}}, "[numbers] decimal is missing"),
        ({"numbers": {"grouping": None}}, "[numbers] grouping is missing"),
        ({"dates": {"form": None}}, "[dates] form is missing"),
        ({"product": None}, "[product] is missing"),
        ({"book": {"name": " "}}, "[book] name is empty"),
        ({"file": {"encoding": "utf-16-le"}}, "UTF-16"),
        ({"file": {"encoding": "latin-9000"}}, "[file] encoding is 'latin-9000'"),
        ({"file": {"delimiter": "semicolumn"}}, "Is it 'semicolon'?"),
        ({"file": {"delimeter": "comma"}}, "[file] delimeter is not known. Is it 'delimiter'?"),
        ({"collumns": {"a": "b"}}, "[collumns] is not known. Is it 'columns'?"),
        ({"columns": {"loan_nr": "nr"}}, "Is it 'loan_number'?"),
        ({"columns": {"rate": None}}, "[columns] rate is missing"),
        ({"columns": {"rate": 5}}, "[columns] rate has to be the name of a column"),
        ({"numbers": {"decimal": "comma", "grouping": "comma"}}, "the same mark"),
        ({"numbers": {"signs": "元"}}, "[numbers] signs has to be a list"),
        ({"dates": {"form": "mmm-yyyy"}}, "[dates] day is missing"),
        ({"dates": {"day": 32}}, "1 to 31"),
        ({"dates": {"columns": {"birth_date": "iso"}}}, "none of the date columns"),
        ({"dates": {"form": "mmm-yyyy", "day": 1, "calendar": "roc"}}, "doesn't go with"),
        ({"currency": None}, "State the currency once"),
        ({"columns": {"currency": "cur"}}, "State the currency once"),
        ({"currency": {"code": "XYZ"}}, "ISO 4217"),
        ({"product": {"frequency": "monthli"}}, "Is it 'monthly'?"),
        ({"product": {"method": "equal_instalments"}}, "Is it 'equal_installments'?"),
        ({"product": {"rounding_of_installments": "up"}}, "rounding_of_installments is not a convention"),
        ({"first_due": None}, "[first_due] periods_after_issue is missing"),
        ({"first_due": {"periods_after_issue": True}}, "a whole number"),
        ({"columns": {"status": "status"}}, "[status] has to say"),
        ({"columns": {"status": "status"}, "status": {"Good": "fine"}}, "'Good' is 'fine'"),
        ({"columns": {"phone": "tel"}}, "[people] has to say"),
        ({"columns": {"phone": "tel"}, "people": {"region": "TW", "language": "en"}}, "a person has to have one"),
        (
            {"columns": {"name": "who", "phone": "tel"}, "people": {"region": "Taiwan", "language": "en"}},
            "[people] region",
        ),
        (
            {"columns": {"name": "who", "phone": "tel"}, "people": {"region": "TW", "language": "klingon"}},
            "written as tags",
        ),
        ({"people": {"region": "TW", "language": "en", "zone": "Asia/Nowhere"}}, "[people] zone"),
        ({"missing": {"refuse_row": ["phone"]}}, "[missing] refuse_row names phone"),
    ],
)
def test_a_slip_is_told_by_its_place(tables, told):
    with pytest.raises(BadMapping) as slip:
        mapping_from(values(**tables))
    assert told in str(slip.value)


def test_what_is_not_toml_is_told_with_its_line():
    with pytest.raises(BadMapping, match="line 2"):
        read_mapping("[book]\nname = small")


def test_a_mapping_in_another_encoding_is_told():
    with pytest.raises(BadMapping, match="UTF-8"):
        read_mapping('[book]\nname = "王"'.encode("gbk"))


def test_a_date_form_can_be_said_for_one_column():
    found = mapping(
        columns={"first_due_on": "due"}, dates={"form": "mmm-yyyy", "day": 1, "columns": {"first_due_on": "dd/mm/yyyy"}}
    )
    assert (found.dates["issued_on"].form, found.dates["first_due_on"].form) == ("mmm-yyyy", "dd/mm/yyyy")


def test_the_languages_of_a_file_become_tags():
    found = mapping(people={"region": "TW", "language": "zh-TW", "languages": {"越南": "en"}})
    assert found.people and found.people.language == "zh-Hant" and found.people.languages == (("越南", "en"),)


def test_the_day_of_the_file_is_a_date():
    assert mapping(book={"as_of": date(2018, 6, 25)}).as_of == date(2018, 6, 25)
