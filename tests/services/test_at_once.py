"""Guesses, askings and first steps that are sent at the same moment: the limits hold, and of two firsts there is one."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from portal.crypto import Keyring
from portal.db import open_session, writing
from portal.models import Borrower, Dispute, HardshipRequest, Lender, Link, LinkAsked, Loan
from portal.services import access_codes, attempts, disputes, links, new_links, requests, staff_access
from portal.services.access_codes import PER_CODE
from portal.services.links import PER_LINK
from portal.services.verification import PER_ADDRESS, PER_PERSON, Claim, NotVerified, Verified
from tests.factories import BORN, a_borrower, a_link, a_loan, an_officer

RIGHT, WRONG = Claim("birth_date", (BORN,)), Claim("birth_date", ("1970-01-01",))
Deed = Callable[[Session], Any]


@pytest.fixture
def at_once(engine: Engine, keys: Keyring, session: Session) -> Callable[..., list[Any]]:
    """`at_once(deed, deed, …)`: does them in sessions of their own that begin together; what each came to."""

    def run(*deeds: Deed) -> list[Any]:
        session.commit()
        start = Barrier(len(deeds))

        def one(deed: Deed) -> Any:
            with open_session(engine, keys) as own:
                start.wait()
                with writing(own):
                    return deed(own)

        with ThreadPoolExecutor(len(deeds)) as pool:
            return list(pool.map(one, deeds))

    return run


@pytest.fixture
def borrower(session: Session, lender: Lender) -> Borrower:
    return a_borrower(session)


@pytest.fixture
def loan(session: Session, borrower: Borrower) -> Loan:
    return a_loan(session, borrower, missed=2)


def guess(token: str, claim: Claim, address: str, now: datetime) -> Deed:
    def deed(session: Session) -> Any:
        link = links.find_link(session, token, now)
        return links.verify(session, link, claim, address, now) if link else NotVerified("ended")

    return deed


def answers(outcomes: list[Any]) -> Counter[str]:
    return Counter(found.reason if isinstance(found, NotVerified) else "in" for found in outcomes)


def test_a_link_is_guessed_at_five_times_however_many_guesses_come_together(at_once, session, borrower, now):
    token = a_link(session, borrower)
    outcomes = at_once(*(guess(token, WRONG, f"192.0.2.{n}", now) for n in range(PER_LINK.most + 5)))
    assert answers(outcomes) == {"mismatch": PER_LINK.most, "too_many": 5}


def test_a_person_is_guarded_across_links_and_addresses_at_once(at_once, session, borrower, now):
    tokens = [a_link(session, borrower) for _ in range(PER_PERSON.most + 4)]
    outcomes = at_once(*(guess(token, WRONG, f"192.0.2.{n}", now) for n, token in enumerate(tokens)))
    assert answers(outcomes) == {"mismatch": PER_PERSON.most, "too_many": 4}


def test_an_address_is_limited_across_people_at_once(at_once, session, lender, now):
    for _ in range(PER_ADDRESS.most - 3):
        attempts.record(session, PER_ADDRESS, "192.0.2.1", False, now)
    tokens = [a_link(session, a_borrower(session)) for _ in range(8)]
    outcomes = at_once(*(guess(token, WRONG, "192.0.2.1", now) for token in tokens))
    assert answers(outcomes) == {"mismatch": 3, "too_many": 5}


def test_a_right_guess_beside_many_wrong_ones_counts_like_one_of_them(at_once, session, borrower, now):
    """Whichever comes first: never more than the limit are judged."""
    token = a_link(session, borrower)
    outcomes = at_once(
        *(guess(token, WRONG, "192.0.2.1", now) for _ in range(9)), guess(token, RIGHT, "192.0.2.1", now)
    )
    found = answers(outcomes)
    assert found["mismatch"] == PER_LINK.most and found["in"] <= 1


def test_a_code_that_nobody_made_is_guessed_at_no_oftener(at_once, session, lender, now):
    def deed(own: Session) -> Any:
        return access_codes.enter(own, "2345-6789", WRONG, "192.0.2.1", now)

    assert answers(at_once(*[deed] * (PER_CODE.most + 4))) == {"mismatch": PER_CODE.most, "too_many": 4}


def test_a_code_opens_once_however_many_come_by_it_together(at_once, session, borrower, now):
    code = access_codes.make(session, borrower, None, now)

    def deed(own: Session) -> Any:
        return access_codes.enter(own, code, RIGHT, "192.0.2.1", now)

    outcomes = at_once(*[deed] * 4)
    assert len([found for found in outcomes if isinstance(found, Verified)]) == 1


def test_a_new_link_is_asked_for_three_times_at_once(at_once, session, lender, now):
    def deed(own: Session) -> Any:
        return new_links.ask(own, "0912345678", "+886912345678", "192.0.2.1", now)

    assert Counter(at_once(*[deed] * 8)) == {True: new_links.PER_NUMBER.most, False: 5}
    session.rollback()
    assert session.scalar(select(func.count()).select_from(LinkAsked)) == new_links.PER_NUMBER.most


def test_staff_passwords_are_guessed_at_no_oftener(at_once, session, lender, now):
    email = an_officer(session).email

    def deed(own: Session) -> Any:
        return staff_access.sign_in(own, email, "not this one", "192.0.2.1", now)

    found = Counter(outcome.reason for outcome in at_once(*[deed] * (staff_access.PER_PERSON.most + 3)))
    assert found == {"mismatch": staff_access.PER_PERSON.most, "too_many": 3}


def test_two_links_used_at_once_leave_the_newer(at_once, session, borrower, now):
    older, newer = a_link(session, borrower), a_link(session, borrower)
    at_once(guess(older, RIGHT, "192.0.2.1", now), guess(newer, RIGHT, "192.0.2.2", now))
    session.rollback()
    ended = session.scalars(select(Link.ended_at).order_by(Link.id)).all()
    assert ended[0] is not None and ended[1] is None, "and the older, where it came second, let nobody in"


def test_two_first_tabs_begin_one_request(at_once, session, borrower, loan, now):
    def deed(own: Session) -> Any:
        mine, its = own.get(Borrower, borrower.id), own.get(Loan, loan.id)
        assert mine is not None and its is not None
        found = requests.begin(own, mine, its, "en", now)
        requests.save(own, mine, found, now, change="less_work")
        return found.id

    assert len(set(at_once(deed, deed, deed))) == 1
    session.rollback()
    assert session.scalar(select(func.count()).select_from(HardshipRequest)) == 1


def test_two_first_tabs_raise_one_dispute_with_the_words_of_both(at_once, session, borrower, loan, now):
    def deed(words: str) -> Deed:
        def one(own: Session) -> Any:
            mine, its = own.get(Borrower, borrower.id), own.get(Loan, loan.id)
            assert mine is not None and its is not None
            return disputes.raise_dispute(own, mine, its, "amount", None, None, words, now).id

        return one

    assert len(set(at_once(deed("I paid on the 3rd."), deed("And on the 10th.")))) == 1
    session.rollback()
    kept = session.scalars(select(Dispute)).one()
    words = session.info["keyring"].open("words", kept.words_sealed)
    assert "3rd" in words and "10th" in words
