"""How a message leaves the house: one Protocol, and the base of its adapters, which times and logs."""

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Protocol

from portal.logs import logger


@dataclass(frozen=True)
class Sent:
    """The provider took it, under an id of its own."""

    provider_id: str


@dataclass(frozen=True)
class Refused:
    """The provider did not take it and will not take it again. `reason` is a code."""

    reason: str


@dataclass(frozen=True)
class TryLater:
    """The provider certainly did not take it, for a reason that passes: it can be handed over again. `reason` is a code."""

    reason: str


Outcome = Sent | Refused | TryLater


@dataclass(frozen=True)
class Text:
    """to: E.164. reference: ours, the same for the same message, by which a provider knows a repetition. language: the
    tag of what it is written in. receipts: the address at which a provider tells what became of it."""

    to: str = field(repr=False)
    words: str = field(repr=False)
    reference: str
    language: str
    receipts: str = field(default="", repr=False)


@dataclass(frozen=True)
class Email:
    """to: an address. words and html say the same. unsubscribe: the address of RFC 8058's one click, '' where the message
    is one that the reader asked for."""

    to: str = field(repr=False)
    subject: str
    words: str = field(repr=False)
    html: str = field(repr=False)
    reference: str
    language: str
    unsubscribe: str = field(default="", repr=False)


Sendable = Text | Email


class Gateway(Protocol):
    """Hands a message over. Any exception means that nobody knows whether it was taken: the caller records `unknown`."""

    def send(self, message: Sendable) -> Outcome: ...


class Adapter(ABC):
    """A gateway that times and logs, without a number or a word of the message; an adapter only hands over."""

    name: str

    def send(self, message: Sendable) -> Outcome:
        began = time.monotonic()
        log = logger().bind(gateway=self.name, reference=message.reference)
        try:
            outcome = self.hand_over(message)
        except Exception as error:
            log.warning("text_unknown", error=type(error).__name__, seconds=round(time.monotonic() - began, 3))
            raise
        seconds = round(time.monotonic() - began, 3)
        if isinstance(outcome, Sent):
            log.info("text_sent", seconds=seconds)
        elif isinstance(outcome, TryLater):
            log.warning("text_not_taken", reason=outcome.reason, seconds=seconds)
        else:
            log.warning("text_refused", reason=outcome.reason, seconds=seconds)
        return outcome

    @abstractmethod
    def hand_over(self, message: Sendable) -> Outcome:
        """Gives the message to the provider and says what it answered."""
