"""The real book of the shared material, under its mapping in docs/examples."""

from collections import Counter
from pathlib import Path

import pytest

from portal.exchange.loan_book import LoanRow, read_loans
from portal.exchange.mapping import read_mapping
from portal.exchange.preview import preview

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "peer-to-peer.toml"

pytestmark = pytest.mark.shared


@pytest.fixture
def real_book(shared: Path) -> Path:
    return shared / "data" / "peer-to-peer-loans-2018.csv"


@pytest.fixture(scope="module")
def mapping():
    return read_mapping(EXAMPLE.read_bytes())


def test_every_row_of_the_real_book_is_read(real_book, mapping):
    found = list(read_loans(real_book, mapping))
    assert [item for item in found if not isinstance(item, LoanRow)] == []
    assert len(found) == 8000
    assert Counter(loan.status for loan in found) == {
        "current": 7528,
        "paid_off": 330,
        "overdue": 138,
        "written_off": 4,
    }
    assert all(loan.person is None for loan in found)


def test_the_preview_of_the_real_book_has_nothing_to_ask(real_book, mapping):
    shown = preview(real_book, mapping)
    assert shown.problems == () and shown.concerns == ()
    assert all(cell.refusal is None for part in shown.columns for cell in part.cells)
