"""Complaints: what they may be about, what would put it right, by when they are answered."""

from datetime import date, timedelta

from portal.domain.hardship import answer_by

# Directive (EU) 2015/2366, article 101(2): at the latest within 15 business days of receipt. Stricter than what most
# places ask of lenders, and a day that a person can count.
WORKING_DAYS = 15

KINDS = ("contact", "person", "decision", "figures", "other")
WISHES = ("apology", "explanation", "other_officer", "other_times", "money_back")
OUTCOMES = ("upheld", "partly", "not_upheld")
SATURDAY = 5


def answered_by(sent_on: date) -> date:
    """The day by which a complaint that was sent on `sent_on` is answered."""
    return answer_by(sent_on, WORKING_DAYS)


def working_day(sent_on: date, today: date) -> int:
    """Which working day after `sent_on` it is; 0 on the day itself."""
    days = (today - sent_on).days
    return sum((sent_on + timedelta(days=day)).weekday() < SATURDAY for day in range(1, days + 1))


def clock(sent_on: date, today: date) -> tuple[str, ...]:
    """One state for each working day: paid (it has passed), to_come, next (the answer is due), not_received (it was due)."""
    passed = working_day(sent_on, today)
    before = ["paid" if day <= passed else "to_come" for day in range(1, WORKING_DAYS)]
    return (*before, "not_received" if passed > WORKING_DAYS else "next")
