"""What the domain refuses, each refusal with a code that stays and a sentence that a borrower's page can show."""

from typing import Any


class DomainError(ValueError):
    """A refusal.

    `code` is stable and is what programs and translations go by; `sentence` says it in English; `params` holds the
    plain values (minor units, ISO dates as `date`, counts) that a translated sentence needs.
    """

    def __init__(self, code: str, sentence: str, **params: Any) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.params = params


class InvalidTerms(DomainError):
    """Loan terms from which no schedule can be built."""


class InvalidPlan(DomainError):
    """Plan terms that contradict one another, never repay, or do not fit this loan."""


class InvalidPayment(DomainError):
    """A payment, reversal or opening position that can't be laid on a loan."""


class InvalidPayWay(DomainError):
    """A way to pay that is set up wrongly, or that can't carry this amount or reference."""


class UnknownCurrency(DomainError):
    """A code that ISO 4217 does not know."""

    def __init__(self, currency: object) -> None:
        super().__init__("unknown_currency", f"{currency!s} is not a currency code that we know.", currency=currency)


class IllegalTransition(DomainError):
    """A move that the table of a state machine does not hold for this status and role."""

    def __init__(self, status: str, action: str, role: str) -> None:
        super().__init__(
            "illegal_transition",
            "This can't be done now: what it was about has already moved on.",
            status=status,
            action=action,
            role=role,
        )
        self.status = status
        self.action = action
        self.role = role
