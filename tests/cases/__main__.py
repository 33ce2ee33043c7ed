"""`python -m tests.cases FILE --json`: which cases of FILE the last run of the tests held."""

import argparse
import json
from pathlib import Path

from tests.cases import RECORD


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.cases", description=__doc__)
    parser.add_argument("file", type=Path, help="cases, one JSON object a line, each with an id")
    parser.add_argument("--json", action="store_true", help="the last line is one JSON object")
    arguments = parser.parse_args()
    outcomes = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    cases = {}
    for line in arguments.file.read_text().splitlines():
        if line.strip():
            case = json.loads(line)["id"]
            cases[case] = holders(outcomes.get(case, {}))
    for case, tests in cases.items():
        print(f"{case}: {', '.join(tests) or 'no test'}")
    missing = [case for case, tests in cases.items() if not tests]
    held = len(cases) - len(missing)
    if arguments.json:
        print(json.dumps({"cases": cases, "held": held, "missing": missing}))
    else:
        print(f"{held} held, {len(missing)} missing")


def holders(outcomes: dict[str, str]) -> list[str]:
    """The tests that passed; none where one of them failed, since the case is not held then."""
    if "failed" in outcomes.values():
        return []
    return sorted(test for test, outcome in outcomes.items() if outcome == "passed")


if __name__ == "__main__":
    main()
