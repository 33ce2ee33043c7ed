"""`portal demo`: everything that `make demo` starts."""

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from portal.demo.run import DidNotStart, demo_environment, free_port, portal, running, wait_until_it_answers

FOLDER = Path("var/demo")
PORT = 8000


@click.command()
@click.option("--fresh", is_flag=True, help="Rebuild the demo's data.")
@click.option("--check", is_flag=True, help="Walk the main job on a fresh database and stop.")
@click.option("--port", default=PORT, show_default=True)
def demo(fresh: bool, check: bool, port: int) -> None:
    """Starts a lender that doesn't exist: web server, worker, and what to open."""
    # Whoever ends us by SIGTERM wants what Ctrl-C does; a shell that starts us in the background would have both ignored.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    if check:
        with tempfile.TemporaryDirectory() as folder:
            sys.exit(_check(Path(folder)))
    if fresh and FOLDER.exists():
        shutil.rmtree(FOLDER)
    try:
        _run(FOLDER, free_port(port))
    except KeyboardInterrupt:
        click.echo("\nStopped.")
    except DidNotStart as error:
        click.echo(f"portal: {error}; see {FOLDER / 'demo.log'}", err=True)
        sys.exit(1)


def _run(folder: Path, port: int) -> None:
    environment = demo_environment(folder, port)
    with (folder / "demo.log").open("ab") as log:
        prepared = subprocess.run(portal("demo-data"), env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    if prepared.returncode:
        raise DidNotStart("the demo's data could not be made")
    serve = portal("serve", "--port", str(port))
    with running([serve, portal("worker")], environment, folder / "demo.log") as processes:
        wait_until_it_answers(f"http://127.0.0.1:{port}/health", processes[0])
        click.echo(prepared.stdout.strip())
        click.echo("\nCtrl-C stops it. FRESH=1 rebuilds its data.")
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
    raise DidNotStart("a process ended")


def _check(folder: Path) -> int:
    from portal.demo.walk import walk

    return walk(folder)


@click.command("demo-data")
def demo_data() -> None:
    """Makes the demo's database where there is none yet, and prints what to open."""
    from portal.app import create_app
    from portal.db import transaction
    from portal.demo import book, opening
    from portal.operating_commands import settings_or_exit
    from portal.upgrade import upgrade

    settings = settings_or_exit()
    if not settings.is_demo:
        raise SystemExit("portal: the demo's data are for the demo alone")
    upgrade(settings.database_url)
    app = create_app(settings)
    with app.app_context():
        now = app.extensions["clock"].now()
        with transaction() as session:
            if book.is_empty(session):
                book.load(session, now)
                click.echo("A lender that doesn't exist, with about 60 borrowers, has been made.\n", err=True)
        opening.send_first_texts(app, now)
        click.echo(opening.what_to_open(app))
