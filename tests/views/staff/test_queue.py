"""Who waits for an answer, soonest first; nobody sees another branch's."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from portal.domain.due_dates import Frequency, Unit
from portal.domain.plan_terms import Arrears, PlanTerms
from portal.models import HardshipRequest, Staff
from portal.queries.staff_queue import Fit, fit_of
from portal.services import decisions
from tests.factories import NOW, a_borrower, a_branch, a_draft, a_loan, a_proposal, a_request, an_officer


@pytest.fixture
def officer(session, lender) -> Staff:
    return an_officer(session)


def a_case(session, officer, name, *, days=0, **more) -> HardshipRequest:
    """A request of somebody called `name`, sent `days` ago."""
    loan = a_loan(session, a_borrower(session, officer=officer, name=name, **more), missed=2)
    return a_proposal(session, loan, now=NOW - timedelta(days=days))


def names(page) -> list[str]:
    return [row[0].split("NF-")[0].strip() for row in page.rows()[1:]]


def row_of(page, name) -> list[str]:
    return next(row for row in page.rows() if row[0].startswith(name))


def test_the_soonest_answer_comes_first_and_the_borrowers_turn_last(pages, session, officer, now):
    a_case(session, officer, "New")
    a_case(session, officer, "Old", days=6)
    asked = a_case(session, officer, "Asked", days=9)
    decisions.ask(session, officer, asked, asked.version, "May your hours return?", now)
    a_case(session, officer, "Middle", days=3)
    a_draft(session, a_loan(session, a_borrower(session, name="Draft")))
    page = pages.sign_in(officer).get("/staff/")
    assert names(page) == ["Old", "Middle", "New", "Asked"]


def test_words_of_despair_lie_on_top_while_they_wait_for_us(pages, session, officer, now):
    a_case(session, officer, "Old", days=6)
    a_case(session, officer, "Despair").urgent = True
    asked = a_case(session, officer, "Asked", days=9)
    asked.urgent = True
    decisions.ask(session, officer, asked, asked.version, "May we call you?", now)
    page = pages.sign_in(officer).get("/staff/")
    assert names(page) == ["Despair", "Old", "Asked"]
    assert "Words of despair. Please call now" in row_of(page, "Despair")[0]
    assert "Words of despair" not in row_of(page, "Asked")[0]


def test_what_the_lender_promised_is_counted(pages, session, officer):
    a_case(session, officer, "Today", days=7)
    a_case(session, officer, "Tomorrow", days=6)
    a_case(session, officer, "Later")
    page = pages.sign_in(officer).get("/staff/")
    assert "3 people are waiting. One answer is due today. One is due tomorrow. 3 requests have nobody" in page.text
    assert row_of(page, "Today")[1:3] == ["7 days", "Today"]
    assert row_of(page, "Tomorrow")[1:3] == ["6 days", "Tomorrow"]
    assert row_of(page, "Later")[1:3] == ["Since today", "Wednesday 9 December"]


def test_a_promise_that_was_not_kept_is_said(pages, session, officer):
    a_case(session, officer, "Forgotten", days=15)
    page = pages.sign_in(officer).get("/staff/")
    assert row_of(page, "Forgotten")[2] == "Was due Tuesday 24 November"


def test_a_row_says_what_is_asked_and_whether_it_fits(pages, session, officer):
    loan = a_loan(session, a_borrower(session, officer=officer, name="Mei-ling", language="zh-Hans"), missed=2)
    a_proposal(session, loan, PlanTerms(pause=2, arrears=Arrears.at_end), left_over=9_000)
    page = pages.sign_in(officer).get("/staff/")
    reference, *_, asks, now_pays, proposed, budget, who, where = row_of(page, "Mei-ling")
    assert reference == f"Mei-ling{loan.reference} · 简体"
    assert (asks, now_pays, proposed) == ("Pause for 2 months", "$110.02", "nothing, then $110.02")
    assert budget.startswith("Above") and "above what is left" in budget
    assert (who, where) == ("Grace Lim", "Not opened")


@pytest.mark.parametrize(
    ("sentence", "left_over", "amount", "code", "spare"),
    [
        ("a third of it stays", 30_000, 20_000, "fits", 10_000),
        ("exactly a tenth of the payment stays", 22_000, 20_000, "fits", 2_000),
        ("less than a tenth stays", 21_999, 20_000, "tight", 1_999),
        ("nothing stays", 20_000, 20_000, "tight", 0),
        ("a cent is missing", 19_999, 20_000, "above", -1),
        ("nothing was left to begin with", 0, 20_000, "above", -20_000),
        ("less than nothing is left", -5_000, 20_000, "above", -20_000),
    ],
)
def test_how_a_payment_stands_to_a_budget(sentence, left_over, amount, code, spare):
    fit = fit_of(left_over, Frequency(1, Unit.months), amount)
    assert (fit.code, fit.spare) == (code, spare)


def test_a_budget_is_by_the_month_and_a_payment_by_its_own_period():
    assert fit_of(52_000, Frequency(1, Unit.weeks), 10_000) == Fit("fits", 12_000, 10_000)
    assert fit_of(None, Frequency(1, Unit.weeks), 10_000) is None


def test_filters_stand_in_the_address(pages, session, officer, now):
    other = an_officer(session, name="Daniel Osei")
    a_case(session, officer, "Mine")
    taken = a_case(session, other, "Taken")
    decisions.take(session, other, taken, now)
    paused = a_loan(session, a_borrower(session, officer=other, name="Paused"), missed=1)
    a_proposal(session, paused, PlanTerms(pause=1, arrears=Arrears.at_end), left_over=None)
    offered = a_case(session, other, "Offered")
    decisions.offer(session, other, offered, offered.version, PlanTerms(amount=6_000), "yes", now)
    suggest = a_request(session, a_loan(session, a_borrower(session, officer=other, name="Suggest")))
    assert suggest.proposed is None
    pages.sign_in(officer)
    every = {"Mine", "Taken", "Paused", "Offered", "Suggest"}
    for query, shown in {
        "": every,
        "show=mine": {"Mine"},
        "show=untaken": {"Mine", "Paused", "Suggest"},
        "show=theirs": {"Offered"},
        "asks=pause_then_on": {"Paused"},
        "asks=suggest": {"Suggest"},
        "budget=none": {"Paused", "Suggest"},
        "budget=fits": {"Mine", "Taken", "Offered"},
        f"officer={other.id}": every - {"Mine"},
        f"officer={other.id}&asks=pause_then_on": {"Paused"},
        "show=nonsense&asks=%27&budget=0&officer=abc": every,
    }.items():
        assert set(names(pages.get(f"/staff/?{query}"))) == shown, query
    page = pages.get("/staff/").submit("Show", show="mine", budget="fits")
    assert names(page) == ["Mine"]
    assert "No request is like that" in pages.get("/staff/?budget=above").text


def test_a_branch_sees_its_own(pages, session, lender):
    north, south = a_branch(session), a_branch(session)
    here = an_officer(session, branch_id=north.id)
    a_case(session, here, "North", branch=north)
    a_case(session, here, "South", branch=south)
    page = pages.sign_in(here).get("/staff/")
    assert names(page) == ["North"] and "One person is waiting." in page.text
    everywhere = an_officer(session)
    assert sorted(names(pages.sign_in(everywhere).get("/staff/"))) == ["North", "South"]


@pytest.mark.parametrize("role", ["officer", "supervisor", "admin", "auditor"])
def test_all_staff_may_look(pages, session, lender, role):
    assert pages.sign_in(an_officer(session, role=role)).get("/staff/").status == 200


def test_a_borrower_may_not(pages, session, officer):
    page = pages.sign_in(a_borrower(session, officer=officer)).get("/staff/")
    assert page.path == "/staff/sign-in"


def test_the_queries_do_not_grow_with_the_queue(pages, session, engine, officer):
    def asked() -> int:
        seen: list[str] = []
        listen = lambda conn, cursor, statement, *rest: seen.append(statement)  # noqa: E731
        event.listen(engine, "before_cursor_execute", listen)
        pages.get("/staff/")
        event.remove(engine, "before_cursor_execute", listen)
        return len(seen)

    pages.sign_in(officer)
    for number in range(2):
        a_case(session, officer, f"First {number}")
    a_request(session, a_loan(session, a_borrower(session, officer=officer)))
    few = asked()
    for number in range(6):
        a_case(session, officer, f"More {number}")
    for _ in range(4):
        a_request(session, a_loan(session, a_borrower(session, officer=officer)))
    assert asked() == few
