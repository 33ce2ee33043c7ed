"""The rule sets that ship, one TOML file each (portal.domain.contact_rules says what stands in them)."""

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

from portal.domain.contact_rules import RuleSet, read_rule_set

SAFE_DEFAULT = "safe-default"


class NoSuchRules(KeyError):
    """A name that no rule set has."""


@cache
def rule_set(name: str) -> RuleSet:
    """The rule set of that name. Raises NoSuchRules."""
    if name not in names():
        raise NoSuchRules(name)
    text = resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return read_rule_set(tomllib.loads(text))


def rule_sets(chosen: Iterable[str]) -> tuple[RuleSet, ...]:
    """The rule sets of these names; the safe default where none is chosen. Raises NoSuchRules."""
    return tuple(rule_set(name) for name in chosen) or (rule_set(SAFE_DEFAULT),)


@cache
def names() -> tuple[str, ...]:
    """Of every rule set that ships."""
    files = resources.files(__package__).iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))
