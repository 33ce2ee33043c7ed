"""The gate that every contact passes: send now, defer until, or hold with a reason.

`decide` is asked when a contact is planned and again at the moment of sending. Who may be written to and what holds a
contact come first: a hold promises no time. Then the rules about time (hours, holidays, the borrower's wish, caps): the
contact is deferred to the first instant that all of them allow, and the reason is the rule that alone would keep it
longest. Where two rule sets apply, the stricter wins, since all of them have to allow. Time is the borrower's.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.domain.contact_facts import WRITTEN, ActiveHold, Facts, PastContact, Window
from portal.domain.contact_rules import Cap, Hours, RuleSet, SilenceAfter

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
# Nothing that rules of today can add up to takes longer; what does has no allowed time at all.
HORIZON = timedelta(days=400)

EVERYTHING = frozenset({"reminder", "offer_notice", "answer", "code", "agreement", "legal_notice"})
# What asks for money, or leads to it. What answers the borrower, or brings what they asked for, is left out.
PRESSING = frozenset({"reminder", "legal_notice"})
REMINDERS = frozenset({"reminder"})

# Which purposes each hold stops. A kind that isn't here stops what presses.
STOPPED_BY: dict[str, frozenset[str]] = {
    "opt_out": REMINDERS,
    "draft_request": PRESSING,
    "open_request": PRESSING,
    "offer_open": PRESSING,
    "promise": PRESSING,
    "paid": PRESSING,
    "dispute": PRESSING,
    "breathing_space": PRESSING,
    "breathing_space_mental_health": PRESSING,
    "complaint": PRESSING,
    # A form of contact that the borrower doesn't want; for calls and visits, whatever they are about.
    "not_wished": PRESSING,
    "spoken_not_wished": EVERYTHING - {"answer", "code"},
    "vulnerability": PRESSING,
    "nothing_due": PRESSING,
    "written_off": PRESSING,
    # After an answer of no there is time to complain or ask again (Australia: National Credit Code s89A).
    "hardship_refused": frozenset({"legal_notice"}),
    "wrong_number": EVERYTHING,
    "bounced": EVERYTHING,
    # The network lets no text of ours through to a number whose owner told it so.
    "carrier_blocked": EVERYTHING,
    "no_phone": EVERYTHING,
    "deceased": EVERYTHING,
}
# These are about an address, so that other forms stay open.
FORMS_OF = {
    "wrong_number": frozenset({"text", "call"}),
    "no_phone": frozenset({"text", "call"}),
    "bounced": frozenset({"text", "email"}),
    "carrier_blocked": frozenset({"text"}),
}

# A code that the borrower has just asked for and an answer to their own message come when they come.
ANY_HOUR = frozenset({"answer", "code"})
UNCAPPED = frozenset({"answer", "code", "offer_notice", "agreement"})
# What the borrower asked for doesn't use up what they may be sent unasked.
UNCOUNTED = frozenset({"answer", "code"})
# Papers that a guarantor has to get, whatever may be said of reminders.
OWED_TO_GUARANTORS = frozenset({"agreement", "legal_notice", "answer", "code"})


@dataclass(frozen=True)
class Send:
    """The contact may be made now."""


@dataclass(frozen=True)
class Defer:
    """Not now, but at `until` (aware, in the borrower's zone), when it is to be asked again. `rule` is the rule set."""

    until: datetime
    reason: str
    rule: str
    source: str


@dataclass(frozen=True)
class Hold:
    """Not now, and nobody knows when."""

    reason: str
    rule: str
    source: str


Decision = Send | Defer | Hold


@dataclass(frozen=True)
class _Bar:
    """One rule about time: `first_allowed` gives the first instant from `t` on at which it allows the contact, or None
    where there is none."""

    reason: str
    rule: str
    source: str
    first_allowed: Callable[[datetime], datetime | None]


def decide(facts: Facts, rules: Sequence[RuleSet], now: datetime) -> Decision:
    """Whether the contact may be made at `now` (aware). `rules`: every rule set that applies."""
    zone = ZoneInfo(facts.zone)
    now = now.astimezone(UTC)
    stopped = _third_party(facts, rules) or _held(facts, rules, now.astimezone(zone))
    if stopped is not None:
        return stopped
    bars = list(_bars(facts, rules, zone))
    keeping: list[tuple[datetime, _Bar]] = []
    for bar in bars:
        allowed = bar.first_allowed(now)
        if allowed is None:
            return Hold(bar.reason, bar.rule, bar.source)
        if allowed > now:
            keeping.append((allowed, bar))
    if not keeping:
        return Send()
    longest = max(keeping, key=lambda kept: kept[0])[1]
    until = _allowed_by_all(bars, now)
    if until is None:
        return Hold(longest.reason, longest.rule, longest.source)
    return Defer(until.astimezone(zone), longest.reason, longest.rule, longest.source)


def _allowed_by_all(bars: Sequence[_Bar], now: datetime) -> datetime | None:
    at = now
    while at - now < HORIZON:
        moved = at
        for bar in bars:
            allowed = bar.first_allowed(moved)
            if allowed is None:
                return None
            moved = allowed
        if moved == at:
            return at
        at = moved
    return None


def _third_party(facts: Facts, rules: Iterable[RuleSet]) -> Hold | None:
    """Family and other contacts of the borrower are never written to, whatever the rules of the place."""
    if facts.to == "guarantor" and facts.purpose in OWED_TO_GUARANTORS:
        return None
    if facts.to not in ("borrower", "guarantor"):
        rule = next((rule for rule in rules if facts.to not in rule.to), None)
        return Hold("third_party", rule.name if rule else "", rule.source if rule else "ours")
    for rule in rules:
        if facts.to not in rule.to:
            return Hold("third_party", rule.name, rule.source)
    return None


def _held(facts: Facts, rules: Iterable[RuleSet], local_now: datetime) -> Hold | None:
    for hold in facts.holds:
        if facts.purpose not in STOPPED_BY.get(hold.kind, PRESSING) and facts.purpose in EVERYTHING:
            continue
        if not _reaches(hold, facts):
            continue
        rule = next((rule for rule in rules if rule.hold_days and hold.kind in rule.hold_days), None)
        days = rule.hold_days[hold.kind] if rule and rule.hold_days else None
        if _is_active(hold, days, local_now):
            return Hold(hold.kind, rule.name if rule else "", rule.source if rule else "ours")
    return None


def _reaches(hold: ActiveHold, facts: Facts) -> bool:
    if hold.form is not None:
        if hold.form != facts.form:
            return False
    elif facts.form not in FORMS_OF.get(hold.kind, (facts.form,)):
        return False
    return hold.number is None or facts.number is None or hold.number == facts.number


def _is_active(hold: ActiveHold, days: int | None, local_now: datetime) -> bool:
    """Whether a hold is in force. Its first and its last day are inside. One that lasts as long as a treatment has no end
    while that goes on. The day after its start (or the treatment's end) is the first of `days`."""
    if hold.starts is not None and _is_after(hold.starts, local_now):
        return False
    if hold.ends is not None:
        return not _is_before(hold.ends, local_now)
    if days is None:
        return True
    counted_from = hold.treatment_ended if hold.kind == "breathing_space_mental_health" else hold.starts
    if counted_from is None:
        return True
    first = counted_from.astimezone(local_now.tzinfo).date() if isinstance(counted_from, datetime) else counted_from
    return local_now.date() <= first + days * DAY


def _is_after(moment: date | datetime, local_now: datetime) -> bool:
    return moment > local_now if isinstance(moment, datetime) else moment > local_now.date()


def _is_before(moment: date | datetime, local_now: datetime) -> bool:
    return moment <= local_now if isinstance(moment, datetime) else moment < local_now.date()


def _bars(facts: Facts, rules: Sequence[RuleSet], zone: ZoneInfo) -> Iterable[_Bar]:
    """The rules about time that bind this contact. Where two keep it equally long, the first gives the reason."""
    kept_hours = facts.purpose not in ANY_HOUR
    capped = facts.purpose not in UNCAPPED
    for rule in rules:
        if kept_hours:
            for hours in rule.hours:
                if hours.binds(facts):
                    yield _Bar("hours", rule.name, rule.source, _within(hours, zone))
            days = frozenset(holiday.on for holiday in facts.holidays if holiday.scope in rule.holidays)
            if days:
                yield _Bar("holiday", rule.name, rule.source, _outside_days(days, zone))
        if capped:
            for cap in rule.caps:
                if facts.form in cap.forms and not cap.unless.holds(facts):
                    yield _Bar(cap.reason, rule.name, rule.source, _under(cap, facts, zone))
            for silence in rule.silence_after:
                if facts.form in silence.forms:
                    days = _silent_days(silence, facts, zone)
                    yield _Bar(silence.reason, rule.name, rule.source, _outside_days(days, zone))
    if kept_hours and (facts.wish is not None or facts.wish_days):
        wished = dict.fromkeys(facts.wish_days or range(7), facts.wish or Window(time(), time()))
        yield _Bar("wish", "", "the borrower", _within(Hours(frozenset(), None, wished), zone))


def _within(hours: Hours, zone: ZoneInfo) -> Callable[[datetime], datetime | None]:
    def first_allowed(at: datetime) -> datetime | None:
        today = at.astimezone(zone).date()
        # From the day before, whose window may cross midnight, to the same weekday a week on.
        for offset in range(-1, 9):
            day = today + offset * DAY
            window = hours.windows.get(day.weekday())
            if window is None:
                continue
            opens, closes = _on_day(window, day, zone)
            if at < closes and opens < closes:
                return max(at, opens)
        return None

    return first_allowed


def _on_day(window: Window, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants of a window that opens on `day`. An hour that the clock shows twice is read strictly: the window opens
    at its second passing and closes at its first."""
    ends_on = day if window.closes > window.opens else day + DAY
    opens = datetime.combine(day, window.opens, zone).replace(fold=1)
    if _is_skipped(opens):
        opens = opens.replace(fold=0)
    return opens.astimezone(UTC), datetime.combine(ends_on, window.closes, zone).astimezone(UTC)


def _is_skipped(local: datetime) -> bool:
    back = local.astimezone(UTC).astimezone(local.tzinfo)
    return back.replace(tzinfo=None) != local.replace(tzinfo=None)


def _start_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _outside_days(days: frozenset[date], zone: ZoneInfo) -> Callable[[datetime], datetime | None]:
    def first_allowed(at: datetime) -> datetime | None:
        day = at.astimezone(zone).date()
        if day not in days:
            return at
        while day in days:
            day += DAY
        return _start_of(day, zone)

    return first_allowed


def _counts(facts: Facts, contact: PastContact, by: str) -> bool:
    if contact.purpose in UNCOUNTED:
        return False
    if by == "debt":
        return contact.debt is None or facts.debt is None or contact.debt == facts.debt
    if by == "number":
        return contact.number is None or facts.number is None or contact.number == facts.number
    return True


def _silent_days(silence: SilenceAfter, facts: Facts, zone: ZoneInfo) -> frozenset[date]:
    return frozenset(
        contact.at.astimezone(zone).date() + offset * DAY
        for contact in facts.history
        if contact.unit == silence.unit and contact.form in silence.forms and _counts(facts, contact, silence.by)
        for offset in range(silence.days)
    )


def _under(cap: Cap, facts: Facts, zone: ZoneInfo) -> Callable[[datetime], datetime | None]:
    counted = [
        contact.at
        for contact in facts.history
        if contact.form in cap.forms
        and (contact.unit in cap.units or (cap.written_counts and contact.form in WRITTEN))
        and _counts(facts, contact, cap.by)
    ]
    if isinstance(cap.window, timedelta):
        return _under_rolling(cap.most, sorted(_leaves(at, cap.window, zone) for at in counted))
    full = _full_days if cap.window == "day" else _full_months
    return _outside_days(full(cap.most, [at.astimezone(zone).date() for at in counted]), zone)


def _leaves(at: datetime, window: timedelta, zone: ZoneInfo) -> datetime:
    """The last instant at which a contact at `at` counts. Where the clock was set meanwhile, 'so many days' has two
    readings, by the clock and by the hours that passed: the later holds."""
    elapsed = at.astimezone(UTC) + window
    by_the_clock = (at.astimezone(zone) + window).astimezone(UTC)
    return max(elapsed, by_the_clock)


def _under_rolling(most: int, leaving: Sequence[datetime]) -> Callable[[datetime], datetime | None]:
    def first_allowed(at: datetime) -> datetime | None:
        inside = [leaves for leaves in leaving if leaves >= at]
        if len(inside) < most:
            return at
        # Whether a contact just as old as the window counts is left open by the sources: it does.
        return inside[len(inside) - most] + MINUTE if most else None

    return first_allowed


def _full_days(most: int, days: Sequence[date]) -> frozenset[date]:
    return frozenset(day for day in days if days.count(day) >= most)


def _full_months(most: int, days: Sequence[date]) -> frozenset[date]:
    months = [day.replace(day=1) for day in days]
    return frozenset(
        month + offset * DAY
        for month in months
        if months.count(month) >= most
        for offset in range(31)
        if (month + offset * DAY).month == month.month
    )
