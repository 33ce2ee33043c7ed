"""Receipts: what came in for a loan, where it went, and how the loan stood then."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from portal.clock import local_date
from portal.domain.allocation import Statement, statement
from portal.models import LedgerEntry, Loan
from portal.queries.accounts import account_under


@dataclass(frozen=True)
class Part:
    """What of a payment went to the installment due on `due_on`, and what of that is still open."""

    due_on: date
    amount: int
    open: int


@dataclass(frozen=True)
class Receipt:
    """One payment. `receipt_id` is its number; amounts are minor units. `parts` are empty where our books hold it only as
    part of what had been paid before; `after` is the loan with it, on the day from which it counts."""

    receipt_id: str
    received_on: date
    entered_on: date
    amount: int
    taken_back: bool
    parts: tuple[Part, ...] = ()
    fees: int = 0
    after: Statement | None = None


def receipts(loan: Loan, zone: str) -> list[Receipt]:
    """Every payment of `loan`, the newest first, without where it went."""
    undone = {entry.reverses_id for entry in loan.entries}
    found = [
        Receipt(
            _number(entry), entry.effective_on, local_date(entry.recorded_at, zone), entry.amount, entry.id in undone
        )
        for entry in loan.entries
        if entry.kind == "payment"
    ]
    return sorted(found, key=lambda receipt: (receipt.received_on, receipt.receipt_id), reverse=True)


def receipt_of(loan: Loan, receipt_id: str, zone: str) -> Receipt | None:
    """The receipt with this number, whole; None where the loan has no such payment."""
    entry = next((one for one in loan.entries if one.kind == "payment" and _number(one) == receipt_id), None)
    if entry is None:
        return None
    plain = next(one for one in receipts(loan, zone) if one.receipt_id == receipt_id)
    return plain if plain.taken_back else _with_parts(loan, entry, plain)


def _number(entry: LedgerEntry) -> str:
    return f"R-{entry.id:06d}"


def _with_parts(loan: Loan, entry: LedgerEntry, plain: Receipt) -> Receipt:
    """Read under the schedule that was in force when the payment was entered, with what had been entered by then."""
    agreed: datetime = entry.recorded_at
    versions = [version for version in loan.versions if version.recorded_at < agreed]
    account = account_under(loan, versions[-1] if versions else None)
    if account.opening and str(entry.id) in account.opening.counted:
        return plain
    known = tuple(
        payment
        for payment in account.payments
        if payment.recorded_at is None or (payment.recorded_at, int(payment.key)) <= (agreed, entry.id)
    )
    without = tuple(payment for payment in known if payment.key != str(entry.id))
    before = statement(replace(account, payments=without), entry.effective_on)
    after = statement(replace(account, payments=known), entry.effective_on)
    parts = tuple(
        Part(late.due_on, late.paid - early.paid, late.open)
        for early, late in zip(before.lines, after.lines, strict=True)
        if late.paid > early.paid
    )
    fees = sum(early.open_fees - late.open_fees for early, late in zip(before.lines, after.lines, strict=True))
    return replace(plain, parts=parts, fees=max(fees, 0), after=after)
