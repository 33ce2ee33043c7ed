"""An officer sees what an offer comes to before it is sent: while the fields change, or by a button where no script runs."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.looks import assert_readable
from tests.factories import PASSWORD, a_borrower, a_loan, a_proposal, an_officer


@pytest.mark.parametrize("javascript", [False, True], ids=["without script", "with script"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_figures_of_a_draft_are_there_before_it_is_sent(open_browser, session, width, javascript):
    officer = an_officer(session)
    request = a_proposal(session, a_loan(session, a_borrower(session, officer=officer), missed=2))
    page = open_browser(width, javascript)
    page.goto(f"/staff/requests/{request.public_id}")
    page.get_by_label("Email").fill(officer.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button").click()
    assert_readable(page)
    page.get_by_text("Offer something else").click()
    page.get_by_label("Each payment").fill("60")
    if not javascript:
        page.get_by_role("button", name="Show the figures").click()
    expect(page.get_by_role("columnheader", name="Your draft").first).to_be_visible()
    expect(page.locator("#draft")).to_contain_text("$60.00")
    assert_readable(page)
    if javascript:
        page.get_by_label("Each payment").fill("1")
        expect(page.locator("#draft")).to_contain_text("This does not cover the interest")
        page.get_by_label("Each payment").fill("60")
    page.get_by_role("button", name="Send the offer").click()
    expect(page.get_by_text("Grace Lim offered another plan")).to_be_visible()
