"""Where things stand, on the day that it is where the lender is; the schedule beside it; signing out."""

import re
from datetime import date, datetime, timedelta

import pytest

from portal.domain.conventions import Conventions
from portal.models import LoanPerson
from portal.services import complaints, decisions, requests
from portal.services.loans import record_payment
from tests.factories import NOW, TODAY, a_borrower, a_loan, a_payment, a_product, a_request, a_supervisor, an_officer

INSTALLMENT = "$110.02"


def schedule(pages, loan, **options):
    return pages.get(f"/my/loans/{loan.public_id}/schedule", **options)


class TestWhereThingsStand:
    def test_a_loan_on_time_says_what_was_paid_what_is_next_and_what_is_left(self, mine, session, borrower):
        a_loan(session, borrower)
        said = mine.get("/my/").text
        assert "Dear Ms Chen," in said
        assert "You have paid back $660.12 so far. Thank you." in said
        assert f"Next paymentSunday 20 December 2026 {INSTALLMENT}" in said
        assert "Left to pay, in all $660.08" in said
        assert "12 payments in all" in mine.get("/my/").html
        assert "not reached us" not in said and "Not received" not in said

    def test_what_has_not_been_received_is_about_the_money_and_names_each_month(self, mine, session, borrower):
        a_loan(session, borrower, missed=2)
        said = mine.get("/my/").text
        assert "The payments for October and November have not reached us yet." in said
        assert f"Not received yetOctober {INSTALLMENT} November {INSTALLMENT} $220.04" in said
        assert f"Next paymentSunday 20 December 2026 {INSTALLMENT}" in said
        for word in ("overdue", "late ", "default", "debt", "arrears"):
            assert word not in said.replace("late fee", "")

    @pytest.mark.case("R053")
    def test_a_part_payment_is_thanked_for_and_only_the_rest_is_open(self, mine, session, borrower):
        loan = a_loan(session, borrower, missed=1)
        a_payment(session, loan, 4_000, date(2026, 11, 25))
        said = mine.get("/my/").text
        assert "Part of November has not reached us yet." in said
        assert "Not received yetRest of November $70.02 $70.02" in said
        assert "$40.00 arrived, thank you" in schedule(mine, loan).text

    def test_a_loan_that_is_paid_back_asks_for_nothing(self, mine, session, borrower):
        loan = a_loan(session, borrower)
        record_payment(session, loan, 66_008, TODAY, NOW, TODAY)
        page = mine.get("/my/")
        assert "It is all paid back, $1,320.20 in all. Thank you." in page.text
        assert "Next payment" not in page.text and "I am having difficulty" not in page.text
        assert schedule(mine, loan).text.count("Everything is paid. Thank you.") == 1

    @pytest.mark.parametrize(
        ("late_fee", "says"),
        [
            pytest.param("not_stated", None, id="where nobody has said, no page does"),
            pytest.param("none", "There is no late fee.", id="where there is none, it says so"),
            pytest.param("charged", "A late fee may be added", id="where one may come, it says so"),
        ],
    )
    def test_what_is_said_of_late_fees_is_what_the_product_states(self, mine, session, borrower, late_fee, says):
        a_loan(session, borrower, product=a_product(session, Conventions(late_fee=late_fee)))
        said = mine.get("/my/").text
        assert ("late fee" in said) == (says is not None)
        assert says is None or says in said

    @pytest.mark.case("R008")
    def test_paying_exactly_what_was_shown_settles_the_loan(self, mine, session, borrower):
        product = a_product(session, Conventions())
        loan = a_loan(
            session,
            borrower,
            product=product,
            principal=100_000,
            annual_rate="0",
            installments=3,
            first_due_on=date(2026, 12, 10),
            disbursed_on=date(2026, 11, 10),
        )
        assert [row[1] for row in schedule(mine, loan).rows() if "$" in row[-1]] == ["$333.33", "$333.33", "$333.34"]
        for amount in (33_333, 33_333, 33_334):
            record_payment(session, loan, amount, TODAY, NOW, TODAY)
        assert "It is all paid back, $1,000.00 in all." in mine.get("/my/").text
        assert (loan.status, loan.next_due_on) == ("paid_off", None)

    def test_several_loans_are_all_there_each_with_its_own_currency_and_those_to_pay_first(
        self, mine, session, borrower, lender
    ):
        paid = a_loan(session, borrower, reference="NF-PAID")
        record_payment(session, paid, 66_008, TODAY, NOW, TODAY)
        a_loan(session, borrower, reference="NF-TWD", currency="TWD")
        a_loan(session, borrower, reference="NF-JPY", currency="JPY", unit="weeks", missed=1)
        page = mine.get("/my/")
        headings = [" ".join(h.itertext()) for h in page.root.iter("h2")]
        assert headings[:3] == ["Loan NF-TWD", "Loan NF-JPY", "Loan NF-PAID"]
        assert "NT$660" in page.text and "NT$660." not in page.text
        assert re.search(r"¥\d", page.text) and not re.search(r"¥[\d,]+\.\d", page.text)
        assert "Your reference" not in page.text

    def test_a_loan_that_was_written_off_or_is_somebody_elses_is_not_there(self, mine, session, borrower):
        a_loan(session, borrower, status="open").status = "written_off"
        a_loan(session, a_borrower(session))
        assert "There is nothing to pay at the moment." in mine.get("/my/").text

    def test_the_officer_is_named_in_the_readers_script_with_how_to_reach_them(self, mine, session, borrower):
        a_loan(session, borrower)
        assert "Grace Lim" in mine.get("/my/").text
        assert "林佩儀" in mine.get("/my/?lang=zh-Hant").text
        hans = mine.get("/my/?lang=zh-Hans").text
        assert "林佩仪" in hans and "555 0142" in hans

    def test_without_an_officer_and_a_greeting_the_letter_is_still_whole(self, mine, session, borrower):
        borrower.officer_id = borrower.greeting = None
        borrower.name = "Budi"
        a_loan(session, borrower)
        said = mine.get("/my/").text
        assert "Dear Budi," in said
        assert "looks after your loan" not in said and "None" not in said

    def test_a_request_and_an_agreement_show_on_home(self, mine, session, borrower, offer):
        loan = a_loan(session, borrower, missed=2)
        request = a_request(session, loan)
        assert "Your request is with us. We answer by Wednesday 9 December, and until then" in mine.get("/my/").text
        offer(request)
        assert "An answer is waiting for you." in mine.get("/my/").text
        requests.accept(session, borrower, request, 1, request.version, NOW)
        assert mine.get("/my/").click("See our agreement").h1 == "Agreement to change payments"

    def test_a_question_and_a_draft_show_on_home(self, mine, session, borrower, officer):
        request = a_request(session, a_loan(session, borrower))
        decisions.ask(session, officer, request, request.version, "Is it the same each week?", NOW)
        assert mine.get("/my/").click("Answer it here").h1 == "A question for you"


class TestNews:
    def test_pay_difficulty_and_schedule_are_doors_and_everything_else_is_below(self, mine, session, borrower):
        a_loan(session, borrower)
        page = mine.get("/my/")
        doors = next(ul for ul in page.root.iter("ul") if ul.get("class") == "doors")
        names = [" ".join(b.itertext()) for b in doors.iter("b")]
        assert names[-2:] == ["I am having difficulty", "See my schedule"]
        assert {"Something is not right", "Passbook: what we did and promised", "My data"} <= set(page.links())
        assert {"How we contact you", "Make a complaint", "Free independent advice"} <= set(page.links())

    def test_what_waits_comes_before_what_is_left(self, mine, session, borrower, officer, keys):
        loan = a_loan(session, borrower)
        request = a_request(session, loan)
        decisions.ask(session, officer, request, request.version, "Is it the same each week?", NOW)
        complaint = complaints.raise_complaint(session, borrower, "other", None, None, None, NOW)
        said = mine.get("/my/").text
        assert said.index("We have a question for you.") < said.index("You have paid back")
        assert said.index("Your complaint is with us. We answer by Wednesday 23 December.") < said.index("Left to pay")
        complaints.answer_complaint(session, a_supervisor(session), complaint, "upheld", "You are right.", NOW)
        assert mine.get("/my/").links()["Read the answer"] == f"/my/complaints/{complaint.public_id}"

    def test_an_answer_is_news_for_sixty_days(self, clock, mine, session, borrower):
        a_loan(session, borrower)
        complaint = complaints.raise_complaint(session, borrower, "other", None, None, None, NOW)
        complaints.answer_complaint(session, a_supervisor(session), complaint, "upheld", "You are right.", NOW)
        clock.forward(days=61)
        assert "answered your complaint" not in mine.sign_in(borrower).get("/my/").text


class TestTheDayThatItIs:
    @pytest.mark.case("R016")
    @pytest.mark.parametrize(
        ("local", "late"),
        [
            ("2026-12-20T00:01", False),
            ("2026-12-20T12:00", False),
            ("2026-12-20T23:59", False),
            ("2026-12-21T00:00", True),
        ],
    )
    def test_a_payment_is_late_from_the_first_minute_of_the_next_day_where_the_lender_is(
        self, clock, mine, session, borrower, local, late
    ):
        loan = a_loan(session, borrower)
        clock.set(datetime.fromisoformat(f"{local}+08:00"))
        said = mine.sign_in(borrower).get("/my/").text
        assert ("has not reached us yet" in said) is late
        assert ("Next paymentSunday 20 December 2026" in said) is not late
        assert ("Not received yet" in schedule(mine, loan).text) is late

    @pytest.mark.case("R014")
    @pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Taipei", "Pacific/Kiritimati", "UTC"])
    def test_a_due_date_is_the_same_date_in_every_zone_and_language(self, mine, session, borrower, lender, zone):
        lender.zone = borrower.zone = zone
        loan = a_loan(session, borrower, first_due_on=date(2026, 12, 31), disbursed_on=date(2026, 11, 30))
        for language, said in (
            ("en", "31 December 2026"),
            ("zh-Hans", "2026年12月31日"),
            ("zh-Hant", "2026年12月31日"),
        ):
            assert said in mine.get(f"/my/?lang={language}").text
            on_schedule = schedule(mine, loan).text.replace(" ", "")
            assert ("31December" if language == "en" else "12月31日") in on_schedule

    @pytest.mark.case("R017")
    @pytest.mark.parametrize(
        ("language", "on", "at"),
        [
            ("en", "18 March 2027", "07:00"),
            ("zh-Hans", "2027年3月18日", "07:00"),
            ("zh-Hant", "2027年3月18日", "07:00"),
        ],
    )
    def test_day_and_hour_of_one_instant_are_of_one_zone(self, clock, mine, session, borrower, offer, language, on, at):
        loan = a_loan(session, borrower, installments=18)
        clock.set(datetime.fromisoformat("2027-03-17T23:00+00:00"))
        request = offer(a_request(session, loan, clock.now()), now=clock.now())
        requests.accept(session, borrower, request, 1, request.version, clock.now())
        page = mine.sign_in(borrower).get(f"/my/requests/{request.public_id}?lang={language}")
        address = next(to for to in page.links().values() if "/agreements/" in to)
        said = mine.get(address).text
        assert on in said and at in said
        assert "17 March 2027" not in said and "3月17日" not in said

    def test_pages_carry_the_lenders_date_and_not_the_servers(self, clock, mine, session, borrower):
        clock.set(datetime.fromisoformat("2026-12-02T23:30+00:00"))
        a_loan(session, borrower)
        assert "3 December 2026" in mine.sign_in(borrower).get("/my/").text


class TestTheSchedule:
    def test_every_payment_is_there_with_what_is_left_after_it(self, mine, session, borrower):
        loan = a_loan(session, borrower, missed=1)
        page = schedule(mine, loan)
        rows = [row for row in page.rows() if len(row) == 3 and "$" in row[2]]
        assert [row[0] for row in rows][:2] == ["20 November", "20 DecemberNext payment"]
        assert rows[-1] == ["20 MayLast payment", "$109.98", "$0.00"]
        assert len(rows) == 7
        assert "5 payments made, thank you" in page.text

    def test_home_and_schedule_say_the_same_left_over(self, mine, session, borrower):
        loan = a_loan(session, borrower, missed=2)
        rows = [row for row in schedule(mine, loan).rows() if len(row) == 3 and "$" in row[2]]
        total = sum(int(row[1].replace("$", "").replace(".", "").replace(",", "")) for row in rows)
        assert f"Left to pay, in all ${total / 100:,.2f}" in mine.get("/my/").text


class TestGuarantors:
    def test_they_are_named_where_there_is_one(self, mine, session, borrower):
        loan = a_loan(session, borrower)
        session.add(LoanPerson(loan=loan, borrower=a_borrower(session, name="Wei Chen"), role="guarantor"))
        a_request(session, loan).status = "draft"
        said = mine.get(f"/my/loans/{loan.public_id}/difficulty/check").text
        assert "What you told us is not shown to Wei Chen." in said
        assert "Nobody outside" not in said

    def test_nobody_is_promised_about_where_there_is_none(self, mine, session, borrower):
        loan = a_loan(session, borrower)
        a_request(session, loan).status = "draft"
        assert "Nobody outside is told that you wrote." in mine.get(f"/my/loans/{loan.public_id}/difficulty/check").text


class TestSigningOut:
    @pytest.mark.case("R044")
    def test_it_ends_the_session_in_every_copy_of_the_cookie(self, app, mine, session, borrower):
        a_loan(session, borrower)
        home = mine.get("/my/")
        copy = app.test_client()
        copy.set_cookie("leeway", mine.client.get_cookie("leeway").value)
        assert copy.get("/my/").status_code == 200
        closed = home.submit("Sign out")
        assert (closed.path, closed.h1) == ("/signed-out", "You have signed out")
        assert copy.get("/my/").status_code == mine.get("/my/").status == 401

    @pytest.mark.case("R044")
    def test_no_page_may_be_kept_by_the_browser(self, mine, session, borrower):
        loan = a_loan(session, borrower)
        for page in (mine.get("/my/"), schedule(mine, loan), mine.get(f"/my/loans/{loan.public_id}/difficulty/budget")):
            assert page.response.headers["Cache-Control"] == "no-store"

    def test_a_session_rests_after_a_quarter_of_an_hour(self, clock, mine, session, borrower):
        a_loan(session, borrower)
        clock.forward(minutes=14)
        assert mine.get("/my/").status == 200
        clock.forward(minutes=14)
        assert mine.get("/my/").status == 200, "whoever is still there is not asked again"
        clock.forward(minutes=16)
        closed = mine.get("/my/")
        assert (closed.status, closed.h1) == (401, "This page is closed")
        assert {"/new-link", "/enter"} <= set(closed.links().values())

    def test_a_session_ends_after_twelve_hours_whatever_happens_in_it(self, clock, mine, session, borrower):
        a_loan(session, borrower)
        for _ in range(50):
            clock.forward(minutes=14)
            assert mine.get("/my/").status == 200
        clock.set(NOW + timedelta(hours=12, minutes=1))
        assert mine.get("/my/").status == 401

    def test_a_member_of_staff_is_no_borrower(self, pages, session, lender):
        assert pages.sign_in(an_officer(session)).get("/my/").status == 401
