"""Day counts: how long a stretch of days is, as an exact share of a year."""

from datetime import date
from enum import StrEnum

from portal.domain.due_dates import days_in_month


class DayCount(StrEnum):
    """A year's convention. 30/360 follows ISDA 2006 section 4.16(f), 30e/360 the Eurobond rule of 4.16(g)."""

    thirty_360 = "30/360"
    thirty_e_360 = "30e/360"
    actual_360 = "actual/360"
    actual_364 = "actual/364"
    actual_365 = "actual/365"
    actual_actual = "actual/actual"


class YearBreak(StrEnum):
    """Where actual/actual passes from one year's length to the next.

    `january_1` is ISDA's rule: the night of 31 December belongs to the old year. `december_31` is Apache Fineract's
    progressive schedule, where that night belongs to the new one.
    """

    january_1 = "january_1"
    december_31 = "december_31"


_FIXED_YEAR = {DayCount.actual_360: 360, DayCount.actual_364: 364, DayCount.actual_365: 365}
# The days of a year where they are the same each year.
YEAR_DAYS = {DayCount.thirty_360: 360, DayCount.thirty_e_360: 360, **_FIXED_YEAR}


def days_30_360(start: date, end: date, european: bool = False) -> int:
    """Days from `start` to `end` where each month has 30 and a month's last day counts as the 30th as the rule says."""
    first, last = start.day, end.day
    if first == 31:
        first = 30
    if last == 31 and (european or first == 30):
        last = 30
    return (end.year - start.year) * 360 + (end.month - start.month) * 30 + last - first


def _year_days(year: int) -> int:
    return 366 if days_in_month(year, 2) == 29 else 365


def year_share(
    start: date, end: date, day_count: DayCount, year_break: YearBreak = YearBreak.january_1
) -> tuple[int, int]:
    """From `start` to `end` (both at midnight) as a share of a year: an exact ratio (num, den)."""
    if day_count is DayCount.thirty_360:
        return days_30_360(start, end), 360
    if day_count is DayCount.thirty_e_360:
        return days_30_360(start, end, european=True), 360
    days = end.toordinal() - start.toordinal()
    fixed = _FIXED_YEAR.get(day_count)
    if fixed:
        return days, fixed
    offset = 1 if year_break is YearBreak.december_31 else 0
    first_year, last_year = _year_of(start, offset), _year_of(end, offset)
    if first_year == last_year:
        return days, _year_days(first_year)
    num = 0
    at = start.toordinal()
    for year in range(first_year, last_year + 1):
        stop = min(end.toordinal(), date(year, 12, 31).toordinal() + 1 - offset)
        num += (stop - at) * (365 if _year_days(year) == 366 else 366)
        at = stop
    return num, 365 * 366


def _year_of(day: date, offset: int) -> int:
    return day.year + 1 if offset and day.month == 12 and day.day == 31 else day.year
