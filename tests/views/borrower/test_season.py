"""Money that comes with the seasons, and figures for a week: what is told is kept, and the plans follow it."""

import pytest
from sqlalchemy import select

from portal.models import HardshipRequest
from tests.factories import a_loan


@pytest.fixture
def difficulty(mine, session, borrower):
    loan = a_loan(session, borrower, missed=1, installments=36)
    return lambda page: mine.get(f"/my/loans/{loan.public_id}/difficulty/{page}")


@pytest.fixture
def told(session):
    return lambda: session.scalars(select(HardshipRequest)).one()


def test_figures_of_a_week_are_worth_a_months_figures(difficulty, told):
    difficulty("budget").submit("Save and continue", per="week", wages="120", food="60")
    assert (told().budget, told().budget_per) == ({"wages": 12_000, "food": 6_000}, "week")
    assert told().left_over == 26_000  # 60.00 a week for 52 weeks, by the month
    assert 'value="week" selected' in difficulty("budget").html


def test_good_months_are_kept_and_lead_to_a_plan_that_follows_them(difficulty, told):
    difficulty("budget").submit("Save and continue", wages="900", food="860")
    page = difficulty("season").submit("Save and continue", months=["9", "10"], more="800")
    assert told().season == {"months": [9, 10], "more": 80_000}
    assert "Little in most months, more when money comes in" in page.text
    assert "When more comes in" in page.text
    assert difficulty("season").html.count(" checked") == 2


def test_months_that_were_chosen_can_all_be_taken_back(difficulty, told):
    difficulty("season").submit("Save and continue", months=["9"], more="800")
    page = difficulty("season").submit("Save and continue", months=[], more="")
    assert told().season is None
    assert "more when money comes in" not in page.text


def test_an_amount_that_cannot_be_read_keeps_the_months(difficulty, told):
    page = difficulty("season").submit("Save and continue", months=["3", "4"], more="a lot")
    assert page.status == 422 and page.html.count(" checked") == 2 and 'value="a lot"' in page.html


def test_the_plan_that_follows_the_seasons_can_be_proposed(difficulty, told):
    difficulty("budget").submit("Save and continue", wages="900", food="860")
    page = difficulty("season").submit("Save and continue", months=["9", "10"], more="800")
    value = page.html.split('value="with_the_season.')[1].split('"')[0]
    checked = page.submit("Continue", plan=f"with_the_season.{value}")
    assert told().option == "with_the_season"
    assert "Little in most months, more when money comes in" in checked.text
    assert {season["percent"] for season in told().proposed["seasons"]} > {100}
