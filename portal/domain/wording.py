"""What a message to a borrower may not say: threats, shame, sermons, invented hurry, and, before identity is known, what
it is about.

Words are judged in their sentence: the same word may name a street, an offer of help or a denial. So the words and
sentences of a language are data (portal/wording_rules), and the check is three steps over normalised text: what is
disguised is refused, what is excused is set aside, what then still matches is refused. What matches only a doubtful
rule goes to a second reader.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

REFUSE, ACCEPT, SECOND_READER = "refuse", "accept", "second_reader"
BEFORE, AFTER = "before_verification", "after_verification"

# Letters of other alphabets that look like Latin ones, for words that mix the two.
LOOKALIKES = str.maketrans("авекмнорстухіјѕԁɡԛԝαεικνορτυχ", "abekmhopctyxijsdgqwaeiknoptyx")
FIGURES_AS_LETTERS = str.maketrans("013457@$!", "oieastasi")
MARKS_OF_ARABIC = str.maketrans("ىةی ک", "يهي ك")
SENTENCE_ENDS = re.compile(r"[。！？؟；\n]+|[.!?;]+(?=\s|$|[^\x00-\x7f])")
BETWEEN_LETTERS = re.compile(r"(?<![^\W\d_])(?:[^\W\d_][ ._*·・\-/]+){2,}[^\W\d_](?![^\W\d_])")
IN_HAN = re.compile(r"(?<=[\u3400-\u9fff])[ \t\u3000._*·・\-/|]+(?=[\u3400-\u9fff])")
FIGURE_IN_WORD = re.compile(r"(?<=[a-z])[013457@$!](?=[a-z])")
SET_ASIDE = "\N{LIGHT SHADE}"


@dataclass(frozen=True)
class Rule:
    """Sentences that match `pattern` are of this kind, for the reason `why`."""

    kind: str
    why: str
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Excuse:
    """What matches `pattern` is no offence, unless its sentence matches `unless`. A denial takes nothing back of what a
    sentence tells: 'nothing is overdue' still speaks of a debt."""

    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    is_denial: bool


@dataclass(frozen=True)
class Lexicon:
    """The words of a language. `sensitive` are those that nobody has a reason to disguise; `letters` maps variants of a
    character to the one that the rules are written in (traditional to simplified)."""

    language: str
    letters: Mapping[int, str]
    sensitive: re.Pattern[str] | None
    excuses: tuple[Excuse, ...]
    refused: tuple[Rule, ...]
    telling: tuple[Rule, ...]
    doubtful: tuple[Rule, ...]


@dataclass(frozen=True)
class Finding:
    """`words` as they were found (normalised), of which kind, and why that is refused or doubtful."""

    words: str
    kind: str
    why: str


@dataclass(frozen=True)
class Verdict:
    verdict: str
    findings: tuple[Finding, ...] = ()


def check(text: str, stage: str, lexicons: Sequence[Lexicon]) -> Verdict:
    """Judges `text`, which is read before or after identity is known (BEFORE, AFTER), by the rules of each lexicon."""
    refused: list[Finding] = []
    doubtful: list[Finding] = []
    for lexicon in lexicons:
        refused += _disguised(text, lexicon)
        for sentence in _sentences(text, lexicon):
            rest = _without(sentence, lexicon.excuses)
            refused += _found(rest, lexicon.refused)
            doubtful += _found(rest, lexicon.doubtful)
            if stage == BEFORE:
                told = _without(sentence, [excuse for excuse in lexicon.excuses if not excuse.is_denial])
                refused += _found(told, lexicon.telling)
    if refused:
        return Verdict(REFUSE, tuple(dict.fromkeys(refused)))
    return Verdict(SECOND_READER, tuple(dict.fromkeys(doubtful))) if doubtful else Verdict(ACCEPT)


def _sentences(text: str, lexicon: Lexicon) -> list[str]:
    return [part for part in SENTENCE_ENDS.split(undisguised(text, lexicon.letters)) if part.strip()]


def _without(sentence: str, excuses: Iterable[Excuse]) -> str:
    rest = sentence
    for excuse in excuses:
        if excuse.unless is None or not excuse.unless.search(sentence):
            rest = excuse.pattern.sub(SET_ASIDE, rest)
    return rest


def _found(sentence: str, rules: Iterable[Rule]) -> list[Finding]:
    return [
        Finding(match.group().strip(), rule.kind, rule.why)
        for rule in rules
        for match in rule.pattern.finditer(sentence)
    ]


def _disguised(text: str, lexicon: Lexicon) -> list[Finding]:
    """Sensitive words that appear only once spaces, look-alikes or stretched letters are undone."""
    if lexicon.sensitive is None:
        return []
    as_typed = unicodedata.normalize("NFKC", text).lower().translate(dict(lexicon.letters))
    shown = set(lexicon.sensitive.findall(_spelled(as_typed)))
    return [
        Finding(match.group(), "disguise", "a word that nobody has a reason to disguise")
        for match in lexicon.sensitive.finditer(undisguised(text, lexicon.letters))
        if match.group() not in shown
    ]


def plain(text: str, letters: Mapping[int, str]) -> str:
    """`text` in one form: lower case, compatible letters, without invisible characters, marks on letters or stretching."""
    composed = unicodedata.normalize("NFKC", text).lower()
    visible = "".join(letter for letter in composed if unicodedata.category(letter) != "Cf" and letter != "ـ")
    return _spelled(visible).translate(dict(letters))


def _spelled(text: str) -> str:
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", text) if unicodedata.category(letter) != "Mn")
    return bare.replace("’", "'").replace("‘", "'").translate(MARKS_OF_ARABIC)


def undisguised(text: str, letters: Mapping[int, str]) -> str:
    """`text` as `plain` gives it, with look-alikes, figures for letters, and letters set apart put right."""
    words = [_one_alphabet(word) for word in re.split(r"(\s+)", plain(text, letters))]
    joined = BETWEEN_LETTERS.sub(lambda found: re.sub(r"[\W\d_]+", "", found.group()), "".join(words))
    in_letters = FIGURE_IN_WORD.sub(lambda found: found.group().translate(FIGURES_AS_LETTERS), joined)
    return IN_HAN.sub("", in_letters)


def _one_alphabet(word: str) -> str:
    """A word that mixes Latin letters with look-alikes of another alphabet, in Latin letters."""
    has_latin = any("a" <= letter <= "z" for letter in word)
    return word.translate(LOOKALIKES) if has_latin and not word.isascii() else word


def read_lexicon(data: Mapping[str, Any]) -> Lexicon:
    """A lexicon from the plain data of its file. `<name>` in a pattern stands for the words listed under that name."""
    pairs = data.get("letters", "").split()
    letters = {ord(pair[0]): pair[1] for pair in pairs}
    words = {name: _alternatives(listed, letters) for name, listed in data.get("words", {}).items()}

    def compiled(patterns: str | Sequence[str]) -> re.Pattern[str]:
        sources = [patterns] if isinstance(patterns, str) else patterns
        return re.compile("|".join(f"(?:{_filled(source, words, letters)})" for source in sources))

    def rules(name: str) -> tuple[Rule, ...]:
        return tuple(Rule(entry["kind"], entry["why"], compiled(entry["patterns"])) for entry in data.get(name, ()))

    return Lexicon(
        language=data["language"],
        letters=letters,
        sensitive=compiled(data["sensitive"]) if "sensitive" in data else None,
        excuses=tuple(
            Excuse(
                compiled(entry["patterns"]),
                compiled(entry["unless"]) if "unless" in entry else None,
                entry.get("denial", False),
            )
            for entry in data.get("excused", ())
        ),
        refused=rules("refused"),
        telling=rules("telling"),
        doubtful=rules("doubtful"),
    )


def _alternatives(listed: str, letters: Mapping[int, str]) -> str:
    """'court | judge' as an alternation; a word of a list may itself be a pattern."""
    return "(?:" + "|".join(_spelled(word.strip()).translate(dict(letters)) for word in listed.split("|")) + ")"


def _filled(pattern: str, words: Mapping[str, str], letters: Mapping[int, str]) -> str:
    spelled = _spelled(pattern).translate(dict(letters))
    for _ in range(3):
        spelled = re.sub(r"<([a-z_]+)>", lambda found: words[found.group(1)], spelled)
    return spelled
