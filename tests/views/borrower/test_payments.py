"""Paying, telling of it, planning it, skipping one: what the pages say and what follows."""

import io
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal import tasks
from portal.domain.contact import Hold, decide
from portal.domain.policy import Limits
from portal.models import Document, HardshipRequest, LoanPerson, PaidNotice, Plan, Promise
from portal.queries.contacts import contact_facts
from portal.services import paid_notices, promises
from portal.services.loans import record_payment
from portal.services.plans import agreed_since
from tests.exchange.files import phone_photo
from tests.factories import NOW, TODAY, a_borrower, a_loan, a_payment, a_request

INSTALLMENT = 11_002
BANK = {
    "kind": "bank_transfer",
    "currencies": ["USD"],
    "holder": "Northfield",
    "bank": "Mill Bank",
    "account": "0412 7730 951",
}
LINK = {"kind": "payment_page", "currencies": ["USD"], "address": "https://pay.example/{reference}?a={amount}"}
EPC = {"kind": "epc_qr", "currencies": ["EUR"], "holder": "Northfield", "iban": "DE71110220330123456789"}
STORE = {"kind": "store_barcode", "currencies": ["TWD"], "code": "6AB", "account": "9530"}
CASH = {"kind": "in_person", "currencies": ["USD"], "places": {"en": "At 12 Mill Road.", "zh-Hans": "磨坊路 12 号。"}}


def page(mine, loan, name, **options):
    return mine.get(f"/my/loans/{loan.public_id}/{name}", **options)


def holds(session, borrower, loan, at=NOW):
    facts = contact_facts(session, [(borrower, loan)], "text", "reminder", at)
    decision = decide(facts[borrower.id, loan.id], (), at)
    return [decision.reason] if isinstance(decision, Hold) else []


class TestPay:
    @pytest.fixture
    def ways(self, lender):
        lender.pay_ways = [BANK, LINK, EPC, STORE, CASH]

    def test_it_offers_what_has_not_come_the_next_payment_another_amount_and_all_of_it(
        self, mine, session, borrower, ways
    ):
        loan = a_loan(session, borrower, missed=1)
        said = page(mine, loan, "pay").text
        assert "What has not come yet: $110.02" in said and "The next payment: $110.02" in said
        assert "All of it, to settle the loan today: $" in said
        assert "To pay $110.02" in said

    def test_the_ways_stand_in_the_lenders_order_with_the_loans_reference(self, mine, session, borrower, ways):
        loan = a_loan(session, borrower, reference="NF-20418")
        said = page(mine, loan, "pay").text
        names = ["By bank transfer", "On our payment page", "In cash"]
        assert sorted(names, key=said.index) == names
        assert "0412 7730 951" in said and "NF20418" in said and "At 12 Mill Road." in said
        assert "QR code" not in said and "convenience store" not in said

    def test_another_amount_is_chosen_without_a_script(self, mine, session, borrower, ways):
        loan = a_loan(session, borrower)
        page(mine, loan, "pay")
        shown = mine.page.submit("Show how to pay this", pay="other", amount="35.50")
        assert "To pay $35.50" in shown.text
        assert shown.links()["Pay $35.50 there"] == f"https://pay.example/{loan.reference.replace('-', '')}?a=35.50"

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            pytest.param("", "Please write an amount", id="nothing"),
            pytest.param("0", "above zero", id="zero"),
            pytest.param("99999", "This is more than settles the whole loan", id="more than is owed"),
        ],
    )
    def test_an_amount_that_can_not_be_is_said_and_kept(self, mine, session, borrower, ways, typed, says):
        loan = a_loan(session, borrower)
        page(mine, loan, "pay")
        shown = mine.page.submit("Show how to pay this", pay="other", amount=typed)
        assert shown.status == 422 and says in shown.text
        assert f'value="{typed}"' in shown.html

    def test_a_code_is_an_inline_picture_with_the_same_in_words(self, mine, session, borrower, lender):
        lender.pay_ways = [EPC]
        loan = a_loan(session, borrower, currency="EUR", reference="NF-7")
        shown = page(mine, loan, "pay")
        assert re.search(r'<svg [^>]*aria-label="QR code for €110.02 to Northfield, reference NF7"', shown.html)
        assert "DE71110220330123456789" in shown.text

    def test_a_stores_barcodes_stand_over_their_lines(self, mine, session, borrower, lender):
        lender.pay_ways = [STORE]
        loan = a_loan(session, borrower, currency="TWD", principal=1_200_000, annual_rate="0", reference="NF-7")
        shown = page(mine, loan, "pay")
        assert "Show these three barcodes at the counter, by Wednesday 16 December." in shown.text
        assert re.search(r"1512166AB\b.*\b9530000000000NF7\b.*\b1216..000001000\b", shown.text)

    def test_too_much_for_a_store_is_said(self, mine, session, borrower, lender):
        lender.pay_ways = [STORE]
        loan = a_loan(session, borrower, currency="TWD", principal=1_200_000_000, annual_rate="0")
        assert "A store takes up to NT$20,000 at once." in page(mine, loan, "pay").text

    def test_a_lender_without_ways_is_called(self, mine, session, borrower):
        assert "and we tell you how to pay" in page(mine, a_loan(session, borrower), "pay").text

    def test_all_that_is_shown_settles_the_loan(self, mine, session, borrower, ways):
        loan = a_loan(session, borrower)
        page(mine, loan, "pay")
        amount = re.search(r"settle the loan today: \$([\d.]+)", mine.page.text)[1]
        record_payment(session, loan, round(float(amount) * 100), TODAY, NOW, TODAY)
        assert loan.status == "paid_off"
        assert "There is nothing to pay at the moment." in page(mine, loan, "pay").text


class TestReceipt:
    def test_it_says_where_the_money_went_and_how_the_loan_stands_after_it(self, mine, session, borrower):
        loan = a_loan(session, borrower, missed=1)
        a_payment(session, loan, 4_000, date(2026, 11, 25))
        page(mine, loan, "pay")
        receipt = mine.page.click("25 November 2026")
        assert receipt.h1 == "Thank you. $40.00 has reached us"
        assert "Payment for November $70.02 of it is still open $40.00" in receipt.text.replace(
            "November$", "November $"
        )
        assert "Not received yet $70.02" in receipt.text

    def test_a_payment_that_was_taken_back_says_so(self, mine, session, borrower):
        loan = a_loan(session, borrower)
        entry = a_payment(session, loan, 4_000, date(2026, 11, 25))
        reversal = a_payment(session, loan, 4_000, date(2026, 11, 26))
        reversal.kind, reversal.reverses_id = "reversal", entry.id
        assert page(mine, loan, f"receipts/R-{entry.id:06d}").h1 == "This payment was taken back"

    def test_another_loans_number_is_nowhere(self, mine, session, borrower):
        loan, other = a_loan(session, borrower), a_loan(session, a_borrower(session))
        entry = a_payment(session, other, 4_000, TODAY)
        assert page(mine, loan, f"receipts/R-{entry.id:06d}").status == 404


class TestIHavePaid:
    def tell(self, mine, loan, amount="110.02", day="2026-12-02", **more):
        page(mine, loan, "paid")
        return mine.page.submit("Save", amount=amount, paid_on=day, **more)

    def test_it_is_thanked_for_and_reminders_rest_for_five_working_days(self, mine, session, borrower):
        loan = a_loan(session, borrower, missed=1)
        said = self.tell(mine, loan, words="Mill Bank, 14:05").text
        assert "You told us that you have paid $110.02. Thank you." in said
        assert "no reminders about this loan until Wednesday 9 December" in said
        assert holds(session, borrower, loan) == ["paid"]
        assert "Mill Bank" not in session.scalars(select(PaidNotice.words_sealed)).one()

    def test_when_the_money_comes_the_page_says_so_and_reminders_may_go_again(self, mine, session, borrower):
        loan = a_loan(session, borrower, missed=1)
        self.tell(mine, loan)
        record_payment(session, loan, INSTALLMENT, TODAY, NOW, TODAY)
        said = page(mine, loan, "paid").text
        assert "Your $110.02 has reached us." in said and "See the receipt" in said
        assert holds(session, borrower, loan) == []

    def test_what_had_come_already_is_found_at_once(self, mine, session, borrower):
        loan = a_loan(session, borrower, missed=1)
        a_payment(session, loan, INSTALLMENT, TODAY)
        assert "Your $110.02 has reached us." in self.tell(mine, loan).text

    def test_another_amount_is_another_payment(self, mine, session, borrower):
        loan = a_loan(session, borrower, missed=1)
        self.tell(mine, loan)
        record_payment(session, loan, INSTALLMENT - 1, TODAY, NOW, TODAY)
        assert session.scalars(select(PaidNotice.status)).one() == "open"

    def test_one_payment_answers_one_of_two(self, mine, session, borrower):
        loan = a_loan(session, borrower, missed=2)
        self.tell(mine, loan)
        self.tell(mine, loan)
        record_payment(session, loan, INSTALLMENT, TODAY, NOW, TODAY)
        assert sorted(session.scalars(select(PaidNotice.status))) == ["found", "open"]

    def test_a_loan_book_that_says_so_much_more_was_paid_is_looked_at_by_itself(self, mine, app, session, borrower):
        loan = a_loan(session, borrower, missed=1)
        self.tell(mine, loan)
        # What an import does: it moves the position, and enters no payment.
        notice = session.scalars(select(PaidNotice)).one()
        notice.paid_before -= INSTALLMENT
        session.commit()
        assert tasks.look_for_payments(app) == 1

    def test_after_the_rest_a_person_looks_and_reminders_are_held_no_more(self, mine, session, borrower, clock):
        loan = a_loan(session, borrower, missed=1)
        self.tell(mine, loan)
        clock.forward(days=8)
        assert "a person is looking for it" in mine.sign_in(borrower).get(f"/my/loans/{loan.public_id}/paid").text
        assert holds(session, borrower, loan, clock.now()) == []

    def test_it_can_be_taken_back(self, mine, session, borrower):
        loan = a_loan(session, borrower, missed=1)
        self.tell(mine, loan)
        mine.page.submit("That was a mistake, take it back")
        assert session.scalars(select(PaidNotice.status)).one() == "withdrawn"
        assert holds(session, borrower, loan) == []

    def test_only_the_amount_and_the_day_are_needed_and_nothing_typed_is_lost(self, mine, session, borrower):
        loan = a_loan(session, borrower)
        shown = self.tell(mine, loan, amount="", day="2026-13-01", words="by my brother")
        assert shown.status == 422 and "by my brother" in shown.html
        assert "Please write an amount." in shown.text and "That is not a date that we can read." in shown.text

    def test_a_day_to_come_is_no_day_of_a_payment(self, mine, session, borrower):
        loan = a_loan(session, borrower)
        assert (
            "Please choose a day from 3 October 2026 to 2 December 2026."
            in self.tell(mine, loan, day="2026-12-03").text
        )

    def test_sent_twice_it_is_told_once(self, mine, session, borrower):
        loan = a_loan(session, borrower)
        form = page(mine, loan, "paid")
        form.submit("Save", amount="10", paid_on="2026-12-01")
        form.submit("Save", amount="10", paid_on="2026-12-01")
        assert len(session.scalars(select(PaidNotice)).all()) == 1

    def test_a_photo_of_the_receipt_comes_with_it_or_later_and_is_seen_by_staff(self, mine, session, borrower, officer):
        loan = a_loan(session, borrower, missed=1)
        address = f"/my/loans/{loan.public_id}/paid"
        files = [(io.BytesIO(phone_photo()), "receipt.jpg"), (io.BytesIO(b"MZ00"), "b.exe")]
        mine.sign_in(borrower).get(address)
        told = mine.post(address, amount="110.02", paid_on="2026-12-02", papers=files, form_key="a" * 32)
        assert told.status == 422 and "neither a photo nor a PDF" in told.text
        assert "You told us that you have paid $110.02." in told.text and "Paper 1" in told.links()
        notice = session.scalars(select(PaidNotice)).one()
        later = [(io.BytesIO(phone_photo("PNG")), "more.png")]
        mine.post(f"{address}/receipt", notice=notice.public_id, papers=later, form_key="b" * 32)
        assert {"Paper 1", "Paper 2"} <= set(mine.get(address).links())
        paper = session.scalars(select(Document).order_by(Document.id)).first()
        assert paper.paid_notice_id == notice.id
        assert {"Paper 1", "Paper 2"} <= set(mine.sign_in(officer).get("/staff/notices").links())

    def test_a_receipt_cannot_be_added_to_what_somebody_else_told(self, mine, session, borrower):
        somebody = a_borrower(session)
        loan, other = a_loan(session, borrower), a_loan(session, somebody)
        told = paid_notices.tell(session, somebody, other, INSTALLMENT, TODAY, None, None, NOW)
        session.commit()
        mine.sign_in(borrower)
        paper = [(io.BytesIO(phone_photo()), "receipt.jpg")]
        page(mine, loan, "paid")
        answer = mine.post(
            f"/my/loans/{loan.public_id}/paid/receipt", notice=told.public_id, papers=paper, form_key="x"
        )
        assert answer.status == 404 and session.scalars(select(Document)).all() == []

    @pytest.mark.parametrize(("found", "says"), [("found", "has reached us"), ("not_found", "could not find it yet")])
    def test_a_person_settles_it_and_the_borrower_reads_the_answer(self, mine, session, borrower, officer, found, says):
        loan = a_loan(session, borrower, missed=1)
        self.tell(mine, loan, words="Mill Bank")
        staff = mine.sign_in(officer).get("/staff/notices")
        assert "I have paid" in staff.text and "Mill Bank" in staff.text
        staff.submit("Send the answer", found=found, answer="I called the bank.")
        said = mine.sign_in(borrower).get(f"/my/loans/{loan.public_id}/paid").text
        assert says in said and "I called the bank." in said


class TestPromise:
    def plan(self, mine, loan, day="2026-12-04", amount="50", **more):
        page(mine, loan, "promise")
        return mine.page.submit("Save", day=day, amount=amount, **more)

    def test_reminders_rest_until_the_grace_after_its_day_is_over(self, mine, session, borrower):
        loan = a_loan(session, borrower, missed=1)
        said = self.plan(mine, loan).text
        assert "You plan to pay $50.00 by Friday 4 December." in said and "until Monday 7 December" in said
        assert holds(session, borrower, loan) == ["promise"]
        assert holds(session, borrower, loan, NOW + timedelta(days=5)) == ["promise"]
        assert holds(session, borrower, loan, NOW + timedelta(days=6)) == []

    def test_the_days_on_offer_are_friday_monday_and_the_next_payments(self, mine, session, borrower):
        said = page(mine, a_loan(session, borrower), "promise").text
        days = ["Friday 4 December", "Monday 7 December", "Sunday 20 DecemberWith the next payment"]
        assert all(day in said for day in days)

    def test_another_day_may_be_up_to_a_month_away(self, mine, session, borrower):
        loan = a_loan(session, borrower)
        assert "Please choose a day from" in self.plan(mine, loan, day="other", other_day="2027-01-03").text
        assert "by Saturday 2 January" in self.plan(mine, loan, day="other", other_day="2027-01-02").text

    def test_a_new_one_replaces_the_older(self, mine, session, borrower):
        loan = a_loan(session, borrower)
        self.plan(mine, loan)
        self.plan(mine, loan, day="2026-12-07")
        assert sorted(session.scalars(select(Promise.status))) == ["open", "replaced"]

    def test_it_may_be_taken_back(self, mine, session, borrower):
        loan = a_loan(session, borrower)
        self.plan(mine, loan)
        assert "You plan to pay" not in mine.page.submit("That will not work, take it back").text
        assert session.scalars(select(Promise.status)).one() == "withdrawn"

    @pytest.mark.parametrize(
        ("came", "status", "says"),
        [
            pytest.param(5_000, "kept", "has reached us. Thank you.", id="all of it"),
            pytest.param(2_000, "part_kept", "Would it help to find another way for the rest?", id="part of it"),
            pytest.param(0, "not_kept", "That happens. Would it help to find another way together?", id="nothing"),
        ],
    )
    def test_afterwards_the_books_alone_say_what_came_without_blame(
        self, mine, app, session, borrower, clock, came, status, says
    ):
        loan = a_loan(session, borrower, missed=1)
        self.plan(mine, loan)
        if came:
            a_payment(session, loan, came, date(2026, 12, 5))
        session.commit()
        clock.forward(days=5)
        assert tasks.judge_promises(app) == 0  # the grace is not over
        clock.forward(days=1)
        assert tasks.judge_promises(app) == 1
        session.rollback()
        said = mine.sign_in(borrower).get(f"/my/loans/{loan.public_id}/promise").text
        assert session.scalars(select(Promise.status)).one() == status
        assert says in said
        assert not re.search(r"\b(broke|broken|failed|missed|overdue)\b", said)


class TestSkip:
    @pytest.fixture(autouse=True)
    def twice(self, lender):
        lender.limits = Limits(skips_a_year=2).to_dict()

    def test_the_cost_comes_first_and_is_exact(self, mine, session, borrower):
        loan = a_loan(session, borrower)
        said = page(mine, loan, "skip").text
        assert said.index("What it costs") < said.index("Left to pay, in all")
        # A month's interest at 1.5 % on the 626.81 that are left of the principal.
        assert "What it costs $9.40 more in all" in said
        assert "today: $660.08" in said and "$669.48" in said
        assert "You can do this 2 times in twelve months." in said and "We do not ask why." in said
        assert "Credit record." in said and "Time limit." in said

    def test_it_is_agreed_at_once_by_the_same_door_as_everything(self, mine, session, borrower):
        loan = a_loan(session, borrower)
        page(mine, loan, "skip")
        done = mine.page.submit("Skip December")
        assert done.h1 == "It is agreed"
        request = session.scalars(select(HardshipRequest)).one()
        assert (request.kind, request.status) == ("skip", "agreed")
        assert [step.action for step in request.steps] == ["save", "send", "agree_at_once"]
        assert loan.next_due_on == date(2027, 1, 20)
        plan = session.scalars(select(Plan)).one()
        assert plan.agreement["comparison"]["extra"] == 940

    def test_it_leaves_the_plans_a_year_as_they_are(self, mine, session, borrower):
        loan = a_loan(session, borrower)
        page(mine, loan, "skip")
        mine.page.submit("Skip December")
        assert agreed_since(session, loan, NOW - timedelta(days=1)) == 0

    def test_keeping_the_payment_changes_nothing(self, mine, session, borrower):
        page(mine, a_loan(session, borrower), "skip")
        assert mine.page.submit("Keep December").h1 == "Where things stand"
        assert session.scalars(select(HardshipRequest)).all() == []

    def test_beyond_the_allowance_nobody_is_refused_but_led_to_a_person(self, mine, session, borrower, lender):
        lender.limits = Limits(skips_a_year=1).to_dict()
        loan = a_loan(session, borrower)
        page(mine, loan, "skip")
        mine.page.submit("Skip December")
        again = page(mine, loan, "skip")
        assert "You have skipped 1 payment in the last twelve months" in again.text
        assert "I am having difficulty" in again.text and not [
            b for b in again.root.iter("button") if b.get("value") == "skip"
        ]

    def test_where_the_lender_allows_none_it_leads_to_a_person(self, mine, session, borrower, lender):
        lender.limits = Limits(skips_a_year=0).to_dict()
        loan = a_loan(session, borrower)
        assert "can’t be skipped at once" in page(mine, loan, "skip").text
        assert "Skip one payment" not in page(mine, loan, "pay").text

    def test_figures_that_changed_are_shown_once_more(self, mine, session, borrower):
        loan = a_loan(session, borrower)
        page(mine, loan, "skip")
        shown = mine.page
        a_payment(session, loan, 1_000, TODAY)
        again = shown.submit("Skip December")
        assert again.status == 409 and "Nothing was agreed." in again.text
        assert session.scalars(select(HardshipRequest)).all() == []

    def test_an_open_request_comes_first(self, mine, session, borrower):
        loan = a_loan(session, borrower, missed=1)
        a_request(session, loan)
        assert "We look at that first" in page(mine, loan, "skip").text

    def test_a_guarantor_is_asked_before_so_a_person_reads_it(self, mine, session, borrower):
        loan = a_loan(session, borrower)
        session.add(LoanPerson(loan=loan, borrower=a_borrower(session), role="guarantor"))
        assert "your guarantor is asked" in page(mine, loan, "skip").text
        mine.page.submit("Ask to skip December")
        request = session.scalars(select(HardshipRequest)).one()
        assert (request.kind, request.status) == ("skip", "sent")
        assert loan.next_due_on == date(2026, 12, 20)

    def test_what_has_not_come_stays_as_it_is(self, mine, session, borrower):
        loan = a_loan(session, borrower, missed=1)
        assert "Not received yet $110.02stays as it is" in page(mine, loan, "skip").text
        mine.page.submit("Skip December")
        assert loan.overdue_since == date(2026, 11, 20)


def test_two_people_who_pay_at_once_are_two(session, borrower, lender):
    loan = a_loan(session, borrower, missed=2)
    told = [paid_notices.tell(session, borrower, loan, INSTALLMENT, TODAY, None, None, NOW) for _ in range(2)]
    a_payment(session, loan, INSTALLMENT, TODAY)
    a_payment(session, loan, INSTALLMENT, TODAY)
    assert paid_notices.look_again(session, NOW) == 2
    assert [notice.status for notice in told] == ["found", "found"]


def test_a_promise_holds_nothing_of_another_loan(session, borrower, lender):
    loan, other = a_loan(session, borrower), a_loan(session, borrower)
    promises.promise(session, borrower, loan, 5_000, TODAY, NOW)
    assert holds(session, borrower, other) == []
