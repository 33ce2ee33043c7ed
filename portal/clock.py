"""The one place that `now` comes from. PORTAL_NOW moves its start, in the demo and in tests; it runs on from there."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


class Clock:
    """Tells the instant. `starts_at` stands for the moment at which this clock was made (None: the true time)."""

    def __init__(self, starts_at: datetime | None = None) -> None:
        self._started = time.monotonic()
        self._starts_at = starts_at.astimezone(UTC) if starts_at else None

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        if self._starts_at is None:
            return datetime.now(UTC)
        return self._starts_at + timedelta(seconds=time.monotonic() - self._started)


def local_date(instant: datetime, zone: str) -> date:
    """The calendar date that `instant` falls on in `zone` (an IANA name)."""
    return instant.astimezone(ZoneInfo(zone)).date()
