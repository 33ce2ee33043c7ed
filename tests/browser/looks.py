"""What holds for every page that a browser shows, whatever it is about."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

TOO_WIDE = "page => page.scrollWidth - page.clientWidth"
RUNS_NO_SCRIPT = "matchMedia('(scripting: none)').matches"


def assert_readable(page: Page) -> None:
    """Nothing has to be scrolled sideways, and axe-core knows of no violation.

    axe-core is a script. Where the browser runs none, it looks at the same address in one that does and has the same
    cookies: at what a GET shows there, which after a refused form is the form without its complaints."""
    # Asked of an element and not of the window: between two pages there is none, and a locator waits for the next.
    expect(page.locator("main")).to_be_visible()
    too_wide = page.locator("html").evaluate(TOO_WIDE)
    assert too_wide <= 0, f"{page.url} is {too_wide} pixels wider than its window"
    if not page.evaluate(RUNS_NO_SCRIPT):
        return _assert_accessible(page)
    browser = page.context.browser
    assert browser
    context = browser.new_context(storage_state=page.context.storage_state(), viewport=page.viewport_size)
    with context, context.new_page() as twin:
        twin.goto(page.url)
        _assert_accessible(twin)


def _assert_accessible(page: Page) -> None:
    results = Axe().run(page)
    assert results.violations_count == 0, f"{page.url}: {results.generate_report()}"
