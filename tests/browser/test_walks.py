"""The whole main job in a real browser: on a phone without script in Simplified Chinese, and with it in English."""

import pytest
from playwright.sync_api import Page, expect

from portal.models import Borrower, Staff
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.looks import assert_readable
from tests.factories import PASSWORD, a_borrower, a_link, a_loan, an_officer


@pytest.fixture
def officer(session) -> Staff:
    return an_officer(session)


@pytest.fixture
def borrower(session, officer) -> Borrower:
    found = a_borrower(session, born="1988-03-12", officer=officer)
    a_loan(session, found, missed=1)
    return found


def press(page: Page) -> None:
    """The page's own button."""
    page.locator("main form button.btn").first.click()


def act(page: Page, name: str) -> None:
    page.locator(f"button[value={name}]").click()


def open_letter(page: Page, token: str) -> None:
    page.goto(f"/l/{token}")
    assert_readable(page)
    for box, typed in (("year", "1988"), ("month", "3"), ("day", "12")):
        page.fill(f"input[name=birth_date-{box}]", typed)
    press(page)
    expect(page).to_have_url("/my/")
    assert_readable(page)


def tell(page: Page, words: str) -> None:
    """From home to a request that is sent."""
    page.locator("a[href$='/schedule']").first.click()
    assert_readable(page)
    page.go_back()
    page.locator(".doors a[href$='/difficulty']").click()
    assert_readable(page)
    page.locator("a[href$='/difficulty/change']").click()
    page.check("input[value=less_work]")
    press(page)
    page.check("input[value=three_months]")
    press(page)
    page.fill("textarea", words)
    press(page)
    page.fill("input[name=wages]", "1480")
    page.fill("input[name=home]", "900")
    page.fill("input[name=food]", "360")
    assert_readable(page)
    press(page)
    assert_readable(page)
    page.locator("input[name=plan]").first.check()
    press(page)
    assert_readable(page)
    press(page)
    expect(page.locator("ol.steps")).to_be_visible()
    assert_readable(page)


def sign_in(page: Page, officer: Staff) -> None:
    page.goto("/staff/sign-in")
    page.fill("input[name=email]", officer.email)
    page.fill("input[name=password]", PASSWORD)
    press(page)
    expect(page).to_have_url("/staff/")


def open_case(page: Page, borrower: Borrower) -> None:
    page.goto("/staff/")
    page.get_by_role("link", name=borrower.name).click()
    assert_readable(page)


def to_newest(page: Page) -> None:
    page.goto("/my/newest-request")


def test_without_script_in_simplified_chinese_an_offer_is_agreed(open_browser, session, borrower, officer) -> None:
    borrower.language = "zh-Hans"
    token = a_link(session, borrower)
    phone = open_browser(PHONE, False, "zh-CN")
    open_letter(phone, token)
    assert phone.locator("html").get_attribute("lang") == "zh-Hans"
    expect(phone.get_by_text("还没收到").first).to_be_visible()
    tell(phone, "九月起，店里的班少了一半。")

    desk = open_browser(DESKTOP, False)
    sign_in(desk, officer)
    open_case(desk, borrower)
    expect(desk.get_by_text("九月起，店里的班少了一半。")).to_be_visible()
    act(desk, "take")
    desk.locator("details:has(button[value=ask]) summary").click()
    desk.locator("form:has(button[value=ask]) textarea").fill("什么时候会多一些班？")
    act(desk, "ask")
    expect(desk.locator("button[value=take]")).to_have_count(0)

    to_newest(phone)
    expect(phone.get_by_text("什么时候会多一些班？")).to_be_visible()
    phone.fill("textarea[name=answer]", "过完年可能会多一天。")
    press(phone)

    open_case(desk, borrower)
    expect(desk.get_by_text("过完年可能会多一天。")).to_be_visible()
    desk.locator("details:has(button[value=offer]) summary").first.click()
    offer = desk.locator("form:has(button[value=offer])")
    offer.locator("input[name=pause]").fill("1")
    act(desk, "preview")
    assert_readable(desk)
    desk.locator("form:has(button[value=offer]) textarea[name=letter]").fill("先停一期，之后照您说的来。")
    act(desk, "offer")
    expect(desk.locator("button[value=ask]")).to_have_count(0)

    to_newest(phone)
    expect(phone.get_by_text("先停一期，之后照您说的来。")).to_be_visible()
    assert_readable(phone)
    act(phone, "accept")
    assert_readable(phone)
    phone.locator("a[href*='/agreements/']").click()
    assert_readable(phone)
    phone.goto("/my/")
    expect(phone.locator("main a[href*='/agreements/']")).to_be_visible()
    expect(phone.get_by_text("还没收到")).to_have_count(0)  # what was overdue is part of the plan
    assert_readable(phone)


def test_with_script_in_english_what_is_asked_is_approved(open_browser, session, borrower, officer) -> None:
    borrower.language = "en"
    token = a_link(session, borrower)
    phone = open_browser(PHONE, True, "en")
    open_letter(phone, token)
    tell(phone, "My hours were cut in half in September.")

    desk = open_browser(DESKTOP, True)
    sign_in(desk, officer)
    open_case(desk, borrower)
    desk.locator("details:has(button[value=approve]) summary").click()
    act(desk, "approve")
    expect(desk.locator("button[value=approve]")).to_have_count(0)
    assert_readable(desk)

    to_newest(phone)
    phone.locator("a[href*='/agreements/']").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Agreement to change payments")
