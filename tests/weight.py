"""`make weight`: what each page weighs for a borrower on a first visit, in every language, over the wire.

The page, its stylesheet, its scripts and its pictures, as the real server sends them to a browser that reads gzip. Staff are
at a desk, so their pages are not weighed.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import httpx
from flask import Flask

from portal import languages
from portal.models import Staff
from tests.demo_pages import Listed, a_demo, cookie, pages

LIMIT = 10_240
SCRIPT_LIMIT = 1_536
PARTS = re.compile(r'<(?:link rel="stylesheet" href|script src|img src)="([^"]+)"')
NOT_WEIGHED = ("staff-", "outbox")


@dataclass(frozen=True)
class Weight:
    """Bytes over the wire: of all, and of the scripts among them."""

    page: str
    locale: str
    total: int
    script: int


def weigh(app: Flask, base: str, listed: Iterable[Listed]) -> Iterator[Weight]:
    """Each page in each language, and in each region that is laid over one."""
    tags = {**languages.LANGUAGES, **languages.REGIONS}
    parts: dict[str, int] = {}
    for name, address, who in listed:
        if isinstance(who, Staff) or name.startswith(NOT_WEIGHED):
            continue
        cookies = {} if who is None else {"leeway": cookie(app, base, who)["value"]}
        with httpx.Client(base_url=base, headers={"Accept-Encoding": "gzip"}, cookies=cookies) as browser:
            for tag, language in tags.items():
                joined = "&" if "?" in address else "?"
                text, size = fetched(browser, f"{address}{joined}lang={tag}")
                needed = set(PARTS.findall(text))
                for part in needed - parts.keys():
                    parts[part] = fetched(browser, part)[1]
                script = sum(parts[part] for part in needed if ".js" in part)
                yield Weight(name, language.locale, size + sum(parts[part] for part in needed), script)


def fetched(browser: httpx.Client, address: str) -> tuple[str, int]:
    """What stands at `address`, and how many bytes of it came over the wire."""
    with browser.stream("GET", address) as answer:
        text = answer.read().decode()
        return text, answer.num_bytes_downloaded


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    with a_demo() as (app, base), app.app_context():
        weights = list(weigh(app, base, list(pages())))
    largest = max(weights, key=lambda weight: weight.total)
    if as_json:
        found = {"limit": LIMIT, "largest": largest.total, "page": largest.page, "locale": largest.locale}
        print(json.dumps(found))
    else:
        for weight in sorted(weights, key=lambda weight: -weight.total)[:20]:
            print(f"{weight.total:6} {weight.page} {weight.locale}")
        print(f"{len(weights)} pages and languages; the limit is {LIMIT}, and {SCRIPT_LIMIT} for scripts")
    script = max(weight.script for weight in weights)
    return 0 if largest.total <= LIMIT and script <= SCRIPT_LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
