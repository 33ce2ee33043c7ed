"""What a visitor of the demo finds: the first texts in the outbox, and where to look."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import func, select

from portal.clock import Clock, local_date
from portal.db import current_session
from portal.demo.people import ADMIN, FEATURED, FEATURED_BORN, OFFICER, PASSWORD, PLACES, SUPERVISOR, ZONE
from portal.models import OutboxText


def send_first_texts(app: Flask, now: datetime) -> None:
    """Reminders that would have gone out yesterday at half past ten, so that the outbox has something to show. The same
    rules hold: whoever lives where that was night gets theirs when the worker finds them awake."""
    if current_session().scalar(select(func.count()).select_from(OutboxText)):
        return
    from portal import tasks

    yesterday = local_date(now, ZONE) - timedelta(days=1)
    true_clock = app.extensions["clock"]
    app.extensions["clock"] = Clock(datetime.combine(yesterday, time(10, 30), ZoneInfo(ZONE)))
    try:
        tasks.plan(app)
        tasks.send(app)
    finally:
        app.extensions["clock"] = true_clock


def what_to_open(app: Flask) -> str:
    """What `make demo` prints: the newest text to the featured borrower, the staff sign-in, the outbox."""
    session = current_session()
    session.rollback()  # the texts went out in sessions of their own, after this one began to read
    base = app.extensions["settings"].base_url
    to = PLACES[FEATURED.place][2].format(100)
    text = session.scalar(select(OutboxText).where(OutboxText.to == to).order_by(OutboxText.id.desc()).limit(1))
    letter = text.text if text else "(her reminder goes out between 9 in the morning and 7 in the evening)"
    return f"""\
A text to {FEATURED.name} ({to}):

{letter}

  She was born on {FEATURED_BORN:%d %B %Y} ({FEATURED_BORN:%Y%m%d}).

Staff sign in at   {base}/staff/sign-in
  officer          {OFFICER}
  supervisor       {SUPERVISOR}
  admin            {ADMIN}
  password         {PASSWORD}

All messages       {base}/demo/outbox"""
