"""The source of the portal as the guards read it."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent.parent
PORTAL = REPOSITORY / "portal"


@cache
def trees() -> dict[str, ast.Module]:
    """Every module of the portal by its dotted name, `__init__` included."""
    return {
        ".".join(path.relative_to(REPOSITORY).with_suffix("").parts): ast.parse(path.read_text())
        for path in sorted(PORTAL.rglob("*.py"))
    }


def imports(module: str) -> Iterator[str]:
    """Dotted names of what `module` imports, wherever in it the import stands: modules, and names out of them."""
    for node in ast.walk(trees()[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, f"{module} imports relatively"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def kept_files() -> list[Path]:
    """Every text file that the repository keeps."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    paths = [REPOSITORY / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and path.suffix not in (".png", ".jpg", ".ico", ".woff2", ".mo")]
