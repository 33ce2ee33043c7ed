"""`portal may-contact` and `portal reminders`, as scripts call them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal import contact_commands
from portal.crypto import Keyring
from portal.db import Model, make_engine, open_session
from tests.factories import a_lender, a_loan
from tests.test_worker import SETTINGS

CASE = {
    "rules": ["safe-default"],
    "facts": {"borrower_zone": "Asia/Taipei", "form": "text", "purpose": "reminder", "to": "borrower"},
    "now": "2026-11-04T10:00:00+08:00",
}


def ask(folder: Path, case: dict, *more: str) -> tuple[int, str]:
    file = folder / "facts.json"
    file.write_text(json.dumps(case), encoding="utf-8")
    result = CliRunner().invoke(contact_commands.may_contact, ["--facts", str(file), *more])
    return result.exit_code, result.output.strip()


def test_it_answers_for_one_contact(tmp_path: Path) -> None:
    code, output = ask(tmp_path, CASE, "--json")
    assert code == 0
    assert json.loads(output) == {"decision": "send", "until": None, "reason": None, "rule": None, "source": None}


def test_now_wins_over_the_one_in_the_file(tmp_path: Path) -> None:
    code, output = ask(tmp_path, CASE, "--now", "2026-11-04T20:00:00+08:00", "--json")
    assert code == 0
    answer = json.loads(output)
    assert (answer["decision"], answer["reason"], answer["rule"]) == ("defer", "hours", "safe-default")
    assert answer["until"] == "2026-11-05T09:00:00+08:00"


@pytest.mark.parametrize(
    ("holidays", "decision"),
    [({}, "defer"), ({"holidays": []}, "send"), ({"holidays": [{"date": "2026-12-24"}]}, "send")],
)
def test_a_list_of_holidays_stands_in_for_those_that_are_known(tmp_path: Path, holidays: dict, decision: str) -> None:
    case = CASE | {"facts": CASE["facts"] | holidays}
    code, output = ask(tmp_path, case, "--now", "2026-12-25T10:00:00+08:00", "--json")
    assert code == 0
    assert json.loads(output)["decision"] == decision


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"rules": ["atlantis"]}, "there is no rule set atlantis"),
        ({"facts": {"form": "text"}}, "borrower_zone is missing"),
        ({"now": "2026-11-04T10:00:00"}, "has no offset"),
        ({"now": None}, "give --now"),
    ],
)
def test_what_cannot_be_read_is_wrong_use_and_says_why(tmp_path: Path, change: dict, says: str) -> None:
    code, output = ask(tmp_path, CASE | change)
    assert code == 2
    assert says in output


def test_plan_and_send_print_their_counts(tmp_path: Path, keys: Keyring) -> None:
    url = f"sqlite:///{tmp_path / 'leeway.db'}"
    engine = make_engine(url)
    Model.metadata.create_all(engine)
    with open_session(engine, keys) as session:
        a_lender(session)
        a_loan(session)
        session.commit()
    engine.dispose()

    def portal(*arguments: str) -> str:
        environment = {**os.environ, **SETTINGS, "PORTAL_DATABASE_URL": url}
        command = [sys.executable, "-m", "portal", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    planned = json.loads(portal("reminders", "plan", "--json").splitlines()[-1])
    assert planned == {"planned": 1, "held": 0, "thinned": 0, "cancelled": 0}
    assert "1 sent" in portal("reminders", "send")
