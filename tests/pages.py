"""A page object round Flask's test client: a browser without JavaScript that checks every page it opens."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from html5lib.html5parser import ParseError
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from portal.crypto import token_hash
from portal.models import Borrower, Staff
from portal.services import sessions

BUTTONS = {"submit", "image", "button", "reset"}
# Attributes whose values are ids of elements on the same page.
NAMES_IDS = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "form", "list")
INLINE = {"a", "abbr", "b", "bdi", "bdo", "em", "i", "small", "span", "strong", "sub", "sup", "time", "wbr"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\{|\}\}|<\w+ object at")


class Pages:
    """A browser with its cookies. Whatever `session` arranged is committed before a page is asked for, and what it read
    is read anew afterwards."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app = app
        self.session = session
        self.client = app.test_client()
        self.page: Page | None = None

    def get(self, path: str, **options: Any) -> "Page":
        """Opens `path` and follows where it leads. `headers=` and the like go to the test client."""
        return self._open("GET", path, **options)

    def post(self, path: str, headers: dict[str, str] | None = None, **fields: Any) -> "Page":
        """Posts `fields` to `path`, with the CSRF token of the page that is open."""
        token = self.page.csrf_token if self.page else None
        return self._open("POST", path, data=({"csrf_token": token} if token else {}) | fields, headers=headers)

    def sign_in(self, person: Borrower | Staff) -> "Pages":
        """Signs somebody in without the pages that do so."""
        token = sessions.begin(self.session, person, self.app.extensions["clock"].now())
        self.session.flush()
        with self.client.session_transaction() as cookie:
            cookie.clear()
            cookie["csrf_token"] = token_hash(token)
            if isinstance(person, Borrower):
                cookie["borrower"] = token
            else:
                cookie["_user_id"] = token
        self.page = None
        return self

    def _open(self, method: str, path: str, **options: Any) -> "Page":
        self.session.commit()
        response = self.client.open(path, method=method, follow_redirects=True, **options)
        self.session.expire_all()
        self.page = Page(self, response)
        return self.page


class Page:
    """One page as it was answered; making it checks what holds for every page."""

    def __init__(self, pages: Pages, response: TestResponse) -> None:
        self._pages = pages
        self.response = response
        self.status = response.status_code
        self.path = response.request.path
        assert self.status < 500, f"{self.path} failed: the captured log says where"
        assert response.mimetype == "text/html", f"{self.path} is {response.mimetype}"
        self.html = response.get_data(as_text=True)
        self.root = parsed(self.html, self.path)
        for problem in (*problems_of_page(self.root), *problems_of_headers(response.headers)):
            raise AssertionError(f"{self.path}: {problem}")

    @property
    def title(self) -> str:
        return text_of(self.root.find("head/title"))

    @property
    def h1(self) -> str:
        return text_of(self.root.find(".//h1"))

    @property
    def text(self) -> str:
        """All that the page says, white space made single."""
        return text_of(self.root.find("body"))

    @property
    def csrf_token(self) -> str | None:
        field = next((f for f in self.root.iter("input") if f.get("name") == "csrf_token"), None)
        return None if field is None else field.get("value")

    def links(self) -> dict[str, str]:
        """The text of every link, and where it leads."""
        return {text_of(link): link.get("href", "") for link in self.root.iter("a")}

    def click(self, text: str) -> "Page":
        """Follows the link that says `text`, or the only one whose text holds it."""
        links = self.links()
        found = [text] if text in links else [link for link in links if text in link]
        assert len(found) == 1, f"{self.path} has {len(found)} links “{text}”; it has {sorted(links)}"
        return self._pages.get(urljoin(self.path, links[found[0]]))

    def submit(self, button: str, **fields: Any) -> "Page":
        """Presses the button that says `button`, with `fields` filled in over what its form holds already. A value is a
        text, None for nothing, or a list where several are chosen."""
        pressed = [b for b in self.root.iter("button") if text_of(b) == button or button in text_of(b).split(" · ")]
        pressed = pressed or [b for b in self.root.iter("button") if button in text_of(b)]
        labels = [text_of(b) for b in self.root.iter("button")]
        assert len(pressed) == 1, f"{self.path} has {len(pressed)} buttons “{button}”; it has {labels}"
        form = next(f for f in self.root.iter("form") if any(b is pressed[0] for b in f.iter("button")))
        data = filled(form, fields, self.path)
        name = pressed[0].get("name")
        if name:
            data[name] = pressed[0].get("value", "")
        # A form without an action is sent to the whole address of its page, as a browser does it.
        here = self.response.request.full_path.rstrip("?")
        target = urljoin(self.path, pressed[0].get("formaction") or form.get("action") or here)
        if form.get("method", "get").lower() == "get":
            return self._pages._open("GET", target, query_string=data)
        return self._pages._open("POST", target, data=data)

    def rows(self) -> list[list[str]]:
        """The text of every cell of the page's tables, row by row."""
        return [[text_of(cell) for cell in row if cell.tag in ("td", "th")] for row in self.root.iter("tr")]


def parsed(html: str, where: str) -> Element:
    """The tree of a page. Raises AssertionError where a browser would have to guess what was meant."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    try:
        root: Element = parser.parse(html)
    except ParseError:
        (line, _), code, details = parser.errors[0]
        around = html.splitlines()[max(0, line - 3) : line]
        raise AssertionError(f"{where} is not valid HTML: {code} {details} in\n" + "\n".join(around)) from None
    return root


def text_of(element: Element | None) -> str:
    """What `element` says, white space made single; blocks stand apart from one another."""
    return "" if element is None else " ".join("".join(pieces(element)).split())


def pieces(element: Element) -> Iterator[str]:
    gap = "" if element.tag in INLINE else " "
    yield gap + (element.text or "")
    for inner in element:
        yield from pieces(inner)
        yield inner.tail or ""
    yield gap


def problems_of_page(root: Element) -> list[str]:
    """What is wrong with a page, whatever it is about."""
    every = list(root.iter())
    ids = Counter(element.get("id") for element in every if element.get("id"))
    named = {name for e in every for attribute in NAMES_IDS for name in (e.get(attribute) or "").split()}
    said = " ".join(root.itertext())
    problems = [f"two elements have the id {name}" for name, times in ids.items() if times > 1]
    problems += [f"nothing has the id {name}, which another element names" for name in sorted(named - set(ids))]
    problems += [f"{len(list(root.iter('h1')))} h1 in place of one"] * (len(list(root.iter("h1"))) != 1)
    problems += ["no title"] * (not text_of(root.find("head/title")))
    problems += [f"html has no {name}" for name in ("lang", "dir") if not root.get(name)]
    problems += [f"a style inside <{e.tag}>" for e in every if e.tag == "style" or e.get("style") is not None]
    problems += ["a script inside the page" for e in every if e.tag == "script" and not e.get("src")]
    problems += [f"{name} on <{e.tag}>" for e in every for name in e.attrib if str(name).startswith("on")]
    problems += [f"a new window for <{e.tag}>" for e in every if e.get("target")]
    opened = {e.get("href") for e in root.iter("a") if e.get("download") is None}
    problems += [
        f"{e.get('href')} can only be downloaded"
        for e in root.iter("a")
        if e.get("download") is not None and e.get("href") not in opened
    ]
    problems += [f"a placeholder was left: {left}" for left in PLACEHOLDER.findall(said)]
    problems += [
        f"{link} leads to another site"
        for e in every
        for link in (e.get("src"), e.get("action"), e.get("formaction"))
        if link and urlsplit(link).netloc
    ]
    return problems


def problems_of_headers(headers: Headers) -> list[str]:
    policy = headers.get("Content-Security-Policy", "")
    problems = [] if policy else ["no Content-Security-Policy"]
    problems += [
        f"the policy allows {word}" for word in ("unsafe-inline", "unsafe-eval", "http:", "*") if word in policy
    ]
    if "no-store" not in headers.get("Cache-Control", ""):
        problems.append("a browser may keep the page")
    return problems


def filled(form: Element, fields: dict[str, Any], where: str) -> dict[str, Any]:
    """What a browser would send for `form`: what stands in it, with `fields` in place of what they name."""
    data: dict[str, Any] = {}
    choices: dict[str, set[str]] = {}
    for control in form.iter():
        name = control.get("name")
        if not name or control.tag not in ("input", "select", "textarea") or control.get("disabled") is not None:
            continue
        kind = control.get("type", "text")
        if control.tag == "select":
            options = list(control.iter("option"))
            values = [option.get("value", text_of(option)) for option in options]
            choices.setdefault(name, set()).update(values)
            chosen = [v for v, o in zip(values, options, strict=True) if o.get("selected") is not None]
            data[name] = chosen or values[:1]
        elif kind in ("radio", "checkbox"):
            value = control.get("value", "on")
            choices.setdefault(name, set()).add(value)
            data.setdefault(name, [])
            if control.get("checked") is not None:
                data[name].append(value)
        elif control.tag == "textarea":
            data[name] = "".join(control.itertext())
        elif kind not in BUTTONS:
            data[name] = control.get("value", "")
    for name, value in fields.items():
        assert name in data, f"{where} has no field {name}; it has {sorted(data)}"
        given = value if isinstance(value, list) else [] if value is None else [value]
        strange = set(given) - choices[name] if name in choices else set()
        assert not strange, f"{where}: {name} offers {sorted(choices[name])}, not {strange}"
        data[name] = given
    return data
