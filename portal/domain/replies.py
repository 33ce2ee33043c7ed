"""What somebody means who answers a text: stop, start or help in the words that phones' users know, or a letter to a person.

A word counts where it is the whole message. Whoever writes 'I will stop by the branch' means something else, so everything
but a whole word is read by a person. The words themselves are data (portal/reply_words).
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# What people put round a word without meaning anything by it: punctuation, symbols, spaces, what can't be seen.
_DROPPED = frozenset({"P", "S", "Z", "C"})
_TATWEEL = "\N{ARABIC TATWEEL}"


@dataclass(frozen=True)
class Vocabulary:
    """Whole messages, normalised."""

    stop: frozenset[str]
    start: frozenset[str]
    help: frozenset[str]


def read_vocabulary(languages: Iterable[Mapping[str, Sequence[str]]]) -> Vocabulary:
    """The words of all `languages`, each with `stop`, `start` and `help`."""
    found = list(languages)
    return Vocabulary(
        *(frozenset(normalised(word) for words in found for word in words[name]) for name in ("stop", "start", "help"))
    )


def meaning(words: str, known: Vocabulary) -> str:
    """stop, start, help, or letter: something for a person to read."""
    plain = normalised(words)
    if plain in known.stop:
        return "stop"
    if plain in known.start:
        return "start"
    return "help" if plain in known.help else "letter"


def normalised(words: str) -> str:
    """A message as it is compared: one width and case, without spaces, punctuation, marks over letters and what can't be
    seen, so that 'ＳＴＯＰ！', ' stop. ', 'Opt-Out' and 'ايقاف' are whole words."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", words).casefold())
    return "".join(
        letter
        for letter in folded
        if unicodedata.category(letter)[0] not in _DROPPED and not unicodedata.combining(letter) and letter != _TATWEEL
    )
