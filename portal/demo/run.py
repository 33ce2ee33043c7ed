"""`portal demo`: settings, database, data, web server and worker, started together and stopped together."""

import base64
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PORT = 8000
STARTS_WITHIN = 60.0
STOPS_WITHIN = 10.0


class DidNotStart(Exception):
    """A process of the demo ended before it answered."""


def demo_environment(folder: Path, port: int) -> dict[str, str]:
    """The environment of a demo whose data are in `folder`. Its secrets are made once and stay with its data."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "settings.env"
    if not kept.exists():
        data_key = base64.urlsafe_b64encode(os.urandom(32)).decode()
        lines = (
            f"PORTAL_SECRET_KEY={secrets.token_urlsafe(48)}",
            f"PORTAL_LOOKUP_KEY={secrets.token_urlsafe(48)}",
            f"PORTAL_DATA_KEYS=demo:{data_key}",
        )
        kept.touch(mode=0o600)
        kept.write_text("\n".join(lines) + "\n")
    return {
        **os.environ,
        "PORTAL_SETTINGS": str(kept.resolve()),
        "PORTAL_MODE": "demo",
        "PORTAL_GATEWAY": "outbox",
        "PORTAL_DATABASE_URL": f"sqlite:///{folder.resolve() / 'leeway.db'}",
        "PORTAL_BASE_URL": f"http://127.0.0.1:{port}",
    }


def free_port(wanted: int = 0) -> int:
    """`wanted` where nobody listens on it, else any port that is free on loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def portal(*arguments: str) -> list[str]:
    """The command line of `portal` in this environment of Python."""
    return [sys.executable, "-m", "portal", *arguments]


@contextmanager
def running(
    commands: Sequence[list[str]], environment: dict[str, str], log: Path
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """`commands` as processes of a session of their own, so that Ctrl-C reaches us first and we end them in order."""
    processes: list[subprocess.Popen[bytes]] = []
    with log.open("ab") as output:
        try:
            for command in commands:
                processes.append(
                    subprocess.Popen(
                        command,
                        env=environment,
                        stdout=output,
                        stderr=output,
                        stdin=subprocess.DEVNULL,
                        start_new_session=True,
                    )
                )
            yield processes
        finally:
            for process in processes:
                _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    """Returns when `url` answers. Raises DidNotStart where the process ends first or takes too long."""
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise DidNotStart(f"the web server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise DidNotStart(f"no answer within {STARTS_WITHIN:.0f} seconds")
