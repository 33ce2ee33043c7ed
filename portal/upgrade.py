"""The database's way to this release's shape. There is no way back but a backup (docs/decisions/003-migrations.md)."""

from pathlib import Path

from alembic import command
from alembic.config import Config

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def migrations(url: str) -> Config:
    """What Alembic's commands take, for the database at `url` (SQLAlchemy's form)."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> None:
    """Brings the database at `url` to this release's shape, all of it or nothing; makes it where there is none."""
    command.upgrade(migrations(url), "head")
