"""A personal word: set after the first check, asked for beside the rest from then on, and no way to learn who has one."""

import pytest
from sqlalchemy import select

from portal.models import AuditEntry, WebSession
from portal.services import access_codes, personal_word
from tests.factories import a_borrower, a_link, a_loan, an_officer
from tests.pages import Pages

BORN = {"birth_date-year": "1988", "birth_date-month": "3", "birth_date-day": "12"}
WORD = "Rose Garden"


@pytest.fixture
def borrower(session, lender):
    borrower = a_borrower(session, name="Chen Mei-ling", phone="+886912345678", id_last_four="041X")
    a_loan(session, borrower)
    return borrower


@pytest.fixture
def with_word(session, borrower, clock):
    personal_word.change(session, borrower, "", WORD, clock.now())
    return borrower


@pytest.fixture
def another_browser(app, session, lender):
    """`another_browser()`: a browser with no past."""
    return lambda: Pages(app, session)


def come_in(pages, session, borrower, word=None, **typed):
    fields = (typed or BORN) | ({} if word is None else {"word": word})
    return pages.get(f"/l/{a_link(session, borrower)}").submit("Continue", way="birth_date", **fields)


def test_home_offers_one_after_the_first_check(pages, session, borrower):
    page = come_in(pages, session, borrower).click("Choose a word that only you know")
    done = page.submit("Set this word", wanted=WORD)
    assert "We ask for it each time, beside the rest." in done.text
    assert borrower.word_hash.startswith("$argon2id$")
    assert WORD.lower() not in done.text.lower() and WORD not in done.html


@pytest.mark.parametrize("typed", [WORD, " rose   GARDEN ", "ｒｏｓｅ　ｇａｒｄｅｎ"])
def test_it_is_asked_for_from_then_on_and_read_gently(pages, session, with_word, typed):
    assert come_in(pages, session, with_word, typed).h1 == "Where things stand"


@pytest.mark.parametrize("typed", [None, "", "rosegarden2", "tulip"])
def test_without_it_the_rest_is_not_enough(pages, session, with_word, typed):
    assert come_in(pages, session, with_word, typed).status == 422
    assert session.scalars(select(WebSession)).all() == []


def test_a_wrong_word_and_a_wrong_date_are_one_answer_and_every_page_asks(session, another_browser, with_word):
    wrong = BORN | {"birth_date-day": "13"}
    without = a_borrower(session)
    answers = [
        come_in(another_browser(), session, with_word, "tulip"),
        come_in(another_browser(), session, with_word, WORD, **wrong),
        come_in(another_browser(), session, without, "tulip", **wrong),
        come_in(another_browser(), session, without, **wrong),
    ]
    assert len({(page.status, page.text) for page in answers}) == 1
    asked = [another_browser().get(f"/l/{a_link(session, who)}").text for who in (with_word, without)]
    assert asked[0] == asked[1]


def test_who_has_none_comes_in_whatever_they_write_there(pages, session, borrower):
    assert come_in(pages, session, borrower, "I am not sure").h1 == "Where things stand"


def test_the_second_way_in_asks_for_it_as_well(session, another_browser, with_word, clock):
    code = access_codes.make(session, with_word, None, clock.now())
    enter = {"code": code, "way": "birth_date"} | BORN
    assert another_browser().get("/enter").submit("Continue", **enter).status == 422
    assert another_browser().get("/enter").submit("Continue", **enter, word=WORD).status == 200


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("", "Please write a word."),
        ("abc", "Please choose a longer word"),
        ("x" * 201, "This is longer than any that we know."),
        ("语" * 90, "Please choose a shorter word."),
        ("1988-03-12", "Your family may know this as well."),
        ("12031988", "Your family may know this as well."),
        ("041x", "Your family may know this as well."),
        ("0912 345 678", "Your family may know this as well."),
        ("mei-ling", "Your family may know this as well."),
    ],
)
def test_what_makes_no_good_word_is_said(pages, session, borrower, wanted, said):
    page = pages.sign_in(borrower).get("/my/word").submit("Set this word", wanted=wanted)
    assert page.status == 422 and said in page.text
    assert borrower.word_hash is None


def test_two_characters_are_a_word_where_a_script_has_many(pages, borrower):
    pages.sign_in(borrower).get("/my/word").submit("Set this word", wanted="石榴")
    assert borrower.word_hash is not None


def test_changing_and_removing_ask_for_the_present_one(pages, session, with_word):
    """Somebody may have picked up a phone with an open page."""
    page = pages.sign_in(with_word).get("/my/word")
    refused = page.submit("Change it", present="tulip", wanted="apple tree")
    assert refused.status == 422 and "That is not the word as it is now." in refused.text
    assert page.submit("Do without a word", present="").status == 422
    assert page.submit("Change it", present=WORD, wanted="apple tree").status == 200
    pages.get("/my/word").submit("Do without a word", present="Apple Tree")
    assert with_word.word_hash is None and with_word.word_set_at is None


def test_guessing_the_present_one_is_limited(pages, clock, with_word):
    page = pages.sign_in(with_word).get("/my/word")
    for _ in range(personal_word.PER_PERSON.most):
        page.submit("Do without a word", present="tulip")
    assert page.submit("Do without a word", present=WORD).status == 429
    assert with_word.word_hash is not None


def test_staff_take_a_forgotten_word_away_and_it_is_written_down(session, another_browser, with_word):
    officer = an_officer(session)
    staff = another_browser().sign_in(officer)
    staff.get(f"/staff/borrowers/{with_word.public_id}/ways-in").submit("Take the forgotten word away", checked="yes")
    assert with_word.word_hash is None
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "clear_word")).one()
    assert (entry.staff_id, entry.subject_id) == (officer.id, with_word.id)
    assert come_in(another_browser(), session, with_word).h1 == "Where things stand"
