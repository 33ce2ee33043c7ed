"""Pages in a real Chromium: Debian's, driven by Playwright, with no way to anything but this machine."""

import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Request, sync_playwright
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from portal.models import Lender
from tests.conftest import chosen_engines, skip_without

CHROMIUM = shutil.which("chromium")
# As root Chromium has no sandbox. The rest keeps it from asking for anything by itself.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
PHONE, DESKTOP = 390, 1280
HEIGHT = 844
PATIENCE = 10_000  # milliseconds
GIVEN_UP = "net::ERR_ABORTED"

OpenBrowser = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker("browser")


@pytest.fixture(params=chosen_engines()[:1])
def engine(engine: Engine) -> Engine:
    """One engine is enough for what a browser adds; without one the pages are tested on both."""
    return engine


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        skip_without("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def site(app: Flask, session: Session, lender: Lender) -> Iterator[str]:
    """The address of the app, served over this test's database."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _fault(request: Request) -> list[str]:
    """What failed. A preview that is asked for anew, or whose page is left, is given up by the page itself: no fault."""
    given_up = request.failure == GIVEN_UP and request.resource_type == "fetch" and request.url.endswith("/preview")
    return [] if given_up else [f"{request.url} {request.failure}"]


@pytest.fixture
def open_browser(chromium: Browser, site: str, session: Session) -> Iterator[OpenBrowser]:
    """`open_browser(width=…, javascript=…, language=…)`: a page of a browser with no past. What `session` arranged is
    committed first. At the end no browser may have met an error, a refusal of the Content-Security-Policy among them."""
    contexts, errors = [], []

    def opened(width: int = DESKTOP, javascript: bool = True, language: str = "en") -> Page:
        session.commit()
        context = chromium.new_context(
            base_url=site,
            viewport={"width": width, "height": HEIGHT},
            java_script_enabled=javascript,
            locale=language,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda said: errors.append(f"{said.text} {said.location['url']}") if said.type == "error" else None,
        )
        page.on("requestfailed", lambda request: errors.extend(_fault(request)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def phone(open_browser: OpenBrowser) -> Page:
    """A phone of 390 pixels that runs no script."""
    return open_browser(width=PHONE, javascript=False)


@pytest.fixture
def desktop(open_browser: OpenBrowser) -> Page:
    return open_browser()
