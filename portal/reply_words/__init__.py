"""The words that stop, start and explain reminders, by language: data, read from words.toml."""

import tomllib
from functools import cache
from pathlib import Path

from portal.domain.replies import Vocabulary, read_vocabulary

FILE = Path(__file__).parent / "words.toml"


@cache
def vocabulary() -> Vocabulary:
    """The words of every language together: whoever writes STOP on a Chinese phone means it."""
    with FILE.open("rb") as file:
        return read_vocabulary(tomllib.load(file).values())
