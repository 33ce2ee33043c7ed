"""A file may import from floors below its own, never from above, and never sideways between views."""

import sys

import pytest

from tests.guards.source import imports, is_within, trees

DOMAIN = "portal.domain"
# Stands under every floor but the domain: no floor's, and nothing of a floor's in it.
GROUND = {
    f"portal.{name}"
    for name in (
        "config",
        "clock",
        "crypto",
        "db",
        "languages",
        "formats",
        "logs",
        "contact_rules",
        "reply_words",
        "public_holidays",
    )
}
MODELS = "portal.models"
MIDDLE = {f"portal.{name}" for name in ("services", "queries", "messaging", "exchange", "forms")}
# Below the entry points nobody knows of a web request, nor begins or ends a transaction.
ENTRY_POINTS_ONLY = ("flask", "flask_login", "flask_wtf", "portal.db.transaction", "portal.db.writing")
# The domain is pure: it neither reads, writes nor draws lots, and the instant is an argument.
IMPURE = {"io", "os", "pathlib", "random", "secrets", "shutil", "socket", "sqlite3", "subprocess", "time", "urllib"}


def floor(module: str) -> str:
    """The package, or for the ground the word `ground`, that decides what `module` may import."""
    if any(is_within(module, part) for part in GROUND):
        return "ground"
    for package in (DOMAIN, MODELS, *sorted(MIDDLE)):
        if is_within(module, package):
            return package
    return "top"


MAY_IMPORT = {
    DOMAIN: {DOMAIN},
    "ground": {DOMAIN, "ground"},
    MODELS: {DOMAIN, "ground", MODELS},
    **{package: {DOMAIN, "ground", MODELS, *MIDDLE} for package in MIDDLE},
    # Forms are checked without a database.
    "portal.forms": {DOMAIN, "ground", "portal.forms"},
}


def modules(*floors: str) -> list[str]:
    return [module for module in trees() if floor(module) in floors]


def known(name: str) -> str | None:
    """The module of the portal that `name` is or is in."""
    for candidate in (name, f"{name}.__init__", name.rpartition(".")[0], f"{name.rpartition('.')[0]}.__init__"):
        if candidate in trees() and candidate != "portal.__init__":
            return candidate
    return None


@pytest.mark.parametrize("module", modules(*MAY_IMPORT))
def test_a_module_imports_from_its_own_floor_or_below(module):
    allowed = MAY_IMPORT[floor(module)]
    above = {name for name in imports(module) if (found := known(name)) and floor(found) not in allowed}
    assert not above


@pytest.mark.parametrize("module", modules(DOMAIN))
def test_the_domain_knows_the_standard_library_and_itself(module):
    roots = {name.split(".")[0] for name in imports(module)} - {"portal"}
    assert roots <= set(sys.stdlib_module_names) - IMPURE


@pytest.mark.parametrize("module", modules(MODELS, "portal.services", "portal.queries", "portal.exchange"))
def test_below_the_entry_points_nothing_knows_of_requests_and_transactions(module):
    assert not [name for name in imports(module) if any(is_within(name, theirs) for theirs in ENTRY_POINTS_ONLY)]


@pytest.mark.parametrize("module", [module for module in trees() if is_within(module, "portal.views")])
def test_a_view_imports_no_other_view(module):
    package = module.rpartition(".")[0]
    sideways = {
        name
        for name in imports(module)
        if (found := known(name)) and is_within(found, "portal.views") and found != f"{package}.__init__"
    }
    # A package brings in its own views, which are its routes.
    assert not sideways or (module == f"{package}.__init__" and all(is_within(name, package) for name in sideways))


def test_only_the_app_knows_the_views():
    knowing = {m for m in trees() if any(is_within(name, "portal.views") for name in imports(m))}
    assert {m for m in knowing if not is_within(m, "portal.views")} == {"portal.app"}
