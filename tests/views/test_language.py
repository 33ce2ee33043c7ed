"""A page is in the reader's language: as they came, as they sign in, and when their session is over."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask_babel import force_locale, gettext

from portal import languages
from tests.factories import PASSWORD, a_borrower, a_link, a_loan, an_officer

BORN = {"way": "birth_date", "birth_date-year": "1988", "birth_date-month": "3", "birth_date-day": "12"}
CONTINUE = {"en": "Continue", "zh-Hans": "继续", "zh-Hant": "繼續", "ar": "متابعة"}


def spoken(page):
    return page.root.get("lang")


@pytest.fixture
def borrower(session, lender):
    borrower = a_borrower(session, phone="+886912345678")
    a_loan(session, borrower)
    return borrower


class TestABorrower:
    @pytest.mark.parametrize("language", CONTINUE)
    def test_keeps_the_language_of_the_link_page_after_signing_in(self, pages, session, borrower, language):
        arrived = pages.get(f"/l/{a_link(session, borrower)}?lang={language}")
        assert spoken(arrived) == language
        home = arrived.submit(CONTINUE[language], **BORN)
        assert (home.path, spoken(home)) == ("/my/", language)
        assert spoken(pages.get("/my/")) == language

    def test_who_says_that_a_link_is_not_for_them_goes_on_in_their_language(self, pages, session, borrower):
        arrived = pages.get(f"/l/{a_link(session, borrower)}?lang=ar")
        assert spoken(arrived.click("أخبرونا أن هذا ليس رقمكم")) == "ar"

    def test_reads_that_the_session_ended_in_the_language_of_the_session(self, pages, session, borrower, clock):
        borrower.language = "ar"
        mine = pages.sign_in(borrower)
        assert spoken(mine.get("/my/", headers={"Accept-Language": "en"})) == "ar"
        clock.forward(hours=12)
        ended = mine.get("/my/", headers={"Accept-Language": "en"})
        assert (ended.status, spoken(ended)) == (401, "ar")

    def test_reads_that_they_signed_out_in_the_language_of_the_session(self, pages, borrower):
        borrower.language = "zh-Hant"
        page = pages.sign_in(borrower).get("/my/").submit("登出")
        assert (page.path, spoken(page)) == ("/signed-out", "zh-Hant")

    def test_nothing_is_kept_in_a_browser_that_nobody_signed_in_with(self, pages, session, borrower):
        page = pages.get(f"/l/{a_link(session, borrower)}?lang=ar")
        assert "Set-Cookie" not in page.response.headers


class TestAReaderInHongKong:
    SAID = "短訊"

    @pytest.mark.parametrize("tag", ["zh-HK", "zh-Hant-HK", "yue", "zh-MO"])
    def test_reads_the_words_of_hong_kong_and_the_rest_in_traditional(self, pages, session, lender, tag):
        page = pages.get("/signed-out", headers={"Accept-Language": tag})
        assert spoken(page) == "zh-Hant-HK"
        assert self.SAID in page.text and "簡訊" not in page.text
        assert page.h1 == pages.get("/signed-out", headers={"Accept-Language": "zh-TW"}).h1

    def test_is_known_by_the_borrowers_own_language_and_by_the_address(self, pages, borrower, lender):
        assert self.SAID in pages.get("/signed-out?lang=zh-HK").text
        borrower.language = "zh-Hant-HK"
        assert spoken(pages.sign_in(borrower).get("/my/", headers={"Accept-Language": "en"})) == "zh-Hant-HK"

    def test_who_changes_to_traditional_with_a_phone_of_hong_kong_is_one(self, pages, lender):
        assert (
            spoken(pages.get("/signed-out?lang=zh-Hant", headers={"Accept-Language": "en,zh-HK;q=0.8"})) == "zh-Hant-HK"
        )

    def test_finds_traditional_chosen_among_four_languages(self, pages, lender):
        page = pages.get("/signed-out", headers={"Accept-Language": "zh-HK"})
        offered = {link.get("lang"): link.get("aria-current") for link in page.root.iter("a") if link.get("hreflang")}
        assert offered == {"en": None, "zh-Hans": None, "zh-Hant": "true", "ar": None}

    def test_reads_traditional_names_of_the_lender(self, pages, lender):
        lender.names = {"en": "Northfield", "zh-Hant": "北田服務中心"}
        assert "北田服務中心" in pages.get("/signed-out", headers={"Accept-Language": "zh-HK"}).text


class TestStaff:
    @pytest.fixture
    def officer(self, session, lender):
        return an_officer(session)

    def test_keep_the_language_that_they_asked_for_after_signing_in(self, pages, officer):
        page = pages.get("/staff/sign-in?lang=zh-Hans").submit("登录", email=officer.email, password=PASSWORD)
        assert (page.path, spoken(page)) == ("/staff/", "zh-Hans")
        assert spoken(pages.get("/staff/notices")) == "zh-Hans"

    def test_are_asked_to_sign_in_again_in_their_own_language(self, pages, officer, clock):
        officer.language = "zh-Hant"
        desk = pages.sign_in(officer)
        assert spoken(desk.get("/staff/", headers={"Accept-Language": "en"})) == "zh-Hant"
        clock.forward(hours=12)
        page = desk.get("/staff/", headers={"Accept-Language": "en"})
        assert (page.path, spoken(page)) == ("/staff/sign-in", "zh-Hant")


@pytest.mark.case("R103")
def test_no_language_leaks_into_another_request(app, session, lender):
    """Eight threads read pages in every language, while a ninth writes letters in Simplified Chinese."""
    session.commit()
    chosen = [*languages.LANGUAGES, "zh-Hant-HK"]
    alone = {tag: app.test_client().get(f"/signed-out?lang={tag}").text for tag in chosen}
    assert len(set(alone.values())) == len(chosen)

    def read(place):
        tag = chosen[place % len(chosen)]
        return tag, app.test_client().get(f"/signed-out?lang={tag}").text

    def write(_):
        with app.app_context(), force_locale("zh_Hans_CN"):
            return gettext("Continue")

    with ThreadPoolExecutor(9) as threads:
        letters = threads.map(write, range(200))
        pages = list(threads.map(read, range(400)))
    assert set(letters) == {"继续"}
    assert [tag for tag, page in pages if plain(page) != plain(alone[tag])] == []


def plain(page):
    """A page without what is made anew for each: keys and tokens."""
    return re.sub(r'value="[^"]*"', "", page)
