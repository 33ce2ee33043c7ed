"""Due dates for a phone's calendar (RFC 5545)."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

AHEAD = timedelta(days=3)


def due_dates(name: str, loan_id: str, days: Iterable[date], stamp: datetime) -> bytes:
    """A calendar with an entry of a whole day for each due date, and a nudge three days before.

    A phone that the family shares shows an entry to everybody, so it is called by `name` (the lender's public one) and says
    nothing of a loan or an amount. The same day of the same loan (`loan_id` is its public id) is the same entry when the
    file is opened again. `stamp`: UTC.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Leeway//due dates//")
    calendar.add("version", "2.0")
    for day in days:
        entry = Event()
        entry.add("uid", hashlib.sha256(f"{loan_id}/{day.isoformat()}".encode()).hexdigest()[:32])
        entry.add("dtstamp", stamp)
        entry.add("dtstart", day)
        entry.add("summary", name)
        entry.add("transp", "TRANSPARENT")
        nudge = Alarm()
        nudge.add("action", "DISPLAY")
        nudge.add("description", name)
        nudge.add("trigger", -AHEAD)
        entry.add_component(nudge)
        calendar.add_component(entry)
    return bytes(calendar.to_ical())
