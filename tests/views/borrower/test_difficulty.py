"""'I am having difficulty': one question a page, each kept as it is sent; a budget; plans; check; send."""

import re
from datetime import date

import pytest
from sqlalchemy import func, select

from portal.models import HardshipRequest, HardshipStep, Submission
from portal.queries.requests import words_of
from portal.services import decisions
from portal.services.loans import record_payment
from tests.factories import NOW, TODAY, a_draft, a_loan, a_request
from tests.pages import Pages, text_of

WORDS = "My hours were cut in September.\nI expect more in spring."


@pytest.fixture
def loan(session, borrower):
    return a_loan(session, borrower, missed=2)


@pytest.fixture
def difficulty(mine, loan):
    """`difficulty("budget")`: the page of that name, of the one loan."""
    return lambda name="": mine.get(f"/my/loans/{loan.public_id}/difficulty{name and '/' + name}")


NO_CLEAR_AMOUNTS = [
    *("1,,200", "12,00.50", "11,11.11", "25,00", "1.200,50", "-1", "-0.01", "－５００", "0.001", "99999999999999"),
    *("NaN", "sNaN", "Infinity", "-Infinity", "1e5", "1E+30", "1_000", "0x10", "9" * 40),
]
# Sent by a page that was open since before that day passed, or by hand.
TOO_EARLY = {"form_key": "0" * 32, "plan": "own", "own_amount": "90", "own_from": "2026-11-30"}


def the_request(session):
    return session.scalars(select(HardshipRequest)).one()


def values(page, name):
    return [field.get("value") for field in page.root.iter("input") if field.get("name") == name]


def chosen(page, name):
    return [
        field.get("value")
        for field in page.root.iter("input")
        if field.get("name") == name and field.get("checked") is not None
    ]


class TestOneQuestionAPage:
    def test_from_home_to_a_request_that_was_sent(self, mine, session, loan):
        page = mine.get("/my/").click("I am having difficulty").click("What happened")
        page = page.submit("Save and continue", change="less_work")
        assert the_request(session).change == "less_work"
        page = page.submit("Save and continue", lasting="three_months")
        assert the_request(session).lasting == "three_months"
        page = page.submit("Save and continue", words=WORDS)
        assert words_of(session, the_request(session)) == WORDS
        page = page.submit("Save and continue", wages="1,480", home="900", food="360")
        assert the_request(session).left_over == 22_000
        assert "Your budget leaves about $220.00 a month." in page.text
        page = page.submit("Continue", plan=values(page, "plan")[0])
        assert "My hours were cut in September." in page.text and "$220.00" in page.text
        page = page.submit("Send")
        assert page.h1 == "Your request is with us"
        assert the_request(session).status == "sent"
        assert "answers by Wednesday 9 December" in page.text

    def test_looking_at_the_pages_begins_nothing(self, difficulty, session):
        for name in ("", "change", "lasting", "words", "budget", "plans", "check"):
            assert difficulty(name).status == 200
        assert session.scalars(select(HardshipRequest)).all() == []

    def test_each_answer_is_there_again_when_its_page_is_opened(self, difficulty, session):
        difficulty("change").submit("Save and continue", change="illness")
        difficulty("words").submit("Save and continue", words=WORDS)
        difficulty("budget").submit("Save and continue", wages="1480.5", food="360")
        assert chosen(difficulty("change"), "change") == ["illness"]
        assert WORDS in difficulty("words").html
        assert values(difficulty("budget"), "wages") == ["1,480.50"]
        told = difficulty().text
        assert "I am ill, or someone at home is" in told and "Left over each month: $1,120.50" in told

    def test_an_answer_can_be_changed(self, difficulty, session):
        difficulty("change").submit("Save and continue", change="illness")
        difficulty("change").submit("Save and continue", change="bereavement")
        assert the_request(session).change == "bereavement"

    def test_it_can_be_left_for_later_and_gone_on_with_from_home(self, mine, difficulty):
        page = difficulty("change").submit("Save and come back later", change="new_cost")
        assert page.h1 == "Tell us how things are"
        assert "It is kept, and not sent yet." in mine.get("/my/").text
        assert mine.get("/my/").click("Go on with it").h1 == "Tell us how things are"

    @pytest.mark.case("R044")
    def test_the_draft_is_kept_through_signing_out_and_shown_to_nobody_else(
        self, app, session, mine, borrower, loan, difficulty
    ):
        difficulty("words").submit("Save and continue", words=WORDS)
        mine.get("/my/").submit("Sign out")
        assert difficulty("words").status == 401 and "hours" not in difficulty("words").html
        again = Pages(app, session).sign_in(borrower)
        assert WORDS in again.get(f"/my/loans/{loan.public_id}/difficulty/words").html

    def test_a_page_without_an_answer_says_so_and_begins_nothing(self, difficulty, session):
        page = difficulty("change").submit("Save and continue")
        assert page.status == 422
        assert "Please choose one of these." in page.text
        assert session.scalars(select(HardshipRequest)).all() == []

    def test_words_that_are_too_long_are_all_still_there(self, difficulty, session):
        page = difficulty("words").submit("Save and continue", words="够" * 4001)
        assert page.status == 422
        assert "This is 4001 characters long, and 4000 fit." in page.text
        assert "够" * 4001 in page.html

    def test_a_second_question_page_promises_the_pause_only_before_it_began(self, difficulty):
        assert "reminders pause for 7 days" in difficulty("change").text
        difficulty("change").submit("Save and continue", change="illness")
        assert "reminders pause" not in difficulty("lasting").text
        assert "Reminders are paused until 9 December." in difficulty().text


class TestSentTwice:
    def test_the_same_page_sent_twice_is_one_answer(self, difficulty, session):
        page = difficulty("change")
        first = page.submit("Save and continue", change="illness")
        second = page.submit("Save and continue", change="illness")
        assert first.path == second.path
        assert len(the_request(session).steps) == 1
        assert session.scalar(select(func.count()).select_from(Submission)) == 1

    def test_a_back_button_and_another_answer_is_the_first_answers_page(self, difficulty, session):
        """The same form again is the same submission, so it changes nothing; opened anew, it does."""
        page = difficulty("change")
        page.submit("Save and continue", change="illness")
        page.submit("Save and continue", change="disaster")
        assert the_request(session).change == "illness"
        difficulty("change").submit("Save and continue", change="disaster")
        assert the_request(session).change == "disaster"

    @pytest.mark.case("R025")
    def test_two_tabs_work_on_one_request(self, app, session, difficulty, borrower, loan):
        first = difficulty("change")
        second = Pages(app, session).sign_in(borrower).get(f"/my/loans/{loan.public_id}/difficulty/lasting")
        first.submit("Save and continue", change="illness")
        second.submit("Save and continue", lasting="longer")
        request = the_request(session)
        assert (request.change, request.lasting) == ("illness", "longer")

    @pytest.mark.case("R025")
    def test_a_request_that_was_sent_is_where_a_second_one_leads(self, mine, session, loan):
        case = a_request(session, loan)
        for name in ("", "/change", "/budget", "/check"):
            page = mine.get(f"/my/loans/{loan.public_id}/difficulty{name}")
            assert (page.path, page.status) == (f"/my/requests/{case.public_id}", 200)
        assert the_request(session).status == "sent"

    def test_sending_twice_is_one_request(self, session, loan, difficulty, draft_with_plan):
        page = difficulty("check")
        first = page.submit("Send")
        second = page.submit("Send")
        assert (first.path, first.text) == (second.path, second.text)
        actions = [step.action for step in the_request(session).steps]
        assert actions.count("send") == 1

    def test_what_changed_in_another_tab_is_shown_before_it_is_sent(self, session, loan, difficulty, draft_with_plan):
        check = difficulty("check")
        difficulty("change").submit("Save and continue", change="disaster")
        page = check.submit("Send")
        assert page.status == 409
        assert "Something changed while this page was open. It was not sent." in page.text
        assert "A flood, a fire, a theft or an accident" in page.text
        assert page.submit("Send").h1 == "Your request is with us"


@pytest.fixture
def draft_with_plan(session, loan, difficulty):
    """A draft in which everything is told and the first plan of the page is proposed."""
    a_draft(session, loan)
    page = difficulty("plans")
    return page.submit("Continue", plan=values(page, "plan")[0])


class TestBudget:
    @pytest.mark.case("R094", "R095", "R097", "R098", "R110")
    @pytest.mark.parametrize(
        ("typed", "language", "kept"),
        [
            ("1480", "en", 148_000),
            ("1,480.50", "en", 148_050),
            ("１２００", "zh-Hans", 120_000),
            ("１，２３４．５０", "zh-Hant", 123_450),
            ("$1,200", "en", 120_000),
            ("٣٤٠", "ar", 34_000),
            ("۳۴۰", "ar", 34_000),
            ("0", "en", 0),
        ],
    )
    def test_an_amount_in_any_digits_is_read_and_read_back(self, mine, loan, session, typed, language, kept):
        address = f"/my/loans/{loan.public_id}/difficulty/budget"
        page = mine.get(f"{address}?lang={language}")
        form_key = values(page, "form_key")[0]
        mine.post(address, form_key=form_key, wages=typed, home="")
        assert the_request(session).budget == {"wages": kept}
        read_back = values(mine.get(f"{address}?lang=en"), "wages")[0]
        assert read_back.isascii() and round(float(read_back.replace(",", "")) * 100) == kept

    @pytest.mark.case("R094", "R095", "R097", "R110")
    @pytest.mark.parametrize(
        "typed",
        NO_CLEAR_AMOUNTS,
    )
    def test_what_is_no_clear_amount_is_refused_at_its_field_and_kept(self, difficulty, session, typed):
        page = difficulty("budget").submit("Save and continue", wages=typed, home="900", food="abc")
        assert page.status == 422
        assert [f.get("value") for f in page.root.iter("input") if f.get("name") in ("wages", "home", "food")] == [
            typed,
            "900",
            "abc",
        ]
        wrong = [f.get("name") for f in page.root.iter("input") if f.get("aria-invalid")]
        assert wrong == ["wages", "food"]
        assert "Nothing is lost. Please look at this once more:" in page.text
        assert "-0.00" not in page.text and "-$0.00" not in page.text
        assert session.scalars(select(HardshipRequest)).all() == []

    @pytest.mark.case("R095")
    def test_a_badly_grouped_amount_is_refused_with_what_it_may_mean(self, difficulty):
        page = difficulty("budget").submit("Save and continue", wages="12,00.50", home="25,00")
        assert "Did you mean $1,200.50? Please write it that way." in page.text
        assert "This can be read as $25.00 or as $2,500.00." in page.text

    def test_it_can_be_left_out_whatever_stands_in_it(self, difficulty, session):
        page = difficulty("budget").submit("Leave this out", wages="1,,2")
        assert page.h1 == "What could work for you?"
        assert "Without a budget we cannot tell what fits; you can." in page.text
        assert "Left out" in difficulty().text
        assert the_request(session).left_over is None

    def test_costs_above_income_are_said_as_they_are(self, difficulty, session):
        page = difficulty("budget").submit("Save and continue", wages="100", food="360")
        assert the_request(session).left_over == -26_000
        assert "Hard for now" in page.text
        assert "Fits within what is left over" not in page.text


class TestPlans:
    def test_every_plan_says_what_is_paid_until_when_in_all_and_what_it_costs_more(self, difficulty):
        said = difficulty("plans").text
        for title in ("Smaller payments, for longer", "Pause for 2 months, then carry on", "Move my payment to day 1"):
            assert title in said
        assert said.count("Left to pay, in all") == 5
        assert "10 payments more than today $937.94$57.82 more than today" in said
        assert "On 20 December, to be up to date $330.06" in said
        assert "Northfield reports this loan as “payments arranged”." in said

    @pytest.mark.parametrize(
        ("installments", "told"),
        [
            (12, "$146.69from 20 December 2026 Last payment 20 May 2027the last one is $146.67"),
            (18, "$102.106 times, then $76.57 Last payment 20 November 2027the last one is $76.51"),
        ],
    )
    def test_catching_up_says_over_how_many_payments_and_what_follows(
        self, mine, session, borrower, installments, told
    ):
        """The sixth share is smaller by a cent or two, and is still one of the six."""
        loan = a_loan(session, borrower, missed=2, installments=installments)
        said = mine.get(f"/my/loans/{loan.public_id}/difficulty/plans").text
        assert "Catch up over 6 months" in said
        assert told in said

    def test_what_fits_the_budget_comes_first_and_what_does_not_says_by_how_much(self, difficulty):
        page = difficulty("budget").submit("Save and continue", wages="1480", food="1390")
        fits, hard = page.text.split("Hard for now")
        assert "Fits within what is left over" in fits
        assert "Catch up over" in hard and "more each time than what is left over" in hard

    @pytest.mark.parametrize("at", [0, 1, 2, 3])
    def test_what_was_seen_on_the_page_is_what_is_checked_and_asked_for(self, difficulty, session, at):
        page = difficulty("plans")
        value = values(page, "plan")[at]
        seen = page.root.find(f".//*[@id='plan-{value}']//dl")
        checked = page.submit("Continue", plan=value)
        assert text_of(seen) in checked.text
        assert value.split(".")[1] == the_request(session).proposed_figures["fingerprint"][:12]

    def test_none_of_these_asks_us_to_suggest_something(self, difficulty, session):
        page = difficulty("plans").submit("Continue", plan="suggest")
        assert "We are to suggest something" in page.text
        assert the_request(session).proposed is None

    def test_without_a_choice_the_page_asks_for_one(self, difficulty):
        page = difficulty("plans").submit("Continue")
        assert page.status == 422 and "Please choose one of these." in page.text

    def test_another_plan_may_be_proposed_until_it_is_answered(self, mine, session, loan, difficulty):
        case = a_request(session, loan)
        page = difficulty("plans")
        page = page.submit("Continue", plan=values(page, "plan")[1])
        assert page.path == f"/my/requests/{case.public_id}"
        assert "You changed your request" in page.text
        assert the_request(session).option == "pause_then_on"

    @pytest.mark.case("R032")
    def test_a_plan_whose_figures_changed_while_it_was_read_is_refused_with_the_new_ones(
        self, difficulty, session, loan
    ):
        page = difficulty("plans")
        record_payment(session, loan, 6_000, TODAY, NOW, TODAY)
        refused = page.submit("Continue", plan=values(page, "plan")[0])
        assert refused.status == 422
        assert "The figures changed while you were reading, so here are the new ones." in refused.text
        assert "Left to pay, in all $820.12" in refused.text
        assert session.scalars(select(HardshipRequest)).all() == []
        assert refused.submit("Continue", plan=values(refused, "plan")[0]).h1 == "Check and send"

    @pytest.mark.case("R032")
    def test_a_draft_whose_figures_changed_is_not_sent_before_they_were_seen(
        self, difficulty, session, loan, draft_with_plan
    ):
        record_payment(session, loan, 11_002, TODAY, NOW, TODAY)
        page = draft_with_plan.submit("Send")
        assert page.status == 409
        assert "The figures of your plan have changed since you saw them" in page.text
        assert the_request(session).status == "draft"
        new = the_request(session).proposed_figures["comparison"]["left_to_pay_new"]
        assert f"${new / 100:,.2f}" in page.text
        assert page.submit("Send").h1 == "Your request is with us"

    @pytest.mark.case("R032")
    def test_a_plan_is_built_on_what_is_left_after_the_newest_payment(self, mine, session, borrower):
        loan = a_loan(
            session,
            borrower,
            principal=300_000,
            annual_rate="0",
            installments=10,
            disbursed_on=date(2026, 11, 20),
            first_due_on=date(2026, 12, 20),
        )
        address = f"/my/loans/{loan.public_id}/difficulty/plans"
        before = mine.get(address)
        record_payment(session, loan, 60_000, TODAY, NOW, TODAY)
        refused = before.submit("Continue", plan=values(before, "plan")[0])
        assert refused.status == 422 and "$2,400.00" in refused.text
        page = mine.get(address).submit("Continue", plan="own", own_amount="300")
        payments = proposed_payments(session)
        assert [sum(parts) for _, *parts in payments] == [30_000] * 8
        assert "$2,400.00" in page.text


def proposed_payments(session):
    return the_request(session).proposed_figures["future"]


def a_new_loan(session, borrower, principal, rate, installments=24):
    return a_loan(
        session,
        borrower,
        principal=principal,
        annual_rate=rate,
        installments=installments,
        disbursed_on=date(2026, 11, 20),
        first_due_on=date(2026, 12, 20),
    )


class TestMyOwnAmount:
    def own(self, mine, loan, typed, **more):
        page = mine.get(f"/my/loans/{loan.public_id}/difficulty/plans?lang=en")
        return page.submit("Continue", plan="own", own_amount=typed, **more)

    @pytest.mark.case("R094", "R095", "R110")
    @pytest.mark.parametrize(
        "typed",
        ["0", "0.0", "0.00", "-0", "0.001", "0.004", "-1", "-0.01", "", "99999999999999", "1,,200", "NaN", "1e5"],
    )
    def test_what_is_no_amount_is_refused_with_a_sentence_at_the_field(self, mine, loan, session, typed):
        page = self.own(mine, loan, typed)
        assert page.status == 422
        assert [f.get("name") for f in page.root.iter("input") if f.get("aria-invalid")] == ["own_amount"]
        assert values(page, "own_amount") == [typed] and chosen(page, "plan") == ["own"]
        assert session.scalars(select(HardshipRequest)).all() == []

    @pytest.mark.case("R005")
    @pytest.mark.parametrize("typed", ["300.00", "360.00"])
    def test_an_amount_that_never_repays_is_refused_with_the_lowest_that_does(self, mine, session, borrower, typed):
        loan = a_new_loan(session, borrower, 1_200_000, "36")
        page = self.own(mine, loan, typed)
        assert page.status == 422
        found = page.text.split("From $")[1].split(" each time it would.")[0]
        assert session.scalars(select(HardshipRequest)).all() == []
        assert self.own(mine, loan, found).h1 == "Check and send"
        cent_less = f"{float(found) - 0.01:.2f}"
        assert self.own(mine, loan, cent_less).status == 422

    @pytest.mark.case("R005")
    def test_an_amount_that_takes_longer_than_is_possible_is_refused_with_that_reason(self, mine, session, borrower):
        loan = a_new_loan(session, borrower, 1_200_000, "36")
        page = self.own(mine, loan, "360.01")
        assert page.status == 422
        said = re.search(r"This would take 358 payments, and at most 240 are possible. From \$([\d.]+) each", page.text)
        assert said and self.own(mine, loan, said[1]).h1 == "Check and send"

    @pytest.mark.case("R007")
    def test_the_number_of_payments_follows_from_the_amount_and_is_the_same_everywhere(self, mine, session, borrower):
        loan = a_new_loan(session, borrower, 130_000, "20", installments=12)
        page = mine.get(f"/my/loans/{loan.public_id}/difficulty/plans")
        names = {f.get("name") for f in page.root.iter() if f.tag in ("input", "select")}
        assert names == {"csrf_token", "form_key", "plan", "own_amount", "own_from"}, (
            "a number is not asked for beside it"
        )
        checked = self.own(mine, loan, "140")
        future = proposed_payments(session)
        assert (len(future), sum(future[-1][1:])) == (11, 2_426)
        assert "20 October 2027the last one is $24.26" in checked.text

    @pytest.mark.case("R019")
    def test_a_start_that_is_too_early_is_refused_with_the_earliest_and_nothing_is_lost(self, mine, session, loan):
        page = mine.get(f"/my/loans/{loan.public_id}/difficulty/plans")
        refused = mine.post(
            page.path, form_key=values(page, "form_key")[0], plan="own", own_amount="90", own_from="2026-11-30"
        )
        assert refused.status == 422
        assert "The first payment can be on 20 December 2026 at the earliest." in refused.text
        assert values(refused, "own_amount") == ["90"] and chosen(refused, "plan") == ["own"]
        assert session.scalars(select(HardshipRequest)).all() == []

    @pytest.mark.case("R019")
    @pytest.mark.parametrize(("language", "day"), [("zh-Hans", "2026年12月20日"), ("zh-Hant", "2026年12月20日")])
    def test_it_is_said_in_the_borrowers_language(self, mine, loan, language, day):
        page = mine.get(f"/my/loans/{loan.public_id}/difficulty/plans?lang={language}")
        refused = mine.post(
            page.path, form_key=values(page, "form_key")[0], plan="own", own_amount="90", own_from="2026-11-30"
        )
        assert day in text_of(refused.root.find(".//*[@role='alert']"))

    def test_it_may_begin_at_one_of_the_next_due_dates(self, mine, loan, session):
        self.own(mine, loan, "90", own_from="2027-02-20")
        assert proposed_payments(session)[0][0] == "2027-02-20"

    @pytest.mark.case("R092")
    def test_an_amount_without_cents_is_one_where_the_lender_shows_none(self, mine, session, borrower):
        loan = a_loan(session, borrower, currency="TWD", principal=3_000_000, missed=2)
        assert self.own(mine, loan, "1200.50").status == 422
        assert self.own(mine, loan, "２０００").h1 == "Check and send"


class TestSeveralLoans:
    def test_each_loan_has_its_own_request_and_figures(self, mine, session, borrower):
        first, second = a_loan(session, borrower, missed=2), a_loan(session, borrower, principal=300_000, missed=1)
        for loan in (first, second):
            page = mine.get(f"/my/loans/{loan.public_id}/difficulty/change")
            page.submit("Save and continue", change="illness")
        assert {case.loan_id for case in session.scalars(select(HardshipRequest))} == {first.id, second.id}
        assert "$880.12" in mine.get(f"/my/loans/{first.public_id}/difficulty/plans").text
        assert "$880.12" not in mine.get(f"/my/loans/{second.public_id}/difficulty/plans").text


class TestCheckAndSend:
    def test_what_is_missing_is_named_and_cannot_be_sent(self, mine, difficulty, session):
        difficulty("change").submit("Save and continue", change="illness")
        page = difficulty("check")
        assert "Before you can send it, please tell us: How long it may last What could work for you" in page.text
        version = str(the_request(session).version)
        refused = mine.post(page.path, form_key="0" * 32, version=version)
        assert refused.status == 200 and "Before you can send it" in refused.text
        assert the_request(session).status == "draft"

    def test_without_a_draft_there_is_nothing_to_check(self, difficulty):
        assert difficulty("check").h1 == "Tell us how things are"

    def test_a_draft_that_is_withdrawn_is_gone_and_a_new_one_may_begin(self, mine, session, difficulty):
        difficulty("change").submit("Save and continue", change="illness")
        assert difficulty().submit("Put this away without sending").h1 == "Where things stand"
        assert the_request(session).status == "withdrawn"
        difficulty("change").submit("Save and continue", change="disaster")
        assert session.scalar(select(func.count()).select_from(HardshipRequest)) == 2

    def test_a_request_that_was_sent_may_be_taken_back(self, mine, session, loan):
        case = a_request(session, loan)
        page = mine.get(f"/my/requests/{case.public_id}").submit("Take my request back")
        assert page.h1 == "Your request is put away"
        assert "Nothing was changed. Your loan is as it was." in page.text
        assert the_request(session).status == "withdrawn"
        assert page.click("Ask again").h1 == "Tell us how things are"
        assert (
            session.scalar(select(func.count()).select_from(HardshipStep).where(HardshipStep.action == "withdraw")) == 1
        )

    def test_taking_it_back_twice_is_once(self, mine, session, loan):
        case = a_request(session, loan)
        page = mine.get(f"/my/requests/{case.public_id}")
        page.submit("Take my request back")
        assert page.submit("Take my request back").status == 200
        assert [step.action for step in the_request(session).steps].count("withdraw") == 1


class TestWordsOfDespair:
    @pytest.fixture(autouse=True)
    def lines(self, lender):
        lender.crisis_lines = [{"phone": "555 0199", "names": {"en": "Lifeline"}}]

    def test_whom_to_call_is_said_at_once_and_that_nobody_reads_what_is_not_sent(self, difficulty, session):
        page = difficulty("words").submit("Save and continue", words="I cannot go on like this.")
        for said in (
            "not sent, so no person here has read it",
            "These people listen now, and the loan can wait: 555 0199",
        ):
            assert said in page.text, said
        assert the_request(session).urgent

    def test_other_words_lead_on_and_take_it_back(self, difficulty, session):
        difficulty("words").submit("Save and continue", words="I cannot go on like this.")
        page = difficulty("words").submit("Save and continue", words=WORDS)
        assert "no person here" not in page.text and page.h1 == "Money in and money out"
        assert not the_request(session).urgent and "no person here" not in difficulty().text

    def test_once_it_is_sent_it_is_said_that_no_person_has_read_it_yet_until_one_has(
        self, mine, session, loan, borrower, officer
    ):
        sent = a_request(session, loan)
        address = f"/my/requests/{sent.public_id}"
        sent.urgent = True
        session.commit()
        page = mine.get(address)
        assert "read by the system and not yet by a person" in page.text and "555 0199" in page.text
        decisions.take(session, officer, sent, NOW)
        session.commit()
        assert "not yet by a person" not in mine.get(address).text

    def test_in_the_answer_to_a_question_they_are_heard_too(self, mine, session, loan, borrower, officer):
        asked = a_request(session, loan)
        decisions.ask(session, officer, asked, asked.version, "May your hours return?", NOW)
        session.commit()
        page = mine.get(f"/my/requests/{asked.public_id}")
        page = page.submit("Send my answer", answer="No. I do not want to live.")
        assert "read by the system and not yet by a person" in page.text and "Lifeline" in page.text
        page = mine.sign_in(officer).get("/staff/")
        assert "Words of despair. Please call now" in page.text
        assert "Words of despair. Please call now" in mine.get(f"/staff/requests/{asked.public_id}").text
