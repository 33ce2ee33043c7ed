"""Engine, sessions and the one place where a transaction is committed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app, g
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Engine, Integer, MetaData, create_engine, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from portal.crypto import Keyring

# SQLite counts a rowid only in an INTEGER primary key; everywhere else a key is 64 bits.
Key = BigInteger().with_variant(Integer, "sqlite")
Json = JSON().with_variant(JSONB, "postgresql")


class Instant(TypeDecorator[datetime]):
    """An instant: aware datetimes go in, UTC comes out. A naive one is refused, since its zone would be a guess."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Model(DeclarativeBase):
    """A table. Constraint names follow one convention, so that migrations can name them on every engine."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant(), dict[str, Any]: Json, list[Any]: Json}


def make_engine(url: str) -> Engine:
    """An engine for `url`; SQLite in WAL mode, with its foreign keys held and transactions begun by us."""
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"), hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=15000", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    # A reader that turns writer in mid-transaction is refused by SQLite where another wrote meanwhile, and no waiting
    # helps. So whoever will write takes the lock at the beginning, and waits for it there.
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


def open_session(engine: Engine, keyring: Keyring) -> Session:
    """A session whose services can seal and open what identifies people (`keyring(session)`)."""
    return Session(engine, info={"keyring": keyring}, expire_on_commit=False)


def keyring(session: Session) -> Keyring:
    found: Keyring = session.info["keyring"]
    return found


@contextmanager
def writing(session: Session) -> Iterator[Session]:
    """One transaction that may write: committed at the end, rolled back on any exception. What was read before is
    read anew, since it may be stale by now."""
    session.rollback()
    session.expire_all()
    session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def init_app(app: Flask, engine: Engine, keys: Keyring) -> None:
    app.extensions["engine"] = engine
    app.extensions["keyring"] = keys
    app.teardown_appcontext(_close)


def current_session() -> Session:
    """The session of this app context (a request, a command, a job)."""
    if "session" not in g:
        g.session = open_session(current_app.extensions["engine"], current_app.extensions["keyring"])
    session: Session = g.session
    return session


@contextmanager
def transaction() -> Iterator[Session]:
    """`writing` on the session of this app context: for views, commands and jobs, and for nobody below them."""
    with writing(current_session()) as session:
        yield session


def _close(error: BaseException | None) -> None:
    session = g.pop("session", None)
    if session is not None:
        session.close()
