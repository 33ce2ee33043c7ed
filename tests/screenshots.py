"""`make screenshots`: every page of the demo by language and width, as var/screenshots/PAGE.LOCALE.WIDTH.png.

The lender is the demo's, on a database of its own, at a morning that never changes, so that two runs can be compared.
The two pictures of the README are among them and are copied to docs/pictures.
"""

import shutil
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from portal import languages
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.demo_pages import Listed, a_demo, cookie, pages

# Width -> height and pixels a point.
WIDTHS = {390: (844, 1.5), 1280: (900, 1)}
FOLDER, DOCS = Path("var/screenshots"), Path("docs/pictures")


def take(browser: Browser, app: Flask, base: str, listed: list[Listed]) -> None:
    for width, (height, scale) in WIDTHS.items():
        for name, address, who in listed:
            context = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=scale)
            if who is not None:
                context.add_cookies([cookie(app, base, who)])
            page = context.new_page()
            for tag, language in languages.LANGUAGES.items():
                page.goto(f"{base}{address}?lang={tag}")
                page.screenshot(path=FOLDER / f"{name}.{language.locale}.{width}.png", full_page=True)
            context.close()


def main() -> None:
    for folder in (FOLDER, DOCS):
        folder.mkdir(parents=True, exist_ok=True)
    with a_demo() as (app, base), sync_playwright() as playwright, app.app_context():
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        take(browser, app, base, list(pages()))
        browser.close()
    shutil.copy(FOLDER / "home.en.390.png", DOCS / "home.png")
    shutil.copy(FOLDER / "case.en.1280.png", DOCS / "case.png")
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}")


if __name__ == "__main__":
    main()
