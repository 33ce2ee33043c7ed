"""A link of a text: what it shows to whom, who gets in by it, and who stops it."""

import re

import pytest
from sqlalchemy import func, select

from portal.db import Model
from portal.models import Attempt, AuditEntry, Event, Hold, Link, StoppedNumber, WebSession
from portal.services.links import LASTS, LENGTH, PER_LINK
from portal.services.verification import PER_ADDRESS, PER_PERSON
from tests.factories import a_borrower, a_link, a_loan, an_officer
from tests.pages import Pages, text_of

NAME = "Chen Mei-ling"
BORN = {"birth_date-year": "1988", "birth_date-month": "3", "birth_date-day": "12"}
WRONG = BORN | {"birth_date-day": "13"}
PRIVATE = re.compile(r"Chen|Mei|NF-\d|[$¥]|\bloan\b|\bdebt\b|\bpayment|\boverdue\b|1988", re.IGNORECASE)
PREVIEWERS = {
    "WhatsApp": "WhatsApp/2.23.20.0 A",
    "Facebook": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Twitter": "Twitterbot/1.0",
}


@pytest.fixture
def borrower(session, lender):
    borrower = a_borrower(session, name=NAME, phone="+886912345678", id_last_four="041X")
    a_loan(session, borrower)
    return borrower


@pytest.fixture
def token(session, borrower):
    return a_link(session, borrower)


@pytest.fixture
def another_browser(app, session, lender):
    """`another_browser()`: a browser with no past."""
    return lambda: Pages(app, session)


def rows_of_every_table(session):
    return {
        table.name: session.execute(select(table)).all()
        for table in Model.metadata.sorted_tables
        if table.name != Link.__tablename__
    }


def verify(pages, token, way="birth_date", **typed):
    return pages.get(f"/l/{token}").submit("Continue", way=way, **typed or BORN)


class TestBeforeAnybodyIsKnown:
    @pytest.mark.case("R035", "R037")
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    @pytest.mark.parametrize("agent", [*PREVIEWERS.values(), "Mozilla/5.0 (Linux; Android 14)"], ids=lambda a: a[:12])
    def test_opening_changes_nothing_but_a_counter(self, app, session, token, method, agent):
        session.commit()
        before = rows_of_every_table(session)
        link = session.scalars(select(Link)).one()
        was = {name: value for name, value in vars(link).items() if name[0] != "_"}
        session.rollback()
        for _ in range(2):
            answer = app.test_client().open(f"/l/{token}", method=method, headers={"User-Agent": agent})
            assert answer.status_code == 200
            assert "Set-Cookie" not in answer.headers
            assert not PRIVATE.search(answer.get_data(as_text=True))
        assert rows_of_every_table(session) == before
        opened = {name: value for name, value in vars(session.get(Link, link.id)).items() if name[0] != "_"}
        assert opened == was | {"opens": 2 if method == "GET" else 0}

    @pytest.mark.case("R035", "R037")
    def test_a_link_that_was_previewed_lets_the_borrower_in(self, app, clock, pages, session, token):
        session.commit()
        for agent in PREVIEWERS.values():
            app.test_client().get(f"/l/{token}", headers={"User-Agent": agent})
        clock.forward(minutes=4)
        assert verify(pages, token).h1 == "Where things stand"

    @pytest.mark.case("R037", "R043")
    def test_a_preview_holds_the_lenders_name_and_nothing_else(self, pages, token):
        page = pages.get(f"/l/{token}", headers={"User-Agent": PREVIEWERS["WhatsApp"]})
        assert page.title == "Let us check it is you – Northfield Co-operative"
        named = {meta.get("name") or meta.get("property"): meta.get("content") for meta in page.root.iter("meta")}
        assert not [name for name in named if name and ("og:" in name or "description" in name or "image" in name)]
        assert (named["robots"], named["referrer"]) == ("noindex", "no-referrer")
        assert page.response.headers["X-Robots-Tag"] == "noindex"
        assert page.response.headers["Referrer-Policy"] == "no-referrer"

    @pytest.mark.case("R043")
    @pytest.mark.parametrize("address", ["/l/{}", "/l/{}/not-me"])
    def test_a_stranger_reads_who_writes_and_nothing_of_the_borrower(self, pages, token, address):
        page = pages.get(address.format(token))
        assert "Northfield Co-operative" in page.text
        assert not PRIVATE.search(page.text.replace("Date of birth", ""))

    def test_a_page_speaks_the_language_of_the_text_that_led_to_it(self, pages, session):
        token = a_link(session, a_borrower(session, language="zh-Hant"))
        assert pages.get(f"/l/{token}", headers={"Accept-Language": "en"}).root.get("lang") == "zh-Hant"

    def test_a_token_is_short_and_kept_nowhere(self, session, token):
        assert len(token) == LENGTH <= 12
        session.flush()
        assert token not in str(rows_of_every_table(session)) + str(session.execute(select(Link.__table__)).all())


class TestShowingWhoOneIs:
    @pytest.mark.case("R097")
    @pytest.mark.parametrize(
        ("way", "typed", "why"),
        [
            ("birth_date", BORN, "three boxes"),
            ("birth_date", {"birth_date-day": "19880312"}, "all in one box"),
            ("birth_date", {"birth_date-year": "1988-03-12"}, "ISO in a box"),
            ("birth_date", {"birth_date-year": "770312"}, "the year of the Republic, in one piece"),
            ("birth_date", BORN | {"birth_date-year": "77"}, "the year of the Republic, in its box"),
            ("birth_date", {"birth_date-day": "民國77年3月12日"}, "the Republic's, written out"),
            ("birth_date", {"birth_date-day": "１９８８０３１２"}, "full-width digits"),
            ("birth_date", {"birth_date-day": "١٩٨٨٠٣١٢"}, "Arabic digits"),
            ("birth_date", {"birth_date-day": "12/3/1988"}, "day first"),
            ("id_last_four", {"id_last_four": "041X"}, "X is one of the four"),
            ("id_last_four", {"id_last_four": " 041x "}, "a small x, with spaces"),
            ("id_last_four", {"id_last_four": "０４１Ｘ"}, "full-width"),
            ("id_last_four", {"id_last_four": "A12345041X"}, "more than four: the last count"),
            ("phone_last_four", {"phone_last_four": "5678"}, "the end of the phone number"),
            ("phone_last_four", {"phone_last_four": "٥٦٧٨"}, "in Arabic digits"),
        ],
    )
    def test_what_people_type_is_understood(self, pages, token, way, typed, why):
        assert verify(pages, token, way, **typed).h1 == "Where things stand", why

    @pytest.mark.parametrize(
        ("way", "typed"),
        [
            ("birth_date", WRONG),
            ("birth_date", BORN | {"birth_date-year": "76"}),
            ("id_last_four", {"id_last_four": "0411"}),
            ("phone_last_four", {"phone_last_four": "1234"}),
        ],
    )
    def test_a_wrong_answer_is_refused_and_tells_nothing(self, app, pages, session, token, way, typed):
        page = verify(pages, token, way, **typed)
        assert page.status == 422
        assert "That did not match what we have." in page.text
        assert not PRIVATE.search(page.text.replace("Date of birth", "").replace("1988", ""))
        assert "Set-Cookie" not in page.response.headers
        assert session.scalars(select(WebSession)).all() == []

    def test_what_the_lender_does_not_know_is_answered_like_what_is_wrong(self, pages, session, another_browser, token):
        unknown = a_borrower(session, birth_date_sealed=None)
        theirs = a_link(session, unknown)
        answers = [verify(browser, found, **WRONG) for browser, found in ((pages, token), (another_browser(), theirs))]
        assert answers[0].status == answers[1].status == 422
        assert answers[0].text == answers[1].text

    def test_what_cannot_be_read_is_said_beside_the_field_counts_nothing_and_loses_nothing(self, pages, session, token):
        page = verify(pages, token, **{"birth_date-year": "1988", "birth_date-month": "13", "birth_date-day": "40"})
        assert page.status == 422
        assert "That is not a date that we can read." in page.text
        typed = {field.get("name"): field.get("value") for field in page.root.iter("input")}
        assert (typed["birth_date-month"], typed["birth_date-day"]) == ("13", "40")
        assert session.scalars(select(Attempt)).all() == []

    def test_only_the_ways_that_the_lender_chose_are_open(self, pages, session, lender, token):
        lender.verify_by = ["id_last_four"]
        page = pages.get(f"/l/{token}")
        assert [field.get("value") for field in page.root.iter("input") if field.get("name") == "way"] == [
            "id_last_four"
        ]
        refused = pages.post(f"/l/{token}", form_key="0" * 32, way="birth_date", **BORN)
        assert refused.status == 422
        assert session.scalars(select(WebSession)).all() == []

    @pytest.mark.case("R040")
    def test_it_works_in_another_browser_than_the_one_that_opened_it_first(self, pages, another_browser, token):
        pages.get(f"/l/{token}")
        assert verify(another_browser(), token).h1 == "Where things stand"
        assert pages.get("/my/").status == 401
        assert verify(pages, token).h1 == "Where things stand"

    @pytest.mark.case("R040")
    def test_who_verifies_anew_in_a_browser_is_the_new_one_there(self, pages, session, token):
        verify(pages, token)
        other = a_borrower(session, name="Lin Ta-wei", greeting="Mr Lin", born="1970-01-02")
        a_loan(session, other)
        home = verify(pages, a_link(session, other), **{"birth_date-day": "19700102"})
        assert "Dear Mr Lin" in home.text
        assert "Ms Chen" not in home.text

    @pytest.mark.parametrize("purpose", ["home", "difficulty", "request"])
    def test_every_link_leads_somewhere(self, pages, session, borrower, purpose):
        assert verify(pages, a_link(session, borrower, purpose)).status == 200


class TestLimits:
    def test_five_wrong_guesses_put_a_link_to_rest_even_for_its_owner(self, clock, pages, session, token):
        for _ in range(PER_LINK.most):
            assert verify(pages, token, **WRONG).status == 422
        rests = verify(pages, token, **BORN)
        assert rests.status == 429
        assert "it rests for a while" in rests.text
        assert session.scalars(select(WebSession)).all() == []
        clock.forward(minutes=31)
        assert verify(pages, token).h1 == "Where things stand"

    def test_a_resting_link_answers_right_and_wrong_guesses_alike(self, pages, token):
        for _ in range(PER_LINK.most):
            verify(pages, token, **WRONG)
        right, wrong = verify(pages, token, **BORN), verify(pages, token, **WRONG)
        assert (right.status, right.text) == (wrong.status, wrong.text)

    def test_a_person_is_guarded_across_all_their_links(self, clock, pages, session, borrower):
        for _ in range(PER_PERSON.most):
            assert verify(pages, a_link(session, borrower), **WRONG).status == 422
        assert verify(pages, a_link(session, borrower)).status == 429
        clock.forward(hours=25)
        assert verify(pages, a_link(session, borrower, now=clock.now())).status == 200

    def test_an_address_is_limited_across_everybodys_links_whatever_it_claims_to_be(self, another_browser, session):
        """No proxy is named, so X-Forwarded-For is what anybody may write."""
        for number in range(PER_ADDRESS.most):
            token = a_link(session, a_borrower(session))
            forged = {"X-Forwarded-For": f"203.0.113.{number}"}
            page = another_browser().post(f"/l/{token}", headers=forged, form_key="0" * 32, way="birth_date", **WRONG)
            assert page.status == 422
        assert verify(another_browser(), a_link(session, a_borrower(session))).status == 429

    def test_attempts_are_kept_without_naming_anybody(self, pages, session, borrower, token):
        verify(pages, token, **WRONG)
        kept = session.scalars(select(Attempt)).all()
        assert {attempt.kind for attempt in kept} == {"verify_link", "verify_person", "verify_address"}
        assert all(re.fullmatch(r"[0-9a-f]{64}", attempt.key_hash) for attempt in kept)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.outcome == "mismatch")).one()
        assert (entry.action, entry.actor, entry.detail) == ("verify", "anyone", {"by": "birth_date"})


class TestAfterItsTime:
    @pytest.mark.case("R041")
    def test_unknown_ended_and_expired_links_are_one_answer(self, clock, session, another_browser, borrower):
        expired = a_link(session, borrower, now=clock.now() - LASTS)
        ended = a_link(session, borrower)
        session.scalars(select(Link).order_by(Link.id.desc())).first().ended_at = clock.now()
        answers = [another_browser().get(f"/l/{token}") for token in (expired, ended, "23456789bcd", "no")]
        answers += [
            another_browser().post(f"/l/{token}", form_key="0" * 32, way="birth_date", **BORN)
            for token in (expired, ended, "23456789bcd")
        ]
        assert {(page.status, page.h1, page.text) for page in answers} == {
            (404, "This link has ended", answers[0].text)
        }
        assert "Call 555 0100" in answers[0].text
        assert session.scalars(select(WebSession)).all() == []

    @pytest.mark.case("R041")
    def test_using_a_newer_link_ends_the_older_one(self, clock, pages, session, borrower, another_browser):
        older = a_link(session, borrower)
        clock.forward(minutes=5)
        newer = a_link(session, borrower, now=clock.now())
        assert another_browser().get(f"/l/{older}").status == 200, "nothing ends before the newer one is used"
        verify(pages, newer)
        assert another_browser().get(f"/l/{older}").h1 == "This link has ended"
        assert verify(another_browser(), newer).h1 == "Where things stand"

    @pytest.mark.case("R041")
    def test_a_link_of_another_purpose_or_person_goes_on(self, clock, pages, session, borrower, another_browser):
        request, stranger = a_link(session, borrower, "request"), a_link(session, a_borrower(session))
        clock.forward(minutes=5)
        verify(pages, a_link(session, borrower, now=clock.now()))
        assert another_browser().get(f"/l/{request}").status == another_browser().get(f"/l/{stranger}").status == 200

    @pytest.mark.case("R038")
    def test_what_a_phone_took_for_a_part_of_the_link_is_dropped(self, app, pages, session, token):
        session.commit()
        for neighbour in ("。", "，", "）", ")", ".", ",", ";", "请", "和", "。请点击", "\u3000", "」", "!"):
            assert app.test_client().get(f"/l/{token}{neighbour}").location == f"/l/{token}", neighbour
        assert pages.get(f"/l/{token}。").h1 == "Let us check it is you"

    @pytest.mark.case("R038")
    def test_a_token_with_more_letters_leads_to_nobody_elses_letter(self, app, session, token):
        session.commit()
        answer = app.test_client().get(f"/l/{token}bcdf")
        assert answer.location == f"/l/{token}"
        assert app.test_client().get(f"/l/{token[:-1]}。").location == f"/l/{token[:-1]}"
        assert app.test_client().get(f"/l/{token[:-1]}").status_code == 404


class TestThatIsNotMe:
    @pytest.mark.case("R043")
    def test_it_stops_the_number_ends_its_links_and_tells_staff(self, pages, session, borrower, token, another_browser):
        other_token = a_link(session, borrower, "request")
        done = pages.get(f"/l/{token}").click("Tell us this is not my number").submit("Stop writing to this number")
        assert done.h1 == "Thank you. We have stopped"
        assert session.get(StoppedNumber, borrower.phone_hash).reason == "wrong_number"
        assert another_browser().get(f"/l/{token}").status == another_browser().get(f"/l/{other_token}").status == 404
        assert session.scalars(select(Event.type)).all() == ["number.wrong"]
        notices = another_browser().sign_in(an_officer(session)).get("/staff/notices")
        assert NAME in notices.text

    @pytest.mark.case("R043")
    def test_the_borrower_has_opted_out_of_nothing(self, pages, session, borrower, token):
        pages.get(f"/l/{token}/not-me").submit("Stop writing to this number")
        assert session.scalars(select(Hold)).all() == []
        assert borrower.phone_hash is not None

    def test_looking_at_the_page_stops_nothing(self, pages, session, token):
        pages.get(f"/l/{token}/not-me")
        assert session.scalar(select(func.count()).select_from(StoppedNumber)) == 0
        assert pages.get(f"/l/{token}").status == 200

    def test_said_twice_it_is_said_once(self, pages, session, token):
        form = pages.get(f"/l/{token}/not-me")
        first = form.submit("Stop writing to this number")
        assert form.submit("Stop writing to this number").text == first.text
        assert session.scalar(select(func.count()).select_from(StoppedNumber)) == 1

    def test_a_link_that_was_minted_for_another_number_goes_on(self, clock, pages, session, borrower, token, keys):
        borrower.phone_hash = keys.lookup("phone", "+886900000001")
        newer = a_link(session, borrower)
        pages.get(f"/l/{token}/not-me").submit("Stop writing to this number")
        assert pages.get(f"/l/{newer}").status == 200

    def test_a_stranger_who_guesses_addresses_stops_nobody(self, pages, session):
        assert pages.post("/l/23456789bcd/not-me").status == 200
        assert session.scalar(select(func.count()).select_from(StoppedNumber)) == 0


def test_every_page_names_somebody_to_call(pages, token):
    for address in (f"/l/{token}", "/l/23456789bcd", "/signed-out"):
        foot = pages.get(address).root.find(".//footer")
        assert "555 0100" in text_of(foot)
