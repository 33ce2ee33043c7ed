"""What nobody may see after a borrower signed out on a phone that others use too."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.factories import a_borrower, a_link, a_loan


@pytest.mark.case("R044")
@pytest.mark.parametrize("javascript", [False, True], ids=["without script", "with script"])
@pytest.mark.parametrize("ends", ["signing out", "resting"])
def test_after_a_session_the_back_button_shows_nothing_private(open_browser, session, clock, javascript, ends):
    borrower = a_borrower(session, born="1988-03-12", language="zh-Hans")
    loan = a_loan(session, borrower, missed=1)
    token = a_link(session, borrower)
    page = open_browser(PHONE, javascript, "zh-CN")
    # The tab goes back to a 401, which the browser logs; a tab of its own keeps that from counting as an error of ours.
    tab = page.context.new_page()
    tab.goto(f"/l/{token}")
    for box, typed in (("year", "1988"), ("month", "3"), ("day", "12")):
        tab.fill(f"input[name=birth_date-{box}]", typed)
    tab.locator("main form button.btn").first.click()
    expect(tab).to_have_url("/my/")
    left = tab.locator(".big").inner_text()
    private = (left, loan.reference, borrower.greeting)
    before = tab.content()
    assert all(words in before for words in private)
    if ends == "signing out":
        tab.locator("form[action$='/sign-out'] button").click()
        expect(tab.locator("form[action$='/sign-out']")).to_have_count(0)
    else:
        clock.forward(minutes=20)
        tab.goto("/advice")
    with tab.expect_response(lambda response: response.url.endswith("/my/")) as again:
        tab.go_back()
    assert again.value.status == 401
    expect(tab).to_have_url("/my/")
    expect(tab.locator("h1")).to_be_visible()
    assert not any(words in tab.content() for words in private)
