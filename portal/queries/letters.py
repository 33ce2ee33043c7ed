"""The letters of one borrower, and those that wait for an answer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from portal.clock import local_date
from portal.db import keyring
from portal.models import Borrower, Lender, Letter, Staff
from portal.queries.branches import in_branch
from portal.queries.documents import Paper, papers_of
from portal.queries.requests import named

URGENCIES = ("despair", "today", "usual")


@dataclass(frozen=True)
class LetterView:
    """One letter. `who` is the member of staff who wrote it, None for the borrower; `read_at`: by the other side."""

    id: int
    who: str | None
    words: str
    language: str
    urgency: str
    at: datetime
    read_at: datetime | None
    answered_at: datetime | None
    papers: tuple[Paper, ...]


@dataclass(frozen=True)
class WaitingLine:
    """A borrower whose letters wait: the most urgent of them, and for how many calendar days the oldest."""

    borrower_id: str
    name: str
    language: str
    officer: str | None
    urgency: str
    letters: int
    days: int


def letters_of(session: Session, borrower: Borrower, language: str) -> list[LetterView]:
    """Every letter between `borrower` and the lender, the newest first. `language`: in which names are written."""
    keys = keyring(session)
    found = session.scalars(
        select(Letter)
        .where(Letter.borrower_id == borrower.id)
        .options(joinedload(Letter.staff))
        .order_by(Letter.recorded_at.desc(), Letter.id.desc())
    )
    return [
        LetterView(
            id=letter.id,
            who=named(letter.staff, language),
            words=keys.open("letter", letter.words_sealed),
            language=letter.language,
            urgency=letter.urgency,
            at=letter.recorded_at,
            read_at=letter.read_at,
            answered_at=letter.answered_at,
            papers=() if letter.staff_id else tuple(papers_of(session, borrower, letter)),
        )
        for letter in found
    ]


def waiting_letters(session: Session, staff: Staff, lender: Lender, now: datetime) -> list[WaitingLine]:
    """Whose letters wait for an answer: words of despair first, then who wants to talk today, then the longest waiting."""
    rank = case({urgency: place for place, urgency in enumerate(URGENCIES)}, value=Letter.urgency)
    rows = session.execute(
        select(Borrower, func.min(rank), func.count(Letter.id), func.min(Letter.recorded_at))
        .join(Letter, Letter.borrower_id == Borrower.id)
        .where(in_branch(staff, Borrower.branch_id), Letter.staff_id.is_(None), Letter.answered_at.is_(None))
        .group_by(Borrower.id)
        .order_by(func.min(rank), func.min(Letter.recorded_at))
        .options(joinedload(Borrower.officer))
    )
    today = local_date(now, lender.zone)
    return [
        WaitingLine(
            borrower_id=borrower.public_id,
            name=borrower.name,
            language=borrower.language,
            officer=borrower.officer.name if borrower.officer else None,
            urgency=URGENCIES[place],
            letters=count,
            days=(today - local_date(oldest, lender.zone)).days,
        )
        for borrower, place, count, oldest in rows
    ]
