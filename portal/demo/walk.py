"""`make demo CHECK=1`: the whole main job over HTTP, as borrowers and staff do it, on a fresh database, a line a step.

Time stands where PORTAL_NOW set it. What the contact rules defer is met by setting the clock on: the web server is
started anew at the hour when the message may go, as if that hour had come.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from portal.demo.browser import Browser, Page
from portal.demo.run import demo_environment, free_port, portal, running, wait_until_it_answers


class StepFailed(Exception):
    """What a step expected is not so."""


def expect(holds: object, otherwise: str, page: Page | None = None) -> None:
    """Raises StepFailed, with what the page said instead."""
    if not holds:
        raise StepFailed(f"{otherwise}{f' ({page.status} {page.url}: {page.text[:400]})' if page else ''}")


class Walk:
    """One walk: a folder of its own, a port of its own, and a clock that only goes forward."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.environment = demo_environment(folder, self.port)
        given = os.environ.get("PORTAL_NOW")
        self.now = datetime.fromisoformat(given) if given else datetime.now(UTC)
        self.borrower = Browser(self.base, "zh-CN")
        self.officer = Browser(self.base)
        self.supervisor = Browser(self.base)
        self.texts_read: set[str] = set()

    def command(self, *arguments: str) -> str:
        """What `portal …` prints, at this walk's hour."""
        done = subprocess.run(
            portal(*arguments), env=self.at_this_hour(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        expect(done.returncode == 0, f"portal {' '.join(arguments)} ended with {done.returncode}: {done.stderr[-600:]}")
        return done.stdout

    def at_this_hour(self) -> dict[str, str]:
        return {**self.environment, "PORTAL_NOW": self.now.isoformat()}

    @contextmanager
    def serving(self) -> Iterator[None]:
        """The web server at this walk's hour."""
        serve = portal("serve", "--port", str(self.port))
        with running([serve], self.at_this_hour(), self.folder / "demo.log") as processes:
            wait_until_it_answers(f"{self.base}/health", processes[0])
            yield
