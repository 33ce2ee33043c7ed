"""What isn't well is named, with what to do about it."""

from dataclasses import replace

import pytest

from portal import doctor, printing
from tests.factories import a_supervisor


def found(settings):
    return {check.name: check for check in doctor.examine(settings)}


def test_where_all_is_well_nothing_is_advised(session, lender, settings):
    lender.contact_rules, lender.crisis_lines = ["safe-default", "tw"], [{"phone": "1925", "names": {"en": "A line"}}]
    a_supervisor(session)
    session.commit()
    checks = found(settings)
    for name in ("database", "migrations", "lender", "contact_rules", "supervisor", "crisis_lines", "gateway", "disk"):
        assert checks[name].ok and not checks[name].advice, checks[name]


@pytest.mark.parametrize("name", ["contact_rules", "supervisor", "crisis_lines"])
def test_what_a_lender_has_not_chosen_yet_is_named(session, lender, settings, name):
    session.commit()
    assert not found(settings)[name].ok and found(settings)[name].advice


def test_without_a_lender_the_way_to_one_is_named(session, settings):
    session.commit()
    assert "portal init" in found(settings)["lender"].advice


def test_a_database_that_does_not_answer_is_the_first_thing(settings, tmp_path):
    checks = doctor.examine(replace(settings, database_url=f"sqlite:///{tmp_path}/no/such/folder.db"))
    assert checks[0].name == "database" and not checks[0].ok and "PORTAL_DATABASE_URL" in checks[0].advice


def test_without_a_gateway_nothing_leaves(session, lender, settings):
    session.commit()
    assert not found(replace(settings, gateway="none"))["gateway"].ok


def test_a_pdf_that_cannot_be_drawn_is_named_with_what_to_install(session, lender, settings):
    session.commit()
    check = found(settings)["pdf"]
    assert check.ok == (printing.drawing() is not None)
    assert check.ok or "apt-get install" in check.advice
