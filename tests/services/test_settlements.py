"""The end of a settlement: kept, the rest is waived; not kept, the loan is as it was, and both sides are told."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.domain.allocation import statement
from portal.domain.plan_terms import PlanTerms, Settlement
from portal.models import AuditEntry, Event, LedgerEntry, Loan, Plan
from portal.queries.accounts import loan_account
from portal.queries.borrower_loans import loan_views
from portal.queries.settlements import ended_by_loan, ended_settlements
from portal.services import decisions, requests
from portal.services.loans import record_payment, refresh_passed
from portal.services.settlements import end_settlements
from tests.factories import TODAY, a_borrower, a_loan, a_request, a_supervisor, an_officer

SUM = 500_00
LAST_DAY = date(2026, 12, 20)


@pytest.fixture
def loan(session, lender) -> Loan:
    return a_loan(session, a_borrower(session, officer=an_officer(session)), missed=2)


@pytest.fixture
def plan(session, loan, now) -> Plan:
    """500.00 in one, agreed on 2 December: it has to come by the next due day, 20 December."""
    request = a_request(session, loan)
    terms = PlanTerms(settlement=Settlement(SUM))
    decisions.offer(session, a_supervisor(session), request, request.version, terms, "", now)
    requests.accept(session, request.borrower, request, 1, request.version, now)
    return session.scalars(select(Plan)).one()


def pays(session, loan, amount, on, now):
    return record_payment(session, loan, amount, on, now, max(on, TODAY))


def later(now, day):
    return now + timedelta(days=(day - TODAY).days)


def told(session):
    events = session.scalars(select(Event.type).where(Event.type.startswith("settlement")).order_by(Event.id)).all()
    entries = select(AuditEntry.outcome).where(AuditEntry.action == "settlement.end").order_by(AuditEntry.id)
    return events, session.scalars(entries).all()


def test_all_of_it_by_its_day_ends_the_loan(session, loan, plan, now):
    assert plan.kept_by == LAST_DAY
    pays(session, loan, SUM, LAST_DAY, later(now, LAST_DAY))
    assert loan.status == "paid_off"
    assert end_settlements(session, later(now, LAST_DAY)) == 1
    assert (plan.ending, plan.in_force) == ("kept", True)
    assert told(session) == (["settlement.kept"], ["kept"])
    assert end_settlements(session, later(now, date(2027, 5, 1))) == 0


@pytest.mark.parametrize("came", [0, 200_00])
def test_less_than_all_of_it_gives_way_to_what_was_before(session, loan, plan, now, came):
    before = statement(loan_account(session, loan), TODAY)
    assert before.left_to_pay == SUM
    if came:
        pays(session, loan, came, date(2026, 12, 10), now)
    day = LAST_DAY + timedelta(days=1)
    early = statement(loan_account(session, loan), day)  # read before the job has run
    assert end_settlements(session, later(now, LAST_DAY)) == 0
    assert end_settlements(session, later(now, day)) == 1
    assert statement(loan_account(session, loan), day) == early
    assert (plan.ending, plan.in_force, loan.versions[-1].ended_on) == ("not_kept", False, day)
    assert (loan.status, loan.overdue_since) == ("open", early.overdue_since)
    assert early.overdue_since == date(2026, 10, 20) if not came else date(2026, 12, 20)
    assert early.paid_so_far == before.paid_so_far + came
    assert loan_account(session, loan).schedule.last_due_on > LAST_DAY
    assert told(session) == (["settlement.not_kept"], ["not_kept"])
    assert end_settlements(session, later(now, day)) == 0


def test_a_payment_told_late_that_counts_in_time_keeps_it_after_all(session, loan, plan, now):
    day = date(2026, 12, 28)
    end_settlements(session, later(now, day))
    record_payment(session, loan, SUM, date(2026, 12, 19), later(now, day), day)
    assert loan.status == "paid_off"
    assert end_settlements(session, later(now, day)) == 1
    assert (plan.ending, plan.in_force, loan.versions[-1].ended_on) == ("kept", True, None)


def test_a_payment_that_bounces_takes_back_what_was_kept(session, loan, plan, now):
    entry = pays(session, loan, SUM, date(2026, 12, 10), now)
    end_settlements(session, now)
    back = LedgerEntry(
        kind="reversal",
        amount=SUM,
        effective_on=date(2026, 12, 23),
        recorded_at=later(now, date(2026, 12, 23)),
        reverses_id=entry.id,
        source="staff",
    )
    loan.entries.append(back)
    session.flush()
    loan.status = "open"
    assert end_settlements(session, later(now, date(2026, 12, 23))) == 1
    assert (plan.ending, plan.in_force) == ("not_kept", False)
    assert statement(loan_account(session, loan), date(2026, 12, 23)).overdue > 220_00


def test_another_plan_agreed_since_stands(session, loan, plan, now):
    day = date(2026, 12, 28)
    end_settlements(session, later(now, day))
    request = a_request(session, loan, later(now, day))
    decisions.offer(
        session, a_supervisor(session), request, request.version, PlanTerms(extend_by=3), "", later(now, day)
    )
    requests.accept(session, request.borrower, request, 1, request.version, later(now, day))
    assert end_settlements(session, later(now, date(2027, 1, 5))) == 0
    assert [one.in_force for one in session.scalars(select(Plan).order_by(Plan.id))] == [False, True]


def test_both_sides_see_that_it_has_ended(session, lender, loan, plan, now):
    day = date(2026, 12, 28)
    end_settlements(session, later(now, day))
    since = now - timedelta(days=60)
    assert list(ended_by_loan(session, [loan.id], since)) == [loan.id]
    seen = ended_settlements(session, an_officer(session), since)
    assert [(one.reference, one.kept_by) for one in seen] == [(loan.reference, LAST_DAY)]
    view = loan_views(session, loan.people[0].borrower, lender, day)[0]
    assert view.agreed_plan is None and view.overdue_total > 220_00


def test_days_that_pass_bring_the_due_date_along_before_the_job_has_run(session, loan, plan, now):
    assert loan.next_due_on == LAST_DAY
    day = LAST_DAY + timedelta(days=1)
    refresh_passed(session, day, 10)
    assert loan.next_due_on == date(2027, 1, 20)
