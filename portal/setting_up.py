"""`portal init`: asks little, writes settings with strong secrets, makes the database and the lender."""

import base64
import os
import secrets
from pathlib import Path
from zoneinfo import available_timezones

import click

from portal import languages
from portal.config import SETTINGS_FILE


def _zone(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if value not in available_timezones():
        raise click.BadParameter(f"{value} is not a time zone such as Asia/Taipei.")
    return value


def _address(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if not value.startswith("https://"):
        raise click.BadParameter("It begins with https://: what borrowers read here is private.")
    return value


@click.command()
@click.option("--name", prompt="The lender's public name (texts carry it: let it say nothing of loans)")
@click.option("--phone", prompt="The phone number that borrowers may call")
@click.option("--address", prompt="Its postal address")
@click.option("--hours", prompt="When it answers (for instance: Monday to Saturday, 9 to 6)")
@click.option("--zone", prompt="Its time zone", default="Asia/Shanghai", callback=_zone)
@click.option("--language", prompt="Its own language", type=click.Choice(list(languages.LANGUAGES)), default="zh-Hans")
@click.option("--base-url", prompt="The address under which borrowers will open the portal", callback=_address)
@click.option(
    "--database-url",
    default="sqlite:///var/leeway.db",
    show_default=True,
    help="SQLAlchemy's form; postgresql+psycopg://USER:PASSWORD@HOST/NAME for PostgreSQL.",
)
@click.option("--settings", type=click.Path(path_type=Path), default=SETTINGS_FILE, show_default=True)
def init(
    name: str,
    phone: str,
    address: str,
    hours: str,
    zone: str,
    language: str,
    base_url: str,
    database_url: str,
    settings: Path,
) -> None:
    """Sets up a portal for one lender."""
    from portal.app import create_app
    from portal.db import transaction
    from portal.operating_commands import settings_or_exit
    from portal.services.lender import LenderExists, make_lender
    from portal.upgrade import upgrade

    _write(settings, base_url, database_url)
    if database_url.startswith("sqlite:///"):
        Path(database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    os.environ["PORTAL_SETTINGS"] = str(settings)
    found = settings_or_exit()
    upgrade(found.database_url)
    app = create_app(found)
    with app.app_context():
        try:
            with transaction() as session:
                make_lender(session, name, phone, address, hours, zone, language)
        except LenderExists as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{settings} holds the settings and the secrets: keep a copy of it apart from the database's.")
    click.echo("Next: portal staff add EMAIL --role supervisor --name NAME; portal import-book FILE --mapping MAP.toml")


def _write(settings: Path, base_url: str, database_url: str) -> None:
    """A settings file that only its owner reads; one that is there is left alone."""
    if settings.exists():
        click.echo(f"{settings} is there already and is used as it is.")
        return
    settings.touch(mode=0o600)
    data_key = base64.urlsafe_b64encode(os.urandom(32)).decode()
    settings.write_text(
        f"""\
# Settings of this portal. What the environment says goes before what stands here.
PORTAL_BASE_URL={base_url}
PORTAL_DATABASE_URL={database_url}
PORTAL_SECRET_KEY={secrets.token_urlsafe(48)}
PORTAL_LOOKUP_KEY={secrets.token_urlsafe(48)}
PORTAL_DATA_KEYS=first:{data_key}
# Networks of reverse proxies whose X-Forwarded-For is believed, for instance 127.0.0.1/32
PORTAL_PROXIES=
""",
        encoding="utf-8",
    )
