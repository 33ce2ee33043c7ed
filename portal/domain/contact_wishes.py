"""How a borrower wants to be contacted: by which forms, on which days, between which hours.

The borrower's own when, where and how is honoured (UK: FCA Handbook CONC 7.9.4). Without a word from them, what is written
is welcome and a call or a visit is not: those are made to whoever agreed to them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from portal.domain.contact_facts import FORMS, ActiveHold, Facts, Window
from portal.domain.contact_rules import RuleSet

SPOKEN = frozenset({"call", "visit"})
ALL_DAYS = frozenset(range(7))


@dataclass(frozen=True)
class Wish:
    """forms: those of contact_facts.FORMS that are welcome; days: 0 (Monday) to 6, none for any; window: hours of the
    borrower's zone, None for any."""

    forms: frozenset[str] = frozenset(FORMS) - SPOKEN
    days: frozenset[int] = frozenset()
    window: Window | None = None

    @property
    def consent(self) -> frozenset[str]:
        """Whoever names hours agrees to them, which some rules ask for outside their own. Nothing goes out beyond them."""
        return frozenset({"hours"}) if self.window else frozenset()

    def hold(self, form: str) -> ActiveHold | None:
        """What keeps a form that is not welcome away."""
        if form in self.forms:
            return None
        return ActiveHold("spoken_not_wished" if form in SPOKEN else "not_wished", form=form)

    def allows(self, form: str, at: datetime) -> bool:
        """Whether a contact of `form` at the borrower's local time `at` is as they wished."""
        if form not in self.forms:
            return False
        window = self.window or WHOLE_DAY
        return is_open(dict.fromkeys(self.days or ALL_DAYS, window), at.weekday(), at.time())


WHOLE_DAY = Window(time(0), time(0))
UNSAID = Wish()


def is_open(windows: Mapping[int, Window], weekday: int, at: time) -> bool:
    """Whether a weekday's clock shows an hour inside `windows`: one that closes at or before its opening reaches into the
    next day."""
    today, before = windows.get(weekday), windows.get((weekday - 1) % 7)
    if today is not None and today.opens <= at and (at < today.closes or today.closes <= today.opens):
        return True
    return before is not None and before.closes <= before.opens and at < before.closes


def hours_allowed(rules: Sequence[RuleSet], wish: Wish, form: str = "text") -> frozenset[int]:
    """The hours of the day (0 to 23) in which every rule allows a contact of `form` on all days of `wish`."""
    facts = Facts("UTC", form, "reminder", "borrower", consent=wish.consent)
    binding = [hours.windows for rule in rules for hours in rule.hours if hours.binds(facts)]
    days = wish.days or ALL_DAYS
    return frozenset(
        hour for hour in range(24) if all(is_open(windows, day, time(hour)) for windows in binding for day in days)
    )


def hours_wished(wish: Wish) -> frozenset[int]:
    """The hours of the day that begin inside the wish."""
    window = wish.window or WHOLE_DAY
    return frozenset(hour for hour in range(24) if is_open(dict.fromkeys(ALL_DAYS, window), 0, time(hour)))


def caps_on_everything(rules: Iterable[RuleSet]) -> tuple[int | None, int | None]:
    """The most contacts of all forms together that any rule allows in a day and in 30 days; None where none says."""
    found: dict[str, list[int]] = {"day": [], "30 days": []}
    for rule in rules:
        for cap in rule.caps:
            if cap.forms >= set(FORMS):
                length = cap.window if isinstance(cap.window, str) else f"{cap.window.days} days"
                found.setdefault(length, []).append(cap.most)
    return min(found["day"], default=None), min(found["30 days"], default=None)
