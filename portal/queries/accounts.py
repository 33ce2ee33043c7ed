"""From the rows of a loan to what the domain reckons with, and back. Nothing here computes a figure."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from portal.domain.allocation import LoanAccount, Opening, Payment
from portal.domain.conventions import Conventions
from portal.domain.due_dates import Frequency, Unit
from portal.domain.schedule import LoanTerms, Method, Schedule, build_schedule
from portal.models import Loan, ScheduleVersion


def loan_terms(loan: Loan) -> LoanTerms:
    """What was agreed at the start, under the conventions of the product version that the loan pins."""
    return LoanTerms(
        principal=loan.principal,
        currency=loan.currency,
        annual_rate=Decimal(loan.annual_rate),
        installments=loan.installments,
        frequency=Frequency(loan.every, Unit(loan.unit)),
        disbursed_on=loan.disbursed_on,
        first_due_on=loan.first_due_on,
        method=Method(loan.method),
        conventions=Conventions.from_dict(loan.product.conventions),
        **terms_more(loan.terms_more),
    )


def terms_more(stored: dict[str, Any]) -> dict[str, Any]:
    """The rarer terms of a loan (graces, a due day, a balloon's share) from their JSON values."""
    decimals = {"principal_percent"}
    return {name: Decimal(value) if name in decimals else value for name, value in stored.items()}


def loan_account(session: Session, loan: Loan) -> LoanAccount:
    """The loan as the books have it now: under the schedule that was agreed last, or the one of its terms."""
    return account_under(loan, loan.versions[-1] if loan.versions else None)


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
    terms = loan_terms(loan)
    if version is not None:
        return _stored_account(version.account, terms, payments)
    opening = Opening.from_dict(loan.opening) if loan.opening else None
    return LoanAccount(terms, build_schedule(terms), payments, opening)


def store_account(account: LoanAccount) -> dict[str, Any]:
    """What has to be kept of an account under an agreed schedule, so that later payments can be read against it."""
    terms = account.terms
    return {
        "rows": account.schedule.to_rows(),
        "opening": account.opening.to_dict() if account.opening else None,
        "frequency": terms.frequency.to_dict(),
        "due_day": terms.due_day,
        "rate_changes": [[day.isoformat(), str(rate)] for day, rate in terms.rate_changes],
        "pauses": [[first.isoformat(), last.isoformat()] for first, last in account.pauses],
    }


def _stored_account(stored: dict[str, Any], terms: LoanTerms, payments: tuple[Payment, ...]) -> LoanAccount:
    changed = replace(
        terms,
        frequency=Frequency.from_dict(stored["frequency"]),
        due_day=stored["due_day"],
        rate_changes=tuple((date.fromisoformat(day), Decimal(rate)) for day, rate in stored["rate_changes"]),
    )
    return LoanAccount(
        changed,
        Schedule.from_rows(stored["rows"], terms.currency),
        payments,
        Opening.from_dict(stored["opening"]) if stored["opening"] else None,
        pauses=tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in stored["pauses"]),
    )
