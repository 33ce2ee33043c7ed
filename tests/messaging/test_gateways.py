"""What each gateway makes of what a provider answers, and what a provider gets: real servers on loopback."""

import json
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from portal.config import SmtpServer
from portal.messaging.bounces import Report, read_report
from portal.messaging.gateway import Email, Refused, Sent, Text, TryLater
from portal.messaging.kannel import KannelGateway
from portal.messaging.signatures import is_signed, signed_headers
from portal.messaging.smtp import SmtpGateway
from portal.messaging.webhook import WebhookGateway
from tests.factories import NOW
from tests.messaging.conftest import Kannel, free_port, until

SECRET = "what both sides sign with, 0123456789"
TEXT = Text("+886912000111", "林佩仪：您好", "41", "zh-Hans", "http://127.0.0.1:9/in/receipts/41/key")
EMAIL = Email(
    "mei@example.org",
    "北田服务中心给您的留言",
    "您好\nhttps://northfield.example/l/x\n",
    "<p>您好</p>",
    "42",
    "zh-Hans",
    "https://northfield.example/u/stop",
)


def at_now():
    return NOW


class TestALendersOwnGateway:
    def test_it_gets_the_text_signed_and_with_a_reference_by_which_it_knows_a_repetition(self, receiver):
        assert WebhookGateway(receiver.url, SECRET, at_now).send(TEXT) == Sent("theirs-1")
        (headers, body), *_ = receiver.got
        assert json.loads(body) == {
            "to": TEXT.to,
            "text": TEXT.words,
            "reference": "41",
            "language": "zh-Hans",
            "receipts": TEXT.receipts,
        }
        assert is_signed(SECRET, headers, body, NOW)

    @pytest.mark.parametrize(
        ("sentence", "answer", "outcome"),
        [
            ("taken, under its own id", (202, {"id": 7}), Sent("7")),
            ("taken, without an id", (200, {}), Sent("41")),
            ("not now", (503, {}), TryLater("http_503")),
            ("too many at once", (429, {}), TryLater("http_429")),
            ("never", (400, {}), Refused("http_400")),
            (
                "its owner told the network to let nothing through",
                (422, {"error": "unsubscribed"}),
                Refused("unsubscribed"),
            ),
            ("a fault there, after which nobody would try again unasked", (500, {}), Refused("http_500")),
        ],
    )
    def test_what_it_answers_is_what_becomes_of_the_text(self, receiver, sentence, answer, outcome):
        receiver.answer = answer
        assert WebhookGateway(receiver.url, SECRET, at_now).send(TEXT) == outcome

    def test_a_gateway_that_hangs_up_leaves_it_unknown(self, receiver):
        receiver.answer = None
        with pytest.raises(Exception):  # noqa: B017 (whatever it is, the caller records unknown)
            WebhookGateway(receiver.url, SECRET, at_now).send(TEXT)

    def test_where_nobody_listens_nothing_went_out(self):
        gateway = WebhookGateway(f"http://127.0.0.1:{free_port()}/", SECRET, at_now)
        assert gateway.send(TEXT) == TryLater("no_connection")


class TestSignatures:
    BODY = b'{"a": 1}'

    def test_what_was_signed_is_known(self):
        assert is_signed(SECRET, signed_headers(SECRET, "m1", self.BODY, NOW), self.BODY, NOW)

    @pytest.mark.parametrize(
        ("sentence", "changed"),
        [
            ("another body", {"body": b'{"a": 2}'}),
            ("another secret", {"secret": SECRET + "x"}),
            ("too long ago", {"now": NOW + timedelta(minutes=6)}),
            ("from the future", {"now": NOW - timedelta(minutes=6)}),
            ("no signature", {"headers": {}}),
            (
                "a time that is none",
                {"headers": {"webhook-id": "m1", "webhook-timestamp": "٣", "webhook-signature": "v1,"}},
            ),
        ],
    )
    def test_what_was_not_is_refused(self, sentence, changed):
        headers = signed_headers(SECRET, "m1", self.BODY, NOW)
        given = {"secret": SECRET, "headers": headers, "body": self.BODY, "now": NOW} | changed
        assert not is_signed(given["secret"], given["headers"], given["body"], given["now"])


class TestKannel:
    def test_a_text_goes_through_the_real_kannel_in_the_letters_it_was_written_in(self, kannel):
        with kannel("http://127.0.0.1:9/") as real:
            gateway = KannelGateway(real.sendsms, Kannel.USER, Kannel.PASSWORD)
            assert gateway.send(TEXT) == Sent("41")
            got = until(lambda: [line for line in real.log.read_text().splitlines() if "+886912000111" in line])
        assert "ucs-2" in got[0] and "%97OiN%EA" in got[0]  # 林佩仪 in UTF-16

    def test_who_is_not_let_in_is_told_so_and_nothing_is_tried_again(self, kannel):
        with kannel("http://127.0.0.1:9/") as real:
            assert KannelGateway(real.sendsms, Kannel.USER, "another").send(TEXT) == Refused("http_403")

    def test_where_kannel_is_down_nothing_went_out(self):
        gateway = KannelGateway(f"http://127.0.0.1:{free_port()}/cgi-bin/sendsms", "leeway", "x")
        assert gateway.send(TEXT) == TryLater("no_connection")


class TestEmail:
    @pytest.fixture
    def gateway(self, mail):
        server = SmtpServer(
            "127.0.0.1", mail.port, "none", "", "", "notes@northfield.example", "back@northfield.example"
        )
        return SmtpGateway(server, at_now)

    def test_it_goes_through_a_real_server_with_both_bodies_and_one_click_to_stop(self, mail, gateway):
        assert gateway.send(EMAIL) == Sent("42")
        (envelope,) = mail.received
        got = message_from_bytes(envelope.content, policy=default)
        assert envelope.mail_from == "back@northfield.example" and envelope.rcpt_tos == [EMAIL.to]
        assert got["Message-ID"] == "<42@northfield.example>" and got["Subject"] == EMAIL.subject
        assert got["List-Unsubscribe"] == "<https://northfield.example/u/stop>"
        assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert got.get_body(("plain",)).get_content().split() == EMAIL.words.split()
        assert got.get_body(("html",)).get_content().strip() == EMAIL.html

    @pytest.mark.parametrize(
        ("answer", "outcome"),
        [("550 5.1.1 nobody here", Refused("smtp_550")), ("451 4.7.1 greylisted", TryLater("smtp_451"))],
    )
    def test_a_server_that_refuses_is_believed_for_good_or_for_now(self, mail, gateway, answer, outcome):
        mail.refuses = answer
        assert gateway.send(EMAIL) == outcome and not mail.received

    def test_where_no_server_listens_nothing_went_out(self):
        server = SmtpServer("127.0.0.1", free_port(), "none", "", "", "a@b.example", "a@b.example")
        assert SmtpGateway(server, at_now).send(EMAIL) == TryLater("no_connection")


BOUNCE = """From: MAILER-DAEMON@mx.example
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

I'm sorry to have to inform you.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; mei@example.org
Action: {action}
Status: {status}

--x
Content-Type: message/rfc822

Message-ID: <{reference}@northfield.example>
Subject: a note

body
--x--
"""


@pytest.mark.parametrize(
    ("sentence", "action", "status", "reference", "report"),
    [
        ("an address that is none", "failed", "5.1.1", "42", Report("42", "undelivered", "5.1.1")),
        ("a delivery", "delivered", "2.0.0", "42", Report("42", "delivered", "2.0.0")),
        ("a delay is no report", "delayed", "4.4.1", "42", None),
        ("an email that is not ours", "failed", "5.1.1", "abc", None),
    ],
)
def test_what_a_mail_server_tells_later_is_read(sentence, action, status, reference, report):
    assert read_report(BOUNCE.format(action=action, status=status, reference=reference).encode()) == report


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"Subject: hi\n\nhello", b"Content-Type: multipart/report\n\n"])
def test_any_other_email_is_no_report(raw):
    assert read_report(raw) is None
