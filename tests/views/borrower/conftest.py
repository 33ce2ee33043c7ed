"""What the pages of a borrower are tested with: somebody signed in, and an officer who answers."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.domain.plan_terms import Arrears, PlanTerms
from portal.models import Borrower, HardshipRequest, Lender, Staff
from portal.services import decisions
from portal.services.hardship import Done
from tests.factories import NOW, a_borrower, an_officer
from tests.pages import Pages

# What an officer offers on the factories' loan where a test doesn't say.
LONGER = PlanTerms(extend_by=6, arrears=Arrears.spread)


@pytest.fixture
def officer(session: Session) -> Staff:
    return an_officer(session)


@pytest.fixture
def borrower(session: Session, lender: Lender, officer: Staff) -> Borrower:
    return a_borrower(session, officer=officer)


@pytest.fixture
def mine(pages: Pages, borrower: Borrower) -> Pages:
    """The browser of the borrower, who is signed in."""
    return pages.sign_in(borrower)


@pytest.fixture
def offer(session: Session, officer: Staff) -> Callable[..., HardshipRequest]:
    """`offer(request, terms)`: the officer offers a plan on `request`, with the letter “Let us do this.”"""

    def make(request: HardshipRequest, terms: PlanTerms = LONGER, now: Any = NOW) -> HardshipRequest:
        made = decisions.offer(session, officer, request, request.version, terms, "Let us do this.", now)
        assert isinstance(made, Done)
        session.flush()
        return request

    return make
