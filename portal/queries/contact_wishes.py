"""How borrowers want to be contacted, as it stands and as it stood."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.domain.contact_facts import Window, read_time
from portal.domain.contact_wishes import UNSAID, Wish
from portal.models import Borrower, ContactWish, Hold


def read_wish(row: ContactWish) -> Wish:
    window = Window(read_time(row.opens), read_time(row.closes)) if row.opens and row.closes else None
    return Wish(frozenset(row.forms), frozenset(row.days), window)


def wishes_of(session: Session, borrower: Borrower) -> list[tuple[datetime, Wish]]:
    """Every wish of the borrower's with the instant since when it held, in order of time."""
    rows = session.scalars(select(ContactWish).where(ContactWish.borrower_id == borrower.id).order_by(ContactWish.id))
    return [(row.recorded_at, read_wish(row)) for row in rows]


def newest_wish(session: Session, borrower: Borrower) -> Wish:
    """How the borrower wants to be contacted now."""
    return newest_wishes(session, [borrower.id]).get(borrower.id, UNSAID)


def newest_wishes(session: Session, people: Collection[int]) -> dict[int, Wish]:
    """The wishes that hold now, by borrower id; nobody is in it who said nothing."""
    rows = session.scalars(select(ContactWish).where(ContactWish.borrower_id.in_(people)).order_by(ContactWish.id))
    return {row.borrower_id: read_wish(row) for row in rows}


def opt_out_of(session: Session, borrower: Borrower, now: datetime) -> Hold | None:
    """The borrower's stop (without an end) or pause of reminders, where one is in force."""
    return session.scalar(
        select(Hold)
        .where(
            Hold.borrower_id == borrower.id,
            Hold.kind == "opt_out",
            Hold.starts_at <= now,
            or_(Hold.ends_at.is_(None), Hold.ends_at > now),
        )
        .order_by(Hold.ends_at.is_(None).desc(), Hold.ends_at.desc())
        .limit(1)
    )
