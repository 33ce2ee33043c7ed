"""Agreed plans: the figures that somebody saw, the agreement as it was accepted, and the schedule that then holds."""

import hashlib
import json
import secrets
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.clock import local_date
from portal.domain.allocation import statement
from portal.domain.ceilings import Ceiling, ceilings_of, refuse_dearer
from portal.domain.errors import InvalidPlan
from portal.domain.restructuring import PlanTerms, Restructured, account_after, restructure
from portal.models import HardshipRequest, Loan, Plan, ScheduleVersion, Staff
from portal.queries.accounts import loan_account, store_account
from portal.queries.consents import consents_about
from portal.queries.lender import lender_text, officer_text, the_lender
from portal.services import check_ins, loans, messages, notices
from portal.services.records import emit

PAPER_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"


def figures(result: Restructured) -> dict[str, Any]:
    """What a borrower or an officer saw of a plan: the payments to come and the difference from today. Amounts are minor
    units, dates ISO. The fingerprint is of what one says yes to: every payment, the total and what it costs more."""
    future = [[row.due_on.isoformat(), row.principal, row.interest, row.fees] for row in result.future]
    comparison = result.comparison
    promised = {"future": future, "total": comparison.left_to_pay_new, "extra": comparison.extra}
    return {"future": future, "comparison": plain(asdict(comparison)), "fingerprint": fingerprint(promised)}


def fingerprint(values: dict[str, Any]) -> str:
    """SHA-256 (hex) of plain values, the same however their keys are ordered."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def plain(values: Any) -> Any:
    """Values as JSON keeps them: dates become ISO text."""
    if isinstance(values, dict):
        return {key: plain(value) for key, value in values.items()}
    if isinstance(values, list | tuple):
        return [plain(value) for value in values]
    return values.isoformat() if isinstance(values, date) else values


def work_out(session: Session, loan: Loan, terms: PlanTerms, today: date) -> Restructured:
    """What `terms` would make of the loan as it is now. Raises InvalidPlan, also where it would cost more a year than the
    lender's places allow (above_ceiling)."""
    account = loan_account(session, loan)
    result = restructure(account, terms, today)
    refuse_dearer(account, result, today, ceilings(session, loan, today))
    return result


def ceilings(session: Session, loan: Loan, today: date) -> tuple[Ceiling, ...]:
    """The ceilings on the cost of credit that hold for a plan for `loan`, by the places that the lender chose."""
    return ceilings_of(the_lender(session).ceilings, today, loan.principal, loan.currency)


def refusal(error: InvalidPlan, otherwise: str) -> str:
    """The code under which a plan that can't be made any more is refused: above_ceiling, or `otherwise`."""
    return error.code if error.code == "above_ceiling" else otherwise


def agree(
    session: Session,
    request: HardshipRequest,
    terms: PlanTerms,
    result: Restructured,
    agreed_by_id: int | None,
    now: datetime,
) -> Plan:
    """Puts a plan in force that both sides said yes to: the new schedule, the agreement as it stands, the reminders that
    were planned for the old dates cancelled, and a text that the agreement is there."""
    loan = request.loan
    lender = the_lender(session)
    today = local_date(now, lender.zone)
    before = loan_account(session, loan)
    after = account_after(before, result, today)
    version = ScheduleVersion(
        loan_id=loan.id,
        number=1 + (session.scalar(select(func.max(ScheduleVersion.number)).filter_by(loan_id=loan.id)) or 0),
        account=store_account(after),
        agreed_on=today,
        recorded_at=now,
    )
    session.add(version)
    session.execute(update(Plan).where(Plan.loan_id == loan.id, Plan.in_force.is_(True)).values(in_force=False))
    session.flush()
    agreement = _agreement(session, request, terms, result, agreed_by_id, now)
    plan = Plan(
        public_id=secrets.token_hex(8),
        loan_id=loan.id,
        request_id=request.id,
        schedule_version_id=version.id,
        in_force=True,
        agreement=agreement,
        fingerprint=fingerprint(agreement),
        paper_code=_paper_code(),
        agreed_by_id=agreed_by_id,
        agreed_at=now,
        kept_by=after.otherwise.kept_by if after.otherwise else None,
        days_past_due_before=statement(before, today).days_past_due,
    )
    session.add(plan)
    session.flush()
    session.expire(loan, ["versions"])
    loans.refresh_due(session, loan, today)
    check_ins.plan_questions(session, plan, request.kind, today)
    messages.cancel_reminders(session, loan, "plan_agreed", now)
    notices.tell(session, request.borrower, loan, "agreement_notice", "agreement", f"agreement:{plan.id}", now)
    emit(session, "plan.agreed", "plan", plan.id, now, {"loan": loan.id, "request": request.id})
    return plan


def _paper_code() -> str:
    """Twelve letters and digits in three groups (59 bits), without look-alikes and vowels, to be typed or read out."""
    letters = "".join(secrets.choice(PAPER_LETTERS) for _ in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def _agreement(
    session: Session,
    request: HardshipRequest,
    terms: PlanTerms,
    result: Restructured,
    agreed_by_id: int | None,
    now: datetime,
) -> dict[str, Any]:
    """Everything that the agreement's page shows, as it was when it was accepted. Identity digits are no part of it."""
    loan = request.loan
    lender = the_lender(session)
    words = lender_text(lender, request.language)
    officer = session.get(Staff, agreed_by_id) if agreed_by_id else None
    before = loan_account(session, loan)
    today = local_date(now, lender.zone)
    return {
        "language": request.language,
        "lender": {"name": words.name, "address": words.address},
        "people": [{"role": part.role, "name": part.borrower.name} for part in loan.people],
        "loan": {
            "reference": loan.reference,
            "contract_of": loan.disbursed_on.isoformat(),
            "principal": loan.principal,
            "currency": loan.currency,
            "annual_rate": loan.annual_rate,
        },
        "terms": terms.to_dict(),
        "comparison": plain(asdict(result.comparison)),
        "before": [
            {"due_on": line.due_on.isoformat(), "amount": line.open}
            for line in statement(before, today).lines
            if line.open
        ],
        "after": [{"due_on": row.due_on.isoformat(), "amount": row.total} for row in result.future],
        "not_received": statement(before, today).overdue,
        "credit_record": words.credit_record,
        "time_limit": words.time_limit,
        "officer": officer_text(officer, request.language).name if officer else None,
        "consents": [
            {"name": consent.guarantor.name, "on": local_date(consent.answered_at, lender.zone).isoformat()}
            for consent in consents_about(session, request)
            if consent.status == "given" and consent.answered_at
        ],
        "accepted_at": now.isoformat(),
    }


def agreed_since(session: Session, loan: Loan, since: datetime) -> int:
    """How many plans were agreed for `loan` since then: lenders limit restructures a year. Skipped payments have a limit of
    their own and are not among them."""
    counted = (
        select(func.count())
        .select_from(Plan)
        .join(HardshipRequest, Plan.request_id == HardshipRequest.id)
        .where(Plan.loan_id == loan.id, Plan.agreed_at >= since, HardshipRequest.kind == "hardship")
    )
    return session.scalar(counted) or 0
