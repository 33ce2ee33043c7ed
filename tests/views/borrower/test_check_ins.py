"""How is it going? Asked when its day comes, answered with one tap, and seen by a person where one is needed."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal import tasks
from portal.models import CheckIn, Message
from portal.services import requests
from tests.factories import NOW, a_loan, a_request


@pytest.fixture
def agreed(session, borrower, offer):
    """A loan with a plan in force, and its questions."""
    loan = a_loan(session, borrower, missed=2)
    case = offer(a_request(session, loan))
    requests.accept(session, borrower, case, 1, case.version, NOW)
    return loan


def first(session):
    return session.scalars(select(CheckIn).order_by(CheckIn.ask_on)).first()


def asked(session, app, clock):
    """Lets the day of the first question come."""
    day = first(session).ask_on
    session.commit()
    clock.set(datetime.fromisoformat(f"{day}T10:00+08:00"))
    count = tasks.ask_check_ins(app)
    session.rollback()
    return count


def test_an_agreed_plan_has_its_questions(session, agreed):
    found = session.scalars(select(CheckIn)).all()
    assert {row.kind for row in found} >= {"first_payment"}
    assert first(session).ask_on > date(2026, 12, 2)


def test_a_text_asks_on_the_day_once_and_its_link_leads_there(session, app, clock, agreed):
    session.commit()
    assert tasks.ask_check_ins(app) == 0
    assert asked(session, app, clock) == 1
    assert tasks.ask_check_ins(app) == 0
    message = session.scalars(select(Message).where(Message.template == "check_in_notice")).one()
    assert message.purpose == "agreement"


def test_who_has_an_open_request_is_not_asked(session, app, clock, agreed):
    a_request(session, agreed)
    assert asked(session, app, clock) == 0


def test_a_plan_that_has_ended_is_not_asked_about(session, app, clock, agreed, borrower, mine):
    first(session).plan.in_force = False
    assert asked(session, app, clock) == 0
    said = mine.sign_in(borrower).get(f"/my/check-ins/{first(session).public_id}").text
    assert "a plan that has ended" in said


def test_four_tiles_and_one_tap(session, agreed, mine):
    page = mine.get(f"/my/check-ins/{first(session).public_id}")
    tiles = [button.get("value") for button in page.root.iter("button") if button.get("name") == "answer"]
    assert tiles == ["well", "hard", "cannot", "talk"]
    assert "There is no wrong answer" in page.text
    assert "You said: I can manage." in page.submit("I can manage").text
    assert first(session).answer == "well"


@pytest.mark.parametrize(
    ("tile", "answer"), [("It will be hard", "hard"), ("I cannot pay it", "cannot"), ("I would rather talk", "talk")]
)
def test_what_is_hard_is_offered_a_next_step_and_seen_by_staff(session, agreed, mine, officer, tile, answer):
    page = mine.get(f"/my/check-ins/{first(session).public_id}").submit(tile)
    assert first(session).answer == answer
    assert "Ask for another way" in page.text
    staff = mine.sign_in(officer).get("/staff/notices").text
    assert tile in staff.split("Check-ins that need a person")[1]


def test_a_question_that_could_not_be_asked_in_time_is_let_go(session, app, clock, agreed):
    row = first(session)
    for other in session.scalars(select(CheckIn)):
        other.ask_on = row.ask_on
    day = row.ask_on + timedelta(days=14)
    session.commit()
    clock.set(datetime.fromisoformat(f"{day}T10:00+08:00"))
    assert tasks.ask_check_ins(app) == 0
