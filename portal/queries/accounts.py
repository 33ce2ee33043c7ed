"""From the rows of a loan to what the domain reckons with, and back. Nothing here computes a figure."""

from typing import Any

from sqlalchemy.orm import Session

from portal.domain.allocation import LoanAccount, Opening, Payment, in_force
from portal.domain.due_dates import Frequency, Unit
from portal.domain.schedule import LoanTerms, build_schedule
from portal.models import Loan, ScheduleVersion

# The terms that have a column of their own; the frequency has two, and the conventions are the product's.
_COLUMNS = ("principal", "currency", "installments", "disbursed_on", "first_due_on")


def loan_terms(loan: Loan) -> LoanTerms:
    """What was agreed at the start, under the conventions of the product version that the loan pins."""
    return LoanTerms.from_dict(
        {
            **loan.terms_more,
            "principal": loan.principal,
            "currency": loan.currency,
            "annual_rate": loan.annual_rate,
            "installments": loan.installments,
            "frequency": Frequency(loan.every, Unit(loan.unit)).to_dict(),
            "disbursed_on": loan.disbursed_on.isoformat(),
            "first_due_on": loan.first_due_on.isoformat(),
            "method": loan.method,
            "conventions": loan.product.conventions,
        }
    )


def terms_columns(terms: LoanTerms) -> dict[str, Any]:
    """The columns of a loan that hold its terms; `terms_more` the rarer ones (graces, a due day, a balloon's share)."""
    stored = terms.to_dict()
    own = {*_COLUMNS, "annual_rate", "method", "frequency", "conventions"}
    return {
        **{name: getattr(terms, name) for name in _COLUMNS},
        "annual_rate": str(terms.annual_rate),
        "method": terms.method.value,
        "every": terms.frequency.every,
        "unit": terms.frequency.unit.value,
        "terms_more": {name: value for name, value in stored.items() if name not in own},
    }


def loan_account(session: Session, loan: Loan) -> LoanAccount:
    """The loan as the books have it now: under the schedule that was agreed last, or the one of its terms; where a
    settlement was not kept and has ended, under what held before it."""
    version = loan.versions[-1] if loan.versions else None
    account = account_under(loan, version)
    return in_force(account, version.ended_on) if version is not None and version.ended_on else account


def account_under(loan: Loan, version: ScheduleVersion | None) -> LoanAccount:
    """The loan with all its payments under one of the schedules that were agreed; None: the one of its terms."""
    payments = tuple(
        Payment(
            key=str(entry.id),
            effective_on=entry.effective_on,
            amount=entry.amount,
            recorded_at=entry.recorded_at,
            reverses=str(entry.reverses_id) if entry.reverses_id else None,
        )
        for entry in loan.entries
    )
    if version is not None:
        return LoanAccount.from_dict(version.account, payments)
    terms = loan_terms(loan)
    opening = Opening.from_dict(loan.opening) if loan.opening else None
    return LoanAccount(terms, build_schedule(terms), payments, opening)


def store_account(account: LoanAccount) -> dict[str, Any]:
    """All of an account under an agreed schedule but its payments, which are the ledger's: terms, conventions, rows,
    charges, what had been paid, and what holds where a settlement is not kept."""
    return account.to_dict()
