"""`portal schedule` and `portal restructure`: the figures that the pages show, from the command line."""

import json
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from portal.domain.allocation import LoanAccount, replay, statement
from portal.domain.apr import apr_of, effective_of
from portal.domain.conventions import Excess
from portal.domain.errors import DomainError
from portal.domain.loan_terms import LoanTerms
from portal.domain.money import round_ratio, to_decimal
from portal.domain.plan_terms import PlanTerms
from portal.domain.restructuring import Restructured, account_after
from portal.domain.restructuring import restructure as restructured
from portal.domain.schedule import Installment, Schedule, build_schedule, level_installment
from portal.stated_terms import account_of, plan_of, terms_of
from portal.stated_values import Stated, Unstated, day_of, decimal

Row = dict[str, Any]


def money(minor: int, currency: str) -> str:
    """An amount as text in currency units, all digits of the currency."""
    return str(to_decimal(minor, currency))


def schedule_figures(stated: Stated, profile: str) -> Stated:
    """A schedule of stated terms, in the form of the oracle's `expected`."""
    terms = terms_of(stated, profile)
    schedule = build_schedule(terms)
    currency, digits = terms.currency, 10 ** -int(to_decimal(1, terms.currency).as_tuple().exponent)

    def whole(minor: int) -> str:
        return str(round_ratio(minor, digits))

    return {
        "profile": profile,
        "conventions": terms.conventions.to_dict(),
        "schedule": rows_of(schedule.installments, currency, terms.disbursed_on),
        "total_interest": money(schedule.total_interest, currency),
        "total_due": money(schedule.total_due, currency),
        "level_instalment": money(level_installment(terms), currency),
        "instalment_count": len(schedule.installments),
        "due_dates": [row.due_on.isoformat() for row in schedule.installments],
        "total_interest_rounded_to_unit": whole(schedule.total_interest),
        "total_payment_rounded_to_unit": whole(schedule.total_due),
        "rows_rounded_to_unit": [
            {
                "n": row.number,
                "principal": whole(row.principal),
                "interest": whole(row.interest),
                "balance": whole(row.balance),
            }
            for row in schedule.installments
        ],
        "apr_us_percent": _cost(apr_of, terms, schedule),
        "effective_rate_percent": _cost(effective_of, terms, schedule),
    }


def _cost(of: Callable[[LoanTerms, Schedule], Any], terms: LoanTerms, schedule: Schedule) -> str | None:
    try:
        return str(of(terms, schedule))
    except DomainError:
        return None


def rows_of(rows: Sequence[Installment], currency: str, start: date) -> list[Row]:
    """Rows of a schedule with their days."""
    result = []
    for row in rows:
        result.append(
            {
                "n": row.number,
                "due_date": row.due_on.isoformat(),
                "days": (row.due_on - start).days,
                "principal": money(row.principal, currency),
                "interest": money(row.interest, currency),
                "fees": money(row.fees, currency),
                "due": money(row.total, currency),
                "balance": money(row.balance, currency),
            }
        )
        start = row.due_on
    return result


def followed_figures(account: LoanAccount, on: date) -> Stated:
    """A loan with its payments on a date, row by row."""
    laid = replay(account, on)
    currency = account.terms.currency
    rows = rows_of(laid.rows, currency, account.terms.disbursed_on)
    for index, row in enumerate(rows):
        due, paid = laid.due[index], laid.paid[index]
        row.update(
            fees=money(due[1], currency),
            penalties=money(due[0], currency),
            interest=money(due[2], currency),
            principal=money(due[3], currency),
            due=money(sum(due), currency),
            paid=money(sum(paid), currency),
            paid_in_advance=money(laid.in_advance[index], currency),
            paid_late=money(laid.late[index], currency),
            outstanding=money(sum(due) - sum(paid), currency),
        )
    return {
        "schedule": rows,
        "total_interest": money(sum(due[2] for due in laid.due), currency),
        "total_due": money(sum(sum(due) for due in laid.due), currency),
        "instalment_count": len(rows),
    }


def plan_figures(account: LoanAccount, plan: PlanTerms, on: date) -> Stated:
    """A loan under a plan, row by row, with the difference from today. Installments that a plan took up stand in their old
    place with nothing due."""
    result = restructured(account, plan, on)
    currency = account.terms.currency
    after = account_after(account, result, on)
    schedule = with_moved_rows(account, result)
    shown = followed_figures(replace(after, schedule=schedule), on)
    comparison = result.comparison
    difference: Stated = {}
    for item in fields(comparison):
        value = getattr(comparison, item.name)
        if isinstance(value, date):
            difference[item.name] = value.isoformat()
        elif item.name.startswith(("installments", "months")) or value is None:
            difference[item.name] = value
        else:
            difference[item.name] = money(value, currency)
    return {
        **shown,
        "difference": difference,
        "capitalised": money(result.capitalised, currency),
        "kept_aside": money(result.kept_aside, currency),
        "waived_principal": money(result.waived_principal, currency),
        "waived_interest": money(result.waived_interest, currency),
        "waived_fees": money(result.waived_fees, currency),
    }


def with_moved_rows(account: LoanAccount, result: Restructured) -> Schedule:
    """The plan's schedule, with an empty row for each installment that it took up."""
    rows = list(result.schedule.installments)
    dates = {row.due_on for row in rows}
    for row in account.schedule.installments:
        if row.due_on < result.on and row.due_on not in dates:
            rows.append(Installment(0, row.due_on, 0, 0, 0, 0))
    rows.sort(key=lambda row: row.due_on)
    balance = account.terms.principal
    numbered = []
    for number, row in enumerate(rows, 1):
        balance = row.balance if row.number else balance
        numbered.append(row._replace(number=number, balance=balance))
    return Schedule(result.schedule.currency, tuple(numbered))


def restructure_figures(stated: Stated, profile: str, kind: str = "") -> Stated:
    """A case of the oracle's restructures: `loan`, and what happened to it (`payments`, `restructure`, `payoff_date`).

    `kind` says what an excess payment does: prepayment_reduce_term ends the loan earlier, else installments get smaller.
    """
    change = stated.get("restructure", {})
    if "payoff_date" in stated:
        return payoff_figures(stated, profile)
    if change.get("type") in ("rate_change", "interest_pause"):
        loan = {**stated, **stated["loan"]}
        terms = terms_of(loan, profile)
        if change["type"] == "rate_change":
            rate = decimal(change["new_annual_rate_percent"], "new_annual_rate_percent")
            changed = replace(terms, rate_changes=((date.fromisoformat(change["effective_date"]), rate),))
        else:
            pause = (date.fromisoformat(change["from"]), date.fromisoformat(change["to"]))
            changed = replace(terms, interest_pauses=(pause,))
        schedule = build_schedule(changed)
        return {
            "schedule": rows_of(schedule.installments, terms.currency, terms.disbursed_on),
            "total_interest": money(schedule.total_interest, terms.currency),
            "total_due": money(schedule.total_due, terms.currency),
        }
    if change:
        account = account_of(stated, profile)
        made = day_of(change, "requested_on") or day_of(change, "effective_from_due_date") or account.terms.disbursed_on
        plan = plan_of(
            {name: value for name, value in change.items() if name != "requested_on"}, account.terms.currency
        )
        return plan_figures(account, plan, made)
    on = day_of(stated, "as_of")
    if on is None:
        raise Unstated("no_date", "The case states neither a change nor a date.")
    excess = Excess.shorter_term if kind == "prepayment_reduce_term" else Excess.smaller_installment
    return followed_figures(account_of(stated, profile, interest_recalculated=True, excess=excess), on)


def payoff_figures(stated: Stated, profile: str) -> Stated:
    """What settles a loan on a day."""
    account = account_of(stated, profile)
    on = day_of(stated, "payoff_date")
    if on is None:
        raise Unstated("no_date", "The case states no date of the payoff.")
    today = statement(account, on)
    interest = today.payoff - today.outstanding_principal - today.overdue_fees - today.overdue_penalties
    return {
        "principal": money(today.outstanding_principal, account.terms.currency),
        "interest": money(interest, account.terms.currency),
        "total": money(today.payoff, account.terms.currency),
    }


def _read(path: Path) -> Stated:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise click.UsageError(f"{path} can't be read as JSON: {error}") from None
    if not isinstance(read, dict):
        raise click.UsageError(f"{path} must hold one JSON object.")
    return read


def _with_inputs(stated: Stated) -> Stated:
    """Terms that stand under `inputs`, as in a case of the oracle, beside the rest."""
    inputs = stated.get("inputs", {})
    if not isinstance(inputs, dict):
        raise click.UsageError("inputs must be a JSON object.")
    return {**inputs, **{name: value for name, value in stated.items() if name != "inputs"}}


def _answer(make: Callable[[], Stated], as_json: bool, context: click.Context) -> None:
    """Prints figures, or the refusal with its code; a refusal exits 1, what can't be read exits 2."""
    try:
        figures = make()
    except DomainError as error:
        if as_json:
            click.echo(
                json.dumps({"error": error.code, "sentence": error.sentence, "params": error.params}, default=str)
            )
        else:
            click.echo(error.sentence, err=True)
        context.exit(1)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise click.UsageError(f"These terms can't be read: {error!r}") from None
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False))
        return
    for row in figures["schedule"]:
        click.echo(f"{row['n']:>4}  {row['due_date']}  {row['principal']:>14}  {row['interest']:>12}  {row['due']:>14}")
    click.echo(f"interest {figures['total_interest']}, to pay in all {figures['total_due']}")
    for name, value in figures.get("difference", {}).items():
        click.echo(f"{name.replace('_', ' ')}: {value}")


FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("schedule")
@click.option("--terms", "terms_file", required=True, type=FILE, help="Loan terms and `profile`, as JSON.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_context
def schedule(context: click.Context, terms_file: Path, as_json: bool) -> None:
    """The repayment schedule of a loan's terms."""
    stated = _read(terms_file)
    inputs = _with_inputs(stated)
    _answer(lambda: schedule_figures(inputs, stated.get("profile", "half-up")), as_json, context)


@click.command("restructure")
@click.option("--loan", "loan_file", required=True, type=FILE, help="A loan with its payments and `profile`, as JSON.")
@click.option("--plan", "plan_file", required=True, type=FILE, help="The plan, as JSON; amounts in currency units.")
@click.option("--on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day on which the plan is made.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_context
def restructure(context: click.Context, loan_file: Path, plan_file: Path, on: Any, as_json: bool) -> None:
    """A loan under a plan, and the difference from today."""
    stated, asked = _read(loan_file), _read(plan_file)
    stated = _with_inputs(stated)
    profile = stated.get("profile", "half-up")
    change = asked.get("restructure", asked)
    if not isinstance(change, dict):
        raise click.UsageError("restructure must be a JSON object.")

    def make() -> Stated:
        if change.get("type") in ("rate_change", "interest_pause"):
            return restructure_figures({"loan": stated.get("loan", stated), "restructure": change}, profile)
        account = account_of(stated, profile)
        plan = plan_of(
            {k: v for k, v in change.items() if k != "requested_on" or "type" in change}, account.terms.currency
        )
        return plan_figures(account, plan, on.date())

    _answer(make, as_json, context)
