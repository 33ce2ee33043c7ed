"""What holds for every page that a browser shows, whatever it is about."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def assert_readable(page: Page) -> None:
    """No violation that axe-core knows of, and nothing that has to be scrolled sideways."""
    results = Axe().run(page)
    assert results.violations_count == 0, f"{page.url}: {results.generate_report()}"
    assert page.evaluate(WIDER) <= 0, f"{page.url} is {page.evaluate(WIDER)} pixels wider than its window"
