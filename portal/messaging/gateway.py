"""How a text leaves the house: one Protocol, and the base of its adapters, which times and logs."""

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
    """The provider did not take it. `reason` is a code."""

    reason: str


Outcome = Sent | Refused


@dataclass(frozen=True)
class Text:
    """to: E.164. reference: ours, the same for the same message, by which a provider knows a repetition. language: the
    tag of what it is written in."""

    to: str = field(repr=False)
    words: str = field(repr=False)
    reference: str
    language: str


class Gateway(Protocol):
    """Hands a text over. Any exception means that nobody knows whether it was taken: the caller records `unknown`."""

    def send(self, text: Text) -> Outcome: ...


class Adapter(ABC):
    """A gateway that times and logs, without a number or a word of the text; an adapter only hands over."""

    name: str

    def send(self, text: Text) -> Outcome:
        began = time.monotonic()
        log = logger().bind(gateway=self.name, reference=text.reference)
        try:
            outcome = self.hand_over(text)
        except Exception as error:
            log.warning("text_unknown", error=type(error).__name__, seconds=round(time.monotonic() - began, 3))
            raise
        seconds = round(time.monotonic() - began, 3)
        if isinstance(outcome, Sent):
            log.info("text_sent", seconds=seconds)
        else:
            log.warning("text_refused", reason=outcome.reason, seconds=seconds)
        return outcome

    @abstractmethod
    def hand_over(self, text: Text) -> Outcome:
        """Gives the text to the provider and says what it answered."""
