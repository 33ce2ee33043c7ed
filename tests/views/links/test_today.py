"""'I need to talk to someone today': open to anybody and knows nothing; whoever is verified may ask to be called."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.db import keyring
from portal.domain.contact import Hold as Held
from portal.domain.contact import decide
from portal.models import Event, Hold, Letter
from portal.queries.contacts import contact_facts
from portal.services.messages import rules_for
from tests.factories import a_borrower, a_loan
from tests.pages import Pages

PRIVATE = re.compile(r"Chen|NF-\d|[$¥]|\bloans?\b|\bdebt\b|\boverdue\b", re.IGNORECASE)
LINES = [
    {"phone": "12356", "names": {"zh-Hans": "心理援助热线"}},
    {"phone": "988", "names": {"en": "The Listening Line"}},
]


@pytest.fixture
def borrower(session, lender):
    lender.crisis_lines = LINES
    return a_borrower(session, name="Chen Mei-ling")


@pytest.fixture
def loan(session, borrower):
    return a_loan(session, borrower, missed=1)


@pytest.fixture
def mine(pages, borrower):
    return pages.sign_in(borrower)


def test_a_stranger_finds_who_listens_and_nothing_of_anybody(pages, loan):
    page = pages.get("/today")
    assert page.status == 200 and not PRIVATE.search(page.text)
    assert page.links()["988The Listening Line. They know nothing of what you have with us"] == "tel:988"
    assert "12356" not in page.text
    assert "Please call me" not in page.text and "555 0100" in page.text
    assert page.response.headers["Cache-Control"] == "no-store"


def test_the_lines_are_those_of_the_readers_language(pages, borrower):
    page = pages.get("/today?lang=zh-Hans")
    assert "心理援助热线" in page.text and "988" not in page.text


def test_the_lines_print(pages, borrower):
    page = pages.get("/today")
    assert [doors.get("class") for doors in page.root.iter("ul")] == ["doors keep"]


def test_looking_is_written_down_nowhere(mine, session, loan):
    mine.get("/today")
    assert session.scalars(select(Event)).all() == session.scalars(select(Letter)).all() == []


@pytest.mark.parametrize("words", ["", "After six, on 555 0177. It is about my son."])
def test_whoever_is_known_asks_to_be_called_and_is_told_how_far_it_got(mine, session, borrower, loan, words):
    page = mine.get("/today").submit("Please call me", words=words)
    assert "You asked us to call." in page.text and "No person has read it yet." in page.text
    letter = session.scalars(select(Letter)).one()
    said = keyring(session).open("letter", letter.words_sealed)
    assert (letter.borrower_id, letter.urgency) == (borrower.id, "today")
    assert said.startswith("Please call me today.") and words in said
    assert session.scalars(select(Event.type)).all() == ["letter.written"]


def test_reminders_rest_for_seven_days(mine, clock, session, lender, borrower, loan):
    mine.get("/today").submit("Please call me")

    def reminder(at):
        facts = contact_facts(session, [(borrower, loan)], "text", "reminder", at)[borrower.id, loan.id]
        return decide(facts, rules_for(lender, "reminder"), at)

    assert isinstance(reminder(clock.now()), Held)
    hold = session.scalars(select(Hold)).one()
    assert hold.ends_at - clock.now() == timedelta(days=7)
    assert not isinstance(reminder(clock.now() + timedelta(days=7, hours=1)), Held)


def test_two_taps_are_one_wish(mine, session, loan):
    form = mine.get("/today")
    form.submit("Please call me")
    form.submit("Please call me")
    assert len(session.scalars(select(Letter)).all()) == 1


def test_another_borrower_sees_no_wish_of_theirs(mine, app, session, loan):
    mine.get("/today").submit("Please call me")
    other = Pages(app, session).sign_in(a_borrower(session))
    assert "You asked us to call." not in other.get("/today").text


def test_every_page_of_a_borrower_names_who_listens(mine, loan):
    for address in ("/my/", f"/my/loans/{loan.public_id}/schedule", f"/my/loans/{loan.public_id}/difficulty"):
        assert "The Listening Line" in mine.get(address).text
