"""`portal import-book`: a loan book from a file, with what was understood shown before anything is stored."""

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import click
from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from portal.clock import Clock, local_date
from portal.crypto import Keyring
from portal.db import Model, make_engine, open_session, writing
from portal.exchange.loan_book import LoanRow, read_loans
from portal.exchange.mapping import BadMapping, Mapping, read_mapping
from portal.exchange.preview import preview
from portal.exchange.row_errors import RowError
from portal.import_report import Findings, print_file_totals, print_preview, print_report
from portal.models import ImportRun, Lender
from portal.operating_commands import settings_or_exit
from portal.services.book_import import NoZone
from portal.services.book_import import import_book as take_in
from portal.services.book_report import ImportReport

EVERY = 200  # rows between two steps of the progress bar


class _NothingKept(Exception):
    """Ends the transaction of a dry run, or of a strict one in which a row can't be read."""


@click.command("import-book")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", "mapping_file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day of the file; else the mapping's, else today.")
@click.option("--dry-run", is_flag=True, help="Shows what would happen and keeps nothing.")
@click.option("--strict", is_flag=True, help="Takes in nothing where a row can't be read, and exits with 1.")
@click.option("--errors", "errors_file", type=click.Path(dir_okay=False, path_type=Path), help="Where refused rows go.")
@click.option(
    "--disagreements", type=click.Path(dir_okay=False, path_type=Path), help="Where figures that disagree go."
)
@click.option("--yes", is_flag=True, help="Takes in what was shown without asking first.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object, and nothing else.")
def import_book(
    file: Path,
    mapping_file: Path,
    as_of: datetime | None,
    dry_run: bool,
    strict: bool,
    errors_file: Path | None,
    disagreements: Path | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Takes in the loan book FILE as a mapping says (docs/import.md).

    The same file again changes nothing, an interrupted run leaves nothing, and no message goes out because of an import.
    Without PORTAL_DATABASE_URL a dry run is tried against an empty database.
    """
    started = time.monotonic()
    mapping = _read_mapping(mapping_file)
    shown = preview(file, mapping)
    if shown.problems:
        _refuse(*(problem.sentence for problem in shown.problems))
    if not as_json:
        print_preview(file, shown)
    engine, keys, clock = _database(dry_run)
    findings = Findings(file, errors_file, disagreements)
    try:
        with open_session(engine, keys) as session:
            now = clock.now()
            lender = session.scalars(select(Lender)).first()
            today = local_date(now, lender.zone if lender else "UTC")
            day = as_of.date() if as_of else mapping.as_of or today
            if day > today:
                _refuse(f"The file can't be as of {day}: today is {today}.")
            if sys.stdin.isatty() and not (yes or dry_run or as_json):
                print_file_totals(read_loans(file, mapping))
                click.confirm("Take this in?", abort=True)
            report = _run(session, file, mapping, day, now, today, findings, dry_run, strict, as_json)
    except NoZone as error:
        _refuse(str(error))
    except OSError as error:
        _refuse(f"{error.filename} can't be written ({error.strerror}). Name another place with --errors.")
    finally:
        findings.close()
        engine.dispose()
    kept = not dry_run and not (strict and report.errors)
    seconds = round(time.monotonic() - started, 2)
    if as_json:
        concerns = [f"{concern.column}: {concern.sentence}" for concern in shown.concerns]
        more = {"kept": kept, "seconds": seconds, "please_check": concerns}
        click.echo(json.dumps(report.to_dict() | more | findings.files()))
    else:
        print_report(report, findings, kept, seconds)
    if strict and report.errors:
        raise SystemExit(1)


def _refuse(*sentences: str) -> NoReturn:
    for sentence in sentences:
        click.echo(f"portal: {sentence}", err=True)
    raise SystemExit(2)


def _read_mapping(path: Path) -> Mapping:
    try:
        return read_mapping(path.read_bytes())
    except BadMapping as error:
        _refuse(f"{path.name}: {error}")


def _database(dry_run: bool) -> tuple[Engine, Keyring, Clock]:
    """The deployment's database; for a dry run where none is named, an empty one that nobody keeps."""
    if dry_run and not os.environ.get("PORTAL_DATABASE_URL"):
        click.echo("PORTAL_DATABASE_URL is not set: this is tried against an empty database.", err=True)
        engine = make_engine("sqlite://")
        Model.metadata.create_all(engine)
        return engine, Keyring({"none": os.urandom(32)}, os.urandom(32)), Clock()
    settings = settings_or_exit()
    engine = make_engine(settings.database_url)
    if not inspect(engine).has_table(ImportRun.__tablename__):
        _refuse("The database is not there yet, or not in this release's shape: run 'portal upgrade' first.")
    return engine, Keyring(settings.data_keys, settings.lookup_key), Clock(settings.starts_at)


def _run(
    session: Session,
    path: Path,
    mapping: Mapping,
    as_of: date,
    now: datetime,
    today: date,
    findings: Findings,
    dry_run: bool,
    strict: bool,
    quiet: bool,
) -> ImportReport:
    """The whole book in one transaction."""
    with path.open("rb") as file:
        file_hash = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        try:
            with writing(session), _progress(file, path.stat().st_size, quiet) as follow:
                rows = follow(read_loans(file, mapping))
                report = take_in(session, rows, mapping, as_of, now, today, path.name, file_hash, findings.add)
                if dry_run or (strict and report.errors):
                    raise _NothingKept
        except _NothingKept:
            pass
    return report


@contextmanager
def _progress(file: BinaryIO, size: int, quiet: bool) -> Iterator[Any]:
    """A function that passes rows on and moves a bar on standard error along the bytes that were read."""
    with click.progressbar(length=max(size, 1), label="Taking in", file=sys.stderr, hidden=quiet) as bar:

        def follow(rows: Iterator[LoanRow | RowError]) -> Iterator[LoanRow | RowError]:
            at = 0
            for number, row in enumerate(rows):
                if not number % EVERY:
                    bar.update(file.tell() - at)
                    at = file.tell()
                yield row
            bar.update(size - at)

        yield follow
