"""`portal worker`: runs the background jobs in this process until it is told to stop."""

import signal
import threading
from types import FrameType

import click
from flask import Flask

CHECK_EVERY = 10.0


@click.command()
def worker() -> None:
    """Runs the background jobs: reminders, texts, offers that end. Ctrl-C stops it once the job in hand is done."""
    from portal.app import create_app
    from portal.operating_commands import settings_or_exit

    run(create_app(settings_or_exit()))


def run(app: Flask) -> None:
    """Works until SIGINT or SIGTERM. The job in hand is finished first, so that no text is left claimed."""
    from portal import tasks
    from portal.logs import logger

    huey = tasks.make_huey(app.extensions["settings"])
    tasks.bind(huey, app)
    consumer = huey.create_consumer(workers=1, worker_type="thread", periodic=True)
    stopping = threading.Event()

    def stop(signum: int, frame: FrameType | None) -> None:
        stopping.set()

    consumer.start()
    # Huey's own handlers end a job in the middle on one of the two signals.
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, stop)
    logger().info("worker_started")
    while not stopping.wait(CHECK_EVERY):
        consumer.check_worker_health()
    consumer.stop(graceful=True)
    logger().info("worker_stopped")
