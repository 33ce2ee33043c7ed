"""'I have paid', as staff see it: what waits for the money or a person. Every read takes the member of staff first."""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.db import keyring
from portal.models import Lender, PaidNotice, Staff
from portal.queries.branches import in_branch
from portal.queries.documents import Paper, papers_of


@dataclass(frozen=True)
class PaidLine:
    """One open notice. `of` says the currency of `amount`, minor units."""

    public_id: str
    name: str
    language: str
    reference: str
    amount: int | None
    of: SimpleNamespace
    paid_on: date | None
    way: str | None
    words: str | None
    rests_until: date
    papers: tuple[Paper, ...]


def open_paid_notices(session: Session, staff: Staff, lender: Lender) -> list[PaidLine]:
    """What was told and not found yet, the soonest end of the rest first."""
    rows = session.scalars(
        select(PaidNotice)
        .where(in_branch(staff, PaidNotice.branch_id), PaidNotice.status == "open")
        .options(joinedload(PaidNotice.borrower), joinedload(PaidNotice.loan))
        .order_by(PaidNotice.quiet_until, PaidNotice.id)
    )
    keys = keyring(session)
    return [
        PaidLine(
            row.public_id,
            row.borrower.name,
            row.borrower.language,
            row.loan.reference,
            row.amount,
            SimpleNamespace(currency=row.loan.currency, decimals=lender.money_decimals.get(row.loan.currency)),
            row.paid_on,
            row.way,
            keys.open("words", row.words_sealed) if row.words_sealed else None,
            row.quiet_until,
            tuple(papers_of(session, row.borrower, row)),
        )
        for row in rows
    ]


def find_paid_notice(session: Session, staff: Staff, public_id: str) -> PaidNotice | None:
    """The notice where `staff` may see it."""
    return session.scalar(
        select(PaidNotice).where(in_branch(staff, PaidNotice.branch_id), PaidNotice.public_id == public_id)
    )
