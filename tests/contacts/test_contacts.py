"""The gate decides every public case as it is right."""

import json
from pathlib import Path

import pytest

from portal.contact_rules import names, rule_set
from tests.contacts.__main__ import judge

CASES = Path(__file__).parents[1] / "data" / "cases" / "contacts.jsonl"


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case["id"]) for case in map(json.loads, CASES.read_text(encoding="utf-8").splitlines())],
)
def test_case(case: dict) -> None:
    verdict = judge(case)
    assert verdict.agrees, f"{case['why']}: {verdict.decision}, expected {case['expect']}"


@pytest.mark.shared
def test_the_cases_kept_here_are_the_shared_ones(shared: Path) -> None:
    assert (shared / "cases" / "contacts.jsonl").read_bytes() == CASES.read_bytes()


@pytest.mark.parametrize("name", names())
def test_a_rule_set_goes_by_the_name_of_its_file_and_says_where_it_is_from(name: str) -> None:
    rules = rule_set(name)
    assert rules.name == name
    assert rules.source
    assert rules.title
