"""The demo's gateway keeps what it 'sent', each message once, and logs no word of it."""

from datetime import datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from portal.messaging.gateway import Adapter, Outcome, Refused, Sent, Text
from portal.messaging.outbox import OutboxGateway
from portal.models import OutboxText

TEXT = Text("+886912345678", "Grace Lim at Northfield: a note is waiting for you.", "41", "en")


def test_a_text_can_be_read_in_the_outbox(engine: Engine, session: Session, now: datetime) -> None:
    assert OutboxGateway(engine, lambda: now).send(TEXT) == Sent("outbox-41")
    kept = session.scalars(select(OutboxText)).one()
    assert (kept.to, kept.text, kept.language, kept.sent_at) == (TEXT.to, TEXT.words, "en", now)


@pytest.mark.case("R050")
def test_the_same_reference_twice_is_one_text(engine: Engine, session: Session, now: datetime) -> None:
    gateway = OutboxGateway(engine, lambda: now)
    assert gateway.send(TEXT) == gateway.send(TEXT)
    assert len(session.scalars(select(OutboxText)).all()) == 1


class OneThatRefuses(Adapter):
    name = "refuses"

    def hand_over(self, text: Text) -> Outcome:
        return Refused("no_route")


class OneThatBreaks(Adapter):
    name = "breaks"

    def hand_over(self, text: Text) -> Outcome:
        raise TimeoutError("no answer about +886912345678")


def test_logs_name_the_reference_and_neither_number_nor_words(engine: Engine, now: datetime) -> None:
    with capture_logs() as lines:
        OutboxGateway(engine, lambda: now).send(TEXT)
        OneThatRefuses().send(TEXT)
        with pytest.raises(TimeoutError):
            OneThatBreaks().send(TEXT)
    assert [line["event"] for line in lines] == ["text_sent", "text_refused", "text_unknown"]
    assert {line["reference"] for line in lines} == {"41"}
    assert "912345678" not in str(lines)
    assert "waiting" not in str(lines)
    assert "912345678" not in repr(TEXT)
