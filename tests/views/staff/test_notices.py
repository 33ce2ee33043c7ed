"""Disputes are answered once and by a person; a wrong number stays stopped; loans without a person are counted."""

import pytest
from sqlalchemy import select

from portal.models import AuditEntry, Dispute, Loan, LoanPerson, Message, Staff, StoppedNumber
from portal.services import disputes, links
from tests.factories import a_borrower, a_branch, a_link, a_loan, a_supervisor, an_officer


@pytest.fixture
def officer(session, lender) -> Staff:
    return an_officer(session)


@pytest.fixture
def dispute(session, officer, now) -> Dispute:
    who = a_borrower(session, officer=officer)
    return disputes.raise_dispute(
        session, who, a_loan(session, who, missed=1), "amount", None, "about 100", "I paid in October.", now
    )


def test_an_open_dispute_waits_with_its_promise(pages, officer, dispute):
    page = pages.sign_in(officer).get("/staff/notices")
    row = page.rows()[1]
    assert row[0].startswith("Chen Mei-ling")
    assert row[1:] == ["Since today", "Wednesday 16 December", "The amount is not right"]


def test_a_dispute_is_read_beside_our_books_and_answered(pages, session, officer, dispute, keys):
    page = pages.sign_in(officer).get("/staff/notices").click("Chen Mei-ling")
    for said in ("What it should be: about 100", "I paid in October.", "Paid so far$550.10", "20 Oct 2026 $110.02"):
        assert said in page.text.replace("Paid so far ", "Paid so far"), said
    page = page.submit("Send the answer", answer="You are right.")
    assert page.status == 200 and not dispute.is_open
    assert keys.open("answer", dispute.answer_sealed) == "You are right."
    assert "You are right." in page.text and "Send the answer" not in page.text
    assert session.scalars(select(Message)).one().template == "answer_notice"
    assert "No dispute is open." in pages.get("/staff/notices").text


def test_a_view_of_a_dispute_is_written_to_the_log(pages, session, officer, dispute):
    pages.sign_in(officer).get(f"/staff/notices/disputes/{dispute.public_id}")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "view_dispute")).one()
    assert (entry.staff_id, entry.subject_id) == (officer.id, dispute.id)


def test_a_colleague_who_answered_first_is_named_and_nothing_written_is_lost(pages, session, officer, dispute, now):
    page = pages.sign_in(officer).get(f"/staff/notices/disputes/{dispute.public_id}")
    disputes.answer_dispute(session, a_supervisor(session), dispute, "It was our mistake.", now)
    page = page.submit("Send the answer", answer="What I wrote.")
    assert page.status == 409
    assert "Nothing was sent: Daniel Osei answered this already, 2 December 2026, 10:00." in page.text
    assert "What I wrote." in page.text and "It was our mistake." in page.text
    assert len(session.scalars(select(Message)).all()) == 1


def test_a_double_click_answers_once(pages, session, officer, dispute):
    page = pages.sign_in(officer).get(f"/staff/notices/disputes/{dispute.public_id}")
    assert page.submit("Send the answer", answer="You are right.").status == 200
    assert page.submit("Send the answer", answer="You are right.").status == 200
    assert len(session.scalars(select(Message)).all()) == 1


def test_an_answer_needs_words(pages, officer, dispute):
    page = pages.sign_in(officer).get(f"/staff/notices/disputes/{dispute.public_id}").submit("Send the answer")
    assert page.status == 422 and "Your answer: Please write a few words." in page.text and dispute.is_open


@pytest.mark.parametrize("role", ["admin", "auditor"])
def test_those_who_only_read_answer_nothing(pages, session, dispute, role):
    pages.sign_in(an_officer(session, role=role))
    address = f"/staff/notices/disputes/{dispute.public_id}"
    assert "Answering is for officers and supervisors." in pages.get(address).text
    assert pages.post(address, answer="Yes", form_key="0" * 32).status == 403
    assert dispute.is_open


def test_another_branch_sees_none_of_it(pages, session, dispute, now):
    stranger = an_officer(session, branch_id=a_branch(session).id)
    links.not_me(session, links.find_link(session, a_link(session, dispute.borrower), now), now)
    pages.sign_in(stranger)
    page = pages.get("/staff/notices")
    assert "No dispute is open." in page.text and "Chen" not in page.text and "Every loan has its person." in page.text
    assert pages.get(f"/staff/notices/disputes/{dispute.public_id}").status == 404
    pages.get("/staff/notices")
    assert pages.post(f"/staff/notices/wrong-numbers/{dispute.borrower.public_id}").status == 404
    assert session.scalars(select(StoppedNumber)).one().settled_at is None


def test_a_wrong_number_is_dealt_with_and_stays_stopped(pages, session, officer, now):
    who = a_borrower(session, officer=officer)
    loan = a_loan(session, who)
    links.not_me(session, links.find_link(session, a_link(session, who), now), now)
    page = pages.sign_in(officer).get("/staff/notices")
    assert who.name in page.text and loan.reference in page.text
    page = page.submit("It is dealt with")
    assert page.path == "/staff/notices" and who.name not in page.text
    stopped = session.scalars(select(StoppedNumber)).one()
    assert (stopped.settled_at, stopped.settled_by_id, stopped.phone_hash) == (now, officer.id, who.phone_hash)


def test_a_wrong_number_is_settled_once(pages, session, officer, now):
    who = a_borrower(session, officer=officer)
    links.not_me(session, links.find_link(session, a_link(session, who), now), now)
    page = pages.sign_in(officer).get("/staff/notices")
    page.submit("It is dealt with")
    other = a_supervisor(session)
    assert pages.sign_in(other).get("/staff/notices").status == 200
    assert pages.post(f"/staff/notices/wrong-numbers/{who.public_id}").path == "/staff/notices"
    assert session.scalars(select(StoppedNumber)).one().settled_by_id == officer.id
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "settle_wrong_number")).all()
    assert [entry.outcome for entry in entries] == ["done", "not_possible"]


def test_loans_without_their_person_are_counted(pages, session, officer):
    for _ in range(2):
        loan = a_loan(session)
        session.execute(LoanPerson.__table__.delete().where(LoanPerson.loan_id == loan.id))
    a_loan(session)
    assert len(session.scalars(select(Loan)).all()) == 3
    assert "2 loans were taken in without the details of a person" in pages.sign_in(officer).get("/staff/notices").text
