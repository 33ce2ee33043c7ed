"""Reminders stop at once where somebody says so, and start again where they do. What they ask for themselves goes on."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from portal.crypto import token_hash
from portal.models import Borrower, Hold, Link, Message
from portal.services.records import Actor, audit, emit

STOPPED = frozenset({"opt_out", "carrier_blocked"})


def stop(session: Session, borrower: Borrower, by: str, now: datetime, until: datetime | None = None) -> bool:
    """No reminder goes to `borrower` any more (or before `until`), in any form; False where none went already. `by`: text,
    email, page or carrier (the network blocks our texts, whatever they say)."""
    kind = "carrier_blocked" if by == "carrier" else "opt_out"
    session.execute(select(Borrower.id).where(Borrower.id == borrower.id).with_for_update())
    if session.scalar(_active(borrower, {kind}, now)) is not None:
        return False
    form = "text" if by == "carrier" else None
    session.add(Hold(borrower_id=borrower.id, kind=kind, form=form, starts_at=now, ends_at=until, recorded_at=now))
    session.execute(
        update(Message)
        .where(
            Message.borrower_id == borrower.id,
            Message.purpose == "reminder",
            Message.status.in_(("planned", "held")),
            Message.form == "text" if by == "carrier" else Message.form.is_not(None),
        )
        .values(status="cancelled", reason=kind, settled_at=now)
    )
    session.flush()
    emit(session, "contact.opted_out", "borrower", borrower.id, now, {"by": by})
    audit(session, Actor.borrower(borrower), "opt_out", "done", "borrower", borrower.id, now, {"by": by})
    return True


def start(session: Session, borrower: Borrower, by: str, now: datetime) -> bool:
    """Reminders may go again; False where they had not been stopped."""
    ended = session.execute(update(Hold).where(Hold.id.in_(_active(borrower, STOPPED, now))).values(ends_at=now))
    if not ended.rowcount:  # type: ignore[attr-defined]
        return False
    emit(session, "contact.opted_in", "borrower", borrower.id, now, {"by": by})
    audit(session, Actor.borrower(borrower), "opt_in", "done", "borrower", borrower.id, now, {"by": by})
    return True


def is_stopped(session: Session, borrower: Borrower, now: datetime) -> bool:
    """Whether reminders were stopped, by the borrower or by the network for them."""
    return session.scalar(_active(borrower, STOPPED, now)) is not None


def _active(borrower: Borrower, kinds: Collection[str], now: datetime) -> Select[int]:
    return select(Hold.id).where(
        Hold.borrower_id == borrower.id, Hold.kind.in_(kinds), or_(Hold.ends_at.is_(None), Hold.ends_at > now)
    )


def unsubscribe_link(session: Session, token: str, now: datetime) -> Link | None:
    """The link of an email's unsubscribe address. It opens nothing else."""
    return session.scalar(
        select(Link).where(Link.token_hash == token_hash(token), Link.purpose == "unsubscribe", Link.expires_at > now)
    )
