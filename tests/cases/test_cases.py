"""`python -m tests.cases` tells which public cases the last run held."""

import json
import os
import subprocess
import sys

import pytest

from tests.cases.__main__ import holders
from tests.conftest import REPOSITORY


@pytest.mark.parametrize(
    ("outcomes", "held_by", "why"),
    [
        ({"a": "passed", "b": "passed"}, ["a", "b"], "every test that carries the mark passed"),
        ({"a": "passed", "b": "failed"}, [], "one of them failed"),
        ({"a": "passed", "b": "skipped"}, ["a"], "a skipped one holds nothing"),
        ({"a": "skipped"}, [], "only skipped"),
        ({}, [], "no test carries the mark"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_case_is_held_by_tests_that_passed(outcomes, held_by, why):
    assert holders(outcomes) == held_by


def test_the_answer_is_one_object_on_the_last_line(tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "cases.json").write_text(json.dumps({"R001": {"tests/a.py::test_a": "passed"}}))
    (tmp_path / "cases.jsonl").write_text('{"id": "R001"}\n\n{"id": "R002", "kind": "a like one"}\n')
    done = subprocess.run(
        [sys.executable, "-m", "tests.cases", "cases.jsonl", "--json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "cases": {"R001": ["tests/a.py::test_a"], "R002": []},
        "held": 1,
        "missing": ["R002"],
    }


def test_the_mark_of_a_test_is_recorded_with_its_outcome(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = case(id): one case\n")
    (tmp_path / "test_it.py").write_text(
        "import pytest\n"
        "@pytest.mark.case('R001', 'R002')\n"
        "def test_both(): pass\n"
        "@pytest.mark.case('R002')\n"
        "def test_fails(): assert False\n"
    )
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.cases.recording", "-p", "no:cacheprovider", "."],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
    )
    assert json.loads((tmp_path / "var" / "cases.json").read_text()) == {
        "R001": {"test_it.py::test_both": "passed"},
        "R002": {"test_it.py::test_both": "passed", "test_it.py::test_fails": "failed"},
    }
