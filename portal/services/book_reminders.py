"""Reminders for the loans of a book: off when they come in, until somebody switches them on."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.models import ImportRun, Loan
from portal.services.records import SYSTEM, Actor, audit


class NoSuchBook(Exception):
    """No loan book of this name was taken in."""


def switch_reminders(session: Session, book: str, on: bool, now: datetime, actor: Actor = SYSTEM) -> int:
    """Switches reminders on or off for the loans of `book` ([book] name of its mapping) that are in by now. How many
    changed. Raises NoSuchBook."""
    runs = [
        run_id for run_id, mapping in session.execute(select(ImportRun.id, ImportRun.mapping)) if _name(mapping) == book
    ]
    if not runs:
        raise NoSuchBook(f"there is no book {book!r}")
    changed = session.execute(
        update(Loan)
        .where(Loan.import_run_id.in_(runs), Loan.reminders_on.is_not(on))
        .values(reminders_on=on)
        .returning(Loan.id)
        .execution_options(synchronize_session=False)
    ).all()
    detail = {"on": on, "loans": len(changed)}
    audit(session, actor, "switch_reminders", "done", "import_run", max(runs), now, detail)
    session.flush()
    return len(changed)


def _name(mapping: dict[str, dict[str, str]]) -> str:
    return mapping["book"]["name"]
