"""Reminders stop at once where somebody says so, by whichever way; what they ask for themselves goes on."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal import tasks
from portal.db import keyring
from portal.domain.contact import Hold as Held
from portal.domain.contact import Send, decide
from portal.messaging.gateway import Refused
from portal.models import Hold, IncomingText, Letter, Message
from portal.queries.contacts import contact_facts
from portal.services import links, messages, opt_outs, receipts, replies
from tests.factories import NOW, TODAY, a_borrower, a_loan, an_officer

PHONE = "+886912000111"


@pytest.fixture
def borrower(session, lender):
    return a_borrower(session, phone=PHONE, officer=an_officer(session))


@pytest.fixture
def loan(session, borrower):
    return a_loan(session, borrower, missed=1)


def may(session, borrower, loan, purpose, form="text"):
    facts = contact_facts(session, [(borrower, loan)], form, purpose, NOW)[borrower.id, loan.id]
    return decide(facts, messages.rules_for(session.info["lender"], purpose), NOW)


def texts(session, template):
    return session.scalar(select(func.count()).select_from(Message).where(Message.template == template))


class TestStop:
    @pytest.mark.case("R068")
    @pytest.mark.parametrize(
        ("purpose", "goes"),
        [("reminder", False), ("code", True), ("answer", True), ("offer_notice", True), ("agreement", True)],
    )
    def test_it_stops_reminders_and_nothing_that_is_asked_for(self, session, borrower, loan, purpose, goes):
        replies.receive(session, PHONE, "STOP", "in-1", NOW)
        decision = may(session, borrower, loan, purpose)
        assert isinstance(decision, Send) if goes else (isinstance(decision, Held) and decision.reason == "opt_out")

    def test_a_reminder_that_was_planned_is_taken_back(self, session, borrower, loan):
        messages.queue_message(session, borrower, loan, TODAY, "due+0", "reminder", "reminder_due", {}, NOW, NOW)
        replies.receive(session, PHONE, "stop", "in-1", NOW)
        reminder = session.scalars(select(Message).where(Message.purpose == "reminder")).one()
        assert (reminder.status, reminder.reason) == ("cancelled", "opt_out")

    def test_it_is_confirmed_once_however_often_it_is_said(self, session, borrower, loan):
        for number in range(3):
            assert replies.receive(session, PHONE, "STOP", f"in-{number}", NOW) == "stop"
        assert texts(session, "stop_confirmed") == 1
        assert session.scalar(select(func.count()).select_from(Hold)) == 1

    def test_the_same_text_told_twice_is_one(self, session, borrower, loan):
        assert replies.receive(session, PHONE, "STOP", "in-1", NOW) == "stop"
        assert replies.receive(session, PHONE, "STOP", "in-1", NOW) == "again"
        assert session.scalar(select(func.count()).select_from(IncomingText)) == 1

    def test_a_number_that_two_share_stops_for_both(self, session, borrower, loan):
        other = a_borrower(session, phone=PHONE)
        replies.receive(session, PHONE, "退订", "in-1", NOW)
        assert opt_outs.is_stopped(session, borrower, NOW) and opt_outs.is_stopped(session, other, NOW)

    def test_a_number_that_we_do_not_know_is_noted_and_nothing_else(self, session, borrower):
        assert replies.receive(session, "+886912999999", "STOP", "in-1", NOW) == "nobody"
        assert replies.receive(session, None, "STOP", "in-2", NOW) == "nobody"
        assert not session.scalars(select(Hold)).all()


class TestStart:
    def test_it_begins_again_and_is_confirmed_once(self, session, borrower, loan):
        replies.receive(session, PHONE, "STOP", "in-1", NOW)
        assert replies.receive(session, PHONE, "START", "in-2", NOW + timedelta(hours=1)) == "start"
        assert not opt_outs.is_stopped(session, borrower, NOW + timedelta(hours=1))
        assert texts(session, "start_confirmed") == 1

    def test_a_yes_of_somebody_who_stopped_nothing_is_for_a_person(self, session, borrower, loan):
        assert replies.receive(session, PHONE, "Yes", "in-1", NOW) == "letter"
        assert session.scalars(select(Letter)).one().borrower_id == borrower.id


class TestHelp:
    def test_it_is_answered_once_in_a_while_even_to_who_stopped(self, session, borrower, loan):
        replies.receive(session, PHONE, "STOP", "in-1", NOW)
        for number, hours in enumerate((0, 1, 13)):
            replies.receive(session, PHONE, "HELP", f"help-{number}", NOW + timedelta(hours=hours))
        assert texts(session, "help_answer") == 2


class TestTheNetwork:
    @pytest.mark.case("R067")
    def test_a_number_whose_owner_told_the_network_gets_no_text_until_start(self, app, session, borrower, loan, clock):
        class Blocks:
            def send(self, message):
                return Refused("unsubscribed")

        messages.queue_message(session, borrower, loan, TODAY, "due+0", "agreement", "agreement_notice", {}, NOW, NOW)
        session.commit()
        app.extensions["gateway"] = Blocks()
        try:
            assert tasks.send(app)["failed"] == 1
        finally:
            del app.extensions["gateway"]
        session.expire_all()
        for purpose in ("reminder", "answer", "code"):
            assert may(session, borrower, loan, purpose).reason == "carrier_blocked"
        assert isinstance(may(session, borrower, loan, "answer", "email"), Send)
        replies.receive(session, PHONE, "START", "in-1", NOW)
        assert isinstance(may(session, borrower, loan, "answer"), Send)


class TestUnsubscribing:
    @pytest.fixture
    def token(self, session, borrower, loan):
        made = links.mint_link(session, borrower, "unsubscribe", NOW, lasts=messages.UNSUBSCRIBE_LASTS)
        session.commit()
        return made

    @pytest.mark.case("R070")
    def test_opening_it_changes_nothing_and_one_click_by_post_stops_once(self, pages, session, borrower, token):
        for method in ("GET", "HEAD"):
            assert pages.client.open(f"/u/{token}", method=method).status_code == 200
        assert not session.scalars(select(Hold)).all()
        session.rollback()
        for _ in range(2):
            answer = pages.client.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"})
            assert answer.status_code == 200
        assert len(session.scalars(select(Hold).where(Hold.kind == "opt_out")).all()) == 1

    def test_on_the_page_it_is_one_button(self, pages, session, borrower, token):
        assert pages.get(f"/u/{token}").submit("Stop the notes").h1 == "No more notes will come"
        assert opt_outs.is_stopped(session, borrower, NOW)

    def test_the_address_opens_nothing_else_and_a_guess_opens_nothing(self, pages, token):
        assert pages.get("/u/2345678abcd").status == 404
        assert pages.client.post("/u/2345678abcd").status_code == 404


class TestReceipts:
    @pytest.fixture
    def message(self, session, borrower, loan):
        messages.queue_message(session, borrower, loan, TODAY, "a:1", "agreement", "agreement_notice", {}, NOW, NOW)
        message = session.scalars(select(Message)).one()
        message.status = "sent"
        session.commit()
        return message

    @pytest.mark.case("R050")
    @pytest.mark.parametrize(
        "order", [("accepted", "delivered"), ("delivered", "accepted"), ("delivered", "undelivered")]
    )
    def test_states_only_move_forward_in_whatever_order_they_come(self, session, message, order):
        for state in order:
            receipts.record_receipt(session, message.id, state, None, NOW)
        assert message.receipt == "delivered"

    def test_each_is_answered_with_success_and_an_unknown_one_too(self, pages, session, message):
        key = receipts.key_of(session, message.id)
        session.rollback()
        address = f"/in/receipts/{message.id}/{key}"
        for state in ("8", "1", "1", "8", "77"):
            assert pages.client.get(f"{address}?state={state}").status_code == 200
        session.expire_all()
        assert session.get(Message, message.id).receipt == "delivered"
        assert pages.client.get(f"/in/receipts/999/{receipts.key_of(session, 999)}?state=1").status_code == 200

    def test_without_the_key_nobody_tells_us_anything(self, pages, session, message):
        assert pages.client.get(f"/in/receipts/{message.id}/{'0' * 32}?state=1").status_code == 404
        assert pages.client.post("/in/receipts", json={"reference": str(message.id)}).status_code == 401
        assert pages.client.post("/in/texts", json={"id": "1", "from": PHONE, "text": "STOP"}).status_code == 401
        assert pages.client.get("/in/kannel/0?from=1&text=STOP&id=1").status_code == 404

    def test_a_text_that_comes_in_signed_is_taken_in(self, app, pages, session, borrower, loan, now):
        import json
        from dataclasses import replace

        from portal.messaging.signatures import signed_headers

        session.commit()
        secret = "what both sides sign with, 0123456789"
        app.extensions["settings"] = replace(app.extensions["settings"], gateway_secret=secret)
        body = json.dumps({"id": "in-9", "from": "0912 000 111", "text": "ＳＴＯＰ"}).encode()
        answer = pages.client.post("/in/texts", data=body, headers=signed_headers(secret, "in-9", body, now))
        assert answer.status_code == 200
        assert opt_outs.is_stopped(session, borrower, NOW)
        assert keyring(session).open("phone", borrower.phone_sealed) == PHONE
