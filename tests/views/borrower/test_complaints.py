"""A complaint is read by somebody who is not concerned, answered in writing, and what it is about rests meanwhile."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.contact_rules import rule_sets
from portal.domain.contact import Hold, Send, decide
from portal.messaging.texts import Signature, sms
from portal.models import Complaint, Message
from portal.queries.contacts import contact_facts
from portal.services import complaints, decisions
from tests.factories import NOW, a_borrower, a_branch, a_loan, a_request, a_supervisor, an_officer
from tests.views.borrower.test_passbook import made

NEW = "/my/complaints/new"


@pytest.fixture
def supervisor(session, officer):
    return a_supervisor(session)


@pytest.fixture
def loan(session, borrower):
    return a_loan(session, borrower)


def gate(session, borrower, loan, form="text", purpose="reminder"):
    facts = contact_facts(session, [(borrower, loan)], form, purpose, NOW)[borrower.id, loan.id]
    return decide(facts, rule_sets([]), NOW)


def only(session) -> Complaint:
    return session.scalars(select(Complaint)).one()


class TestTelling:
    def test_a_contact_of_the_passbook_is_complained_of_with_its_officer_left_out(
        self, mine, session, borrower, officer, supervisor, loan
    ):
        made(session, borrower, "call", staff_id=officer.id, loan_id=loan.id)
        page = mine.get("/my/passbook").click("This was not all right")
        assert "It goes to Daniel Osei" in page.text and "Grace Lim does not handle it" in page.text
        page = page.submit("Send", words="I was at work.", wishes="apology")
        found = only(session)
        assert (found.about_id, found.handler_id, found.kind) == (officer.id, supervisor.id, "contact")
        assert page.path == f"/my/complaints/{found.public_id}"
        for said in ("working day 0 of 15", "Answer by Wednesday 23 December", "I was at work.", "An apology"):
            assert said in page.text, said
        assert "You have told us about this one." in mine.get("/my/passbook").text

    def test_words_and_the_rest_are_optional_but_what_it_is_about_is_not(self, mine, session):
        page = mine.get(NEW).submit("Send", words="Kept.")
        assert page.status == 422 and "Please choose one of these." in page.text and "Kept." in page.text
        assert page.submit("Send", kind="other", words="").status == 200
        assert only(session).words_sealed is None

    def test_another_borrowers_contact_can_not_be_chosen(self, mine, session, borrower):
        theirs = made(session, a_borrower(session))
        mine.get(NEW)
        page = mine.post(NEW, kind="contact", contact=str(theirs.id), form_key="0" * 32)
        assert page.status == 422 and session.scalars(select(Complaint)).all() == []

    def test_a_double_click_is_one_complaint(self, mine, session):
        page = mine.get(NEW)
        page.submit("Send", kind="other")
        page.submit("Send", kind="other")
        assert only(session)

    def test_the_same_contact_again_adds_the_words(self, mine, session, borrower, keys):
        contact = made(session, borrower, "call")
        for words in ("It was early.", "And loud."):
            mine.get(f"{NEW}?contact={contact.id}").submit("Send", words=words)
        assert keys.open("words", only(session).words_sealed) == "It was early.\n\nAnd loud."

    def test_more_can_be_added_until_it_is_answered(self, mine, session, borrower, supervisor, keys):
        mine.get(NEW).submit("Send", kind="other", words="First.")
        page = mine.page.submit("Add", words="Then.")
        assert page.status == 200 and "First." in page.text and "Then." in page.text
        complaints.answer_complaint(session, supervisor, only(session), "upheld", "You are right.", NOW)
        late = page.submit("Add", words="Too late.")
        assert late.status == 409 and "Too late." in late.html and "You are right." in late.text

    def test_bodies_outside_stand_there_at_any_time(self, mine, session, lender):
        lender.complaint_bodies = [
            {"names": {"en": "Lending Ombudsman"}, "what": {"en": "decides"}, "phone": "555 0160"}
        ]
        session.flush()
        assert "Lending Ombudsman" in mine.get(NEW).text
        page = mine.page.submit("Send", kind="other")
        assert "Lending Ombudsman" in page.text and "555 0160" in page.text

    def test_when_we_are_late_it_says_so(self, mine, session, borrower, clock):
        mine.get(NEW).submit("Send", kind="other")
        clock.forward(days=22)
        page = mine.sign_in(borrower).get(f"/my/complaints/{only(session).public_id}")
        assert "We are late, and we are sorry." in page.text


class TestWhatRests:
    def test_the_form_complained_of_rests_and_no_other(self, session, borrower, loan):
        complaints.raise_complaint(session, borrower, "contact", made(session, borrower, "text"), None, None, NOW)
        found = gate(session, borrower, loan)
        assert isinstance(found, Hold) and found.reason == "complaint"
        assert isinstance(gate(session, borrower, loan, "email"), Send)
        assert isinstance(gate(session, borrower, loan, purpose="answer"), Send)

    def test_where_it_is_about_no_contact_all_reminders_rest_until_the_answer(
        self, session, borrower, loan, supervisor
    ):
        raised = complaints.raise_complaint(session, borrower, "figures", None, None, None, NOW)
        assert gate(session, borrower, loan, "email").reason == "complaint"
        complaints.answer_complaint(session, supervisor, raised, "upheld", "Yes.", NOW)
        assert isinstance(gate(session, borrower, loan, "email"), Send)


class TestWhoHandlesIt:
    def raised(self, session, borrower, kind="other", contact=None):
        return complaints.raise_complaint(session, borrower, kind, contact, None, "Words.", NOW)

    def test_a_supervisor_who_looks_after_the_loan_never_does(self, session, lender):
        concerned, other = a_supervisor(session), a_supervisor(session, name="Mary Ann")
        assert self.raised(session, a_borrower(session, officer=concerned)).handler_id == other.id

    def test_a_supervisor_who_decided_the_request_never_does(self, session, borrower, loan, supervisor):
        request = a_request(session, loan)
        decisions.decline(session, supervisor, request, request.version, "need_to_talk", "No.", NOW)
        admin = an_officer(session, role="admin")
        raised = self.raised(session, borrower, "decision")
        assert (raised.about_id, raised.handler_id) == (supervisor.id, admin.id)

    def test_nobody_of_another_branch_or_who_has_left(self, session, borrower):
        a_supervisor(session, branch_id=a_branch(session).id)
        a_supervisor(session, ended_at=NOW)
        assert self.raised(session, borrower).handler_id is None

    def test_of_several_the_one_with_the_fewest_to_answer(self, session, borrower, supervisor):
        second = a_supervisor(session, name="Mary Ann")
        assert self.raised(session, borrower).handler_id == supervisor.id
        assert self.raised(session, borrower).handler_id == second.id


class TestStaff:
    @pytest.fixture
    def raised(self, session, borrower, officer, supervisor, loan):
        call = made(session, borrower, "call", staff_id=officer.id, loan_id=loan.id)
        return complaints.raise_complaint(session, borrower, "contact", call, "apology", "I was at work.", NOW)

    def test_a_supervisor_reads_and_answers_and_the_borrower_is_told(self, pages, session, supervisor, raised, keys):
        page = pages.sign_in(supervisor).get("/staff/notices").click("Chen Mei-ling")
        for said in ("I was at work.", "It concerns Grace Lim, who does not see it.", "An apology"):
            assert said in page.text, said
        assert raised.read_at == NOW
        page = page.submit("Send the answer", outcome="upheld", answer="You are right. Grace knows.")
        assert page.status == 200 and not raised.is_open
        message = session.scalars(select(Message)).one()
        assert (message.template, message.purpose) == ("complaint_notice", "answer")
        assert "No complaint is open." in pages.get("/staff/notices").text

    def test_the_borrower_reads_the_answer_and_where_to_take_it_further(self, mine, session, supervisor, raised):
        complaints.answer_complaint(session, supervisor, raised, "not_upheld", "We see no fault.", NOW)
        page = mine.get("/my/newest-complaint")
        assert "We see it differently" in page.text and "We see no fault." in page.text
        assert "you can take it further, free of charge" in page.text

    def test_the_officer_concerned_sees_nothing_of_it_anywhere(self, pages, session, officer, raised, loan):
        request = a_request(session, loan)
        pages.sign_in(officer)
        for address in ("/staff/notices", f"/staff/requests/{request.public_id}"):
            page = pages.get(address)
            assert "omplaint" not in page.text and "I was at work." not in page.text, address
        assert pages.get(f"/staff/notices/complaints/{raised.public_id}").status == 403

    @pytest.mark.parametrize("way", ["about", "officer"])
    def test_a_supervisor_who_is_concerned_finds_nothing(self, pages, session, supervisor, raised, way):
        if way == "about":
            raised.about_id = supervisor.id
        else:
            raised.borrower.officer_id = supervisor.id
        session.flush()
        pages.sign_in(supervisor)
        assert "No complaint is open." in pages.get("/staff/notices").text
        address = f"/staff/notices/complaints/{raised.public_id}"
        assert pages.get(address).status == 404
        pages.get("/staff/notices")
        assert pages.post(address, outcome="upheld", answer="x", form_key="0" * 32).status == 404
        assert raised.is_open

    def test_who_answers_second_changes_nothing_and_keeps_the_words(self, pages, session, supervisor, raised):
        page = pages.sign_in(supervisor).get(f"/staff/notices/complaints/{raised.public_id}")
        complaints.answer_complaint(session, a_supervisor(session, name="Mary Ann"), raised, "partly", "Partly.", NOW)
        page = page.submit("Send the answer", outcome="upheld", answer="Mine.")
        assert page.status == 409 and "Mary Ann answered this already" in page.text and "Mine." in page.text
        assert raised.outcome == "partly" and len(session.scalars(select(Message)).all()) == 1

    def test_the_text_is_signed_by_no_officer(self, session, borrower):
        assert "Grace" not in sms(
            "complaint_notice", "en", Signature("Northfield", "Grace Lim"), "https://a.example/l/x"
        )


def test_the_clock_counts_working_days(mine, session, borrower, clock):
    mine.get(NEW).submit("Send", kind="other")
    clock.forward(days=7)
    page = mine.sign_in(borrower).get(f"/my/complaints/{only(session).public_id}")
    assert "Today is working day 5 of 15." in page.text
    assert "15 boxes, one for each working day. 5 have passed." in page.html
    assert only(session).answer_by == (NOW + timedelta(days=21)).date()
