"""`portal reminders plan`, `portal reminders send`, `portal may-contact`."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from portal import public_holidays
from portal.contact_rules import NoSuchRules, rule_sets
from portal.domain.contact import Decision, Defer, Send, decide
from portal.domain.contact_facts import BadFacts, Facts, read_facts, read_instant


@click.group()
def reminders() -> None:
    """Gentle reminders: planned for today, and sent when their time has come."""


@reminders.command()
@click.option("--json", "as_json", is_flag=True)
def plan(as_json: bool) -> None:
    """Plans reminders for payments that are coming or were just missed."""
    from portal import tasks
    from portal.app import create_app
    from portal.operating_commands import settings_or_exit

    _print_counts(tasks.plan(create_app(settings_or_exit())), as_json)


@reminders.command()
@click.option("--json", "as_json", is_flag=True)
def send(as_json: bool) -> None:
    """Sends the messages whose time has come, through the gateway that is set."""
    from portal import tasks
    from portal.app import create_app
    from portal.operating_commands import settings_or_exit

    app = create_app(settings_or_exit())
    if not tasks.gateways_of(app):
        click.echo("No gateway is set (PORTAL_GATEWAY=none), so everything stays planned.", err=True)
    _print_counts(tasks.send(app), as_json)


@reminders.command()
@click.argument("state", type=click.Choice(["on", "off"]))
@click.argument("book")
def switch(state: str, book: str) -> None:
    """Switches reminders on or off for the loans of BOOK, the name in its mapping, that are in by now."""
    from portal.app import create_app
    from portal.db import transaction
    from portal.operating_commands import settings_or_exit
    from portal.services.book_reminders import NoSuchBook, switch_reminders

    app = create_app(settings_or_exit())
    with app.app_context():
        try:
            with transaction() as session:
                count = switch_reminders(session, book, state == "on", app.extensions["clock"].now())
        except NoSuchBook as error:
            click.echo(f"portal: {error}", err=True)
            raise SystemExit(2) from None
    click.echo(f"Reminders are {state} now for {count} loans of {book} for which they were not.")


def _print_counts(counts: Mapping[str, int], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(dict(counts)))
        return
    for name, count in counts.items():
        click.echo(f"{count:6} {name}")


@click.command("may-contact")
@click.option("--facts", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--now", help="An instant with its offset; wins over the one in the file.")
@click.option("--json", "as_json", is_flag=True)
def may_contact(facts: Path, now: str | None, as_json: bool) -> None:
    """Whether a contact may be made: FACTS is a line of cases/contacts.jsonl in a file of its own. Where it lists no
    holidays, the national ones of the borrower's zone hold."""
    try:
        case = json.loads(facts.read_text(encoding="utf-8"))
        instant = now or case.get("now")
        if not instant:
            raise BadFacts("now is missing: give --now")
        at = read_instant(instant)
        decision = decide(_with_holidays(case["facts"], at), rule_sets(case.get("rules", ())), at)
    except NoSuchRules as error:
        raise click.UsageError(f"{facts}: there is no rule set {error.args[0]}") from None
    except (KeyError, TypeError, ValueError) as error:
        raise click.UsageError(f"{facts} can't be read: {error}") from None
    answer = as_answer(decision)
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    click.echo(", ".join(f"{name}: {value}" for name, value in answer.items() if value is not None))


def _with_holidays(record: Mapping[str, Any], at: datetime) -> Facts:
    """The facts of `record`. A list of holidays, an empty one too, stands in for those that are known of the zone."""
    facts = read_facts(record)
    if record.get("holidays") is not None:
        return facts
    return replace(facts, holidays=public_holidays.around(facts.zone, at.astimezone(ZoneInfo(facts.zone)).date()))


def as_answer(decision: Decision) -> dict[str, Any]:
    """A decision as plain values: decision, until, reason, rule, source."""
    answer: dict[str, Any] = {"decision": type(decision).__name__.lower(), "until": None}
    if isinstance(decision, Send):
        return answer | {"reason": None, "rule": None, "source": None}
    if isinstance(decision, Defer):
        answer["until"] = decision.until.isoformat()
    return answer | {"reason": decision.reason, "rule": decision.rule or None, "source": decision.source}
