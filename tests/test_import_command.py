"""`portal import-book` as an operator meets it: what it shows, what it keeps, how it ends."""

import base64
import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from portal.import_command import import_book
from portal.models import ImportRun, Loan
from tests import factories
from tests.conftest import DATA_KEY

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"
MAPPING = """
[book]
name = "small"
[file]
encoding = "utf-8"
delimiter = "comma"
[columns]
loan_number = "no"
principal = "amount"
installments = "term"
rate = "rate"
issued_on = "issued"
stated_balance = "left"
[numbers]
decimal = "point"
grouping = "none"
[dates]
form = "iso"
[currency]
code = "USD"
[product]
name = "Small loan"
method = "equal_installments"
frequency = "monthly"
[first_due]
periods_after_issue = 1
"""
HEADER = "no,amount,term,rate,issued,left"
GOOD = "{},1200.00,12,12,2026-07-10,815.80"
BAD = "{},=twelve,12,12,2026-07-10,815.80"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "map.toml").write_text(MAPPING)
    return tmp_path


@pytest.fixture
def environment(settings):
    return {
        "PORTAL_MODE": "test",
        "PORTAL_DATABASE_URL": settings.database_url,
        "PORTAL_SECRET_KEY": settings.secret_key,
        "PORTAL_LOOKUP_KEY": settings.lookup_key.decode(),
        "PORTAL_DATA_KEYS": f"test:{base64.urlsafe_b64encode(DATA_KEY).decode()}",
        "PORTAL_BASE_URL": settings.base_url,
        "PORTAL_NOW": factories.NOW.isoformat(),
    }


def run(folder, environment, *options, lines=(GOOD.format("L-1"), GOOD.format("L-2")), mapping="map.toml"):
    (folder / "book.csv").write_text("\n".join([HEADER, *lines]) + "\n")
    arguments = [str(folder / "book.csv"), "--mapping", str(folder / mapping), *options]
    return CliRunner().invoke(import_book, arguments, env=environment)


def last_line(result):
    return json.loads(result.stdout.splitlines()[-1])


def loans(session):
    session.rollback()
    return session.scalar(select(func.count()).select_from(Loan))


def test_a_book_is_shown_taken_in_and_told_of_in_totals(folder, environment, session, lender):
    session.commit()
    result = run(folder, environment)
    assert result.exit_code == 0, result.output
    assert loans(session) == 2
    assert "What we understood of book.csv" in result.stdout
    assert "815.80 → 815.80 USD" in result.stdout
    assert "$2,400.00" in result.stdout and "Taken in" in result.stdout


def test_the_last_line_is_json_and_the_second_time_nothing_changes(folder, environment, session):
    first = last_line(run(folder, environment, "--json"))
    second = last_line(run(folder, environment, "--json"))
    keys = ("loans", "created", "changed", "errors", "installment_agrees", "balance_agrees")
    assert [first[key] for key in keys] == [2, 2, 0, 0, 0, 2]
    assert [second[key] for key in keys] == [2, 0, 0, 0, 0, 2]
    assert first["seconds"] >= 0 and first["kept"] is True
    assert loans(session) == 2


def test_a_dry_run_tells_the_same_and_keeps_nothing(folder, environment, session):
    report = last_line(run(folder, environment, "--dry-run", "--json"))
    assert (report["loans"], report["created"], report["kept"]) == (2, 2, False)
    session.rollback()
    assert loans(session) == 0
    assert session.scalar(select(func.count()).select_from(ImportRun)) == 0


def test_a_dry_run_needs_no_database(folder):
    result = run(folder, {"PORTAL_DATABASE_URL": None}, "--dry-run", "--json")
    assert result.exit_code == 0, result.output
    assert last_line(result)["loans"] == 2
    assert "empty database" in result.stderr


def test_a_row_that_can_t_be_read_goes_to_a_file_beside_the_book_and_the_rest_is_taken_in(folder, environment, session):
    result = run(folder, environment, lines=(GOOD.format("L-1"), BAD.format("L-2")))
    assert result.exit_code == 0, result.output
    assert loans(session) == 1
    written = (folder / "book.errors.csv").read_text(encoding="utf-8-sig").splitlines()
    assert written == ["line,column,value,reason", "3,amount,'=twelve,It is not a number."]
    assert "line 3, amount: =twelve" in result.stdout


def test_the_errors_file_goes_where_it_is_told(folder, environment):
    run(folder, environment, "--errors", str(folder / "mend.csv"), lines=(BAD.format("L-2"),))
    assert (folder / "mend.csv").exists() and not (folder / "book.errors.csv").exists()


def test_strict_takes_in_nothing_where_a_row_can_t_be_read(folder, environment, session):
    result = run(folder, environment, "--strict", "--json", lines=(GOOD.format("L-1"), BAD.format("L-2")))
    assert result.exit_code == 1
    assert (last_line(result)["errors"], last_line(result)["kept"], loans(session)) == (1, False, 0)


def test_strict_is_content_with_a_row_that_stands_twice(folder, environment, session):
    result = run(folder, environment, "--strict", lines=(GOOD.format("L-1"), GOOD.format("L-1")))
    assert (result.exit_code, loans(session)) == (0, 1)


def test_figures_that_disagree_are_listed(folder, environment):
    told = folder / "disagree.csv"
    row = GOOD.format("L-1").replace("815.80", "820.00")
    result = run(folder, environment, "--disagreements", str(told), lines=(row,))
    assert "loan L-1: the principal left is $820.00 in the file, $815.80 by us" in result.stdout
    assert told.read_text(encoding="utf-8-sig").splitlines()[1] == "2,L-1,balance,820.00,815.80,4.20,USD"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--as-of", "2026-12-24"], "can't be as of 2026-12-24"),
        (["--as-of", "24/12/2026"], "24/12/2026"),
        (["--nonsense"], "nonsense"),
    ],
)
def test_wrong_use_ends_with_2_and_says_why(folder, environment, session, options, told):
    result = run(folder, environment, *options)
    assert result.exit_code == 2 and told in result.stderr
    assert loans(session) == 0


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"comma"', '"semicolon"', "There is no column 'no'"),
        ('"utf-8"', '"utf-16"', "map.toml: [file] encoding"),
        ('"left"', '"balance"', "There is no column 'balance'"),
    ],
)
def test_a_mapping_that_doesn_t_fit_ends_with_2_and_stores_nothing(folder, environment, session, old, new, told):
    (folder / "map.toml").write_text(MAPPING.replace(old, new))
    result = run(folder, environment)
    assert result.exit_code == 2 and told in result.stderr
    assert loans(session) == 0


def test_a_database_without_tables_says_how_to_get_them(folder, environment):
    result = run(folder, environment | {"PORTAL_DATABASE_URL": f"sqlite:///{folder / 'new.db'}"})
    assert result.exit_code == 2 and "portal upgrade" in result.stderr


def test_the_day_of_the_file_is_the_option_s_then_the_mapping_s_then_today(folder, environment):
    assert last_line(run(folder, environment, "--json", "--dry-run"))["as_of"] == factories.TODAY.isoformat()
    (folder / "map.toml").write_text(MAPPING.replace('name = "small"', 'name = "small"\nas_of = 2026-11-11'))
    assert last_line(run(folder, environment, "--json", "--dry-run"))["as_of"] == "2026-11-11"
    yesterday = (factories.TODAY - timedelta(days=1)).isoformat()
    assert last_line(run(folder, environment, "--json", "--dry-run", "--as-of", yesterday))["as_of"] == yesterday


@pytest.mark.shared
def test_the_real_book_dry_and_without_a_database(shared):
    book = shared / "data" / "peer-to-peer-loans-2018.csv"
    arguments = [str(book), "--mapping", str(EXAMPLES / "peer-to-peer.toml"), "--dry-run", "--json"]
    report = last_line(CliRunner().invoke(import_book, arguments, env={"PORTAL_DATABASE_URL": None}))
    assert (report["loans"], report["errors"]) == (8000, 0)
    assert report["installment_agrees"] >= 7997
    assert report["balance_agrees"] >= 6700
