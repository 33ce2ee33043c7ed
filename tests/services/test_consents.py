"""No plan that makes a guarantee greater or longer is in force before the guarantor's yes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.domain.plan_terms import Arrears, PlanTerms
from portal.models import GuarantorConsent, LoanPerson, Message, Plan
from portal.services import consents, decisions, messages, requests
from portal.services.hardship import Done, Refused
from portal.services.loans import record_payment
from tests.factories import NOW, TODAY, a_borrower, a_loan, a_proposal, a_request, an_officer

LONGER = PlanTerms(extend_by=6, arrears=Arrears.spread)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def officer(session, lender):
    return an_officer(session)


@pytest.fixture
def borrower(session, officer):
    return a_borrower(session, officer=officer)


@pytest.fixture
def loan(session, borrower):
    return a_loan(session, borrower, missed=2)


@pytest.fixture
def guarantor(session, loan, officer):
    wei = a_borrower(session, officer=officer, name="Wei Chen", greeting="Mr Chen")
    session.add(LoanPerson(loan=loan, borrower=wei, role="guarantor"))
    session.flush()
    session.expire(loan, ["people"])
    return wei


@pytest.fixture
def approved(session, loan, guarantor, officer):
    """What the borrower proposed was approved, and the guarantor is asked."""
    request = a_proposal(session, loan)
    decisions.approve(session, officer, request, request.version, "Yes.", NOW)
    return request


def asked(session):
    return session.scalars(select(GuarantorConsent).order_by(GuarantorConsent.id)).all()


def in_force(session):
    return session.scalars(select(Plan).where(Plan.in_force.is_(True))).all()


def test_a_plan_waits_for_the_guarantors_yes_and_holds_from_then(session, approved, guarantor, loan):
    (consent,) = asked(session)
    assert approved.status == "awaiting_consent" and approved.is_open
    assert not in_force(session) and not loan.versions
    assert isinstance(consents.answer(session, guarantor, consent, True, NOW), Done)
    (plan,) = in_force(session)
    assert approved.status == "agreed"
    assert plan.agreement["consents"] == [{"name": "Wei Chen", "on": "2026-12-02"}]
    assert plan.agreed_by_id == approved.officer_id


def test_an_offer_that_is_accepted_waits_as_well(session, loan, borrower, guarantor, officer):
    request = a_request(session, loan)
    decisions.offer(session, officer, request, request.version, LONGER, "Let us do this.", NOW)
    requests.accept(session, borrower, request, 1, request.version, NOW)
    assert request.status == "awaiting_consent" and not in_force(session)
    again = requests.accept(session, borrower, request, 1, request.version, NOW)
    assert isinstance(again, Done), "said twice it is one acceptance"
    consents.answer(session, guarantor, asked(session)[0], True, NOW)
    assert request.status == "agreed" and in_force(session)[0].agreed_by_id == officer.id


def test_a_plan_that_makes_no_guarantee_greater_or_longer_needs_nobodys_yes(session, loan, guarantor, officer, lender):
    request = a_proposal(session, loan, PlanTerms(arrears=Arrears.spread, arrears_over=3))
    decisions.approve(session, officer, request, request.version, "Yes.", NOW)
    assert request.status == "agreed" and not asked(session)


def test_where_the_lender_needs_no_consent_nobody_is_asked(session, loan, guarantor, officer, lender):
    lender.guarantor_consents = False
    request = a_proposal(session, loan)
    decisions.approve(session, officer, request, request.version, "Yes.", NOW)
    assert request.status == "agreed" and not asked(session)


def test_of_two_guarantors_both_have_to_say_yes(session, loan, guarantor, officer):
    second = a_borrower(session, officer=officer, name="An Chen")
    session.add(LoanPerson(loan=loan, borrower=second, role="guarantor"))
    session.flush()
    session.expire(loan, ["people"])
    request = a_proposal(session, loan)
    decisions.approve(session, officer, request, request.version, "Yes.", NOW)
    first, other = asked(session)
    consents.answer(session, first.guarantor, first, True, NOW)
    assert request.status == "awaiting_consent" and not in_force(session)
    consents.answer(session, other.guarantor, other, True, NOW)
    assert request.status == "agreed"


def test_a_no_gives_the_request_back_and_tells_the_borrower_that_consent_is_missing(session, approved, guarantor, loan):
    consents.answer(session, guarantor, asked(session)[0], False, NOW)
    assert approved.status == "being_read" and not in_force(session)
    told = session.scalars(select(Message).where(Message.borrower_id == approved.borrower_id)).all()
    assert [message.template for message in told] == ["answer_notice"]


def test_an_answer_stands_and_the_other_answer_afterwards_is_refused(session, approved, guarantor):
    (consent,) = asked(session)
    consents.answer(session, guarantor, consent, False, NOW)
    assert isinstance(consents.answer(session, guarantor, consent, False, NOW), Done)
    refused = consents.answer(session, guarantor, consent, True, NOW)
    assert isinstance(refused, Refused) and refused.code == "changed" and not in_force(session)


def test_silence_gives_the_request_back_once_the_question_has_been_open_long_enough(session, approved, lender):
    until = timedelta(days=lender.days_offer_open)
    assert consents.miss_unanswered(session, NOW + until) == 0
    assert consents.miss_unanswered(session, NOW + until + timedelta(minutes=1)) == 1
    assert approved.status == "being_read" and asked(session)[0].status == "ended"
    assert consents.miss_unanswered(session, NOW + until * 2) == 0


def test_figures_that_changed_meanwhile_are_offered_to_the_borrower_anew(session, approved, guarantor, loan):
    record_payment(session, loan, 5_000, TODAY, LATER, TODAY)
    outcome = consents.answer(session, guarantor, asked(session)[0], True, LATER)
    assert isinstance(outcome, Refused) and outcome.code == "figures_changed"
    assert approved.status == "offered" and not in_force(session)
    requests.accept(session, approved.borrower, approved, approved.offers[-1].number, approved.version, LATER)
    assert approved.status == "awaiting_consent"
    assert [consent.status for consent in asked(session)] == ["given", "asked"]
    consents.answer(session, guarantor, asked(session)[-1], True, LATER)
    assert approved.status == "agreed"


@pytest.mark.parametrize("way", ["withdraw", "offer", "decline"])
def test_what_ends_the_plan_closes_the_question(session, approved, borrower, officer, way):
    if way == "withdraw":
        requests.withdraw(session, borrower, approved, NOW)
    elif way == "offer":
        decisions.offer(session, officer, approved, approved.version, LONGER, "Rather this.", NOW)
    else:
        decisions.decline(session, officer, approved, approved.version, "need_to_talk", "Let us talk.", NOW)
    assert [consent.status for consent in asked(session)] == ["ended"]


def test_the_guarantor_is_written_to_now_and_once_more_and_not_after_an_answer(session, approved, guarantor, app):
    texts = session.scalars(select(Message).where(Message.borrower_id == guarantor.id).order_by(Message.id)).all()
    assert [(text.template, (text.send_after - NOW).days) for text in texts] == [
        ("consent_notice", 0),
        ("consent_reminder", 10),
    ]
    assert isinstance(messages.claim(session, texts[0].id, "https://northfield.example", NOW), messages.Claimed)
    consents.answer(session, guarantor, asked(session)[0], True, NOW)
    late = messages.claim(session, texts[1].id, "https://northfield.example", NOW + timedelta(days=10))
    assert isinstance(late, messages.NotNow) and (late.status, late.reason) == ("cancelled", "answered")


def test_what_ended_a_former_question_does_not_count_for_the_next(session, approved, guarantor, officer, borrower):
    decisions.offer(session, officer, approved, approved.version, LONGER, "Rather this.", NOW)
    requests.accept(session, borrower, approved, 1, approved.version, NOW)
    first, second = asked(session)
    assert isinstance(consents.answer(session, guarantor, first, True, NOW), Refused)
    assert approved.status == "awaiting_consent"
    consents.answer(session, guarantor, second, True, NOW)
    assert approved.status == "agreed"
