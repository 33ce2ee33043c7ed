"""The words of a message: templates/messages/<name>/<locale>/sms.txt, filled in; an email says the same in the frame of
templates/email/<locale>.

A text is read before anybody knows who reads it. So it has no name of the borrower, no amount and no word for a loan,
and a template is given nothing that it could say them with: who writes, and the link, which stands alone on its line.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.languages import DEFAULT, base, direction, locale

FOLDER = Path(__file__).parents[1] / "templates" / "messages"
EMAILS = FOLDER.parent / "email"


@dataclass(frozen=True)
class Signature:
    """Who writes, as written in the text's language. `officer` None: the lender signs."""

    lender: str
    officer: str | None


@dataclass(frozen=True)
class EmailText:
    """An email's parts; `words` and `html` say the same."""

    subject: str
    words: str
    html: str


def names() -> tuple[str, ...]:
    """Of the messages that there are."""
    return tuple(sorted(folder.name for folder in FOLDER.iterdir()))


def written_in(name: str, language: str, otherwise: str = DEFAULT) -> str:
    """The language that message `name` is written in for a reader of `language`: where it has no words in theirs,
    `otherwise` (the lender's), and where it has none in that either, English."""
    wished = (tag for tag in (language, otherwise) if (FOLDER / name / _folder(FOLDER / name, tag)).is_dir())
    return next(wished, DEFAULT)


def _folder(parent: Path, language: str) -> str:
    """The name of the folder for a language in `parent`: a region's own, or that of its language."""
    own = str(locale(language))
    return own if (parent / own).is_dir() else str(locale(base(language)))


def sms(name: str, language: str, signature: Signature, link: str) -> str:
    """The text of message `name` in `language` (one that `written_in` gave)."""
    template = _environment().get_template(f"{name}/{_folder(FOLDER / name, language)}/sms.txt")
    return template.render(lender=signature.lender, officer=signature.officer, link=link).strip()


def email(name: str, language: str, signature: Signature, link: str, unsubscribe: str) -> EmailText:
    """Message `name` as an email: the words of its text, the link, and how to stop where `unsubscribe` is its address.
    The frame is English where the language has none."""
    words = sms(name, language, signature, "").strip()
    folder = _folder(EMAILS, language)
    if not (EMAILS / folder).is_dir():
        folder = DEFAULT
    parts = {
        part: _emails()
        .get_template(f"{folder}/{part}")
        .render(
            lender=signature.lender,
            words=words,
            link=link,
            unsubscribe=unsubscribe,
            tag=language,
            direction=direction(language),
        )
        .strip()
        for part in ("subject.txt", "body.txt", "body.html")
    }
    return EmailText(" ".join(parts["subject.txt"].split()), parts["body.txt"] + "\n", parts["body.html"])


@cache
def _emails() -> Environment:
    return Environment(
        loader=FileSystemLoader(EMAILS),
        autoescape=lambda template: bool(template and template.endswith(".html")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _environment() -> Environment:
    # Plain text for phones: there is nothing to escape.
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
