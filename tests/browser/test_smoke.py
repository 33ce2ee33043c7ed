"""A link of a text opens in a real browser, with and without script."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.looks import assert_readable
from tests.factories import a_borrower, a_link


@pytest.mark.parametrize("javascript", [False, True])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_link_opens_on_a_page_that_everybody_can_read(open_browser, session, width, javascript):
    token = a_link(session, a_borrower(session))
    page = open_browser(width, javascript)
    page.goto(f"/l/{token}")
    expect(page.locator("h1")).to_be_visible()
    assert_readable(page)
