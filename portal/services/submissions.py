"""The second of two equal submissions of a form gets the first's answer."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.models import Submission

LONGEST_KEY = 64


def first_answer(session: Session, form_key: str, by: str, now: datetime) -> str | None:
    """Where the first submission of this form was sent on to; None where this is the first.

    Claims the key by inserting it: a second submission at the same moment waits for the first's transaction to end,
    and is the first where that one was rolled back. A key of somebody else's says nothing.
    """
    key = f"{by}:{form_key}"[: LONGEST_KEY * 2]
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    # Asked by what it returns: an INSERT's row count is -1, not 0, on PostgreSQL.
    claim = insert(Submission).values(form_key=key, by=by, location="", recorded_at=now).on_conflict_do_nothing()
    if session.scalar(claim.returning(Submission.form_key)) is not None:
        return None
    # Where the first was refused, nothing happened, and this one is as good as the first.
    return session.scalar(select(Submission.location).where(Submission.form_key == key)) or None


def answered(session: Session, form_key: str, by: str, location: str) -> None:
    """Notes where the first submission was sent on to."""
    key = f"{by}:{form_key}"[: LONGEST_KEY * 2]
    session.execute(update(Submission).where(Submission.form_key == key).values(location=location))
