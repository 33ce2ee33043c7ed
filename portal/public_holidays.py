"""Public holidays of the place that a zone lies in, from the `holidays` package."""

from datetime import date, timedelta
from functools import lru_cache

import holidays
from babel.core import get_global

from portal.domain.contact_facts import Holiday

# As far ahead as a contact may be deferred to before it is asked about again.
AHEAD = timedelta(days=62)


@lru_cache(maxsize=512)
def around(zone: str, day: date) -> tuple[Holiday, ...]:
    """The national public holidays in `zone` (IANA) from the day before `day` to two months after it. Those of a state are
    not known, since a zone doesn't tell which state it is; a place that the package lacks has none."""
    first, last = day - timedelta(days=1), day + AHEAD
    territory = get_global("zone_territories").get(zone)
    if not territory:
        return ()
    found = (holiday for year in range(first.year, last.year + 1) for holiday in _of_year(str(territory), year))
    return tuple(holiday for holiday in found if first <= holiday.on <= last)


@lru_cache(maxsize=512)
def _of_year(territory: str, year: int) -> tuple[Holiday, ...]:
    try:
        listed = holidays.country_holidays(territory, years=year)
    except NotImplementedError:
        return ()
    return tuple(Holiday(on, "national", name) for on, name in sorted(listed.items()))
