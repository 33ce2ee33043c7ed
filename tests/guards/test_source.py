"""Rules of the house that a reading of the source can hold."""

import ast
import re

import pytest

from tests.guards.source import PORTAL, REPOSITORY, kept_files, trees

LONGEST_FILE = 400
# A longer file, with the reason why it is one.
LONGER: dict[str, str] = {}
NO_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base", "core", "shared"}
# What only this machine, or only its registries, would know.
OF_A_MACHINE = re.compile(
    r"/(?:work|root|home|Users)/\w|pypi\.org/simple|pythonhosted\.org|registry\.npmjs|--(?:extra-)?index-url [^$\s]"
)
RUNNING_CLOCKS = {"now", "today", "utcnow"}


def test_only_portal_db_commits():
    found = [
        f"{path.relative_to(REPOSITORY)}:{number}"
        for path in sorted(PORTAL.rglob("*.py"))
        if path != PORTAL / "db.py"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if ".commit(" in line
    ]
    assert found == []


def test_no_file_is_two():
    longer = {
        str(path.relative_to(REPOSITORY))
        for path in PORTAL.rglob("*.py")
        if len(path.read_text().splitlines()) > LONGEST_FILE
    }
    assert longer == set(LONGER)


def test_a_module_is_named_for_what_it_holds():
    assert not [name for name in trees() if NO_NAMES & set(name.split("."))]


@pytest.mark.parametrize("module", [name for name in trees() if name.startswith("portal.domain")])
def test_money_is_never_a_float(module):
    nodes = list(ast.walk(trees()[module]))
    assert not [f"line {n.lineno}" for n in nodes if isinstance(n, ast.Name) and n.id == "float"]
    assert not [f"line {n.lineno}" for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, float)]


def test_the_instant_comes_from_one_place():
    found = [
        f"{module}:{node.lineno}"
        for module, tree in trees().items()
        if module != "portal.clock"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in RUNNING_CLOCKS
        and ast.unparse(node.func.value) in ("datetime", "date", "datetime.datetime", "datetime.date")
    ]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_every_package_by_hash_and_names_no_index(name):
    text = (REPOSITORY / name).read_text()
    packages = re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n?", "", text).strip())
    assert packages and not [p.split()[0] for p in packages if "==" not in p or "--hash=sha256:" not in p]
    assert "://" not in text and "index" not in re.sub(r"(?m)^\S+==.*$", "", text)


def test_tests_run_with_the_very_releases_that_a_lender_gets():
    runtime, development = (
        set(re.findall(r"(?m)^[\w.-]+==\S+", (REPOSITORY / name).read_text()))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert runtime and runtime <= development


def test_the_repository_names_no_machine():
    found = [
        f"{path.relative_to(REPOSITORY)}:{number}"
        for path in kept_files()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if OF_A_MACHINE.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("path", sorted(PORTAL.rglob("*.html")), ids=lambda path: path.name)
def test_a_template_escapes_everything(path):
    assert not re.search(r"\|\s*safe\b|autoescape\s+false", path.read_text())
