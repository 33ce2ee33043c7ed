"""A pytest plugin that notes for each case which tests carry its mark and how they ended."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from tests.cases import RECORD

PROPERTY = "case"
# case -> test -> outcome. Under xdist reports reach the controller, which alone writes.
outcomes: dict[str, dict[str, str]] = defaultdict(dict)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for mark in item.iter_markers("case"):
            item.user_properties.extend((PROPERTY, str(case)) for case in mark.args)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    # A test that fails at its end was told to have passed before; a failure stays.
    if report.when == "call" or not report.passed:
        for name, case in report.user_properties:
            if name == PROPERTY and outcomes[case].get(report.nodeid) != "failed":
                outcomes[case][report.nodeid] = report.outcome


def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    record = Path(config.rootpath) / RECORD
    record.parent.mkdir(exist_ok=True)
    record.write_text(json.dumps(outcomes, indent=1, sort_keys=True))
