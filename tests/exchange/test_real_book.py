"""The real book of the shared material, under its mapping in docs/examples."""

import os
from collections import Counter
from pathlib import Path

import pytest

from portal.exchange.loan_book import LoanRow, read_loans
from portal.exchange.mapping import read_mapping
from portal.exchange.preview import preview

ROOT = Path(__file__).parents[2]
BOOK = Path(os.environ.get("PORTAL_SHARED", ROOT.parent / "shared")) / "data" / "peer-to-peer-loans-2018.csv"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not BOOK.exists(), reason="the shared loan book is not there: set PORTAL_SHARED to its folder"),
]


@pytest.fixture(scope="module")
def mapping():
    return read_mapping((ROOT / "docs" / "examples" / "peer-to-peer.toml").read_bytes())


def test_every_row_of_the_real_book_is_read(mapping):
    found = list(read_loans(BOOK, mapping))
    assert [item for item in found if not isinstance(item, LoanRow)] == []
    assert len(found) == 8000
    assert Counter(loan.status for loan in found) == {
        "current": 7528,
        "paid_off": 330,
        "overdue": 138,
        "written_off": 4,
    }
    assert all(loan.person is None for loan in found)


def test_the_preview_of_the_real_book_has_nothing_to_ask(mapping):
    shown = preview(BOOK, mapping)
    assert shown.problems == () and shown.concerns == ()
    assert all(cell.refusal is None for part in shown.columns for cell in part.cells)
