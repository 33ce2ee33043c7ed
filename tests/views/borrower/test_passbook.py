"""The passbook: every contact with one borrower, what is planned, and what the lender promised, with whether it was kept."""

from datetime import datetime, timedelta

import pytest

from portal.db import keyring
from portal.models import Contact, LoanPerson, Message
from portal.services import complaints, contact_wishes, decisions, disputes, opt_outs, requests
from tests.factories import NOW, TODAY, ZONE, a_borrower, a_loan, a_request, an_officer
from tests.pages import Pages

DAY = timedelta(days=1)


def made(session, borrower, form="text", days_ago=1.0, **columns):
    defaults = {"unit": "attempt", "purpose": "reminder", "at": NOW - days_ago * DAY, "phone_hash": None}
    contact = Contact(borrower_id=borrower.id, form=form, **defaults | columns)
    session.add(contact)
    session.flush()
    return contact


def a_text(session, borrower, loan, words, step="due-3"):
    message = Message(
        borrower_id=borrower.id, loan_id=loan.id, due_on=TODAY + 3 * DAY, step=step, purpose="reminder", form="text",
        template="reminder_before", facts={}, status="sent", send_after=NOW, planned_at=NOW, language="en",
        text_sealed=keyring(session).seal("text", words),
    )  # fmt: skip
    session.add(message)
    session.flush()
    return made(session, borrower, loan_id=loan.id, message_id=message.id, days_ago=0.1)


class TestEveryContact:
    def test_a_text_is_shown_as_it_went_out_without_its_link(self, mine, session, borrower):
        a_text(
            session, borrower, a_loan(session, borrower), "Grace Lim: a letter waits.\nhttps://a.example/l/7kQzR2mXw9B"
        )
        page = mine.get("/my/passbook")
        assert "Text, sent by itself" in page.text
        assert "3 days before the payment of 5 December" in page.text
        assert "Grace Lim: a letter waits." in page.text and "7kQzR2mXw9B" not in page.html

    def test_a_call_says_who_why_what_was_said_and_what_was_planned(self, mine, session, borrower, officer):
        sealed = keyring(session).seal("words", "You said that mornings are hard.")
        made(
            session, borrower, "call", unit="conversation", staff_id=officer.id, outcome="needs_help",
            words_sealed=sealed, next_step="call", next_on=TODAY + 5 * DAY,
        )  # fmt: skip
        said = mine.get("/my/passbook").text
        for words in (
            "Call from Grace Lim",
            "You said that it is hard at the moment.",
            "You said that mornings are hard.",
            "Planned then: Call, 7 December",
        ):
            assert words in said, words
        assert said.index("Monday 7 December") < said.index("Every time we contacted you")

    def test_an_agency_that_contacts_for_the_lender_is_named(self, mine, session, borrower):
        made(session, borrower, "call", agency="Mill Valley Services")
        assert "Call from Mill Valley Services" in mine.get("/my/passbook").text

    def test_the_newest_comes_first_and_24_stand_on_a_page(self, mine, session, borrower):
        for days in range(1, 27):
            made(session, borrower, days_ago=days)
        page = mine.get("/my/passbook")
        assert page.html.count("This was not all right") == 24
        assert page.text.index("1 Dec 10:00") < page.text.index("30 Nov 10:00")
        last = page.click("Go on")
        assert last.html.count("This was not all right") == 2 and "What we promised you" not in last.text

    def test_a_guarantors_contacts_about_my_loan_are_told_of_without_their_words(self, mine, session, borrower):
        loan = a_loan(session, borrower)
        other = a_borrower(session, name="Wei Chen")
        session.add(LoanPerson(loan=loan, borrower=other, role="guarantor"))
        a_text(session, other, loan, "A question for you.")
        made(session, other, days_ago=3)
        said = mine.get("/my/passbook").text
        assert "We also contacted Wei Chen, your guarantor, 1 time, on 2 December 2026." in said
        assert "A question for you." not in said and "We have contacted nobody else about you." in said

    def test_nobody_elses_contacts_are_on_the_page(self, mine, session, borrower):
        made(session, a_borrower(session), "visit")
        said = mine.get("/my/passbook").text
        assert "We have not contacted you so far." in said and "We have contacted nobody but you." in said

    def test_the_caps_that_hold_are_named(self, mine, session, borrower):
        made(session, borrower)
        made(session, borrower, days_ago=2, purpose="answer")
        said = mine.get("/my/passbook").text
        assert "1 time in the last 30 days, answers that you asked for not counted. We allow ourselves 10." in said
        assert "Never more than 1 a day." in said


class TestWhatIsPlanned:
    def test_the_next_reminder_stands_with_its_day(self, mine, session, borrower):
        a_loan(session, borrower)
        said = mine.get("/my/passbook").text
        assert "Thursday 17 DecemberText, sent by itself Why: 3 days before the payment of 20 December." in said

    def test_while_a_request_is_open_none_is(self, mine, session, borrower):
        a_request(session, a_loan(session, borrower))
        said = mine.get("/my/passbook").text
        assert "No reminder goes out while your request is open." in said and "Thursday 17 December" not in said

    def test_whoever_stopped_them_reads_so(self, mine, session, borrower):
        a_loan(session, borrower)
        opt_outs.stop(session, borrower, "page", NOW)
        assert "You have stopped reminders, so none is planned." in mine.get("/my/passbook").text


class TestWhatWePromised:
    def test_a_request_has_two_promises_that_run(self, mine, session, borrower):
        a_request(session, a_loan(session, borrower))
        page = mine.get("/my/passbook")
        assert "Answer your request by 9 December" in page.text
        assert "No reminders while you wait for our answer" in page.text
        assert "2 promises. 0 are kept. 2 are running." in page.html

    def test_an_answer_in_time_is_kept_and_the_offer_stays_open(self, mine, session, borrower, offer):
        offer(a_request(session, a_loan(session, borrower), NOW - 2 * DAY))
        said = mine.get("/my/passbook").text
        assert "Answer your request by 7 DecemberSince 30 November Kept2 December" in said.replace("Kept 2", "Kept2")
        assert "Keep the offer open until 16 December" in said

    def test_an_answer_that_is_late_is_missed_and_comes_first(self, mine, session, borrower):
        loan = a_loan(session, borrower)
        disputes.raise_dispute(session, borrower, loan, "amount", None, None, None, NOW - 30 * DAY)
        page = mine.get("/my/passbook")
        assert page.text.index("write back by 16 November") < page.text.index("No reminders while you wait")
        assert "It has not come yet." in page.text and "Ask us to put it right" in page.links()

    def test_a_call_outside_the_wish_of_that_time_is_missed_and_leads_to_the_complaint(
        self, mine, session, borrower, officer
    ):
        wished = datetime.fromisoformat("2026-11-01T09:00+08:00")
        contact_wishes.choose(session, borrower, ["text", "call"], [], "16:00", "24:00", wished)
        call = made(session, borrower, "call", staff_id=officer.id, at=datetime.fromisoformat("2026-11-20T10:15+08:00"))
        page = mine.get("/my/passbook")
        assert "Call only after 16:00" in page.text
        assert "We came or called on 20 November 2026, 10:15 all the same." in page.text
        complaints.raise_complaint(session, borrower, "contact", call, None, "I was at work.", NOW)
        assert "See what came of it" in mine.get("/my/passbook").links()

    def test_a_call_that_was_made_before_the_wish_breaks_nothing(self, mine, session, borrower, officer):
        made(session, borrower, "call", staff_id=officer.id, days_ago=3)
        contact_wishes.choose(session, borrower, ["text"], [], None, None, NOW - DAY)
        said = mine.get("/my/passbook").text
        assert "No calls and no visits" in said and "Missed" not in said

    def test_a_reminder_while_a_request_was_open_is_missed(self, mine, session, borrower, officer):
        request = a_request(session, a_loan(session, borrower), NOW - 3 * DAY)
        made(session, borrower, days_ago=1)
        decisions.decline(session, officer, request, request.version, "need_to_talk", "Let us talk.", NOW)
        said = mine.get("/my/passbook").text
        assert "A reminder went out on 1 December 2026, 10:00 all the same." in said

    def test_a_request_that_was_taken_back_in_time_is_no_promise(self, mine, session, borrower):
        request = a_request(session, a_loan(session, borrower), NOW - 2 * DAY)
        requests.withdraw(session, borrower, request, NOW - DAY)
        assert "Answer your request" not in mine.get("/my/passbook").text


@pytest.mark.parametrize("number", ["0", "999999", "x", "１", "9" * 30])
def test_a_complaint_about_no_contact_of_mine_is_nowhere(mine, session, borrower, number):
    made(session, a_borrower(session))
    assert mine.get(f"/my/complaints/new?contact={number}").status == 404


def test_another_borrowers_contact_is_as_unknown_as_none(mine, session):
    theirs = made(session, a_borrower(session))
    assert mine.get(f"/my/complaints/new?contact={theirs.id}").status == 404


def test_the_zone_of_the_page_is_the_borrowers(app, session, lender):
    there = a_borrower(session, zone="America/New_York", officer=an_officer(session))
    made(session, there, "call", at=NOW)
    assert ZONE == "Asia/Taipei"
    assert "1 Dec 21:00" in Pages(app, session).sign_in(there).get("/my/passbook").text
