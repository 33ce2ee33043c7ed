"""The borrower proposes something else in answer to an offer; the offer stays open while a person reads it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.domain.plan_terms import Arrears, PlanTerms
from portal.models import Plan
from portal.services import decisions, requests
from portal.services.hardship import Done, Refused
from tests.factories import NOW, TODAY, a_borrower, a_loan, a_request, an_officer

OFFERED = PlanTerms(extend_by=6, arrears=Arrears.spread)
OWN = PlanTerms(amount=7_500, arrears=Arrears.spread)


@pytest.fixture
def officer(session, lender):
    return an_officer(session)


@pytest.fixture
def borrower(session, officer):
    return a_borrower(session, officer=officer)


@pytest.fixture
def countered(session, officer, borrower):
    request = a_request(session, a_loan(session, borrower, missed=2))
    decisions.offer(session, officer, request, request.version, OFFERED, "Let us do this.", NOW)
    assert isinstance(requests.propose(session, borrower, request, "own_amount", OWN, NOW), Done)
    return request


def test_it_waits_for_a_person_with_a_day_to_be_answered_by(countered):
    assert countered.status == "countered" and countered.is_open
    assert countered.answer_by > TODAY
    assert requests.open_offer(countered) is not None


def test_the_officer_agrees_to_it_and_the_offer_is_replaced(session, countered, officer):
    assert isinstance(decisions.approve(session, officer, countered, countered.version, "Yes.", NOW), Done)
    plan = session.scalars(select(Plan)).one()
    assert plan.agreement["terms"]["amount"] == 7_500
    assert [offer.status for offer in countered.offers] == ["superseded"]


def test_the_borrower_takes_the_offer_after_all(session, countered, borrower):
    accepted = requests.accept(session, borrower, countered, 1, countered.version, NOW)
    assert isinstance(accepted, Done) and countered.status == "agreed"
    assert session.scalars(select(Plan)).one().agreement["terms"]["extend_by"] == 6


def test_an_agreement_that_is_refused_leaves_the_offer_open(session, countered, officer):
    refused = decisions.approve(session, officer, countered, countered.version - 1, "Yes.", NOW)
    assert isinstance(refused, Refused)
    assert requests.open_offer(countered) is not None


def test_nobody_is_told_that_time_is_over_while_it_is_read_and_the_old_offer_cannot_be_accepted_late(
    session, countered, borrower, lender
):
    late = NOW + timedelta(days=lender.days_offer_open + 1)
    assert requests.expire_offers(session, late) == 0
    assert requests.accept(session, borrower, countered, 1, countered.version, late).code == "offer_ended"


def test_the_officer_answers_with_another_offer(session, countered, officer):
    answered = decisions.offer(session, officer, countered, countered.version, PlanTerms(extend_by=3), "Half way.", NOW)
    assert isinstance(answered, Done) and countered.status == "offered"
    assert [offer.status for offer in countered.offers] == ["superseded", "open"]
