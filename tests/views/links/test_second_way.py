"""The ways in without the newest text at hand: a new link for whoever asks, and a code that was said or printed."""

import re

import pytest
from sqlalchemy import func, select

from portal import tasks
from portal.models import AccessCode, AuditEntry, LinkAsked, Message, OutboxText, StoppedNumber, WebSession
from portal.services import access_codes, new_links
from portal.services.access_codes import ALPHABET, PER_CODE, PRINTED_LASTS, SPOKEN_LASTS
from portal.services.opt_outs import stop
from tests.factories import a_borrower, a_branch, a_link, a_loan, an_officer
from tests.pages import Pages

PHONE = "+886912345678"
BORN = {"birth_date-year": "1988", "birth_date-month": "3", "birth_date-day": "12"}
WRONG = BORN | {"birth_date-day": "13"}


@pytest.fixture
def borrower(session, lender):
    borrower = a_borrower(session, phone=PHONE, client_number="C-0042")
    a_loan(session, borrower)
    return borrower


@pytest.fixture
def another_browser(app, session, lender):
    """`another_browser()`: a browser with no past."""
    return lambda: Pages(app, session)


def ask(pages, number):
    return pages.get("/new-link").submit("Send me a link", number=number)


def work(app, session):
    """What the worker does in the next minutes."""
    session.commit()
    tasks.answer_link_asks(app)
    tasks.send(app)
    session.expire_all()


def texts(session):
    return session.scalars(select(OutboxText.text).order_by(OutboxText.id)).all()


class TestAskingForALink:
    @pytest.mark.case("R097", "R098", "R116", "R118")
    @pytest.mark.parametrize(
        "typed",
        [
            *(
                PHONE,
                "0912 345 678",
                "0912-345-678",
                "００８８６９１２３４５６７８",
                "０９１２３４５６７８",
                "00886912345678",
            ),
            *("0912\u2011345\u2011678", f"\u202a{PHONE}\u202c", "(0912) 345 678", "0912\u200b345678", "٠٩١٢٣٤٥٦٧٨"),
            *("+886 0912 345 678", "C-0042", " C-0042 "),
        ],
    )
    def test_a_text_with_a_link_comes_to_the_number_that_we_have(self, app, pages, session, borrower, typed):
        assert ask(pages, typed).h1 == "Thank you. Please look at your texts"
        work(app, session)
        assert [text.to for text in session.scalars(select(OutboxText))] == [PHONE]
        token = re.search(r"/l/(\w+)", texts(session)[0])[1]
        home = pages.get(f"/l/{token}").submit("Continue", way="birth_date", **BORN)
        assert home.h1 == "Where things stand"
        assert session.scalars(select(LinkAsked)).all() == []

    def test_the_answer_is_the_same_to_a_number_that_we_know_and_one_that_we_do_not(
        self, session, another_browser, borrower
    ):
        known, unknown = (ask(another_browser(), number) for number in (PHONE, "+886912345679"))
        assert known.status == unknown.status == 200
        assert known.text.replace(PHONE, "…") == unknown.text.replace("+886912345679", "…")
        assert session.scalar(select(func.count()).select_from(Message)) == 0, "nothing was looked up yet"
        rows = session.scalars(select(LinkAsked)).all()
        assert len(rows) == 2 and PHONE not in str([vars(row) for row in rows])

    @pytest.mark.case("R119")
    @pytest.mark.parametrize("typed", ["+1 0086-592-5627191", "0912345678,0922345678", "tel:0912345678", "1" * 190])
    def test_what_is_no_number_of_a_phone_is_answered_as_any_other(self, app, pages, session, borrower, typed):
        assert ask(pages, typed).h1 == "Thank you. Please look at your texts"
        work(app, session)
        assert session.scalars(select(OutboxText)).all() == []

    def test_a_number_that_nobody_has_brings_no_text(self, app, pages, session, borrower):
        ask(pages, "+886912345679")
        ask(pages, "C-0043")
        work(app, session)
        assert texts(session) == []

    def test_who_stopped_reminders_still_gets_what_they_ask_for(self, app, clock, pages, session, borrower):
        stop(session, borrower, "borrower", clock.now())
        ask(pages, PHONE)
        work(app, session)
        assert len(texts(session)) == 1

    @pytest.mark.case("R043")
    def test_nothing_goes_to_a_number_that_is_somebody_elses(self, app, clock, pages, session, borrower):
        session.add(StoppedNumber(phone_hash=borrower.phone_hash, reason="wrong_number", stopped_at=clock.now()))
        assert ask(pages, PHONE).status == 200
        work(app, session)
        assert texts(session) == []
        assert session.scalars(select(Message.status)).all() == ["held"]

    def test_a_number_may_be_asked_for_a_few_times_known_or_not(self, app, clock, another_browser, session, borrower):
        for number in (PHONE, "+886912345679"):
            for _ in range(new_links.PER_NUMBER.most):
                assert ask(another_browser(), number).status == 200
            rests = ask(another_browser(), number)
            assert rests.status == 429 and "This was asked several times." in rests.text
        clock.forward(hours=1, minutes=1)
        assert ask(another_browser(), PHONE).status == 200

    def test_an_address_may_ask_for_a_few_numbers(self, another_browser, session, borrower):
        for number in range(new_links.PER_ADDRESS.most):
            assert ask(another_browser(), f"+8869123451{number:02d}").status == 200
        assert ask(another_browser(), PHONE).status == 429

    def test_nobodys_phone_rings_on_and_on(self, app, clock, another_browser, session, borrower):
        """Asked by phone number and by client number in turn, hour after hour."""
        for _hour in range(5):
            for number in (PHONE, "C-0042"):
                ask(another_browser(), number)
                work(app, session)
                clock.forward(minutes=11)
            clock.forward(hours=1)
        assert len(texts(session)) == new_links.PER_PERSON

    def test_asked_twice_at_once_one_text_goes_out(self, app, pages, session, borrower):
        form = pages.get("/new-link")
        form.submit("Send me a link", number=PHONE)
        form.submit("Send me a link", number="C-0042")
        work(app, session)
        assert len(texts(session)) == 1

    def test_an_empty_number_is_said_and_counts_nothing(self, pages, session, borrower):
        page = ask(pages, "  ")
        assert page.status == 422 and "Please write your number." in page.text
        assert session.scalars(select(LinkAsked)).all() == []

    @pytest.mark.case("R041")
    def test_an_ended_link_says_how_to_get_a_new_one(self, app, pages, session, borrower):
        page = pages.get("/l/23456789bcd")
        assert page.status == 404 and page.h1 == "This link has ended"
        assert page.submit("Send me a link", number=PHONE).h1 == "Thank you. Please look at your texts"
        work(app, session)
        assert len(texts(session)) == 1


class TestACode:
    @pytest.fixture
    def officer(self, session, lender):
        return an_officer(session)

    @pytest.fixture
    def code(self, session, borrower, officer, clock):
        return access_codes.make(session, borrower, officer, clock.now())

    def enter(self, pages, code, **typed):
        return pages.get("/enter").submit("Continue", code=code, way="birth_date", **typed or BORN)

    def test_it_can_be_said_and_holds_nothing_that_looks_like_another(self, code):
        assert re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code)
        assert not set("01OILSZBGUDN") & set(ALPHABET)

    @pytest.mark.parametrize(
        "written",
        [
            str,
            str.lower,
            lambda code: code.replace("-", ""),
            lambda code: f"  {code.replace('-', ' – ')} ",
            lambda code: "".join(chr(ord(c) + 0xFEE0) for c in code),
            lambda code: code.replace("5", "S").replace("2", "Z").replace("8", "B"),
        ],
        ids=["as printed", "small", "in one", "spaces and another dash", "full-width", "look-alikes"],
    )
    def test_a_code_and_the_claim_let_the_borrower_in_without_a_link(self, pages, code, written):
        assert self.enter(pages, written(code)).h1 == "Where things stand"

    def test_it_is_spent_by_coming_in_and_by_nothing_else(self, pages, session, another_browser, code):
        assert self.enter(pages, code, **WRONG).status == 422
        assert self.enter(pages, code).status == 200
        assert self.enter(another_browser(), code).status == 422

    def test_a_code_that_nobody_made_a_spent_one_and_a_wrong_claim_are_one_answer(
        self, clock, session, borrower, officer, another_browser
    ):
        spent = access_codes.make(session, borrower, officer, clock.now())
        self.enter(another_browser(), spent)
        other = access_codes.make(session, a_borrower(session), officer, clock.now())
        answers = [
            self.enter(another_browser(), "2345-6789"),
            self.enter(another_browser(), spent),
            self.enter(another_browser(), other, **WRONG),
        ]
        assert len({(page.status, re.sub("[0-9A-Z]{4}-[0-9A-Z]{4}", "", page.text)) for page in answers}) == 1
        assert "Set-Cookie" not in answers[0].response.headers

    def test_a_newer_code_ends_the_older(self, clock, pages, session, borrower, officer, code):
        access_codes.make(session, borrower, officer, clock.now())
        assert self.enter(pages, code).status == 422

    @pytest.mark.parametrize(("printed", "lasts"), [(False, SPOKEN_LASTS), (True, PRINTED_LASTS)])
    def test_it_ends_by_itself(self, clock, another_browser, session, borrower, officer, printed, lasts):
        code = access_codes.make(session, borrower, None if printed else officer, clock.now())
        clock.forward(seconds=lasts.total_seconds() - 1)
        late = clock.now()
        clock.forward(seconds=1)
        assert self.enter(another_browser(), code).status == 422
        clock.set(late)
        assert self.enter(another_browser(), code).status == 200

    def test_guesses_at_a_code_put_it_to_rest_even_for_its_owner(self, another_browser, code):
        for _ in range(PER_CODE.most):
            assert self.enter(another_browser(), code, **WRONG).status == 422
        assert self.enter(another_browser(), code).status == 429

    def test_it_is_kept_nowhere(self, session, code):
        kept = str(session.execute(select(AccessCode.__table__)).all())
        assert code not in kept and code.replace("-", "") not in kept

    def test_no_other_site_signs_anybody_in(self, pages, session, code):
        """Or somebody could be made to write what is theirs into another person's account."""
        for path, more in (("/enter", {"code": code}), (f"/l/{a_link(session, a_borrower(session))}", {})):
            answer = pages.post(
                path, headers={"Sec-Fetch-Site": "cross-site"}, form_key="0" * 32, way="birth_date", **BORN, **more
            )
            assert answer.status == 400
        assert session.scalars(select(WebSession)).all() == []


class TestWhatStaffDo:
    def page(self, pages, borrower):
        return pages.get(f"/staff/borrowers/{borrower.public_id}/ways-in")

    def test_an_officer_makes_a_code_which_is_shown_once(self, pages, session, borrower, another_browser):
        pages.sign_in(an_officer(session))
        form = self.page(pages, borrower)
        made = form.submit("Make a code", checked="yes")
        code = re.search(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", made.text)[0]
        again = form.submit("Make a code", checked="yes")
        assert code not in again.text and "one is open until" in again.text
        assert session.scalar(select(func.count()).select_from(AccessCode)) == 1
        theirs = another_browser().get("/enter").submit("Continue", code=code, way="birth_date", **BORN)
        assert theirs.h1 == "Where things stand"

    def test_only_after_saying_that_it_is_this_person(self, pages, session, borrower):
        page = self.page(pages.sign_in(an_officer(session)), borrower).submit("Make a code")
        assert page.status == 422
        assert session.scalars(select(AccessCode)).all() == []

    def test_it_is_written_down_who_made_it(self, pages, session, borrower):
        officer = an_officer(session)
        self.page(pages.sign_in(officer), borrower).submit("Make a code", checked="yes")
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "make_code")).one()
        assert (entry.staff_id, entry.subject_id) == (officer.id, borrower.id)

    def test_an_auditor_looks_and_makes_none(self, pages, session, borrower):
        page = self.page(pages.sign_in(an_officer(session, role="auditor")), borrower)
        assert page.status == 200 and "Make a code" not in page.text

    def test_another_branch_finds_nobody(self, pages, session, borrower):
        pages.sign_in(an_officer(session, branch_id=a_branch(session).id))
        assert self.page(pages, borrower).status == 404


@pytest.mark.case("R041")
@pytest.mark.parametrize("purpose", ["home", "request", "consent", "difficulty", "pay", "check_in"])
def test_using_a_newer_link_ends_older_ones_of_its_purpose(pages, session, borrower, another_browser, purpose):
    older, newer = a_link(session, borrower, purpose), a_link(session, borrower, purpose)
    pages.get(f"/l/{newer}").submit("Continue", way="birth_date", **BORN)
    assert another_browser().get(f"/l/{older}").status == 404


def test_a_link_that_only_stops_emails_is_no_way_in(pages, session, borrower):
    assert pages.get(f"/l/{a_link(session, borrower, 'unsubscribe')}").status == 404


def test_every_purpose_leads_where_its_text_says(app):
    from portal.views.links.arrival import LEADS_TO

    assert set(LEADS_TO.values()) <= set(app.view_functions)
    assert set(LEADS_TO) >= set(re.findall(r"\w+", "home difficulty request pay consent check_in"))
