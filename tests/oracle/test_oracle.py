"""Peers' figures, each under its own conventions: the copy that is kept here, and the shared one where it is."""

import json

import pytest

from tests.conftest import REPOSITORY
from tests.oracle.__main__ import cases, differences, judged, main

KEPT = cases(REPOSITORY / "tests" / "data" / "oracle")


@pytest.mark.parametrize("case", [case for case in KEPT if case["confidence"] != "low"], ids=lambda case: case["id"])
def test_our_figures_are_the_peers_under_the_peers_conventions(case):
    assert judged(case) == ("agree", "")


def test_a_figure_that_is_a_cent_off_is_found_and_told(tmp_path, capsys):
    case = json.loads(json.dumps(KEPT[-1]))
    case["expected"]["total_due"] = "1.23"
    (tmp_path / "one.jsonl").write_text(json.dumps(case), encoding="utf-8")
    assert main([str(tmp_path), "--json"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert case["id"] in told[0]
    assert json.loads(told[-1]) == {"agree": 0, "disagree": 1, "not_expressed": 0, "total": 1}


def test_a_kind_that_is_not_known_is_listed_and_does_not_count_as_agreeing(tmp_path, capsys):
    case = {**KEPT[0], "kind": "horoscope"}
    (tmp_path / "one.jsonl").write_text(json.dumps(case), encoding="utf-8")
    main([str(tmp_path), "--json"])
    told = capsys.readouterr().out.splitlines()
    assert "not_expressed" in told[0]
    assert json.loads(told[-1])["not_expressed"] == 1


def test_only_what_is_expected_is_compared():
    assert differences({"a": "1.00", "rows": []}, {"a": "1", "b": 2}) == []
    assert differences([{"n": 2, "due": "5"}], [{"n": 1, "due": "4"}, {"n": 2, "due": "6"}]) != []
    assert differences({"value": "1.0000001", "tolerance": "1e-6"}, {"value": "1"}) == []


def test_a_folder_without_cases_is_wrong_use(tmp_path):
    assert main([str(tmp_path)]) == 2
