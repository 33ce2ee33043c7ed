"""Kannel, which lenders host themselves: its sendsms interface, and its delivery reports.

Source: Kannel User's Guide, chapters 6.8 (sendsms) and 6.5 (delivery reports): an answer of 202 took the text, whatever
number its body begins with; 503 is a temporary failure; 400 and 403 are ours to mend.
"""

import httpx

from portal.domain.sms_text import measure
from portal.messaging.gateway import Adapter, Email, Outcome, Refused, Sendable, Sent, TryLater

TIMEOUT = httpx.Timeout(15.0, connect=5.0)
# Delivered, not delivered, queued at the centre, delivered to the centre, refused by the centre.
ALL_REPORTS = 1 + 2 + 4 + 8 + 16
# What a report's number says of a text.
STATES = {"1": "delivered", "2": "undelivered", "4": "accepted", "8": "accepted", "16": "undelivered"}


class KannelGateway(Adapter):
    """url: of sendsms, for instance http://127.0.0.1:13013/cgi-bin/sendsms. sender: the number or name that a text comes
    from, '' for Kannel's own."""

    name = "kannel"

    def __init__(self, url: str, user: str, password: str, sender: str = "") -> None:
        self._url = url
        self._user = user
        self._password = password
        self._sender = sender

    def hand_over(self, message: Sendable) -> Outcome:
        if isinstance(message, Email):
            return Refused("no_email_here")
        asked = {
            "username": self._user,
            "password": self._password,
            "to": message.to,
            "text": message.words,
            "charset": "UTF-8",
            # Kannel would turn what GSM-7 lacks into question marks.
            "coding": "0" if _fits_gsm(message.words) else "2",
        }
        if self._sender:
            asked["from"] = self._sender
        if message.receipts:
            asked |= {"dlr-mask": str(ALL_REPORTS), "dlr-url": f"{message.receipts}?state=%d"}
        try:
            answer = httpx.get(self._url, params=asked, timeout=TIMEOUT)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return TryLater("no_connection")
        if answer.status_code == 503:
            return TryLater("http_503")
        if not answer.is_success:
            return Refused(f"http_{answer.status_code}")
        return Sent(message.reference)


def _fits_gsm(words: str) -> bool:
    return not measure(words).outside
