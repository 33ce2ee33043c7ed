"""A guarantor reads what they guarantee, today and with their yes, and nothing else of the borrower's."""

import pytest
from sqlalchemy import select

from portal.models import GuarantorConsent, LoanPerson, Plan
from portal.services import decisions
from tests.factories import NOW, a_borrower, a_link, a_loan, a_proposal


@pytest.fixture
def guarantor(session, borrower, officer):
    return a_borrower(session, officer=officer, name="Wei Chen", greeting="Mr Chen")


@pytest.fixture
def request_(session, borrower, guarantor, officer):
    loan = a_loan(session, borrower, missed=2)
    session.add(LoanPerson(loan=loan, borrower=guarantor, role="guarantor"))
    session.flush()
    session.expire(loan, ["people"])
    request = a_proposal(session, loan)
    decisions.approve(session, officer, request, request.version, "Yes.", NOW)
    return request


@pytest.fixture
def theirs(pages, guarantor, request_):
    """The browser of the guarantor, who is signed in and has the question open."""
    pages.sign_in(guarantor).get("/my/newest-consent")
    return pages


def test_the_question_says_the_sum_the_date_and_the_difference_and_that_nothing_is_to_be_paid(theirs, request_):
    page = theirs.page
    assert page.h1 == "You are asked for your consent"
    assert "Dear Mr Chen," in page.text and "There is nothing to pay now." in page.text
    comparison = session_figures(theirs)["comparison"]
    for minor in (comparison["left_to_pay_today"], comparison["left_to_pay_new"], comparison["extra"]):
        assert f"${minor / 100:,.2f}" in page.text


def session_figures(pages):
    return pages.session.scalars(select(GuarantorConsent)).one().figures


def test_what_the_borrower_told_and_earns_is_nowhere_on_it(theirs, request_):
    for private in ("hours were cut", "$2,000", "Less work", "Left over"):
        assert private not in theirs.page.html


def test_both_answers_are_the_same_size_and_each_does_what_it_says(theirs, request_, session):
    answered = theirs.page.submit("I agree")
    assert answered.h1 == "You said yes. Thank you"
    assert session.scalars(select(Plan)).one().in_force
    assert "I do not agree" not in answered.text


def test_a_no_leaves_the_guarantee_as_it_was_and_the_borrower_reads_that_consent_is_missing(
    theirs, request_, session, pages, borrower
):
    assert theirs.page.submit("I do not agree").h1 == "You said no. Your guarantee stays as it is"
    said = pages.sign_in(borrower).get(f"/my/requests/{request_.public_id}").text
    assert "The consent of your guarantor is missing" in said and "Wei" not in said.split("How it has gone")[1]


def test_the_borrower_reads_who_is_asked_and_that_nothing_changes_before(mine, request_):
    page = mine.get(f"/my/requests/{request_.public_id}")
    assert page.h1 == "One yes is still to come"
    assert "Wei Chen, who guarantees it, is asked as well" in page.text
    assert "We both said yes." in mine.get("/my/").text


def test_the_question_is_nobody_elses(theirs, request_, session, pages, borrower, officer):
    address = theirs.page.path
    for other in (borrower, a_borrower(session, officer=officer)):
        assert pages.sign_in(other).get(address).status == 404


def test_a_text_about_it_leads_there_after_a_check(pages, session, guarantor, request_):
    token = a_link(session, guarantor, "consent")
    pages.get(f"/l/{token}")
    arrived = pages.page.submit(
        "Continue", way="birth_date", **{"birth_date-year": "1988", "birth_date-month": "3", "birth_date-day": "12"}
    )
    assert arrived.h1 == "You are asked for your consent"
