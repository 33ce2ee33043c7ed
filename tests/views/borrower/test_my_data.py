"""What we hold: read, taken along, corrected, and who has seen it."""

import json

import pytest
from sqlalchemy import select

from portal.models import AuditEntry, Correction, LoanPerson
from portal.services import contact_wishes, corrections, disputes
from tests.factories import NOW, a_borrower, a_loan, a_request, an_officer
from tests.pages import Pages
from tests.views.borrower.test_passbook import a_text, made


@pytest.fixture
def told(session, borrower, officer, keys):
    loan = a_loan(session, borrower)
    a_request(session, loan)
    disputes.raise_dispute(session, borrower, loan, "amount", None, "900", "A transfer is missing.", NOW)
    a_text(session, borrower, loan, "Grace Lim: a letter waits.")
    made(session, borrower, "call", words_sealed=keys.seal("words", "You will write."), staff_id=officer.id)
    contact_wishes.choose(session, borrower, ["text"], [], None, None, NOW)
    return loan


def held(mine):
    mine.session.commit()
    response = mine.client.get("/my/data.json")
    assert response.status_code == 200 and response.mimetype == "application/json"
    return response, json.loads(response.get_data())


def test_the_file_holds_all_of_ones_own_in_clear(mine, told, borrower):
    response, data = held(mine)
    assert response.headers["Content-Disposition"].startswith("inline")
    assert "no-store" in response.headers["Cache-Control"]
    assert data["person"]["birth_date"] == "1988-03-12" and data["person"]["phone"].startswith("+8869")
    assert data["loans"][0]["reference"] == told.reference and len(data["loans"][0]["payments"]) == 6
    assert data["requests"][0]["words"] == "My hours were cut."
    assert data["disputes"][0]["should_be"] == "900"
    assert [contact.get("text") for contact in data["contacts"]] == ["Grace Lim: a letter waits.", None]
    assert data["contacts"][1]["words"] == "You will write."
    assert data["how_you_want_to_be_contacted"][0]["forms"] == ["text"]


def test_the_file_holds_nothing_of_anybody_else_and_no_key_of_ours(mine, session, borrower, told):
    other = a_borrower(session, name="Lin Ta-wei")
    a_request(session, a_loan(session, other, reference="NF-OTHER"))
    said = held(mine)[0].get_data(as_text=True)
    for word in ("Lin Ta-wei", "NF-OTHER", "_sealed", "hash", "public_id", "staff_id", "about_id"):
        assert word not in said, word


def test_a_guarantor_takes_along_the_loans_number_and_none_of_its_figures(app, session, told, borrower):
    other = a_borrower(session)
    session.add(LoanPerson(loan=told, borrower=other, role="guarantor"))
    assert held(Pages(app, session).sign_in(other))[1]["loans"] == [{"reference": told.reference, "role": "guarantor"}]


def test_that_it_was_taken_is_written_down(mine, session, told):
    held(mine)
    assert session.scalars(select(AuditEntry).where(AuditEntry.action == "download")).one().actor == "borrower"


def test_the_page_says_in_words_what_is_held_and_shows_no_birth_date(mine, told):
    page = mine.get("/my/data")
    assert "Loans 1 Payments that we received 6" in page.text
    assert "1988" not in page.html and "Chen Mei-ling" in page.text


def test_who_looked_is_told_by_role_once_a_day(app, mine, session, told, officer):
    staff = Pages(app, session).sign_in(officer)
    case = a_request(session, a_loan(session, told.people[0].borrower))
    for _ in range(3):
        staff.get(f"/staff/requests/{case.public_id}")
    page = mine.get("/my/data")
    assert page.text.count("An officer") == 1 and "your request" in page.text and "Grace" not in page.text
    assert "Nobody has opened anything" in Pages(app, session).sign_in(a_borrower(session)).get("/my/data").text


class TestCorrections:
    def test_a_wrong_detail_is_told_and_its_answer_stands_on_the_page(self, app, mine, session, borrower, officer):
        page = mine.get("/my/data").submit("Send", detail="greeting", should_be="Dr Chen")
        assert "A person looks at it" in page.text and "Dr Chen" in page.text
        staff = Pages(app, session).sign_in(officer)
        page = staff.get("/staff/notices").click("Chen Mei-ling")
        page = page.submit("Settle it", status="corrected", answer="Of course.")
        session.refresh(borrower)
        assert page.status == 200 and borrower.greeting == "Dr Chen"
        assert "Of course." in mine.get("/my/data").text and "Dear Dr Chen," in mine.get("/my/").text

    def test_what_shows_who_somebody_is_stays_until_the_books_say_so(self, session, borrower, officer, keys):
        asked = corrections.ask(session, borrower, "phone", "+886911111111", NOW)
        corrections.settle(session, officer, asked, "corrected", None, NOW)
        assert keys.open("phone", borrower.phone_sealed) != "+886911111111"

    def test_it_is_settled_once(self, session, borrower, officer):
        asked = corrections.ask(session, borrower, "name", "Chen Mei Ling", NOW)
        assert corrections.settle(session, officer, asked, "not_corrected", "The contract says so.", NOW)
        assert not corrections.settle(session, an_officer(session), asked, "corrected", None, NOW)
        assert borrower.name == "Chen Mei-ling" and asked.status == "not_corrected"

    def test_what_it_should_be_is_needed_and_a_double_click_is_one(self, mine, session):
        page = mine.get("/my/data").submit("Send", detail="name")
        assert page.status == 422 and "Please write a few words." in page.text
        page.submit("Send", should_be="Chen")
        page.submit("Send", should_be="Chen")
        assert len(session.scalars(select(Correction)).all()) == 1


def test_advice_is_open_to_anyone_and_knows_nobody(pages, session, lender, borrower):
    a_loan(session, borrower)
    assert "Ask at your town hall" in pages.get("/advice").text
    lender.advice = [{"names": {"en": "Town Advice Centre", "zh-Hans": "镇咨询中心"}, "phone": "555 0131"}]
    session.flush()
    stranger = pages.get("/advice").text
    assert "Town Advice Centre" in stranger and "镇咨询中心" in pages.get("/advice?lang=zh-Hans").text
    assert "Chen" not in stranger and "NF-" not in stranger
