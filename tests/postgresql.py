"""A PostgreSQL server of the tests' own: a new cluster in a folder that goes away, on loopback alone.

`python -m tests.postgresql COMMAND…` runs COMMAND with PORTAL_TEST_POSTGRES set to such a server.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SETTING = "PORTAL_TEST_POSTGRES"
# Nothing of a test's has to outlive the machine, so nothing waits for the disk.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=60")


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine (Debian keeps it off PATH); None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The SQLAlchemy URL of a server whose programs are in `folder`; it ends with the block."""
    # PostgreSQL refuses to run as root, so there its own user runs it.
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    def run(program: str, *arguments: str) -> None:
        command = [*as_user, str(folder / program), *arguments]
        done = subprocess.run(command, cwd="/", capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{program} ended with {done.returncode}: {done.stdout}{done.stderr}")

    home = tempfile.mkdtemp(prefix="leeway-postgresql-")
    if as_user:
        shutil.chown(home, "postgres", "postgres")
    data = f"{home}/data"
    port = _free_port()
    options = " ".join(f"-c {option}" for option in (*FAST, f"port={port}", "listen_addresses=127.0.0.1"))
    try:
        run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        run("pg_ctl", "-D", data, "-l", f"{home}/log", "-w", "-o", f"{options} -k {home}", "start")
        try:
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> int:
    folder = binaries()
    if folder is None:
        print("There is no PostgreSQL here: apt-get install postgresql", file=sys.stderr)
        return 1
    # So that whoever is told to end still ends the server.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with server(folder) as url:
        return subprocess.run(sys.argv[1:], env={**os.environ, SETTING: url}).returncode


if __name__ == "__main__":
    raise SystemExit(main())
