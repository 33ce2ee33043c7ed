"""Who is told of what, and where the link of a notice leads."""

import pytest
from sqlalchemy import select

from portal.models import Link, Message
from portal.services import messages, notices
from tests.factories import NOW, a_borrower, a_loan

URL = "https://northfield.example"


@pytest.fixture
def borrower(session, lender):
    return a_borrower(session)


def purpose_of_link(session):
    message = session.scalars(select(Message)).one()
    assert isinstance(messages.claim(session, message.id, URL, NOW), messages.Claimed)
    return session.scalars(select(Link.purpose)).one()


@pytest.mark.parametrize(
    ("template", "facts", "purpose"),
    [
        ("answer_notice", {}, "request"),
        ("answer_notice", {"link": "pay"}, "pay"),
        ("answer_notice", {"link": "home"}, "home"),
        ("letter_notice", {}, "letters"),
        ("agreement_notice", {}, "home"),
    ],
)
def test_a_notice_leads_to_what_it_is_about(session, borrower, template, facts, purpose):
    loan = a_loan(session, borrower)
    notices.tell(session, borrower, loan, template, "answer", "test:1", NOW, facts=facts)
    assert purpose_of_link(session) == purpose


def test_what_is_about_no_loan_is_told_all_the_same(session, borrower):
    a_loan(session, borrower)
    assert notices.tell(session, borrower, None, "complaint_notice", "answer", "complaint:1", NOW)
    assert purpose_of_link(session) == "complaint"


def test_said_twice_it_is_told_once_and_who_has_no_loan_is_not_told(session, borrower):
    assert not notices.tell(session, borrower, None, "complaint_notice", "answer", "complaint:1", NOW)
    a_loan(session, borrower)
    assert notices.tell(session, borrower, None, "complaint_notice", "answer", "complaint:1", NOW)
    assert not notices.tell(session, borrower, None, "complaint_notice", "answer", "complaint:1", NOW)
