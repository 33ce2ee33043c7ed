"""Which public cases the tests hold: tests carry `@pytest.mark.case("R071")`, and a run notes what became of them."""

from pathlib import Path

RECORD = Path("var/cases.json")
