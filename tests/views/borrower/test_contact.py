"""How we contact you: what is chosen on the page is what the gate of every contact keeps to."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.contact_rules import rule_sets
from portal.domain.contact import Defer, Hold, Send, decide
from portal.models import ContactWish, LoanPerson
from portal.models import Hold as HoldRow
from portal.queries.contacts import contact_facts
from portal.services import opt_outs
from tests.factories import NOW, a_borrower, a_loan

PAGE = "/my/contact"


def gate(session, borrower, loan, form="text", purpose="reminder", now=NOW):
    facts = contact_facts(session, [(borrower, loan)], form, purpose, now)[borrower.id, loan.id]
    return decide(facts, rule_sets(["tw"]), now)


@pytest.fixture
def loan(session, borrower):
    return a_loan(session, borrower)


def saved(mine, **fields):
    page = mine.get(PAGE).submit("Save", **fields)
    assert page.status == 200 and "Saved." in page.text, page.text
    return page


def test_without_a_word_of_theirs_texts_may_come_and_calls_and_visits_may_not(session, borrower, loan):
    assert isinstance(gate(session, borrower, loan), Send)
    for form in ("call", "visit"):
        found = gate(session, borrower, loan, form)
        assert isinstance(found, Hold) and found.reason == "spoken_not_wished"


def test_a_call_that_is_welcome_may_come(mine, session, borrower, loan):
    saved(mine, forms=["text", "call"])
    assert isinstance(gate(session, borrower, loan, "call"), Send)


def test_a_way_that_is_not_welcome_rests_but_what_was_asked_for_comes(mine, session, borrower, loan):
    saved(mine, forms=["letter"])
    found = gate(session, borrower, loan)
    assert isinstance(found, Hold) and found.reason == "not_wished"
    for purpose in ("answer", "code", "offer_notice", "agreement"):
        assert isinstance(gate(session, borrower, loan, purpose=purpose), Send), purpose


def test_hours_are_kept_to(mine, session, borrower, loan):
    saved(mine, opens="16:00")
    found = gate(session, borrower, loan)
    assert isinstance(found, Defer) and found.reason == "wish"
    assert (found.until.hour, found.until.date()) == (16, NOW.date())
    row = session.scalars(select(ContactWish)).one()
    assert (row.opens, row.closes, row.days) == ("16:00", "24:00", [])


def test_days_are_kept_to(mine, session, borrower, loan):
    saved(mine, days=["5", "6"])
    found = gate(session, borrower, loan)
    assert isinstance(found, Defer) and found.until.weekday() == 5


def test_hours_that_a_place_allows_by_consent_alone_are_such_a_consent(mine, session, borrower, loan):
    saved(mine, opens="22:00", closes="23:00")
    assert isinstance(gate(session, borrower, loan, now=NOW + timedelta(hours=12, minutes=30)), Send)


def test_hours_that_no_rule_allows_are_explained_and_kept(mine, session):
    page = saved(mine, opens="20:00", closes="22:00")
    assert "let us contact people from 9:00 to 19:00 only" in page.text
    assert "In the hours you chose no reminder can reach you." in page.text
    assert session.scalars(select(ContactWish)).one().opens == "20:00"


def test_hours_that_are_allowed_in_part_say_which(mine):
    page = saved(mine, opens="16:00", closes="22:00")
    assert "from 9:00 to 19:00 only" in page.text and "no reminder can reach you" not in page.text


def test_the_same_hour_twice_is_asked_about_and_nothing_is_lost(mine, session):
    page = mine.get(PAGE).submit("Save", opens="10:00", closes="10:00", forms=["letter"])
    assert page.status == 422 and "These are the same hour." in page.text
    assert 'value="letter" checked' in page.html or 'value="letter"  checked' in page.html
    assert session.scalars(select(ContactWish)).all() == []


def test_every_change_is_kept_beside_what_held_before(mine, session):
    saved(mine, forms=["text"])
    saved(mine, forms=["text", "call"])
    saved(mine)
    assert [row.forms for row in session.scalars(select(ContactWish).order_by(ContactWish.id))] == [
        ["text", "email"],
        ["text", "call", "email"],
    ]


def test_stop_and_start_again(mine, session, borrower, loan):
    page = saved(mine, often="stop")
    assert "Reminders have stopped. You can start them again here." in page.text
    assert gate(session, borrower, loan).reason == "opt_out"
    assert isinstance(gate(session, borrower, loan, purpose="answer"), Send)
    page = saved(mine, often="usual")
    assert "From now on we keep to this." in page.text
    assert isinstance(gate(session, borrower, loan), Send)


def test_a_pause_ends_by_itself_and_is_not_made_longer_by_saving_again(mine, session, borrower, loan, clock):
    page = saved(mine, often="pause")
    assert "Reminders rest until 1 January 2027." in page.text
    clock.forward(days=10)
    saved(mine.sign_in(borrower), forms=["text"])
    hold = session.scalars(select(HoldRow)).one()
    assert hold.ends_at == NOW + timedelta(days=30)
    assert gate(session, borrower, loan, now=NOW + timedelta(days=29)).reason == "opt_out"
    assert isinstance(gate(session, borrower, loan, now=NOW + timedelta(days=30, hours=1)), Send)


def test_a_stop_by_text_shows_here_and_is_ended_here(mine, session, borrower, loan):
    opt_outs.stop(session, borrower, "text", NOW)
    assert "Start again with reminders" in mine.get(PAGE).text
    saved(mine, often="usual")
    assert isinstance(gate(session, borrower, loan), Send)


def test_the_language_is_the_borrowers_from_then_on(mine, borrower, session):
    page = mine.get(PAGE).submit("Save", language="zh-Hans")
    session.refresh(borrower)
    assert borrower.language == "zh-Hans" and 'lang="zh-Hans"' in page.html.split("<body")[0]


def test_a_second_click_changes_nothing(mine, session):
    page = mine.get(PAGE)
    page.submit("Save", forms=["text"])
    page.submit("Save", forms=["text"])
    assert len(session.scalars(select(ContactWish)).all()) == 1


def test_who_stands_beside_the_loan_is_named_in_place_of_a_promise_that_is_not_so(mine, session, loan):
    assert "We never contact your employer, your neighbours or your family about you." in mine.get(PAGE).text
    session.add(LoanPerson(loan=loan, borrower=a_borrower(session, name="Wei Chen"), role="guarantor"))
    said = mine.get(PAGE).text
    assert "Wei Chen guarantees your loan" in said and "We never contact" not in said


def test_how_many_texts_come_is_said_as_the_cadence_is_set(mine, lender, session):
    assert "One text 3 days before a payment. One on its day" in mine.get(PAGE).text
    assert "one after 3, 10, and 20 days" in mine.get(PAGE).text
    lender.cadence = [-1]
    session.flush()
    said = mine.get(PAGE).text
    assert "One text a day before a payment." in said and "on its day" not in said
