"""`python -m tests.contacts FILE --json`: does the gate decide each case of FILE as it expects?"""

import json
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from portal.contact_rules import rule_sets
from portal.domain.contact import Decision, Defer, Hold, decide
from portal.domain.contact_facts import read_facts, read_instant

A_CAP_MAY_DIFFER_BY = timedelta(minutes=1)


@dataclass(frozen=True)
class Verdict:
    agrees: bool
    decision: Decision


def judge(case: dict[str, Any]) -> Verdict:
    """Whether our decision on a case is the one that it expects."""
    decision = decide(read_facts(case["facts"]), rule_sets(case["rules"]), read_instant(case["now"]))
    return Verdict(_agrees(decision, case["expect"]), decision)


def _agrees(decision: Decision, expect: dict[str, Any]) -> bool:
    if type(decision).__name__.lower() != expect["decision"]:
        return False
    if isinstance(decision, Defer | Hold) and "reason" in expect and decision.reason != expect["reason"]:
        return False
    if isinstance(decision, Defer) and "until" in expect:
        apart = abs(decision.until - datetime.fromisoformat(expect["until"]))
        return apart <= (A_CAP_MAY_DIFFER_BY if decision.reason.startswith("cap_") else timedelta(0))
    return True


def main(arguments: list[str]) -> int:
    paths = [argument for argument in arguments if not argument.startswith("--")]
    if len(paths) != 1:
        print("usage: python -m tests.contacts FILE --json", file=sys.stderr)
        return 2
    cases = [json.loads(line) for line in Path(paths[0]).read_text(encoding="utf-8").splitlines() if line.strip()]
    agree = 0
    for case in cases:
        verdict = judge(case)
        agree += verdict.agrees
        if not verdict.agrees:
            print(f"{case['id']}: {verdict.decision}, expected {case['expect']} ({case.get('why', '')})")
    print(json.dumps({"agree": agree, "disagree": len(cases) - agree, "total": len(cases)}))
    return 0 if agree == len(cases) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
