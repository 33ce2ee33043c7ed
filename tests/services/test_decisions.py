"""An officer's decision: all that follows from it follows at once, and of two there is one."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.crypto import Keyring
from portal.db import open_session, writing
from portal.domain.allocation import statement
from portal.domain.errors import InvalidPlan
from portal.domain.plan_terms import Arrears, PauseInterest, PlanTerms
from portal.models import (
    AuditEntry,
    Borrower,
    HardshipRequest,
    Loan,
    Message,
    Offer,
    Plan,
    Question,
    ScheduleVersion,
    Staff,
)
from portal.queries.accounts import loan_account
from portal.services import decisions, requests
from portal.services.hardship import Done, Outcome, Refused
from portal.services.loans import record_payment
from portal.services.messages import queue_message
from tests.factories import (
    TODAY,
    a_borrower,
    a_loan,
    a_payment,
    a_proposal,
    a_request,
    a_supervisor,
    an_officer,
)

LETTER = "Dear Ms Chen, yes."


@pytest.fixture
def officer(session, lender) -> Staff:
    return an_officer(session)


@pytest.fixture
def loan(session, officer) -> Loan:
    """Two installments were missed: 220.04 overdue."""
    return a_loan(session, a_borrower(session, officer=officer), missed=2)


@pytest.fixture
def request_(session, loan) -> HardshipRequest:
    """75.00 each time was proposed, and sent."""
    return a_proposal(session, loan)


def counted(session: Session, kind: Any, *conditions: Any) -> int:
    return session.scalar(select(func.count()).select_from(kind).where(*conditions)) or 0


def at_once(engine: Engine, keys: Keyring, *deeds: Callable[[Session], Outcome]) -> list[Outcome]:
    """Does each of `deeds` in a transaction of its own, all begun at the same moment."""
    ready = Barrier(len(deeds))

    def one(deed: Callable[[Session], Outcome]) -> Outcome:
        with open_session(engine, keys) as session:
            ready.wait(10)
            with writing(session):
                return deed(session)

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


def test_agreeing_puts_the_plan_in_force_and_leaves_nothing_overdue(session, officer, loan, request_, now):
    assert statement(loan_account(session, loan), TODAY).overdue == 220_04
    outcome = decisions.approve(session, officer, request_, request_.version, LETTER, now)
    assert isinstance(outcome, Done) and request_.status == "agreed"
    plan = session.scalars(select(Plan)).one()
    assert plan.in_force and plan.agreed_by_id == officer.id and plan.request_id == request_.id
    stated = statement(loan_account(session, loan), TODAY)
    assert (stated.overdue, stated.days_past_due) == (0, 0)
    assert stated.next_due == (date(2026, 12, 20), 75_00)
    assert (loan.next_due_on, loan.overdue_since) == (date(2026, 12, 20), None)


@pytest.mark.case("R026")
def test_what_was_planned_for_the_old_dates_is_cancelled_and_history_stays(session, officer, loan, request_, now):
    old = date(2026, 12, 20)
    borrower = loan.people[0].borrower
    queue_message(session, borrower, loan, old, "due-3", "reminder", "reminder_before", {}, now, now)
    decisions.approve(session, officer, request_, request_.version, LETTER, now)
    reminder = session.scalars(select(Message).where(Message.purpose == "reminder")).one()
    assert (reminder.status, reminder.reason) == ("cancelled", "plan_agreed")
    plan = session.scalars(select(Plan)).one()
    assert plan.days_past_due_before == (TODAY - date(2026, 10, 20)).days
    missed = [row["due_on"] for row in plan.agreement["before"] if date.fromisoformat(row["due_on"]) < TODAY]
    assert missed == ["2026-10-20", "2026-11-20"]


def test_the_borrower_is_told_of_each_decision_once(session, officer, loan, request_, now):
    decisions.ask(session, officer, request_, request_.version, "May your hours return?", now)
    assert session.scalars(select(Question)).one().answer_sealed is None
    decisions.offer(session, officer, request_, request_.version, PlanTerms(pause=1, arrears=Arrears.at_end), "", now)
    decisions.decline(session, officer, request_, request_.version, "need_to_talk", LETTER, now)
    told = session.scalars(select(Message.template).order_by(Message.id)).all()
    assert told == ["question_notice", "offer_notice", "answer_notice"]


@pytest.mark.parametrize("act", ["take", "approve", "ask", "offer", "decline"])
def test_nobody_but_those_who_decide_can(session, lender, officer, request_, now, act):
    version, plan = request_.version, PlanTerms(extend_by=2, arrears=Arrears.spread)
    for role in ("admin", "auditor"):
        staff = an_officer(session, role=role)
        deeds = {
            "take": lambda staff=staff: decisions.take(session, staff, request_, now),
            "approve": lambda staff=staff: decisions.approve(session, staff, request_, version, LETTER, now),
            "ask": lambda staff=staff: decisions.ask(session, staff, request_, version, LETTER, now),
            "offer": lambda staff=staff: decisions.offer(session, staff, request_, version, plan, LETTER, now),
            "decline": lambda staff=staff: decisions.decline(
                session, staff, request_, version, "need_to_talk", LETTER, now
            ),
        }
        outcome = deeds[act]()
        assert isinstance(outcome, Refused) and outcome.code == "not_possible"
    assert (request_.status, request_.version) == ("sent", version)
    assert not counted(session, Offer) and not counted(session, Plan) and not counted(session, Message)


def test_beyond_the_limits_a_supervisor_decides(session, officer, loan, now):
    request = a_proposal(session, loan, PlanTerms(pause=6, arrears=Arrears.at_end))
    refused = decisions.approve(session, officer, request, request.version, LETTER, now)
    assert isinstance(refused, Refused) and refused.code == "above_limits"
    assert request.status == "sent" and not counted(session, Plan)
    assert isinstance(decisions.approve(session, a_supervisor(session), request, request.version, LETTER, now), Done)


def test_figures_that_moved_since_the_borrower_saw_them_are_not_agreed_to(session, officer, loan, request_, now):
    record_payment(session, loan, 50_00, TODAY, now, TODAY)
    session.expire(loan)
    refused = decisions.approve(session, officer, request_, request_.version, LETTER, now)
    assert isinstance(refused, Refused) and refused.code == "figures_changed"
    offered = decisions.offer(
        session, officer, request_, request_.version, PlanTerms.from_dict(request_.proposed), LETTER, now
    )
    assert isinstance(offered, Done)


def test_where_the_borrower_leaves_the_plan_to_us_there_is_nothing_to_agree_to(session, officer, loan, now):
    request = a_request(session, loan)
    refused = decisions.approve(session, officer, request, request.version, LETTER, now)
    assert isinstance(refused, Refused) and refused.code == "nothing_proposed"


def test_a_plan_that_the_loan_cannot_hold_is_no_offer(session, officer, loan, request_, now):
    with pytest.raises(InvalidPlan) as refusal:
        decisions.offer(session, officer, request_, request_.version, PlanTerms(amount=1), LETTER, now)
    assert refusal.value.code == "amount_never_repays"
    assert request_.status == "sent" and not counted(session, Offer)


def test_an_offer_replaces_the_one_before_and_ends_before_its_first_payment(session, officer, request_, now):
    first = PlanTerms(amount=6_000, arrears=Arrears.spread)
    second = PlanTerms(pause=1, pause_interest=PauseInterest.at_end, arrears=Arrears.at_end)
    for terms in (first, second):
        decisions.offer(session, officer, request_, request_.version, terms, LETTER, now)
    assert [(offer.number, offer.status) for offer in request_.offers] == [(1, "superseded"), (2, "open")]
    assert PlanTerms.from_dict(request_.offers[1].terms) == second
    assert request_.offers[0].expires_on == min(TODAY + timedelta(days=14), date(2026, 12, 19))


@pytest.mark.case("R022")
def test_a_proposal_that_changed_under_the_officers_hands_is_not_agreed_to(session, officer, loan, request_, now):
    seen = request_.version
    borrower = loan.people[0].borrower
    longer = PlanTerms(amount=5_000, arrears=Arrears.spread)
    requests.propose(session, borrower, request_, "own_amount", longer, now)
    for decide in (
        lambda: decisions.approve(session, officer, request_, seen, LETTER, now),
        lambda: decisions.offer(session, officer, request_, seen, longer, LETTER, now),
        lambda: decisions.decline(session, officer, request_, seen, "need_to_talk", LETTER, now),
        lambda: decisions.ask(session, officer, request_, seen, LETTER, now),
    ):
        refused = decide()
        assert isinstance(refused, Refused) and refused.code == "changed"
        assert (refused.step.action, refused.step.role) == ("change", "borrower")
    decisions.approve(session, officer, request_, request_.version, LETTER, now)
    plan = session.scalars(select(Plan)).one()
    assert PlanTerms.from_dict(plan.agreement["terms"]) == longer
    assert plan.agreement["after"][0] == {"due_on": "2026-12-20", "amount": 50_00}
    assert len(plan.fingerprint) == 64


@pytest.mark.case("R022")
def test_an_offer_that_was_replaced_while_it_was_read_is_not_accepted(session, officer, loan, request_, now):
    borrower = loan.people[0].borrower
    decisions.offer(session, officer, request_, request_.version, PlanTerms(amount=6_000), LETTER, now)
    seen = request_.version
    decisions.offer(session, officer, request_, seen, PlanTerms(amount=5_500, arrears=Arrears.spread), LETTER, now)
    refused = requests.accept(session, borrower, request_, 1, seen, now)
    assert isinstance(refused, Refused) and refused.code == "changed"
    assert request_.status == "offered" and not counted(session, Plan)


def read_anew(session: Session) -> None:
    """`session` sees what others left behind, and not what was there when it last looked."""
    session.rollback()
    session.expire_all()


def rounds(engine: Engine, keys: Keyring, session: Session, count: int = 20) -> Iterator[tuple[HardshipRequest, Staff]]:
    """Requests one after another, each committed, with the officer who read it."""
    officer = an_officer(session)
    for _ in range(count):
        request = a_proposal(session, a_loan(session, a_borrower(session, officer=officer), missed=1))
        session.commit()
        yield request, officer
        session.expire_all()


@pytest.mark.case("R020")
def test_of_two_who_agree_at_the_same_moment_one_does(engine, keys, session, lender, now):
    other = a_supervisor(session)
    for request, officer in rounds(engine, keys, session):
        seen = request.version

        def approve(who: int, here: int = request.id, seen: int = seen) -> Callable[[Session], Outcome]:
            return lambda own: decisions.approve(
                own, own.get(Staff, who), own.get(HardshipRequest, here), seen, LETTER, now
            )

        outcomes = at_once(engine, keys, approve(officer.id), approve(other.id))
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Done", "Refused"]
        refused = next(outcome for outcome in outcomes if isinstance(outcome, Refused))
        assert refused.code in ("not_possible", "changed")
        assert refused.step.action == "approve" and refused.step.staff_id in (officer.id, other.id)
        read_anew(session)
        agreed = session.scalars(select(Plan).where(Plan.request_id == request.id)).one()
        assert agreed.in_force
        assert counted(session, ScheduleVersion, ScheduleVersion.loan_id == request.loan_id) == 1
        assert counted(session, Message, Message.loan_id == request.loan_id) == 1
        done = (AuditEntry.action == "request.approve", AuditEntry.subject_id == request.id)
        assert counted(session, AuditEntry, *done, AuditEntry.outcome == "done") == 1
        assert counted(session, AuditEntry, *done) == 2


def test_of_a_yes_and_a_no_at_the_same_moment_one_holds(engine, keys, session, lender, now):
    other = a_supervisor(session)
    for request, officer in rounds(engine, keys, session, 5):
        seen, here = request.version, request.id

        def agree(own: Session, here: int = here, seen: int = seen, who: int = officer.id) -> Outcome:
            return decisions.approve(own, own.get(Staff, who), own.get(HardshipRequest, here), seen, LETTER, now)

        def decline(own: Session, here: int = here, seen: int = seen, who: int = other.id) -> Outcome:
            found = own.get(HardshipRequest, here)
            return decisions.decline(own, own.get(Staff, who), found, seen, "need_to_talk", LETTER, now)

        outcomes = at_once(engine, keys, agree, decline)
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Done", "Refused"]
        read_anew(session)
        agreed = isinstance(outcomes[0], Done)
        assert session.get(HardshipRequest, here).status == ("agreed" if agreed else "declined")
        assert counted(session, Plan, Plan.request_id == here) == agreed


@pytest.mark.case("R023")
def test_an_offer_accepted_in_two_browsers_is_accepted_once_and_both_are_told_so(engine, keys, session, lender, now):
    for request, officer in rounds(engine, keys, session, 10):
        decisions.offer(session, officer, request, request.version, PlanTerms(amount=6_000), LETTER, now)
        session.commit()
        seen, here, who = request.version, request.id, request.borrower_id

        def accept(own: Session, here: int = here, seen: int = seen, who: int = who) -> Outcome:
            return requests.accept(own, own.get(Borrower, who), own.get(HardshipRequest, here), 1, seen, now)

        outcomes = at_once(engine, keys, accept, accept)
        assert [type(outcome) for outcome in outcomes] == [Done, Done]
        read_anew(session)
        assert counted(session, Plan, Plan.request_id == here) == 1
        assert counted(session, Message, Message.loan_id == request.loan_id, Message.purpose == "agreement") == 1


@pytest.mark.case("R025")
def test_two_tabs_make_one_request_and_plans_never_overlap(session, officer, loan, now):
    borrower = loan.people[0].borrower
    first = a_proposal(session, loan)
    assert requests.begin(session, borrower, loan, "en", now) is first
    decisions.approve(session, officer, first, first.version, LETTER, now)
    again = a_proposal(session, loan, PlanTerms(amount=5_000))
    assert again is not first
    refused = decisions.approve(session, officer, again, again.version, LETTER, now)
    assert isinstance(refused, Refused) and refused.code == "above_limits"
    decisions.approve(session, a_supervisor(session), again, again.version, LETTER, now)
    plans = session.scalars(select(Plan).order_by(Plan.id)).all()
    assert [plan.in_force for plan in plans] == [False, True]


@pytest.mark.case("R025")
@pytest.mark.parametrize("kind", ["request", "plan"])
def test_the_database_holds_one_open_request_and_one_plan_in_force_a_loan(session, officer, loan, request_, now, kind):
    decisions.approve(session, officer, request_, request_.version, LETTER, now)
    other = a_proposal(session, loan, PlanTerms(amount=5_000))
    if kind == "request":
        copied = {name: getattr(other, name) for name in ("loan_id", "borrower_id", "branch_id", "status", "language")}
        second: Any = HardshipRequest(
            **copied, public_id="second", is_open=True, version=1, recorded_at=now, changed_at=now
        )
    else:
        plan = session.scalars(select(Plan)).one()
        second = Plan(
            public_id="second",
            loan_id=loan.id,
            request_id=other.id,
            schedule_version_id=plan.schedule_version_id,
            in_force=True,
            agreement={},
            fingerprint="",
            paper_code="second",
            agreed_at=now,
            days_past_due_before=0,
        )
    session.add(second)
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.case("R028")
@pytest.mark.parametrize("kind", [ScheduleVersion, Loan, Borrower, HardshipRequest])
def test_what_an_agreed_plan_stands_on_cannot_be_deleted(session, officer, loan, request_, now, kind):
    decisions.approve(session, officer, request_, request_.version, LETTER, now)
    session.commit()
    kept = {"schedule": loan.versions[0].account, "plan": session.scalars(select(Plan)).one().id}
    with pytest.raises(IntegrityError):
        session.execute(delete(kind))
    session.rollback()
    assert session.scalars(select(ScheduleVersion)).one().account == kept["schedule"]
    assert session.scalars(select(Plan)).one().id == kept["plan"]


@pytest.mark.case("R028")
def test_the_schedule_of_before_is_never_overwritten(session, officer, loan, now):
    """A plan adds a version, so that the one before it, or the terms of the loan, can hold again."""
    terms = {name: getattr(loan, name) for name in ("principal", "annual_rate", "installments", "first_due_on")}
    for amount, decider in ((7_500, officer), (5_000, a_supervisor(session))):
        request = a_proposal(
            session, loan, PlanTerms(amount=amount, arrears=Arrears.spread if amount > 6000 else "keep")
        )
        decisions.approve(session, decider, request, request.version, LETTER, now)
    assert [version.number for version in loan.versions] == [1, 2]
    assert loan.versions[0].account["rows"] != loan.versions[1].account["rows"]
    assert {name: getattr(loan, name) for name in terms} == terms


@pytest.mark.case("R029")
def test_ten_payments_from_now_on_are_ten_rows(session, officer, lender, now):
    loan = a_loan(session, disbursed_on=date(2026, 7, 20), first_due_on=date(2026, 8, 20))
    assert len(loan.entries) == 4
    request = a_request(session, loan)
    decisions.offer(session, officer, request, request.version, PlanTerms(extend_by=2), LETTER, now)
    seen = request.offers[0].figures
    assert len(seen["future"]) == seen["comparison"]["installments_new"] == 10
    requests.accept(session, loan.people[0].borrower, request, 1, request.version, now)
    lines = statement(loan_account(session, loan), TODAY).lines
    assert (len(lines), len([line for line in lines if line.open])) == (14, 10)


def test_a_payment_that_arrives_later_is_read_against_the_agreed_schedule(session, officer, loan, request_, now):
    decisions.approve(session, officer, request_, request_.version, LETTER, now)
    a_payment(session, loan, 75_00, date(2026, 12, 20))
    session.expire(loan)
    stated = statement(loan_account(session, loan), date(2026, 12, 21))
    assert (stated.overdue, stated.next_due) == (0, (date(2027, 1, 20), 75_00))


DEARER = PlanTerms(rate=Decimal(30), extend_by=6, arrears=Arrears.spread)


def test_nobody_may_offer_a_plan_above_the_lender_s_ceiling(session, lender, loan, request_, now):
    supervisor = a_supervisor(session)
    lender.ceilings = ["tw"]
    with pytest.raises(InvalidPlan) as refused:
        decisions.offer(session, supervisor, request_, request_.version, DEARER, "", now)
    assert (refused.value.code, refused.value.sentence) == ("above_ceiling", "The yearly cost can't be above 16 %.")
    assert request_.status == "sent" and not request_.offers


def test_a_borrower_s_plan_above_the_ceiling_is_not_kept(session, lender, loan, request_, now):
    lender.ceilings = ["tw"]
    with pytest.raises(InvalidPlan) as refused:
        requests.propose(session, request_.borrower, request_, "own_amount", DEARER, now)
    assert refused.value.code == "above_ceiling"


def test_a_ceiling_that_comes_between_stops_what_was_proposed_or_offered(session, lender, loan, request_, now):
    supervisor = a_supervisor(session)
    decisions.offer(session, supervisor, request_, request_.version, DEARER, "", now)
    lender.ceilings = ["tw"]
    outcome = requests.accept(session, request_.borrower, request_, 1, request_.version, now)
    assert isinstance(outcome, Refused) and outcome.code == "above_ceiling"
    assert not counted(session, Plan)


def test_approving_a_plan_above_the_ceiling_is_refused_by_name(session, lender, loan, request_, now):
    requests.propose(session, request_.borrower, request_, "own_amount", DEARER, now)
    lender.ceilings = ["tw"]
    outcome = decisions.approve(session, a_supervisor(session), request_, request_.version, "", now)
    assert isinstance(outcome, Refused) and outcome.code == "above_ceiling"
    assert not counted(session, Plan)


def test_relief_for_a_loan_that_was_above_the_ceiling_before_is_not_refused(
    session, lender, officer, loan, request_, now
):
    loan.annual_rate = "30"
    lender.ceilings = ["tw"]
    decisions.offer(session, a_supervisor(session), request_, request_.version, PlanTerms(extend_by=3), "", now)
    assert isinstance(requests.accept(session, request_.borrower, request_, 1, request_.version, now), Done)
