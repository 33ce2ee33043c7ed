"""A browser without a screen for the walk through the demo: keeps cookies, reads forms, follows what they say."""

import gzip
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar


@dataclass
class Form:
    """A form as it stands on a page: where it goes, what it holds, and its buttons (name, value, words)."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass
class Page:
    """What an address answered: `text` is what a reader sees."""

    status: int
    url: str
    html: str
    text: str
    links: list[tuple[str, str]]
    forms: list[Form]

    def link(self, part: str) -> str:
        """The address of the first link whose address contains `part`. Raises LookupError."""
        return next((urllib.parse.urljoin(self.url, to) for to, _ in self.links if part in to), "") or _missing(
            f"a link to …{part}… on {self.url}"
        )

    def form(self, part: str = "", name: str = "", button: str = "") -> Form:
        """The first form to be posted whose action contains `part`, which has a field `name` and a button of the value
        `button`. Raises LookupError."""
        for form in self.forms:
            has_field = not name or name in form.fields or name in form.choices
            has_button = not button or any(value == button for _, value, _ in form.buttons)
            if form.method == "post" and part in form.action and has_field and has_button:
                return form
        raise LookupError(f"a form to …{part}… with {name or button} on {self.url}")


def _missing(what: str) -> str:
    raise LookupError(what)


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.url = url
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._href: str | None = None
        self._button: tuple[str, str] | None = None
        self._textarea: str | None = None
        self._select: str | None = None
        self._collected: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag in ("style", "script"):
            self._hidden += 1
        elif tag == "form":
            self._form = Form(urllib.parse.urljoin(self.url, at.get("action", "")), at.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "a" and "href" in at:
            self._href, self._collected = at["href"], []
        elif tag == "button":
            self._button, self._collected = (at.get("name", ""), at.get("value", "")), []
        elif self._form is not None:
            self._field(tag, at)

    def _field(self, tag: str, at: dict[str, str]) -> None:
        assert self._form is not None
        name, value = at.get("name", ""), at.get("value", "")
        if tag == "input" and name:
            kind = at.get("type", "text")
            if kind in ("radio", "checkbox"):
                self._form.choices.setdefault(name, []).append(value)
                if "checked" not in at:
                    return
            self._form.fields.setdefault(name, []).append(value)
        elif tag == "textarea":
            self._textarea, self._collected = name, []
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self._form.choices.setdefault(self._select, []).append(value)
            if "selected" in at or self._select not in self._form.fields:
                self._form.fields[self._select] = [value]

    def handle_endtag(self, tag: str) -> None:
        words = "".join(self._collected)
        if tag in ("style", "script"):
            self._hidden -= 1
        elif tag == "form":
            self._form = None
        elif tag == "a" and self._href is not None:
            self.links.append((self._href, words.strip()))
            self._href = None
        elif tag == "button" and self._button is not None:
            if self._form is not None:
                self._form.buttons.append((*self._button, words.strip()))
            self._button = None
        elif tag == "textarea" and self._textarea is not None and self._form is not None:
            self._form.fields[self._textarea] = [words.removeprefix("\n")]
            self._textarea = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        self._collected.append(data)
        if not self._hidden and self._textarea is None:
            self.words.append(data)


class Browser:
    """One person's browser, at `base`, asking for pages in `language`."""

    def __init__(self, base: str, language: str = "en") -> None:
        self.base = base
        self._language = language
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, address: str, method: str = "GET") -> Page:
        return self._open(urllib.request.Request(urllib.parse.urljoin(self.base, address), method=method))

    def send(self, form: Form, button: str = "", **values: str) -> Page:
        """Sends `form` with `values` in place of what it holds, by the button of this value."""
        data = [(name, value) for name, held in form.fields.items() if name not in values for value in held]
        data += list(values.items())
        if button:
            data += [(name, value) for name, value, _ in form.buttons if value == button and name]
        body = urllib.parse.urlencode(data).encode()
        return self._open(urllib.request.Request(form.action, data=body, method="POST"))

    def _open(self, asked: urllib.request.Request) -> Page:
        asked.add_header("Accept-Language", self._language)
        asked.add_header("Accept-Encoding", "gzip")
        try:
            with self._opener.open(asked, timeout=60) as answer:
                status, url, raw, coding = answer.status, answer.url, answer.read(), answer.headers["Content-Encoding"]
        except urllib.error.HTTPError as refused:
            with refused:
                status, url, raw = refused.code, refused.url, refused.read()
                coding = refused.headers["Content-Encoding"]
        html = (gzip.decompress(raw) if coding == "gzip" else raw).decode()
        reader = _Reader(url)
        reader.feed(html)
        return Page(status, url, html, " ".join("".join(reader.words).split()), reader.links, reader.forms)
