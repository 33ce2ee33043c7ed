"""`python -m tests.oracle DIR --json`: every case of a folder of oracle files beside the product's own figures."""

import argparse
import json
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from portal.domain.errors import DomainError
from tests.oracle.adapters import NotExpressed, figures_of

META = {"schedule_is_partial", "tolerance"}


def differences(expected: Any, found: Any, where: str = "", tolerance: Decimal = Decimal(0)) -> list[str]:
    """Where `found` is not what is expected. Only what is expected is compared; a list of rows goes by their number."""
    if isinstance(expected, dict):
        if not isinstance(found, dict):
            return [f"{where}: {expected} expected, {found} found"]
        near = Decimal(expected["tolerance"]) if "tolerance" in expected else tolerance
        result = []
        for name, value in expected.items():
            if name not in META:
                result += differences(value, found.get(name), f"{where}.{name}".strip("."), near)
        if where.endswith("by_bucket") and set(found) - set(expected):
            result.append(f"{where}: {sorted(set(found) - set(expected))} not expected")
        return result
    if expected in ([], {}):  # nothing is asserted
        return []
    if isinstance(expected, list):
        return _rows(expected, found or [], where, tolerance)
    if expected is None or found is None or isinstance(expected, bool):
        same = expected is found or expected == found
    else:
        try:
            same = abs(Decimal(str(expected)) - Decimal(str(found))) <= tolerance
        except InvalidOperation:
            same = str(expected) == str(found)
    return [] if same else [f"{where}: {expected} expected, {found} found"]


def _rows(expected: list[Any], found: list[Any], where: str, tolerance: Decimal) -> list[str]:
    if expected and isinstance(expected[0], dict) and "n" in expected[0]:
        numbered = {row["n"]: row for row in found}
        result = []
        for row in expected:
            result += differences(row, numbered.get(row["n"]), f"{where}[{row['n']}]", tolerance)
        return result
    if len(expected) != len(found):
        return [f"{where}: {len(expected)} expected, {len(found)} found"]
    result = []
    for index, (one, other) in enumerate(zip(expected, found, strict=True)):
        result += differences(one, other, f"{where}[{index}]", tolerance)
    return result


def judged(case: dict[str, Any]) -> tuple[str, str]:
    """('agree' or 'disagree' or 'not_expressed', why)."""
    expected = case["expected"]
    try:
        found = figures_of(case)
    except NotExpressed as error:
        return "not_expressed", str(error)
    except DomainError as error:
        return "disagree", f"refused: {error.code}: {error.sentence}"
    wrong = differences(expected, found)
    whole = "schedule" in expected and not expected.get("schedule_is_partial")
    if whole and not wrong and len(found.get("schedule", [])) != len(expected["schedule"]):
        wrong = [f"{len(expected['schedule'])} rows expected, {len(found['schedule'])} found"]
    if not _compares_something(expected):
        return "not_expressed", "it expects nothing that can be compared"
    return ("disagree", "; ".join(wrong[:4])) if wrong else ("agree", "")


def _compares_something(expected: dict[str, Any]) -> bool:
    return any(name not in META and value not in ([], {}) for name, value in expected.items())


def cases(folder: Path) -> list[dict[str, Any]]:
    """The cases of every .jsonl file of a folder, in the order of their files."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        found += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return found


def main(arguments: list[str] | None = None) -> int:
    """Exit 0 where every case of high confidence agrees, 1 where one does not, 2 where there is no case."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    counts = {"agree": 0, "disagree": 0, "not_expressed": 0}
    fails = False
    listed = cases(options.folder)
    for case in listed:
        verdict, why = judged(case)
        counts[verdict] += 1
        if verdict != "agree":
            fails = fails or case.get("confidence") == "high"
            print(f"{case['id']} ({case.get('confidence')}): {verdict}: {why}")
    total = {**counts, "total": len(listed)}
    print(json.dumps(total) if options.json else ", ".join(f"{name} {count}" for name, count in total.items()))
    if not listed:
        return 2
    return 1 if fails else 0


if __name__ == "__main__":
    sys.exit(main())
