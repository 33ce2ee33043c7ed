"""Small loan books and mappings for the tests of this folder."""

from copy import deepcopy
from typing import Any

from portal.exchange.loan_book import LoanRow, read_loans
from portal.exchange.mapping import PERSON_FIELDS, Mapping, mapping_from
from portal.exchange.row_errors import RowError

PLAIN: dict[str, Any] = {
    "book": {"name": "small"},
    "file": {"encoding": "utf-8", "delimiter": "comma"},
    "columns": {
        "loan_number": "loan_no",
        "principal": "amount",
        "installments": "term",
        "rate": "rate",
        "issued_on": "issued",
    },
    "numbers": {"decimal": "point", "grouping": "none"},
    "dates": {"form": "iso"},
    "currency": {"code": "USD"},
    "product": {"name": "Small loan", "method": "equal_installments", "frequency": "monthly"},
    "first_due": {"periods_after_issue": 1},
}
HEADER = "loan_no,amount,term,rate,issued"
ROW = "{},1200.00,12,12,2027-01-10"


def values(**tables: dict[str, Any] | None) -> dict[str, Any]:
    """The plain mapping's tables with keys added or replaced; a table that is None is taken out, and so is a key."""
    changed = deepcopy(PLAIN)
    for name, table in tables.items():
        if table is None:
            changed.pop(name, None)
            continue
        kept = changed.setdefault(name, {})
        for key, value in table.items():
            if value is None:
                kept.pop(key, None)
            else:
                kept[key] = value
    return changed


def mapping(**tables: dict[str, Any] | None) -> Mapping:
    return mapping_from(values(**tables))


def column(ours: str, theirs: str = "extra", **tables: dict[str, Any] | None) -> Mapping:
    """The plain mapping with one column more."""
    return mapping(columns={ours: theirs}, **tables)


def book(*lines: str, encoding: str = "utf-8") -> bytes:
    return ("\n".join(lines) + "\n").encode(encoding)


def read(data: bytes, using: Mapping | None = None) -> list[LoanRow | RowError]:
    return list(read_loans(data, using or mapping()))


def loans(found: list[LoanRow | RowError]) -> list[LoanRow]:
    return [item for item in found if isinstance(item, LoanRow)]


def errors(found: list[LoanRow | RowError]) -> list[RowError]:
    return [item for item in found if isinstance(item, RowError)]


def with_cell(cell: str, ours: str, **tables: dict[str, Any] | None) -> LoanRow | RowError:
    """What becomes of a book of one row whose column for `ours` has `cell`. A row with a phone or the like names Budi."""
    names = {theirs: place for place, theirs in enumerate(HEADER.split(","))}
    cells = ROW.format("L-001").split(",")
    header = HEADER
    if ours in PLAIN["columns"]:
        using = mapping(**tables)
        cells[names[PLAIN["columns"][ours]]] = cell
    elif ours in PERSON_FIELDS and ours != "name":
        using = mapping(columns={"name": "who", ours: "extra"}, **tables)
        header, cells = f"{HEADER},who,extra", [*cells, "Budi", cell]
    else:
        using = column(ours, "extra", **tables)
        header, cells = f"{HEADER},extra", [*cells, cell]
    quoted = ",".join('"' + text.replace('"', '""') + '"' for text in cells)
    (found,) = read(book(header, quoted), using)
    return found
