"""Rows of schedules a second beside mortgagemath's, and all plan options of a borrower beside 40 schedules: one core, the
same loans, the same run. `--json` prints one object; `ratio` is the worst part against its own bound."""

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

import mortgagemath

from portal.domain.allocation import LoanAccount, Payment
from portal.domain.due_dates import MONTHLY, add_months
from portal.domain.options import plan_options
from portal.domain.schedule import LoanTerms, build_schedule, figures, level_installment, period_factors

LOANS = 150
ROUNDS = 7
BOUNDS = {"figures": 2.0, "dated rows": 1.0, "plan options": 1.0}
PAID_OUT = date(2026, 1, 15)


@dataclass(frozen=True)
class Loan:
    ours: LoanTerms
    theirs: mortgagemath.LoanParams


def loans() -> list[Loan]:
    """Loans drawn by lot: one to five years, 100.00 to 50,000.00, up to 36 % a year."""
    lots = Random(4)
    result = []
    for _ in range(LOANS):
        cents, months = lots.randrange(100_00, 50_000_00), lots.choice((12, 18, 24, 36, 48, 60))
        rate = Decimal(lots.randrange(100, 3600)).scaleb(-2)
        result.append(
            Loan(
                LoanTerms(cents, "USD", rate, months, MONTHLY, PAID_OUT, add_months(PAID_OUT, 1)),
                mortgagemath.LoanParams(
                    principal=Decimal(cents).scaleb(-2),
                    annual_rate=rate,
                    term_months=months,
                    payment_rounding=mortgagemath.PaymentRounding.ROUND_HALF_UP,
                ),
            )
        )
    return result


def our_figures(terms: LoanTerms) -> tuple[list[int], list[int]]:
    """Principal and interest of each row, without dates."""
    return figures(terms, period_factors(terms, (terms.first_due_on,) * terms.installments))


def borrowers(listed: list[Loan]) -> list[tuple[LoanAccount, date, int]]:
    """An account, a day and what is left over: every third on time, the others one or two installments behind."""
    result = []
    for index, loan in enumerate(listed):
        schedule = build_schedule(loan.ours)
        paid = 2 + index % 7
        entries = tuple(Payment(f"{row.number:03}", row.due_on, row.total) for row in schedule.installments[:paid])
        on = add_months(PAID_OUT, paid + 1 + index % 3)
        result.append((LoanAccount(loan.ours, schedule, entries), on, level_installment(loan.ours) * 3 // 4))
    return result


def seconds(*jobs: Callable[[], object]) -> list[float]:
    """The best time of each job on this process's clock, taken in turns so that a busy machine slows all alike."""
    best = [float("inf")] * len(jobs)
    for _ in range(ROUNDS):
        for index, job in enumerate(jobs):
            start = time.process_time()
            job()
            best[index] = min(best[index], time.process_time() - start)
    return best


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    listed = loans()
    rows = 0
    for loan in listed:
        theirs = mortgagemath.amortization_schedule(loan.theirs)[1:]
        ours = build_schedule(loan.ours).installments
        if [(row.principal, row.interest) for row in ours] != [(r.principal * 100, r.interest * 100) for r in theirs]:
            print("The figures are not the same, so their speed means nothing.", file=sys.stderr)
            return 1
        rows += len(theirs)
    people = borrowers(listed)
    plain, dated, theirs_took, options = seconds(
        lambda: [our_figures(loan.ours) for loan in listed],
        lambda: [build_schedule(loan.ours) for loan in listed],
        lambda: [mortgagemath.amortization_schedule(loan.theirs) for loan in listed],
        lambda: [plan_options(account, on, left, own=left * 9 // 10) for account, on, left in people],
    )
    peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)

    def part(name: str, ours: float, baseline: float, ratio: float, unit: str) -> dict[str, object]:
        return {
            "name": name,
            "engine": "python",
            "ours": round(ours, 4),
            "baseline": round(baseline, 4),
            "ratio": round(ratio, 2),
            "unit": unit,
            "peak_mb": peak,
        }

    forty = 40 * dated / LOANS * 1000
    each = options / LOANS * 1000
    parts = [
        part("figures", rows / plain, rows / theirs_took, theirs_took / plain, "rows/s"),
        part("dated rows", rows / dated, rows / theirs_took, theirs_took / dated, "rows/s"),
        part("plan options", each, forty, forty / each, "ms a borrower"),
    ]
    worst = min(float(str(entry["ratio"])) / BOUNDS[str(entry["name"])] for entry in parts)
    if as_json:
        print(json.dumps({"parts": parts, "ratio": round(worst, 2)}))
    else:
        for entry in parts:
            bound = BOUNDS[str(entry["name"])]
            print(f"{entry['name']}: {entry['ours']} {entry['unit']}, baseline {entry['baseline']}, ", end="")
            print(f"ratio {entry['ratio']} (at least {bound})")
        print(f"worst against its bound: {worst:.2f}")
    return 0 if worst >= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
