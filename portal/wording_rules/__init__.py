"""The words of each language that messages are judged by, one TOML file each (portal.domain.wording says how)."""

import tomllib
from functools import cache
from importlib import resources

from portal import languages
from portal.domain.wording import Lexicon, Verdict, check, read_lexicon


class NoSuchLanguage(KeyError):
    """A language that no rules are written for."""


@cache
def lexicon(name: str) -> Lexicon:
    text = resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return read_lexicon(tomllib.loads(text))


def judge(text: str, language: str, stage: str) -> Verdict:
    """Judges `text` in `language` (a tag or a locale's name). English is read along, since any text may slip into it.
    Raises NoSuchLanguage."""
    found = languages.resolve(language)
    # Simplified and Traditional share their words; the file says which characters are which.
    name = found.split("-")[0] if found else ""
    if not resources.files(__package__).joinpath(f"{name}.toml").is_file():
        raise NoSuchLanguage(language)
    return check(text, stage, [lexicon(each) for each in dict.fromkeys((name, "en"))])
