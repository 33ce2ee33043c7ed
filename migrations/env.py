"""How Alembic reaches the database: portal.upgrade gives it a URL; by hand it is PORTAL_DATABASE_URL."""

import os
from typing import Any

from alembic import context
from sqlalchemy import JSON, Connection, event

import portal.models  # noqa: F401  (so that every table is known)
from portal.db import Instant, Model, make_engine


def plain_type(kind: str, item: Any, autogen_context: Any) -> str | bool:
    """A migration stands on its own: it names SQL types, not ours, which may change under it."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        autogen_context.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


def migrate() -> None:
    engine = make_engine(context.config.attributes.get("url") or os.environ["PORTAL_DATABASE_URL"])
    on_sqlite = engine.dialect.name == "sqlite"
    if on_sqlite:
        # SQLite changes a table by making it anew, which drops the old one; what refers to it must not mind meanwhile.
        event.listen(engine, "connect", lambda connection, record: connection.execute("PRAGMA foreign_keys=OFF"))
    try:
        with engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection:
            run(connection, on_sqlite)
    finally:
        engine.dispose()


def run(connection: Connection, on_sqlite: bool) -> None:
    context.configure(
        connection,
        target_metadata=Model.metadata,
        render_as_batch=True,
        render_item=plain_type,
        # All or nothing, on SQLite too: portal.db begins its transactions itself.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all() if on_sqlite else []
        if broken:
            raise RuntimeError(f"rows that refer to nothing after the migration: {broken[:5]}")


migrate()
