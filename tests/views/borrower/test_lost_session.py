"""What was being typed when a session ran out comes back to whoever typed it, after a fresh check, and to nobody else."""

import io

import pytest
from sqlalchemy import select

from portal import tasks
from portal.models import Dispute, HardshipRequest, KeptForm, WebSession
from portal.services.kept_forms import LASTS
from tests.factories import PASSWORD, a_borrower, a_link, a_loan, a_request, an_officer
from tests.pages import Pages

BORN = {"birth_date-year": "1988", "birth_date-month": "3", "birth_date-day": "12"}
WORDS = "The shop closed in September.\n\nSince then I sell at the market, two days a week."
KEPT = "What you wrote is kept"


@pytest.fixture
def borrower(session, lender):
    return a_borrower(session, name="Chen Mei-ling", phone="+886912345678")


@pytest.fixture
def loan(session, borrower):
    return a_loan(session, borrower, missed=1)


@pytest.fixture
def another_browser(app, session, lender):
    """`another_browser()`: a browser with no past."""
    return lambda: Pages(app, session)


def come_in(pages, session, borrower):
    clock = pages.app.extensions["clock"]
    token = a_link(session, borrower, now=clock.now())
    return pages.get(f"/l/{token}").submit("Continue", way="birth_date", **BORN)


@pytest.fixture
def typed(pages, session, borrower, loan):
    """A page on which somebody is writing, in a session of their own."""
    come_in(pages, session, borrower)
    return pages.get(f"/my/loans/{loan.public_id}/difficulty/words")


def ask(page, question):
    return page.submit("Send the question", words=question)


def textarea(page):
    return "".join(next(page.root.iter("textarea")).itertext()).strip()


@pytest.mark.case("R109")
def test_answers_sent_after_75_minutes_come_back_in_place_and_are_sent_with_one_tap(
    clock, pages, session, borrower, typed
):
    clock.forward(minutes=75)
    late = typed.submit("Save and continue", words=WORDS)
    assert (late.status, late.h1) == (401, KEPT)
    assert "Nothing has been sent yet." in late.text and "The shop closed" not in late.text
    assert session.scalars(select(HardshipRequest)).all() == []
    back = come_in(pages, session, borrower)
    assert back.path == typed.path
    assert textarea(back) == WORDS
    assert "What you wrote is here, as you left it." in back.text
    sent = back.submit("Save and continue")
    assert sent.status == 200
    assert session.scalars(select(HardshipRequest)).one().words_sealed
    assert session.scalars(select(KeptForm)).all() == [], "it is erased once it was sent"


@pytest.mark.case("R109")
def test_the_cookie_may_be_gone_too(clock, pages, session, borrower, typed):
    clock.forward(minutes=75)
    pages.client = pages.app.test_client()
    assert typed.submit("Save and continue", words=WORDS).h1 == KEPT
    assert textarea(come_in(pages, session, borrower)) == WORDS


@pytest.mark.case("R109")
def test_they_come_back_in_another_browser(clock, session, borrower, typed, another_browser):
    clock.forward(minutes=75)
    typed.submit("Save and continue", words=WORDS)
    assert textarea(come_in(another_browser(), session, borrower)) == WORDS


@pytest.mark.case("R109")
def test_somebody_else_on_the_same_phone_gets_nothing(clock, pages, session, typed):
    clock.forward(minutes=75)
    typed.submit("Save and continue", words=WORDS)
    other = a_borrower(session, name="Lin Ta-wei")
    a_loan(session, other)
    home = come_in(pages, session, other)
    assert home.h1 == "Where things stand"
    assert "market" not in home.html + pages.get("/my/kept").html
    assert session.scalars(select(KeptForm)).one(), "it is kept for whoever wrote it"


@pytest.mark.case("R109")
def test_a_form_of_another_site_is_refused_and_kept_for_nobody(clock, pages, session, typed):
    """In an open session, in one that ran out, and with a token that somebody made in a session of their own."""
    own = a_borrower(session)
    thief = Pages(pages.app, session)
    come_in(thief, session, own)
    stolen = thief.get("/my/word").csrf_token
    for minutes in (1, 75):
        clock.forward(minutes=minutes)
        for token in (None, "made up", stolen):
            fields = {"words": WORDS} | ({"csrf_token": token} if token else {})
            answer = pages._open("POST", typed.path, data=fields)
            assert answer.status in (400, 401)
            assert WORDS[:20] not in answer.text
    assert {kept.borrower_id for kept in session.scalars(select(KeptForm))} <= {own.id}


@pytest.mark.case("R044")
def test_after_signing_out_nothing_is_kept(pages, session, borrower, typed):
    pages.get("/my/").submit("Sign out")
    late = typed.submit("Save and continue", words=WORDS)
    assert late.status in (400, 401) and late.h1 != KEPT
    assert session.scalars(select(KeptForm)).all() == []


def test_in_an_older_tab_the_words_stay_while_a_newer_session_is_open(pages, session, borrower, typed):
    come_in(pages, session, borrower)
    back = typed.submit("Save and continue", words=WORDS)
    assert back.status == 200 and textarea(back) == WORDS


def test_it_is_sealed_bound_to_the_person_and_erased_after_a_week(app, clock, session, typed):
    clock.forward(minutes=75)
    typed.submit("Save and continue", words=WORDS)
    kept = session.scalars(select(KeptForm)).one()
    assert "market" not in kept.values_sealed
    assert tasks.erase_kept_forms(app) == 0
    clock.forward(seconds=LASTS.total_seconds())
    assert tasks.erase_kept_forms(app) == 1
    session.rollback()
    assert session.scalars(select(KeptForm)).all() == []


def test_what_was_sent_twice_too_late_is_kept_once(clock, session, typed):
    clock.forward(minutes=75)
    typed.submit("Save and continue", words="First.")
    typed.submit("Save and continue", words=WORDS)
    assert len(session.scalars(select(KeptForm)).all()) == 1


def test_a_form_without_a_page_of_its_own_comes_back_to_be_read_and_sent(clock, pages, session, borrower, loan):
    a_request(session, loan)
    come_in(pages, session, borrower)
    page = pages.get("/today")
    clock.forward(minutes=75)
    assert page.submit("Please call me", words="After six, on my sister's number 555 0177.").h1 == KEPT
    back = come_in(pages, session, borrower)
    assert back.h1 == "What you wrote is here" and "sister's number" in back.text
    assert "You asked us to call." in back.submit("Send it now").text
    assert session.scalars(select(KeptForm)).all() == []


def test_where_things_went_on_meanwhile_the_words_are_there_to_read(clock, pages, session, borrower, loan, typed):
    clock.forward(minutes=75)
    typed.submit("Save and continue", words=WORDS)
    a_request(session, loan)
    back = come_in(pages, session, borrower)
    assert back.h1 == "What you wrote is here" and "two days a week" in back.text
    assert back.text.count("Nothing has been sent yet.") == 1


def test_it_can_be_thrown_away(clock, pages, session, borrower):
    come_in(pages, session, borrower)
    page = pages.get("/today")
    clock.forward(minutes=75)
    page.submit("Please call me", words="After six, on my sister's number.")
    come_in(pages, session, borrower).submit("Throw it away")
    assert session.scalars(select(KeptForm)).all() == []


def test_files_are_not_kept_and_the_page_says_so(clock, pages, session, borrower, loan):
    come_in(pages, session, borrower)
    page = pages.get(f"/my/loans/{loan.public_id}/dispute")
    clock.forward(minutes=75)
    fields = {"csrf_token": page.csrf_token, "form_key": "0" * 32, "kind": "amount", "words": "I paid on the 3rd."}
    late = pages._open("POST", page.path, data=fields | {"files": (io.BytesIO(b"a photo"), "receipt.jpg")})
    assert late.h1 == KEPT and "Photos and files cannot be kept." in late.text
    back = come_in(pages, session, borrower)
    assert "Photos and files cannot be kept." in back.text and textarea(back) == "I paid on the 3rd."


def test_the_second_tap_of_a_form_that_came_back_sends_nothing_twice(clock, pages, session, borrower, loan):
    come_in(pages, session, borrower)
    page = pages.get(f"/my/loans/{loan.public_id}/dispute")
    clock.forward(minutes=75)
    page.submit("Send", kind="amount", words="I paid on the 3rd.")
    back = come_in(pages, session, borrower)
    back.submit("Send")
    back.submit("Send")
    assert len(session.scalars(select(Dispute)).all()) == 1


def test_a_word_of_ones_own_is_never_kept(clock, pages, session, borrower):
    come_in(pages, session, borrower)
    page = pages.get("/my/word")
    clock.forward(minutes=75)
    assert page.submit("Set this word", wanted="rose garden").status == 401
    assert session.scalars(select(KeptForm)).all() == []


class TestStaff:
    def sign_in(self, pages, officer):
        return pages.get("/staff/sign-in").submit("Sign in", email=officer.email, password=PASSWORD)

    def test_a_long_letter_outlives_twenty_idle_minutes(self, clock, pages, session, loan):
        officer, request = an_officer(session), a_request(session, loan)
        self.sign_in(pages, officer)
        page = pages.get(f"/staff/requests/{request.public_id}").submit("Take it")
        clock.forward(minutes=40)
        letter = "Thank you for telling me. How many days a week is it now, and since when?"
        late = ask(page, letter)
        assert late.h1 == "Sign in" and "What you wrote is kept." in late.text
        back = self.sign_in(pages, officer)
        assert back.h1 == "What you wrote is here" and letter in back.text
        sent = back.submit("Send it now")
        assert sent.status == 200
        assert session.get(HardshipRequest, request.id).status == "asked"
        assert session.scalars(select(KeptForm)).all() == []

    def test_a_colleague_who_signs_in_next_gets_nothing_of_it(self, clock, pages, session, loan):
        officer, request = an_officer(session), a_request(session, loan)
        self.sign_in(pages, officer)
        page = pages.get(f"/staff/requests/{request.public_id}").submit("Take it")
        clock.forward(minutes=40)
        ask(page, "A letter of Grace's to her borrower.")
        back = self.sign_in(pages, an_officer(session))
        assert back.path == "/staff/" and "Grace's" not in back.html
        assert session.scalars(select(KeptForm)).one().staff_id == officer.id

    def test_signing_out_keeps_nothing(self, pages, session, loan):
        officer, request = an_officer(session), a_request(session, loan)
        self.sign_in(pages, officer)
        page = pages.get(f"/staff/requests/{request.public_id}").submit("Take it")
        pages.get("/staff/").submit("Sign out")
        ask(page, "A letter that nobody sent.")
        assert session.scalars(select(KeptForm)).all() == []
        assert session.scalars(select(WebSession.ended_at)).one() is not None
