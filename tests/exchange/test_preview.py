"""What was understood is shown before anything is stored, with what could be meant otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.exchange.preview import preview
from tests.exchange.books import HEADER, ROW, book, column, mapping

CELLS = st.sampled_from(
    ["", "1.000", "1.111,11", "USD", "jpy", "05/12/2026", "王小明", "\u202e", "0912345678", '"']
) | st.text(max_size=8)
PEOPLE = {"region": "TW", "language": "zh-TW"}


def test_each_column_is_shown_with_what_it_was_taken_for():
    shown = preview(book(HEADER + ",remark", ROW.format("007") + ",x"), mapping())
    assert [(part.column, part.read_as) for part in shown.columns] == [
        ("loan_no", "loan_number"),
        ("amount", "principal"),
        ("term", "installments"),
        ("rate", "rate"),
        ("issued", "issued_on"),
        ("remark", None),
    ]
    assert [part.cells[0].read for part in shown.columns] == [
        "007",
        "1200.00 USD",
        "12",
        "12 percent a year",
        "2027-01-10",
        None,
    ]


def test_a_cell_that_can_t_be_read_is_shown_with_the_reason():
    shown = preview(book(HEADER, ROW.format("1").replace("2027-01-10", "31/11/2026")), mapping())
    cell = shown.columns[4].cells[0]
    assert cell.raw == "31/11/2026" and cell.read is None and cell.refusal


def test_only_as_many_rows_as_asked_for_are_shown():
    shown = preview(book(HEADER, *(ROW.format(number) for number in range(9))), mapping(), rows=3)
    assert [len(part.cells) for part in shown.columns] == [3] * 5


@pytest.mark.case("R076")
def test_a_file_under_the_wrong_mapping_is_refused_with_what_is_seen():
    shown = preview(book(HEADER.replace(",", ";"), "L-001;1.355,90;12;9,5;2027-05-10"), mapping())
    assert shown.columns == ()
    assert "separated by semicolon" in shown.problems[0].sentence


@pytest.mark.case("R073")
@pytest.mark.parametrize(
    ("name", "encoding", "other", "reading"),
    [("王小明", "gbk", "big5", "卼苤隴"), ("陳", "big5", "gbk", "朝"), ("王", "gbk", "big5", "卼")],
)
def test_text_that_another_encoding_reads_too_is_shown_in_both(name, encoding, other, reading):
    using = column("name", "name", people=PEOPLE, file={"encoding": encoding})
    shown = preview(book(HEADER + ",name", ROW.format("1") + f",{name}", encoding=encoding), using)
    assert shown.columns[5].cells[0].read == name
    found = {concern.details["encoding"]: concern for concern in shown.concerns}
    assert found[other].details["other"] == reading and name in found[other].sentence


def test_text_that_only_one_encoding_reads_raises_no_concern():
    using = column("name", "name", people=PEOPLE)
    data = book(HEADER + ",name", *(ROW.format(number) + ",王小明 許功蓋 علی" for number in range(3)))
    assert [concern for concern in preview(data, using).concerns if concern.code == "encoding"] == []


@pytest.mark.parametrize(
    ("amounts", "doubtful", "why"),
    [
        (["1.000"], True, "one or a thousand"),
        (["1.000", "999"], True, "a number without marks settles nothing"),
        (["1.000", "1.111,11"], False, "the second number settles it for the file"),
        (["652.53", "1.000"], False, "two decimals settle it too"),
        (["999"], False, "there is nothing to settle"),
    ],
)
@pytest.mark.case("R077")
def test_a_column_that_could_be_read_in_two_ways_asks(amounts, doubtful, why):
    lines = [f"L-{place};{amount};12;9;2027-05-10" for place, amount in enumerate(amounts)]
    using = mapping(file={"delimiter": "semicolon"}, numbers={"decimal": "comma", "grouping": "point"})
    concerns = [
        concern
        for concern in preview(book(HEADER.replace(",", ";"), *lines), using).concerns
        if concern.code == "number"
    ]
    assert bool(concerns) is doubtful, why
    if doubtful:
        assert concerns[0].column == "amount"
        assert "reads 1000, it could be 1.000" in concerns[0].sentence


@pytest.mark.parametrize(("dates", "doubtful"), [(["05/12/2026"], True), (["05/12/2026", "31/12/2026"], False)])
def test_dates_that_could_be_the_other_way_round_ask(dates, doubtful):
    lines = [ROW.format(place).replace("2027-01-10", day) for place, day in enumerate(dates)]
    concerns = preview(book(HEADER, *lines), mapping(dates={"form": "dd/mm/yyyy"})).concerns
    assert [concern.code for concern in concerns] == ["date"] * doubtful
    if doubtful:
        assert "2026-12-05" in concerns[0].sentence and "2026-05-12" in concerns[0].sentence


@given(
    st.lists(st.lists(CELLS, min_size=7, max_size=9).map(",".join), max_size=5),
    st.sampled_from(["utf-8", "gbk", "big5"]),
)
def test_no_file_makes_the_preview_raise(lines, encoding):
    using = mapping(
        columns={"currency": "cur", "name": "name", "phone": "tel"},
        file={"encoding": encoding},
        currency=None,
        dates={"form": "dd/mm/yyyy"},
        people=PEOPLE,
    )
    data = "\n".join([HEADER + ",cur,name,tel", *lines]).encode("utf-8", "surrogatepass")
    shown = preview(data, using)
    for cell in [cell for part in shown.columns for cell in part.cells]:
        assert (cell.raw + (cell.read or "") + (cell.refusal or "")).encode() is not None
    assert all(concern.sentence.encode() for concern in shown.concerns)


def test_a_preview_leaves_the_file_where_the_import_can_read_it_again(tmp_path):
    path = tmp_path / "book.csv"
    path.write_bytes(book(HEADER, ROW.format("1")))
    assert preview(path, mapping()) == preview(path, mapping())
