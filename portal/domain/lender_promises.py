"""What a lender promised a borrower, and whether it was kept: judged from facts, as a borrower's payments are.

Some promises are to do something by a day (answer a request, a dispute, a complaint, a letter; look for a payment). Others
are to leave something be: keep an offer open until its day, send no reminder while a request is open, call only as wished.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.domain.contact_wishes import SPOKEN, Wish

# A letter is answered within so many working days.
LETTER_WORKING_DAYS = 2

TO_DO = ("answer_request", "answer_dispute", "answer_complaint", "answer_letter", "look_for_payment")
TO_LEAVE_BE = ("offer_open", "quiet", "calls")


@dataclass(frozen=True)
class LenderPromise:
    """One promise. Dates are of the lender's zone.

    kind: of TO_DO or TO_LEAVE_BE. by: the last day on which it can be kept, or on which it binds; None: until what it is
    about is over. done_on: when what was promised was done. broken_on: when what was promised not to be done was done.
    over_on: when what it is about ended without that (answered, taken back, replaced). wish: of a promise about calls.
    broken_at: the instant of it, where there is one. public_id: of what it is about.
    """

    kind: str
    given_on: date
    by: date | None = None
    done_on: date | None = None
    broken_on: date | None = None
    over_on: date | None = None
    wish: Wish | None = None
    broken_at: datetime | None = None
    public_id: str | None = None
    contact_id: int | None = None


def judge(promise: LenderPromise, today: date) -> str:
    """`kept`, `missed` or `running`; `over` for what ended before anything was due, and counts as neither."""
    if promise.kind in TO_LEAVE_BE:
        if promise.broken_on is not None:
            return "missed"
        ended = promise.over_on is not None or (promise.by is not None and promise.by < today)
        return "kept" if ended else "running"
    last = promise.done_on or promise.over_on or today
    if promise.by is not None and promise.by < last:
        return "missed"
    if promise.done_on is not None:
        return "kept"
    return "over" if promise.over_on is not None else "running"


@dataclass(frozen=True)
class Spoken:
    """A call or visit that was made."""

    contact_id: int
    form: str
    at: datetime


def calls_as_wished(
    wishes: Sequence[tuple[datetime, Wish]], spoken: Iterable[Spoken], borrower_zone: str, lender_zone: str
) -> list[LenderPromise]:
    """One promise for each wish about calls and visits, from its instant until the next that differs. It is broken by the
    first call or visit that was not as wished then. wishes: in order of time."""
    told: list[tuple[datetime, Wish]] = []
    for since, wish in wishes:
        limits = _limits(wish)
        if not told or _limits(told[-1][1]) != limits:
            told.append((since, wish))
    made = sorted(spoken, key=lambda contact: contact.at)
    promises = []
    for at, (since, wish) in enumerate(told):
        until = told[at + 1][0] if at + 1 < len(told) else None
        if _limits(wish) is None:
            continue
        broken = next(
            (
                contact
                for contact in made
                if since <= contact.at
                and (until is None or contact.at < until)
                and not wish.allows(contact.form, contact.at.astimezone(ZoneInfo(borrower_zone)))
            ),
            None,
        )
        zone = ZoneInfo(lender_zone)
        promises.append(
            LenderPromise(
                "calls",
                since.astimezone(zone).date(),
                broken_on=broken.at.astimezone(zone).date() if broken else None,
                broken_at=broken.at if broken else None,
                over_on=until.astimezone(zone).date() if until else None,
                wish=wish,
                contact_id=broken.contact_id if broken else None,
            )
        )
    return promises


def _limits(wish: Wish) -> tuple[object, ...] | None:
    """What a wish says of calls and visits; None where any is welcome at any time."""
    welcome = wish.forms & SPOKEN
    if not welcome:
        return (welcome,)
    if welcome == SPOKEN and not wish.days and wish.window is None:
        return None
    return (welcome, wish.days, wish.window)


def first_within(instants: Iterable[datetime], since: datetime, until: datetime | None) -> datetime | None:
    """The first of `instants` after `since` and before `until` (None: it goes on)."""
    return min((at for at in instants if since < at and (until is None or at < until)), default=None)
