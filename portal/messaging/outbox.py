"""The demo's gateway: what would be sent is kept, and can be read on the outbox page."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine, insert, select

from portal.messaging.gateway import Adapter, Email, Outcome, Sendable, Sent
from portal.models import OutboxText


class OutboxGateway(Adapter):
    """Writes each text to `outbox_text`, in a transaction of its own, as a provider would. The same reference a second
    time is the same text."""

    name = "outbox"

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine.execution_options(sqlite_begin="IMMEDIATE")
        self._now = now

    def hand_over(self, text: Sendable) -> Outcome:
        with self._engine.begin() as connection:
            known = connection.scalar(select(OutboxText.id).where(OutboxText.reference == text.reference))
            if known is None:
                connection.execute(
                    insert(OutboxText).values(
                        reference=text.reference,
                        to=text.to,
                        text=f"{text.subject}\n\n{text.words}" if isinstance(text, Email) else text.words,
                        language=text.language,
                        sent_at=self._now(),
                    )
                )
        return Sent(f"outbox-{text.reference}")
