"""What a dispute is about, and the account that its answer comes with: what was left when it was written, and line by line
how it stood when it was answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.domain.allocation import Statement, statement
from portal.models import Contact, Dispute, HardshipRequest, HardshipStep, LedgerEntry, Loan, Staff
from portal.queries.accounts import loan_account
from portal.queries.loan_history import loan_history

RECENT = 3


@dataclass(frozen=True)
class Doubt:
    """Something of the account that may be wrong. kind: left, paid, missing or interest; amount in minor units."""

    code: str
    kind: str
    on: date | None = None
    amount: int = 0


@dataclass(frozen=True)
class AccountLine:
    """One line of the account (kinds as in portal.queries.loan_history). `corrected`: entered since the dispute began."""

    kind: str
    on: date
    amount: int
    change: int
    left_after: int
    to_principal: int
    entered_on: date | None
    corrected: bool


@dataclass(frozen=True)
class AnsweredAccount:
    """The account as of the answer. Amounts are minor units; `left_before`: when the dispute was written."""

    on: date
    left_before: int
    left: int
    paid: int
    overdue: int
    lines: tuple[AccountLine, ...]


def doubts(loan: Loan, stated: Statement) -> list[Doubt]:
    """What a borrower may tick: the balance, the last payments that we have, the last that we don't have, the interest."""
    paid = sorted(_received(loan), key=lambda entry: (entry.effective_on, entry.id), reverse=True)[:RECENT]
    missing = [line for line in stated.lines if line.state in ("part_paid", "not_received")][-RECENT:]
    return [
        Doubt("left", "left", amount=stated.left_to_pay),
        *(Doubt(f"paid:{entry.id}", "paid", entry.effective_on, entry.amount) for entry in paid),
        *(Doubt(f"missing:{line.due_on.isoformat()}", "missing", line.due_on, line.open) for line in missing),
        Doubt("interest", "interest"),
    ]


def doubted(dispute: Dispute, loan: Loan, stated: Statement) -> list[Doubt]:
    """What was ticked, with its figures of now."""
    by_code = {each.code: each for each in doubts(loan, stated)}
    by_code |= {f"paid:{e.id}": Doubt(f"paid:{e.id}", "paid", e.effective_on, e.amount) for e in loan.entries}
    due = {line.due_on.isoformat(): line for line in stated.lines}
    found = []
    for code in dispute.doubted:
        line = due.get(code.removeprefix("missing:"))
        if code in by_code:
            found.append(by_code[code])
        elif line is not None:
            found.append(Doubt(code, "missing", line.due_on, line.open))
    return found


def _received(loan: Loan) -> Iterable[LedgerEntry]:
    undone = {entry.reverses_id for entry in loan.entries}
    return (entry for entry in loan.entries if entry.kind == "payment" and entry.id not in undone)


def account_before(session: Session, loan: Loan, today: date) -> dict[str, Any]:
    """What is kept of the account when a dispute is written."""
    stated = statement(loan_account(session, loan), today)
    return {"left_before": stated.left_to_pay}


def account_answered(session: Session, dispute: Dispute, zone: str, today: date) -> dict[str, Any]:
    """The account line by line as it stands on `today`, to be kept with the answer."""
    loan = dispute.loan
    stated = statement(loan_account(session, loan), today)
    since = {
        (entry.kind, entry.effective_on, entry.amount)
        for entry in loan.entries
        if entry.recorded_at > dispute.recorded_at
    }
    lines = [
        {
            "kind": moment.kind,
            "on": moment.on.isoformat(),
            "amount": moment.amount,
            "change": moment.change,
            "left_after": moment.left_after,
            "to_principal": moment.to_principal,
            "entered_on": moment.entered_on.isoformat() if moment.entered_on else None,
            "corrected": (moment.kind, moment.on, moment.amount) in since,
        }
        for moment in loan_history(session, loan, zone, today)
    ]
    return {
        **dispute.account,
        "on": today.isoformat(),
        "left": stated.left_to_pay,
        "paid": stated.paid_so_far,
        "overdue": stated.overdue,
        "lines": lines,
    }


def answered_account(kept: Mapping[str, Any]) -> AnsweredAccount | None:
    """The account that was kept with an answer."""
    if "lines" not in kept:
        return None
    lines = (
        AccountLine(
            **line
            | {
                "on": date.fromisoformat(line["on"]),
                "entered_on": date.fromisoformat(line["entered_on"]) if line["entered_on"] else None,
            }
        )
        for line in kept["lines"]
    )
    return AnsweredAccount(
        on=date.fromisoformat(kept["on"]),
        left_before=kept.get("left_before", kept["left"]),
        left=kept["left"],
        paid=kept["paid"],
        overdue=kept["overdue"],
        lines=tuple(lines),
    )


def has_worked_on(session: Session, staff: Staff, dispute: Dispute) -> bool:
    """Whether `staff` looks after the borrower, or had a part in a request or a contact about the loan: then somebody else
    looks at how it was signed."""
    if dispute.borrower.officer_id == staff.id:
        return True
    moved = (
        select(HardshipRequest.id)
        .outerjoin(HardshipStep)
        .where(
            HardshipRequest.loan_id == dispute.loan_id,
            or_(HardshipRequest.officer_id == staff.id, HardshipStep.staff_id == staff.id),
        )
    )
    contacted = select(Contact.id).where(Contact.loan_id == dispute.loan_id, Contact.staff_id == staff.id)
    return any(session.scalar(found.limit(1)) is not None for found in (moved, contacted))
