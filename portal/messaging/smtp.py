"""Email by SMTP (RFC 5321), with one-click unsubscribing (RFC 8058) where a message wasn't asked for."""

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime

from portal.config import SmtpServer
from portal.messaging.gateway import Adapter, Outcome, Refused, Sendable, Sent, Text, TryLater

TIMEOUT = 30.0


class SmtpGateway(Adapter):
    """Hands an email to the lender's mail server. Its id is made of our reference, so that a bounce can be told whose it
    is."""

    name = "smtp"

    def __init__(self, server: SmtpServer, now: Callable[[], datetime]) -> None:
        self._server = server
        self._now = now

    def hand_over(self, message: Sendable) -> Outcome:
        if isinstance(message, Text):
            return Refused("no_text_here")
        written = EmailMessage(policy=SMTP_POLICY)
        domain = self._server.sender.rpartition("@")[2]
        written["From"] = self._server.sender
        written["To"] = Address(addr_spec=message.to)
        written["Subject"] = message.subject
        written["Date"] = format_datetime(self._now())
        written["Message-ID"] = f"<{message.reference}@{domain}>"
        written["Auto-Submitted"] = "auto-generated"
        written["Content-Language"] = message.language
        if message.unsubscribe:
            written["List-Unsubscribe"] = f"<{message.unsubscribe}>"
            written["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        written.set_content(message.words)
        written.add_alternative(message.html, subtype="html")
        return self._deliver(written, message.reference)

    def _deliver(self, written: EmailMessage, reference: str) -> Outcome:
        try:
            connection = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            # Nothing of the message was said yet.
            return TryLater(_code(error, "no_connection"))
        try:
            connection.send_message(written, from_addr=self._server.bounces)
        except smtplib.SMTPRecipientsRefused as error:
            return _refusal(next(iter(error.recipients.values()))[0])
        except smtplib.SMTPResponseException as error:
            return _refusal(error.smtp_code)
        finally:
            # Whatever the server says to our leaving, it has said already what becomes of the message.
            connection.close()
        return Sent(reference)

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT, context=ssl.create_default_context()
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
        if server.security == "starttls":
            connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password)
        return connection


def _refusal(code: int) -> Outcome:
    return TryLater(f"smtp_{code}") if 400 <= code < 500 else Refused(f"smtp_{code}")


def _code(error: Exception, otherwise: str) -> str:
    return f"smtp_{error.smtp_code}" if isinstance(error, smtplib.SMTPResponseException) else otherwise
