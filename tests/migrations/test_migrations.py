"""Migrations make the database that the models describe, on both engines, and refuse to leave one half made."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Engine, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from portal.db import Model, make_engine
from portal.upgrade import MIGRATIONS, migrations, upgrade
from tests.conftest import chosen_engines


@pytest.fixture(params=chosen_engines())
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.db'}"
        return
    server = create_engine(request.getfixturevalue("postgres_server"), isolation_level="AUTOCOMMIT")
    name = f"migrated_{request.getfixturevalue('worker_id')}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield server.url.set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def migrated(empty_database: str) -> Iterator[Engine]:
    upgrade(empty_database)
    engine = make_engine(empty_database)
    yield engine
    engine.dispose()


def test_an_upgrade_makes_the_tables_of_the_models(migrated):
    with migrated.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Model.metadata) == []


def test_an_upgrade_makes_the_checks_of_the_models(migrated):
    """Alembic compares everything but these."""
    found = inspect(migrated)
    for table in Model.metadata.sorted_tables:
        checks = {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint)}
        assert {str(c["name"]) for c in found.get_check_constraints(table.name)} == checks, table.name


def test_an_upgrade_of_an_upgraded_database_changes_nothing(migrated):
    upgrade(migrated.url.render_as_string(hide_password=False))


@pytest.mark.parametrize(
    "step",
    [
        "raise RuntimeError('the power failed')",
        "op.execute(\"INSERT INTO link VALUES (1, 'x', 404, 'home', 'en', '', 0, '2026-12-2', '2026-12-9', null, null)\")",
    ],
    ids=["a migration that fails", "a migration after which a row refers to nothing"],
)
def test_an_upgrade_is_all_or_nothing(empty_database, tmp_path, step):
    folder = shutil.copytree(MIGRATIONS, tmp_path / "migrations")
    (folder / "versions" / "9999_broken.py").write_text(
        "from alembic import op\nimport sqlalchemy as sa\n"
        f"revision = '9999'\ndown_revision = '{head(migrations(empty_database))}'\n"
        f"def upgrade():\n    op.create_table('half_made', sa.Column('id', sa.Integer()))\n    {step}\n"
    )
    config = migrations(empty_database)
    config.set_main_option("script_location", str(folder))
    with pytest.raises((RuntimeError, IntegrityError)):
        command.upgrade(config, "head")
    assert tables(empty_database) == set()


def tables(url: str) -> set[str]:
    engine = make_engine(url)
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found


def head(config: Config) -> str:
    return str(ScriptDirectory.from_config(config).get_current_head())


def test_migrations_are_one_line_and_numbered_in_order(tmp_path):
    script = ScriptDirectory.from_config(migrations(f"sqlite:///{tmp_path / 'unused.db'}"))
    revisions = [revision.revision for revision in script.walk_revisions()][::-1]
    assert revisions == [f"{number:04d}" for number in range(1, len(revisions) + 1)]
