"""`portal serve`, `upgrade`, `routes`, `staff add`: putting the portal to work and looking after it."""

import json
import secrets

import click

from portal.config import BadSetting, Settings, read_settings


def settings_or_exit() -> Settings:
    """The settings of the environment; a bad one ends the command with its sentence and exit code 2."""
    try:
        return read_settings()
    except BadSetting as error:
        click.echo(f"portal: {error}", err=True)
        raise SystemExit(2) from None


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Processes; SQLite is content with one.")
def serve(host: str, port: int, workers: int) -> None:
    """Serves the portal."""
    from granian.constants import Interfaces
    from granian.server import Server

    settings_or_exit()
    Server(
        "portal.wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1,
        log_access=False,
    ).serve()


@click.command()
def upgrade() -> None:
    """Brings the database to this release's shape."""
    from portal.upgrade import upgrade as bring_to_head

    bring_to_head(settings_or_exit().database_url)
    click.echo("The database has this release's shape.")


@click.command()
@click.option("--json", "as_json", is_flag=True)
def routes(as_json: bool) -> None:
    """Every route with its methods and the roles that may open it."""
    from portal.app import create_app

    app = create_app(settings_or_exit())
    listed = [
        {
            "path": rule.rule,
            "method": method,
            "roles": sorted(getattr(app.view_functions[rule.endpoint], "open_to", ())),
        }
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    listed.sort(key=lambda row: (row["path"], row["method"]))
    if as_json:
        click.echo(json.dumps(listed))
        return
    for row in listed:
        click.echo(f"{row['method']:6} {row['path']:50} {', '.join(row['roles'])}")


@click.group()
def staff() -> None:
    """People who work for the lender."""


@staff.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice(["officer", "supervisor", "admin", "auditor"]), required=True)
@click.option("--name", required=True, help="As borrowers will read it.")
@click.option("--phone", default="", help="Where borrowers reach this person.")
@click.option("--language", default="en", show_default=True)
@click.option("--branch", help="Whose borrowers this person sees; every branch's where left out.")
def add(email: str, role: str, name: str, phone: str, language: str, branch: str | None) -> None:
    """Adds a member of staff and prints a first password."""
    from portal.app import create_app
    from portal.db import transaction
    from portal.services.staff import EmailTaken, NoSuchBranch, add_staff

    app = create_app(settings_or_exit())
    password = secrets.token_urlsafe(12)
    with app.app_context():
        try:
            with transaction() as session:
                add_staff(session, email, name, role, phone, language, branch, password, app.extensions["clock"].now())
        except (EmailTaken, NoSuchBranch) as error:
            click.echo(f"portal: {error}", err=True)
            raise SystemExit(1) from None
    click.echo(f"{email} may sign in with the password {password}")
