"""`portal access-codes print`: codes of the second way in, for papers that the lender prints."""

from pathlib import Path

import click


@click.group("access-codes")
def access_codes() -> None:
    """Codes that let borrowers in without a link."""


@access_codes.command("print")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--branch", help="Of whose borrowers; of every branch's where left out.")
def print_codes(file: Path, branch: str | None) -> None:
    """Makes a code for everybody with an open loan and writes FILE (CSV: client_number, reference, code), which only its
    owner may read. Codes that were made for them before end."""
    from portal.app import create_app
    from portal.db import transaction
    from portal.exchange.spreadsheet import SpreadsheetFile
    from portal.operating_commands import settings_or_exit
    from portal.services.access_codes import make_for_all
    from portal.services.staff import NoSuchBranch

    if file.exists():
        click.echo(f"portal: {file} is there already; give another name.", err=True)
        raise SystemExit(1)
    app = create_app(settings_or_exit())
    written = SpreadsheetFile(file, ("client_number", "reference", "code"))
    try:
        with app.app_context(), transaction() as session:
            for row in make_for_all(session, branch, app.extensions["clock"].now()):
                written.add(row)
            # Before the codes are good they are in the file.
            written.close()
    except NoSuchBranch as error:
        click.echo(f"portal: {error}", err=True)
        raise SystemExit(1) from None
    finally:
        app.extensions["engine"].dispose()
    click.echo(f"{written.rows} codes in {file}. Print them, then delete it.")
