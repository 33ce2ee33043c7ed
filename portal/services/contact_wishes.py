"""The borrower says how they want to be contacted, in which language, and whether at all."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.models import Borrower, ContactWish
from portal.queries.contact_wishes import newest_wish, opt_out_of, read_wish
from portal.services import opt_outs
from portal.services.records import Actor, audit, emit

PAUSE = timedelta(days=30)
OFTEN = ("usual", "pause", "stop")


def choose(
    session: Session,
    borrower: Borrower,
    forms: Sequence[str],
    days: Sequence[int],
    opens: str | None,
    closes: str | None,
    now: datetime,
) -> None:
    """Keeps a wish beside those before it. forms: of portal.domain.contact_facts.FORMS; days: 0 (Monday) to 6, none for any;
    opens, closes: HH:MM of the borrower's zone, up to 24:00, both or neither."""
    row = ContactWish(
        borrower_id=borrower.id,
        forms=list(forms),
        days=[] if len(set(days)) == 7 else sorted(set(days)),
        opens=opens,
        closes=closes,
        recorded_at=now,
    )
    if read_wish(row) == newest_wish(session, borrower):
        return
    session.add(row)
    session.flush()
    emit(session, "contact.wished", "borrower", borrower.id, now, {"forms": row.forms, "days": row.days})
    audit(session, Actor.borrower(borrower), "contact_wish", "done", "borrower", borrower.id, now)


def speak(session: Session, borrower: Borrower, language: str, now: datetime) -> None:
    """The borrower's language from now on: a tag of portal.languages."""
    if borrower.language != language:
        borrower.language = language
        session.flush()
        audit(session, Actor.borrower(borrower), "language", "done", "borrower", borrower.id, now, {"to": language})


def how_often(session: Session, borrower: Borrower, now: datetime) -> str:
    """`usual`, `pause` (reminders rest for a while) or `stop`."""
    hold = opt_out_of(session, borrower, now)
    if hold is None:
        return "usual"
    return "stop" if hold.ends_at is None else "pause"


def set_often(session: Session, borrower: Borrower, often: str, now: datetime) -> None:
    """Stops reminders, pauses them for PAUSE, or starts them again. A pause is not made longer by
    saying so twice."""
    if often == how_often(session, borrower, now):
        return
    opt_outs.start(session, borrower, "page", now)
    if often != "usual":
        opt_outs.stop(session, borrower, "page", now, until=now + PAUSE if often == "pause" else None)
