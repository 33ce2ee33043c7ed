"""What was typed into a form whose session had run out: kept sealed for the one who typed it, given back after a fresh
check, erased once it was sent or after a while."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from portal.db import keyring
from portal.models import Borrower, KeptForm, Staff, WebSession

LASTS = timedelta(days=7)
# Of one person, in as many tabs; the oldest goes first.
MOST = 5

Person = Borrower | Staff


@dataclass(frozen=True)
class Kept:
    """path: where it was sent to. fields: (name, value) as they were sent. files: whether files were sent with it, which
    are not kept."""

    id: int
    path: str
    fields: tuple[tuple[str, str], ...]
    files: bool


def keep(
    session: Session, row: WebSession, path: str, fields: Sequence[tuple[str, str]], files: bool, now: datetime
) -> int:
    """Keeps a form for the person of a session that ran out; its id. What was kept of the same page before goes."""
    theirs = _of(row.borrower_id, row.staff_id)
    session.execute(delete(KeptForm).where(theirs, KeptForm.path == path))
    older = session.scalars(select(KeptForm.id).where(theirs).order_by(KeptForm.id.desc()).offset(MOST - 1)).all()
    session.execute(delete(KeptForm).where(KeptForm.id.in_(older)))
    words = json.dumps({"fields": list(fields), "files": files})
    kept = KeptForm(
        borrower_id=row.borrower_id,
        staff_id=row.staff_id,
        path=path,
        values_sealed=keyring(session).seal(_kind(row.borrower_id, row.staff_id), words),
        recorded_at=now,
    )
    session.add(kept)
    session.flush()
    return kept.id


def newest(session: Session, person: Person, now: datetime) -> int | None:
    """The id of what was kept last for `person`."""
    return session.scalar(
        select(KeptForm.id)
        .where(_whose(person), KeptForm.recorded_at > now - LASTS)
        .order_by(KeptForm.id.desc())
        .limit(1)
    )


def find(session: Session, person: Person, kept_id: int, now: datetime) -> Kept | None:
    """What was kept under `kept_id`, where it was kept for `person`."""
    row = session.scalar(
        select(KeptForm).where(KeptForm.id == kept_id, _whose(person), KeptForm.recorded_at > now - LASTS)
    )
    if row is None:
        return None
    held = json.loads(keyring(session).open(_kind(row.borrower_id, row.staff_id), row.values_sealed))
    return Kept(row.id, row.path, tuple((name, value) for name, value in held["fields"]), held["files"])


def erase(session: Session, person: Person, kept_id: int) -> None:
    """It was sent, or is not wanted."""
    session.execute(delete(KeptForm).where(KeptForm.id == kept_id, _whose(person)))


def erase_old(session: Session, now: datetime) -> int:
    """Erases what nobody came back for; how many."""
    gone = session.execute(delete(KeptForm).where(KeptForm.recorded_at <= now - LASTS))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _of(borrower_id: int | None, staff_id: int | None) -> ColumnElement[bool]:
    return KeptForm.staff_id == staff_id if borrower_id is None else KeptForm.borrower_id == borrower_id


def _whose(person: Person) -> ColumnElement[bool]:
    return _of(None, person.id) if isinstance(person, Staff) else _of(person.id, None)


def _kind(borrower_id: int | None, staff_id: int | None) -> str:
    # Bound to the person: a row that was moved to somebody else opens for nobody.
    return f"kept_form:staff:{staff_id}" if borrower_id is None else f"kept_form:borrower:{borrower_id}"
