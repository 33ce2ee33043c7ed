"""A settlement says on the page by when all of it has to come, and what becomes of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.domain.plan_terms import PlanTerms, Settlement
from portal.models import Plan
from portal.services import decisions, requests
from portal.services.loans import record_payment
from portal.services.settlements import end_settlements
from tests.factories import NOW, TODAY, a_loan, a_request, a_supervisor, an_officer

CONDITION = "This settles the loan if all of it arrives by 20 December 2026: then the rest is waived."


@pytest.fixture
def request_(session, borrower):
    loan = a_loan(session, borrower, missed=2)
    request = a_request(session, loan)
    terms = PlanTerms(settlement=Settlement(500_00))
    decisions.offer(session, a_supervisor(session), request, request.version, terms, "", NOW)
    return request


@pytest.fixture
def agreed(session, borrower, request_):
    requests.accept(session, borrower, request_, 1, request_.version, NOW)
    return session.scalars(select(Plan)).one()


def test_the_offer_and_the_agreement_say_the_condition(mine, session, borrower, request_):
    assert CONDITION in mine.get(f"/my/requests/{request_.public_id}").text
    requests.accept(session, borrower, request_, 1, request_.version, NOW)
    page = mine.get(f"/my/requests/{request_.public_id}")
    assert CONDITION in page.text and "Your new plan is in force." in page.text
    plan = session.scalars(select(Plan)).one()
    assert CONDITION in mine.get(f"/my/agreements/{plan.public_id}").text


def test_one_that_was_not_kept_is_told_kindly(pages, borrower, session, agreed, request_, clock):
    clock.set(NOW + timedelta(days=19))
    end_settlements(session, clock.now())
    mine = pages.sign_in(borrower)
    page = mine.get("/my/")
    assert "Your settlement has ended, and what you paid counts." in page.text
    page = mine.get(f"/my/requests/{request_.public_id}")
    assert "Not all of the settlement arrived by 20 December 2026, so it has ended." in page.text
    assert "Everything you paid counts" in page.text and CONDITION not in page.text
    assert "no longer in force: not all of it had arrived by" in mine.get(f"/my/agreements/{agreed.public_id}").text


def test_the_lender_sees_it_among_the_notices(pages, session, agreed, clock):
    clock.set(NOW + timedelta(days=19))
    end_settlements(session, clock.now())
    page = pages.sign_in(an_officer(session)).get("/staff/notices")
    assert "Settlements that have ended" in page.text and agreed.loan.reference in page.text


def test_one_that_was_kept_is_thanked_for(mine, session, agreed, request_):
    record_payment(session, agreed.loan, 500_00, TODAY, NOW, TODAY)
    end_settlements(session, NOW)
    page = mine.get(f"/my/requests/{request_.public_id}")
    assert "The settlement has arrived in full. Nothing more is owed on this loan. Thank you." in page.text
