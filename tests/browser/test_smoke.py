"""A real browser gets in, with and without script, on a phone and on a desk, and everybody can read what it shows."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.looks import assert_readable
from tests.factories import PASSWORD, a_borrower, a_link, a_loan, an_officer


@pytest.mark.parametrize("javascript", [False, True], ids=["without script", "with script"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_borrower_gets_from_a_text_to_where_things_stand(open_browser, session, width, javascript):
    borrower = a_borrower(session, born="1988-03-12")
    a_loan(session, borrower, missed=1)
    token = a_link(session, borrower)
    page = open_browser(width, javascript)
    page.goto(f"/l/{token}")
    assert_readable(page)
    page.get_by_label("Day").fill("12")
    page.get_by_label("Month").fill("3")
    page.get_by_label("Year").fill("1988")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where things stand")
    assert_readable(page)


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_an_officer_gets_to_who_waits(open_browser, session, width):
    officer = an_officer(session)
    page = open_browser(width)
    page.goto("/staff/")
    assert_readable(page)
    page.get_by_label("Email").fill(officer.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button").click()
    expect(page).to_have_url("/staff/")
    assert_readable(page)
