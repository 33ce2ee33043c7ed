"""The worker does its jobs from the moment it starts, and ends when it is told to."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.crypto import Keyring
from portal.db import Model, make_engine, open_session
from portal.models import Message
from tests.factories import a_lender, a_loan

STARTS_WITHIN = 30.0
SETTINGS = {
    "PORTAL_MODE": "test",
    "PORTAL_SECRET_KEY": "the secret key of the tests, 0123456789",
    "PORTAL_LOOKUP_KEY": "the lookup key of the tests, 0123456789",
    "PORTAL_DATA_KEYS": "test:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "PORTAL_BASE_URL": "http://localhost",
    "PORTAL_GATEWAY": "outbox",
    "PORTAL_NOW": "2026-12-17T10:00+08:00",
}


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_a_worker_plans_when_it_starts_and_stops_when_told(tmp_path: Path, keys: Keyring, told: signal.Signals) -> None:
    url = f"sqlite:///{tmp_path / 'leeway.db'}"
    engine = make_engine(url)
    Model.metadata.create_all(engine)
    with open_session(engine, keys) as session:
        a_lender(session)
        a_loan(session)
        session.commit()
    log = tmp_path / "worker.log"
    environment = {**os.environ, **SETTINGS, "PORTAL_DATABASE_URL": url}
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-m", "portal", "worker"], env=environment, stderr=output)
    try:
        with open_session(engine, keys) as session:
            assert _planned(session, process), log.read_text()
        process.send_signal(told)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
        engine.dispose()
    assert "worker_stopped" in log.read_text()
    assert (tmp_path / "tasks.db").exists()


def _planned(session: Session, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        session.rollback()
        if session.scalar(select(Message.id)):
            return True
        time.sleep(0.1)
    return False
