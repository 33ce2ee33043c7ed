"""Real receivers on loopback: a portal that gateways tell things, Kannel with its fake centre, a mail server."""

import json
import logging
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import Engine
from werkzeug.serving import make_server

from portal.models import Lender
from tests.conftest import chosen_engines, skip_without

FAKE_CENTRE = "/usr/lib/kannel/test/fakesmsc"
PATIENCE = 20.0  # seconds, for what another process does in a moment


@pytest.fixture(params=chosen_engines()[:1])
def engine(engine: Engine) -> Engine:
    """One engine is enough for what a gateway adds."""
    return engine


def until(said: Callable[[], Any]) -> Any:
    """What `said()` is once it is something; fails where it isn't in time."""
    ends = time.monotonic() + PATIENCE
    while not (found := said()):
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.05)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def site(app: Flask, lender: Lender) -> Iterator[str]:
    """The address of the portal on loopback."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Receiver:
    """A lender's own gateway. `answer` is what it says to each: (status, body), or None to hang up without a word."""

    url: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answer: tuple[int, dict[str, Any]] | None = (200, {"id": "theirs-1"})


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            if found.answer is None:
                self.connection.close()
                return
            status, said = found.answer
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}/texts"
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class MailServer:
    """A real SMTP server. `refuses` is its answer to a recipient, where it has one."""

    port: int = 0
    received: list[Any] = field(default_factory=list)
    refuses: str | None = None


@pytest.fixture
def mail() -> Iterator[MailServer]:
    found = MailServer(port=free_port())

    class Handler:
        async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
            if found.refuses:
                return found.refuses
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            found.received.append(envelope)
            return "250 taken"

    controller = Controller(Handler(), hostname="127.0.0.1", port=found.port)
    controller.start()
    yield found
    controller.stop()


@dataclass(frozen=True)
class Kannel:
    """sendsms: the address of its interface. log: what its fake centre was handed."""

    sendsms: str
    log: Path

    USER = "leeway"
    PASSWORD = "a password of the tests"


@contextmanager
def running(command: list[str], folder: Path, name: str) -> Iterator[None]:
    with (folder / f"{name}.out").open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
def kannel(tmp_path: Path) -> Callable[..., Any]:
    """`with kannel(get_url, incoming) as found:` Kannel with a fake centre, from which `incoming` ('from to text words')
    comes in; a text that comes in is told at `get_url`."""
    if not shutil.which("bearerbox") or not Path(FAKE_CENTRE).exists():
        skip_without("Kannel")

    @contextmanager
    def run(get_url: str, incoming: str = "") -> Iterator[Kannel]:
        admin, box, centre, send = (free_port() for _ in range(4))
        (tmp_path / "kannel.conf").write_text(
            CONFIGURATION.format(admin=admin, box=box, centre=centre, send=send, get_url=get_url, kannel=Kannel)
        )
        with running(["bearerbox", "kannel.conf"], tmp_path, "bearerbox"):
            until(lambda: listens(centre) and listens(box))
            with running(["smsbox", "kannel.conf"], tmp_path, "smsbox"):
                until(lambda: listens(send))
                message = incoming or "123 456 text nothing"
                most = "1" if incoming else "0"
                command = [FAKE_CENTRE, "-H", "127.0.0.1", "-r", str(centre), "-i", "0.1", "-m", most, message]
                with running(command, tmp_path, "centre"):
                    until(lambda: "starting" in (tmp_path / "centre.out").read_text(errors="replace"))
                    yield Kannel(f"http://127.0.0.1:{send}/cgi-bin/sendsms", tmp_path / "centre.out")

    return run


def listens(port: int) -> bool:
    """Whether a server of ours waits on `port`: asked of the kernel, since Kannel's centre would take a try for a client."""
    wanted = f"{port:04X}"
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return any(line.split()[1].endswith(f":{wanted}") and line.split()[3] == "0A" for line in lines)


CONFIGURATION = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
smsbox-port = {box}
smsbox-interface = 127.0.0.1
admin-password = of-the-tests
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = fake
host = 127.0.0.1
port = {centre}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {send}
sendsms-interface = 127.0.0.1
global-sender = 123

group = sendsms-user
username = {kannel.USER}
password = {kannel.PASSWORD}
max-messages = 10
concatenation = true

group = sms-service
keyword = default
get-url = "{get_url}?from=%p&text=%a&id=%I"
max-messages = 0
"""
