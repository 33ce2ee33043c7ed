"""`python -m tests.wording FILE --json`: does the wording check judge each sentence of FILE as it expects?"""

import json
import sys
from pathlib import Path
from typing import Any

from portal.domain.wording import Verdict
from portal.wording_rules import judge


def verdict_on(case: dict[str, Any]) -> Verdict:
    return judge(case["text"], case["lang"], case["stage"])


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def main(arguments: list[str]) -> int:
    paths = [argument for argument in arguments if not argument.startswith("--")]
    if len(paths) != 1:
        print("usage: python -m tests.wording FILE --json", file=sys.stderr)
        return 2
    cases = read(Path(paths[0]))
    agree = 0
    for case in cases:
        verdict = verdict_on(case)
        if verdict.verdict == case["expect"]:
            agree += 1
        else:
            words = "; ".join(f"{found.words} ({found.why})" for found in verdict.findings)
            print(f"{case['id']}: {verdict.verdict}, expected {case['expect']}: {case['text']} [{words}]")
    print(json.dumps({"agree": agree, "disagree": len(cases) - agree, "total": len(cases)}))
    return 0 if agree == len(cases) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
