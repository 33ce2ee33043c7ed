"""`portal doctor`: whether each thing that the portal stands on is well, and what to do about what isn't."""

import json
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.models import Lender, Staff

LEAST_FREE = 512 * 1024 * 1024


@dataclass(frozen=True)
class Check:
    """advice: what to do; '' where all is well."""

    name: str
    ok: bool
    advice: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True)
def doctor(as_json: bool) -> None:
    """Says whether all is well, and what to do about what isn't."""
    from portal.operating_commands import settings_or_exit

    checks = examine(settings_or_exit())
    well = all(check.ok for check in checks)
    if as_json:
        click.echo(json.dumps({"ok": well, "checks": [asdict(check) for check in checks]}, ensure_ascii=False))
    else:
        for check in checks:
            click.echo(f"{'ok  ' if check.ok else 'LOOK'} {check.name}{': ' + check.advice if check.advice else ''}")
    raise SystemExit(0 if well else 1)


def examine(settings: Settings) -> list[Check]:
    """Every check, in the order in which one would mend them."""
    engine = create_engine(settings.database_url)
    try:
        found = [_database(engine)]
        if found[0].ok:
            found += [_shape(engine), *_lender(engine)]
    finally:
        engine.dispose()
    return [*found, _gateway(settings), _disk(settings), _pdf(), _fonts()]


def _database(engine: Engine) -> Check:
    try:
        with engine.connect():
            return Check("database", True)
    except SQLAlchemyError as error:
        return Check("database", False, f"It does not answer ({type(error).__name__}): see PORTAL_DATABASE_URL.")


def _shape(engine: Engine) -> Check:
    from portal.upgrade import migrations

    wanted = ScriptDirectory.from_config(migrations(str(engine.url))).get_current_head()
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    advice = "" if found == wanted else "It has another release's shape: back it up, then run portal upgrade."
    return Check("migrations", found == wanted, advice)


def _lender(engine: Engine) -> list[Check]:
    try:
        with Session(engine) as session:
            lender = session.scalars(select(Lender)).first()
            staff = session.scalars(select(Staff.role).where(Staff.ended_at.is_(None))).all()
    except SQLAlchemyError:
        return []
    if lender is None:
        return [Check("lender", False, "There is none yet: run portal init.")]
    rules = bool(lender.contact_rules) and lender.contact_rules != ["safe-default"]
    supervised, lines = "supervisor" in staff, bool(lender.crisis_lines)
    return [
        Check("lender", True),
        Check("contact_rules", rules, "" if rules else "Only the safe default holds: portal lender --rules."),
        Check(
            "supervisor",
            supervised,
            "" if supervised else "Nobody can decide above an officer's limits: add a supervisor.",
        ),
        Check("crisis_lines", lines, "" if lines else "Nobody is named to call today: portal lender --crisis-line."),
    ]


def _gateway(settings: Settings) -> Check:
    sends = settings.gateway != "none" or settings.smtp is not None
    return Check("gateway", sends, "" if sends else "No text or email leaves: set PORTAL_GATEWAY or PORTAL_SMTP.")


def _disk(settings: Settings) -> Check:
    url = make_url(settings.database_url)
    folder = Path(url.database).parent if url.get_backend_name() == "sqlite" and url.database else Path()
    free = shutil.disk_usage(folder).free if folder.exists() else 0
    return Check("disk", free >= LEAST_FREE, "" if free >= LEAST_FREE else "Less than half a gigabyte is free.")


def _pdf() -> Check:
    from portal.printing import drawing

    packages = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    advice = f"Agreements can only be printed from the browser: apt-get install {packages}"
    return Check("pdf", drawing() is not None, "" if drawing() is not None else advice)


def _fonts() -> Check:
    """Whether PDFs have letters for Chinese and Arabic."""
    advice = "PDFs would have boxes for letters: apt-get install fontconfig fonts-noto-core fonts-noto-cjk"
    has = all(map(_has_font, ("zh", "ar")))
    return Check("fonts", has, "" if has else advice)


def _has_font(language: str) -> bool:
    if shutil.which("fc-list") is None:
        return False
    listed = subprocess.run(["fc-list", f":lang={language}", "family"], capture_output=True, text=True)
    return bool(listed.stdout.strip())
