"""What every test stands on: real databases, a clock that a test moves, the app, and pages that are checked."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from portal.clock import Clock
from portal.config import Settings
from portal.crypto import Keyring
from portal.db import Model, make_engine, open_session
from portal.models import Lender
from portal.upgrade import upgrade
from tests import postgresql
from tests.factories import NOW, a_lender
from tests.pages import Pages

pytest_plugins = ["tests.cases.recording"]

# How long an example takes tells of the machine and its other work, not of the law.
hypothesis.settings.register_profile("steady", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("steady")


DATA_KEY = bytes(range(32))
REPOSITORY = Path(__file__).parent.parent
ENGINES = ("sqlite", "postgresql")
# What `make test` says at its end where something is missing, with how to get it.
HOW_TO_GET = {
    "PostgreSQL": "apt-get install postgresql",
    "Chromium": "apt-get install chromium",
    "Kannel": "apt-get install kannel kannel-extras",
    "the shared material": "set PORTAL_SHARED to its folder",
}
missed: set[str] = set()


def skip_without(thing: str) -> None:
    """Skips a test that needs `thing` of HOW_TO_GET, and says so at the end; under CI nothing may be missing."""
    if os.environ.get("CI"):
        pytest.fail(f"CI needs {thing}: {HOW_TO_GET[thing]}", pytrace=False)
    pytest.skip(f"needs {thing}")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and isinstance(report.longrepr, tuple):
        missed.update(thing for thing in HOW_TO_GET if report.longrepr[2] == f"Skipped: needs {thing}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if missed:
        skipped = "; ".join(f"{thing} ({HOW_TO_GET[thing]})" for thing in sorted(missed))
        terminalreporter.write_line(f"Skipped, since this machine lacks: {skipped}")


def chosen_engines() -> tuple[str, ...]:
    """The engines that DB= asks for: sqlite, postgresql, or both."""
    asked = os.environ.get("DB") or "both"
    if asked not in (*ENGINES, "both"):
        raise pytest.UsageError(f"DB={asked}: it is sqlite, postgresql or both")
    return ENGINES if asked == "both" else (asked,)


class SetClock(Clock):
    """A clock that stands still until a test moves it."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant

    def set(self, instant: datetime) -> None:
        self.instant = instant.astimezone(UTC)

    def forward(self, **units: float) -> None:
        """`forward(days=1, hours=2)`."""
        self.instant += timedelta(**units)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
def now(clock: SetClock) -> datetime:
    """The instant at which the test begins."""
    return clock.now()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared material: cases, the oracle, a real loan book."""
    folder = Path(os.environ.get("PORTAL_SHARED") or REPOSITORY.parent / "shared")
    if not folder.is_dir():
        skip_without("the shared material")
    return folder


@pytest.fixture(scope="session")
def keys() -> Keyring:
    return Keyring({"test": DATA_KEY}, b"the lookup key of the tests, 0123456789")


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table, as `portal upgrade` makes them, and no row; each test gets a copy."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server: the one that PORTAL_TEST_POSTGRES names, or one that ends with the tests."""
    given = os.environ.get(postgresql.SETTING)
    folder = postgresql.binaries()
    if given:
        yield given
    elif folder is None:
        skip_without("PostgreSQL")
    else:
        with postgresql.server(folder) as url:
            yield url


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str, worker_id: str) -> Iterator[str]:
    """The URL of an empty database of this worker's own."""
    name = f"leeway_{worker_id}_{os.getpid()}"
    server = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield postgres_server.rsplit("/", 1)[0] + f"/{name}"
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(scope="session")
def postgres_tables(postgres_database: str) -> Iterator[Engine]:
    """An engine on a database with every table; tests leave rows behind, `engine` sweeps them out."""
    upgrade(postgres_database)
    engine = make_engine(postgres_database)
    yield engine
    engine.dispose()


@pytest.fixture(params=chosen_engines())
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with every table and no row, on SQLite and on PostgreSQL in turn."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("empty_sqlite"), tmp_path / "leeway.db")
        engine = make_engine(f"sqlite:///{path}")
        yield engine
        engine.dispose()
    else:
        engine = request.getfixturevalue("postgres_tables")
        yield engine
        sweep(engine)


def sweep(engine: Engine) -> None:
    """Empties a PostgreSQL database. Few tables hold anything after a test, and TRUNCATE takes a file's time for each."""
    names = [table.name for table in Model.metadata.sorted_tables]
    with engine.begin() as connection:
        held = [f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in names]
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # foreign keys look away
        for name in connection.scalars(text(" UNION ALL ".join(held))).all():
            connection.execute(text(f'DELETE FROM "{name}"'))


@pytest.fixture
def session(engine: Engine, keys: Keyring) -> Iterator[Session]:
    """A session that a test arranges and asserts with. What it leaves uncommitted is rolled back."""
    with open_session(engine, keys) as session:
        yield session


@pytest.fixture
def lender(session: Session) -> Lender:
    return a_lender(session)


@pytest.fixture
def settings(engine: Engine, keys: Keyring) -> Settings:
    return replace(SETTINGS, database_url=engine.url.render_as_string(hide_password=False))


SETTINGS = Settings(
    mode="test",
    database_url="sqlite://",
    secret_key="the secret key of the tests, 0123456789",
    data_keys={"test": DATA_KEY},
    lookup_key=b"the lookup key of the tests, 0123456789",
    base_url="http://localhost",
    gateway="outbox",
    starts_at=NOW,
)


@pytest.fixture(scope="session")
def wired_app() -> Flask:
    """The app is wired once, since that takes longer than most tests; `app` gives it this test's database and clock."""
    from portal.app import create_app

    return create_app(SETTINGS)


@pytest.fixture
def app(wired_app: Flask, settings: Settings, engine: Engine, clock: SetClock) -> Flask:
    wired_app.extensions.update(settings=settings, engine=engine, clock=clock)
    return wired_app


@pytest.fixture
def pages(app: Flask, session: Session, lender: Lender) -> Pages:
    """A browser without JavaScript that checks every page it opens. It sees what `session` arranged."""
    return Pages(app, session)
