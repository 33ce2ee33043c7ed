"""The words of a message: templates/messages/<name>/<locale>/sms.txt, filled in.

A text is read before anybody knows who reads it. So it has no name of the borrower, no amount and no word for a loan,
and a template is given nothing that it could say them with: who writes, and the link, which stands alone on its line.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.languages import DEFAULT, LANGUAGES

FOLDER = Path(__file__).parents[1] / "templates" / "messages"


@dataclass(frozen=True)
class Signature:
    """Who writes, as written in the text's language. `officer` None: the lender signs."""

    lender: str
    officer: str | None


def names() -> tuple[str, ...]:
    """Of the messages that there are."""
    return tuple(sorted(folder.name for folder in FOLDER.iterdir()))


def written_in(name: str, language: str) -> str:
    """The language that message `name` is written in for a reader of `language`: English where there is no other."""
    return language if (FOLDER / name / LANGUAGES[language].locale / "sms.txt").exists() else DEFAULT


def sms(name: str, language: str, signature: Signature, link: str) -> str:
    """The text of message `name` in `language` (one that `written_in` gave)."""
    template = _environment().get_template(f"{name}/{LANGUAGES[language].locale}/sms.txt")
    return template.render(lender=signature.lender, officer=signature.officer, link=link).strip()


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
