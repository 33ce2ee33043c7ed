"""Today, what was asked and a draft side by side: the same lines of each."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.domain.allocation import LoanAccount, Statement, statement
from portal.domain.restructuring import Restructured, account_after
from portal.plan_charts import Chart, Today, chart


@dataclass(frozen=True)
class Column:
    """One plan, or today. Amounts are minor units; `payments` are (due date, minor units) still to pay, oldest first.

    `first` is the next payment with what is `overdue`, `amount` the usual one. `count` are payments from now on, `paid`
    those made before. `extra` is the difference from today, `spare` what a budget leaves after the usual payment (below
    zero where it is above); None where there is nothing to compare with.
    """

    first_on: date | None
    first: int | None
    overdue: int
    amount: int
    count: int
    paid: int
    last_on: date
    total: int
    extra: int | None
    spare: int | None
    payments: tuple[tuple[date, int], ...]

    @property
    def in_all(self) -> int:
        return self.paid + self.count


def column_today(account: LoanAccount, comparison: Any, carries: int | None, on: date) -> Column:
    """comparison: of any plan for this account, as of `on`. carries: what a budget leaves for each payment."""
    stated = statement(account, on)
    return _column(stated, stated, comparison.amount_today, None, carries, on)


def column_of(account: LoanAccount, result: Restructured, carries: int | None, on: date) -> Column:
    """`result` as the borrower would owe it from `on` on."""
    comparison = result.comparison
    then = statement(account_after(account, result, on), on)
    return _column(then, statement(account, on), comparison.amount_new, comparison.extra, carries, on)


def _column(
    stated: Statement, before: Statement, amount: int, extra: int | None, carries: int | None, on: date
) -> Column:
    payments = tuple((line.due_on, line.open) for line in stated.lines if line.open)
    coming = [(day, due) for day, due in payments if day >= on]
    return Column(
        first_on=coming[0][0] if coming else None,
        overdue=stated.overdue,
        first=stated.overdue + (coming[0][1] if coming else 0),
        amount=amount,
        count=len(payments),
        # As they are today: a plan folds a part that was paid of an installment into a row of its own.
        paid=sum(1 for line in before.lines if not line.open),
        last_on=stated.lines[-1].due_on,
        total=stated.left_to_pay,
        extra=extra,
        spare=None if carries is None else carries - amount,
        payments=payments,
    )


def kept_columns(figures: dict[str, Any]) -> tuple[Column, Column]:
    """Today and a plan as they were when somebody saw them (`figures` of portal.services.plans): for a request that has
    ended, whose loan has moved on since."""
    seen = figures["comparison"]
    payments = tuple((date.fromisoformat(day), sum(parts)) for day, *parts in figures["future"])

    def column(side: str, extra: int | None, payments: tuple[tuple[date, int], ...]) -> Column:
        first_on = seen[f"first_due_{side}"]
        return Column(
            first_on=date.fromisoformat(first_on) if first_on else None,
            first=payments[0][1] if payments else None,
            overdue=0,
            amount=seen[f"amount_{side}"],
            count=seen[f"installments_{side}"],
            paid=0,
            last_on=date.fromisoformat(seen[f"last_due_{side}"]),
            total=seen[f"left_to_pay_{side}"],
            extra=extra,
            spare=None,
            payments=payments,
        )

    return column("today", None, ()), column("new", seen["extra"], payments)


def charts(account: LoanAccount, today: Column, plans: list[Column], on: date) -> list[Chart]:
    """One picture for each of `plans` beside today, all on one axis."""
    late = sum(amount for day, amount in today.payments if day < on)
    coming = tuple((day, amount) for day, amount in today.payments if day >= on)
    standing = Today(on, account.terms.frequency, coming, late)
    last_on = max(column.last_on for column in (today, *plans))
    return [chart(standing, plan.payments, last_on) for plan in plans]


def line_by_line(columns: list[Column]) -> list[tuple[date, list[int | None]]]:
    """Every due date of any of `columns`, with what each asks then (None: nothing)."""
    by_date = [_merged(column.payments) for column in columns]
    days = sorted({day for amounts in by_date for day in amounts})
    return [(day, [amounts.get(day) for amounts in by_date]) for day in days]


def _merged(payments: tuple[tuple[date, int], ...]) -> dict[date, int]:
    merged: dict[date, int] = {}
    for day, amount in payments:
        merged[day] = merged.get(day, 0) + amount
    return merged
