"""A message goes out through a real gateway, and what the gateway tells afterwards comes back: Kannel, a mail server."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from portal import tasks
from portal.config import SmtpServer
from portal.db import keyring
from portal.models import Contact, Hold, IncomingText, Letter, Message, MessageReceipt
from portal.services import messages, opt_outs, receipts, replies
from tests.factories import NOW, TODAY, a_borrower, a_loan, an_officer
from tests.messaging.conftest import Kannel, until

PHONE = "+886912000111"


@pytest.fixture
def borrower(session, lender):
    return a_borrower(session, phone=PHONE, officer=an_officer(session), language="zh-Hans")


@pytest.fixture
def loan(session, borrower):
    return a_loan(session, borrower)


def planned(session, borrower, loan, form="text", purpose="agreement"):
    messages.queue_message(
        session, borrower, loan, TODAY, f"test:{form}", purpose, "agreement_notice", {}, NOW, NOW, form=form
    )
    session.commit()


def one(session, kind):
    session.rollback()
    session.expire_all()
    return session.scalars(select(kind)).one_or_none()


def with_kannel(app, site, real):
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(
        settings,
        base_url=site,
        gateway="kannel",
        gateway_url=real.sendsms,
        gateway_user=Kannel.USER,
        gateway_secret=Kannel.PASSWORD,
    )


@pytest.mark.case("R050")
def test_a_text_goes_out_through_the_real_kannel_and_its_report_comes_back(app, site, session, borrower, loan, kannel):
    planned(session, borrower, loan)
    with kannel(f"{site}/in/kannel/none") as real:
        with_kannel(app, site, real)
        assert tasks.send(app)["sent"] == 1
        until(lambda: len(session.scalars(select(MessageReceipt)).all()) == 2 or session.rollback())
        assert one(session, Message).receipt == "delivered"
    states = [receipt.state for receipt in session.scalars(select(MessageReceipt).order_by(MessageReceipt.id))]
    assert sorted(states) == ["accepted", "delivered"]
    assert one(session, Contact).form == "text"


@pytest.mark.parametrize(("words", "meant"), [("STOP", "stop"), ("I will stop by the branch", "letter")])
def test_a_text_that_comes_in_through_the_real_kannel_stops_or_is_for_a_person(
    app, site, session, borrower, loan, kannel, words, meant
):
    session.commit()
    key = replies.kannel_key(session)
    session.rollback()
    with kannel(f"{site}/in/kannel/{key}", f"{PHONE} 123 text {words}"):
        found = until(lambda: one(session, IncomingText))
    assert (found.meaning, found.borrower_id) == (meant, borrower.id)
    if meant == "stop":
        assert opt_outs.is_stopped(session, borrower, NOW)
        assert one(session, Message).template == "stop_confirmed"
    else:
        assert keyring(session).open("letter", one(session, Letter).words_sealed).startswith("I will stop by")


def test_where_kannel_is_down_the_text_waits_and_goes_later(app, site, session, borrower, loan, clock, kannel):
    planned(session, borrower, loan)
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(
        settings, gateway="kannel", gateway_url="http://127.0.0.1:9/", gateway_secret="x"
    )
    assert tasks.send(app)["deferred"] == 1
    waiting = one(session, Message)
    assert (waiting.status, waiting.reason, waiting.send_after > NOW) == ("planned", "no_connection", True)
    assert one(session, Contact) is None
    session.rollback()
    clock.forward(minutes=11)
    with kannel(f"{site}/in/kannel/none") as real:
        with_kannel(app, site, real)
        assert tasks.send(app)["sent"] == 1


def test_an_email_goes_through_a_real_server_and_a_bounce_holds_the_address(app, session, borrower, loan, mail):
    keys = keyring(session)
    borrower.email_sealed = keys.seal("email", "mei@example.org")
    planned(session, borrower, loan, "email")
    settings = app.extensions["settings"]
    server = SmtpServer("127.0.0.1", mail.port, "none", "", "", "notes@northfield.example", "back@northfield.example")
    app.extensions["settings"] = replace(settings, gateway="none", smtp=server)
    assert tasks.send(app)["sent"] == 1
    (envelope,) = mail.received
    assert "北田服务中心给您的留言".encode() not in envelope.content  # encoded words, as mail wants
    message = one(session, Message)
    receipts.record_receipt(session, message.id, "undelivered", "5.1.1", NOW)
    session.flush()
    (hold,) = session.scalars(select(Hold)).all()
    assert (hold.kind, hold.form, hold.borrower_id) == ("bounced", "email", borrower.id)


def test_a_form_without_a_gateway_waits_while_the_other_goes(app, session, borrower, loan):
    planned(session, borrower, loan, "email")
    app.extensions["settings"] = replace(app.extensions["settings"], gateway="none")
    counts = tasks.send(app)
    assert (counts["waiting"], counts["sent"]) == (1, 0)
