"""'The amount is not right', 'this loan is not mine': what looks wrong, with papers; answered with the account."""

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.models import AuditEntry, Dispute, Document, Letter
from portal.services import disputes
from tests.exchange.files import phone_photo
from tests.factories import NOW, a_loan, a_payment, a_request, a_supervisor

LINES = [{"phone": "555 0199", "names": {"en": "Lifeline"}}]


@pytest.fixture
def loan(session, borrower):
    return a_loan(session, borrower, missed=1)


@pytest.fixture
def address(loan):
    return f"/my/loans/{loan.public_id}/dispute"


def raised(session):
    return session.scalars(select(Dispute)).one()


def test_what_looks_wrong_is_ticked_and_staff_read_the_same(mine, session, officer, loan, address):
    page = mine.get(address)
    for said in ("Left to pay, in all: $", "Received on 20 October 2026: $110.02", "due on 20 November 2026: $110.02"):
        assert said in page.text, said
    newest = max(loan.entries, key=lambda entry: entry.effective_on)
    ticked = [f"paid:{newest.id}", "missing:2026-11-20"]
    page = page.submit("Send", kind="amount", doubted=ticked, should_be="about 100", words="I paid twice.")
    assert page.h1 == "Thank you. We look at it" and "I paid twice." in page.text
    assert raised(session).doubted == ticked
    page = mine.sign_in(officer).get(f"/staff/notices/disputes/{raised(session).public_id}")
    assert "Received on 20 October 2026: $110.02" in page.text and "due on 20 November 2026" in page.text


def test_what_was_not_on_the_page_cannot_be_ticked(mine, session, address):
    page = mine.get(address)
    key = next(field.get("value") for field in page.root.iter("input") if field.get("name") == "form_key")
    mine.post(address, kind="amount", doubted=["paid:999999", "left"], form_key=key)
    assert raised(session).doubted == ["left"]


def test_a_paper_comes_with_it_or_later_and_is_seen_by_staff(mine, session, officer, address):
    page = mine.get(address)
    key = next(field.get("value") for field in page.root.iter("input") if field.get("name") == "form_key")
    receipt = (io.BytesIO(phone_photo()), "receipt.jpg")
    page = mine.post(address, kind="amount", papers=[receipt, (io.BytesIO(b"MZ00"), "b.exe")], form_key=key)
    assert page.status == 422 and "neither a photo nor a PDF" in page.text and "Paper 1" in page.links()
    where = f"/my/disputes/{raised(session).public_id}"
    page = mine.get(where)
    key = next(field.get("value") for field in page.root.iter("input") if field.get("name") == "form_key")
    mine.post(where, papers=[(io.BytesIO(phone_photo("PNG")), "more.png")], form_key=key)
    assert [paper.number for paper in session.scalars(select(Document).order_by(Document.id))] == [1, 2]
    page = mine.sign_in(officer).get(f"/staff/notices/disputes/{raised(session).public_id}")
    assert {"Paper 1", "Paper 2"} <= set(page.links())


def test_the_answer_comes_with_the_account_and_what_was_corrected(mine, session, officer, borrower, loan):
    dispute = disputes.raise_dispute(session, borrower, loan, "amount", None, None, "I paid on 20 November.", NOW)
    entry = a_payment(session, loan, 11_002, date(2026, 11, 20))
    entry.recorded_at = NOW + timedelta(hours=1)
    session.flush()
    assert disputes.answer_dispute(session, officer, dispute, "It had gone astray.", NOW + timedelta(days=1)) == "done"
    page = mine.get(f"/my/disputes/{dispute.public_id}")
    for said in ("It had gone astray.", "As it stood on 3 December 2026", "$110.02 less than when you wrote"):
        assert said in page.text, said
    assert page.text.count("Entered since you wrote") == 1
    lines = page.text.split("Line by line")[1]
    assert lines.index("Received, thank you $110.02") < lines.index("Lent to you")


def test_the_account_of_an_answer_stays_as_it_was(mine, session, officer, borrower, loan):
    dispute = disputes.raise_dispute(session, borrower, loan, "amount", None, None, None, NOW)
    disputes.answer_dispute(session, officer, dispute, "All is well.", NOW)
    before = mine.get(f"/my/disputes/{dispute.public_id}").text
    a_payment(session, loan, 5_000, date(2026, 12, 2))
    assert mine.get(f"/my/disputes/{dispute.public_id}").text == before


def test_not_mine_asks_for_no_papers_and_leads_whoever_is_afraid_to_somebody(mine, session, address):
    page = mine.get(address)
    assert "no papers today. A person who has not worked on this loan looks" in page.text
    assert page.links()["talk to someone today"].startswith("/today")
    page = page.submit("Send", kind="not_mine", detail="name_used")
    assert "It is a person who has not worked on this loan." in page.text
    assert page.links()["talk to someone today"].startswith("/today")


def test_the_officer_of_the_loan_does_not_look_whether_it_is_the_borrower_s(mine, session, officer, borrower, loan):
    dispute = disputes.raise_dispute(session, borrower, loan, "not_mine", "never", None, None, NOW)
    where = f"/staff/notices/disputes/{dispute.public_id}"
    page = mine.sign_in(officer).get(where)
    assert "somebody else answers this" in page.text and "Send the answer" not in page.text
    page = mine.post(where, answer="It is yours.", form_key="a" * 32)
    assert page.status == 409 and "Nothing was sent: Grace Lim has worked on this loan" in page.text
    assert "It is yours." in page.text and raised(session).is_open
    refused = session.scalars(select(AuditEntry).where(AuditEntry.action == "answer_dispute")).one()
    assert (refused.outcome, refused.staff_id) == ("worked_on_it", officer.id)

    page = mine.sign_in(a_supervisor(session)).get(where).submit("Send the answer", answer="You are right.")
    assert page.status == 200 and not raised(session).is_open


def test_neither_does_who_decided_on_a_request_about_it(session, lender, borrower, loan):
    colleague = a_supervisor(session)
    request = a_request(session, loan)
    request.officer_id = colleague.id
    dispute = disputes.raise_dispute(session, borrower, loan, "not_mine", None, None, None, NOW)
    assert disputes.answer_dispute(session, colleague, dispute, "No.", NOW) == "worked_on_it"
    assert disputes.answer_dispute(session, a_supervisor(session), dispute, "Yes.", NOW) == "done"


def test_words_of_despair_are_heard_here_too(mine, session, lender, address):
    lender.crisis_lines = LINES
    page = mine.get(address).submit("Send", kind="other", words="我活不下去了")
    assert "Lifeline" in page.text and "not yet by a person" in page.text
    assert session.scalars(select(Letter)).one().urgency == "despair"
