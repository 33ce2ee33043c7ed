"""`portal access-codes print`: a file of codes for letters, each of which lets its borrower in."""

import base64
import csv

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from portal.access_code_commands import access_codes
from portal.models import AccessCode, AuditEntry
from portal.services.access_codes import enter
from portal.services.verification import Claim, Verified
from tests.conftest import DATA_KEY
from tests.factories import BORN, NOW, a_borrower, a_branch, a_loan


@pytest.fixture
def run(settings, session, tmp_path):
    """`run("--branch", "South")`: the command's result, and the rows of its file."""
    environment = {
        "PORTAL_MODE": "test",
        "PORTAL_DATABASE_URL": settings.database_url,
        "PORTAL_SECRET_KEY": settings.secret_key,
        "PORTAL_LOOKUP_KEY": settings.lookup_key.decode(),
        "PORTAL_DATA_KEYS": f"test:{base64.urlsafe_b64encode(DATA_KEY).decode()}",
        "PORTAL_BASE_URL": settings.base_url,
        "PORTAL_NOW": NOW.isoformat(),
    }
    file = tmp_path / "codes.csv"

    def once(*options):
        session.commit()
        result = CliRunner().invoke(access_codes, ["print", str(file), *options], env=environment)
        lines = file.read_text(encoding="utf-8-sig").splitlines() if file.exists() else []
        return result, list(csv.DictReader(lines))

    once.file = file
    return once


def test_everybody_with_an_open_loan_gets_a_code_that_lets_them_in(run, session, lender, now):
    loan = a_loan(session, a_borrower(session, client_number="C-1"))
    a_loan(session, a_borrower(session, client_number="C-2"), status="written_off")
    result, rows = run()
    assert result.exit_code == 0, result.output
    assert [(row["client_number"], row["reference"]) for row in rows] == [("C-1", loan.reference)]
    assert run.file.stat().st_mode & 0o077 == 0, "only its owner may read it"
    came = enter(session, rows[0]["code"], Claim("birth_date", (BORN,)), "192.0.2.1", now)
    assert isinstance(came, Verified)
    assert session.scalars(select(AuditEntry.action).where(AuditEntry.action == "make_code")).all() == ["make_code"]


def test_a_branch_prints_its_own(run, session, lender):
    south = a_branch(session, "South")
    a_loan(session, a_borrower(session, branch=a_branch(session)))
    a_loan(session, a_borrower(session, branch=south, client_number="C-9"))
    _, rows = run("--branch", "South")
    assert [row["client_number"] for row in rows] == ["C-9"]


def test_what_can_not_be_done_is_said_and_ends_no_code(run, session, lender):
    a_loan(session, a_borrower(session))
    result, _ = run("--branch", "Nowhere")
    assert result.exit_code == 1 and "there is no branch" in result.output
    run.file.write_text("something of somebody's")
    result, _ = run()
    assert result.exit_code == 1 and "is there already" in result.output
    session.rollback()
    assert session.scalars(select(AccessCode)).all() == []
