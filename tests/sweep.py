"""Every borrower page as a browser shows it, by language, theme, width, with and without script.

`make sweep` looks at the whole matrix. The tests look at each page in each language once, with themes, widths and scripts
dealt out so that every pair of them meets.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from portal import languages
from portal.models import Borrower, Staff
from tests.browser.conftest import CHROMIUM, FLAGS, HEIGHT
from tests.browser.looks import TOO_WIDE
from tests.demo_pages import Listed, a_demo, cookie, pages

THEMES = ("light", "dark")
WIDTHS = (320, 390, 1280)
# 24 CSS pixels are what WCAG 2.2 AA asks of a target (2.5.8); axe leaves its rule off unless asked. Only what is wrong is
# told in full, and nothing has to be fetched beside the page.
AXE = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"], "preload": False}
NOT_SWEPT = ("outbox",)


class Setting(NamedTuple):
    """How a browser is set up."""

    theme: str
    width: int
    script: bool


SETTINGS = tuple(Setting(*chosen) for chosen in product(THEMES, WIDTHS, (True, False)))
Look = tuple[Listed, str, Setting]


def borrower_pages(listed: Iterable[Listed]) -> list[Listed]:
    """The pages that a borrower or a stranger can open."""
    hidden = ("staff-", *NOT_SWEPT)
    return [found for found in listed if not isinstance(found[2], Staff) and not found[0].startswith(hidden)]


def tags() -> list[str]:
    return [*languages.LANGUAGES, *languages.REGIONS]


def whole(listed: Sequence[Listed]) -> Iterator[Look]:
    yield from product(listed, tags(), SETTINGS)


def sampled(listed: Sequence[Listed]) -> Iterator[Look]:
    """Each page in each language once; the settings go round, a step further with each page."""
    for at, page in enumerate(listed):
        for nth, tag in enumerate(tags()):
            yield page, tag, SETTINGS[(at * 5 + nth * 7) % len(SETTINGS)]


@dataclass
class Sweeper:
    """Looks at pages in one browser, with a context for each setting and reader."""

    browser: Browser
    app: Flask
    base: str

    def __post_init__(self) -> None:
        self.contexts: dict[tuple[Setting, int | None], BrowserContext] = {}
        self.cookies: dict[int, dict[str, str]] = {}
        self.errors: list[str] = []

    def problems(self, looks: Iterable[Look]) -> Iterator[str]:
        for (name, address, who), tag, setting in looks:
            page = self._context(setting, who).new_page()
            page.on("pageerror", lambda error: self.errors.append(str(error)))
            page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
            page.goto(f"{self.base}{address}{'&' if '?' in address else '?'}lang={tag}")
            seen = f"{name} {tag} {setting.theme} {setting.width} {'with' if setting.script else 'without'} script"
            yield from (f"{seen}: {problem}" for problem in self._look(page, setting, name))
            page.close()

    def close(self) -> None:
        for context in self.contexts.values():
            context.close()

    def _look(self, page: Page, setting: Setting, name: str) -> Iterator[str]:
        page.locator("main").wait_for()
        too_wide = page.locator("html").evaluate(TOO_WIDE)
        if too_wide > 0:
            yield f"{too_wide} pixels wider than its window"
        if setting.script:
            found = Axe().run(page, options=AXE)
            if found.violations_count:
                yield found.generate_report()
        # A page that is nowhere answers 404, and Chromium calls that an error.
        yield from (error for error in self.errors if "404" not in error and "401" not in error)
        self.errors.clear()

    def _context(self, setting: Setting, who: Borrower | Staff | None) -> BrowserContext:
        key = setting, who.id if who else None
        if key not in self.contexts:
            context = self.browser.new_context(
                viewport={"width": setting.width, "height": HEIGHT},
                color_scheme="dark" if setting.theme == "dark" else "light",
                java_script_enabled=setting.script,
            )
            if who is not None:
                if who.id not in self.cookies:
                    self.cookies[who.id] = cookie(self.app, self.base, who)
                context.add_cookies([self.cookies[who.id]])  # type: ignore[list-item]
            self.contexts[key] = context
        return self.contexts[key]


def main() -> int:
    with a_demo() as (app, base), sync_playwright() as playwright, app.app_context():
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        sweeper = Sweeper(browser, app, base)
        looks, found = list(whole(borrower_pages(list(pages())))), 0
        for problem in sweeper.problems(looks):
            found += 1
            print(problem)
        sweeper.close()
        browser.close()
    print(f"{len(looks)} looks, {found} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
