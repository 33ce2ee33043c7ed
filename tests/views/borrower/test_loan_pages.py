"""One loan: its schedule a page at a time and as files to keep, and why the balance is what it is."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from portal.domain.allocation import statement
from portal.models import LedgerEntry, Plan
from portal.printing import drawing
from portal.queries.accounts import loan_account
from portal.queries.loan_history import loan_history
from portal.services import decisions, papers, requests
from portal.services.loans import record_payment
from tests.factories import NOW, TODAY, ZONE, a_borrower, a_loan, a_payment, a_proposal, a_request


@pytest.fixture
def loan(session, borrower):
    return a_loan(session, borrower)


def of(loan, page):
    return f"/my/loans/{loan.public_id}/{page}"


def file(mine, loan, page):
    mine.session.commit()
    return mine.client.get(of(loan, page))


class TestTheSchedule:
    def test_a_short_one_is_a_single_page(self, mine, loan):
        page = mine.get(of(loan, "schedule"))
        assert "Page 1" not in page.text and "6 payments made, thank you" in page.text
        assert page.text.count("Next payment") == page.text.count("Last payment") == 1

    def test_a_long_one_is_read_24_rows_at_a_time(self, mine, session, borrower):
        loan = a_loan(session, borrower, installments=60)
        first = mine.get(of(loan, "schedule"))
        assert "Page 1 of 3" in first.text and "Next payment" in first.text and "Last payment" not in first.text
        last = first.click("Go on").click("Go on")
        assert "Page 3 of 3" in last.text and "Last payment" in last.text and "Next payment" not in last.text
        rows = [page.html.count('scope="row"') for page in (first, last)]
        assert rows[0] - rows[1] == 24 - 6

    @pytest.mark.parametrize("asked", ["0", "-1", "9", "99999999999", "٢", "x", "1e3", ""])
    def test_a_page_that_is_not_there_is_the_nearest_that_is(self, mine, session, borrower, asked):
        loan = a_loan(session, borrower, installments=60)
        assert mine.get(of(loan, f"schedule?page={asked}")).status == 200

    def test_the_calendar_names_the_lender_and_nothing_of_a_loan(self, mine, loan):
        answer = file(mine, loan, "schedule.ics")
        assert answer.mimetype == "text/calendar"
        entries = Calendar.from_ical(answer.data).walk("VEVENT")
        unpaid = [line for line in statement(loan_account(mine.session, loan), TODAY).lines if line.open]
        assert [entry.decoded("dtstart") for entry in entries] == [line.due_on for line in unpaid]
        assert {str(entry["summary"]) for entry in entries} == {"Northfield Co-operative"}
        for word in (b"loan", b"110", loan.reference.encode(), loan.public_id.encode()):
            assert word not in answer.data

    def test_the_same_day_is_the_same_entry_when_the_file_is_opened_again(self, mine, loan):
        once, again = (
            [str(entry["uid"]) for entry in Calendar.from_ical(file(mine, loan, "schedule.ics").data).walk("VEVENT")]
            for _ in range(2)
        )
        assert once == again and len(set(once)) == len(once)

    def test_a_loan_that_is_paid_back_has_no_dates_to_keep(self, mine, session, loan):
        record_payment(session, loan, 66_008, TODAY, NOW, TODAY)
        assert file(mine, loan, "schedule.ics").status_code == 404

    @pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant", "ar"])
    def test_the_pdf_opens_in_the_browser_in_each_language(self, mine, loan, language):
        answer = file(mine, loan, f"schedule.pdf?lang={language}")
        if drawing() is None:
            assert answer.status_code == 303
            pytest.skip("this system has no Pango to draw with; the page that prints stands in")
        assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF-")
        assert answer.headers["Content-Disposition"] == "inline"
        assert answer.headers["Cache-Control"] == "no-store"


class TestWhyTheBalanceIsWhatItIs:
    def test_every_line_is_there_and_they_sum_to_what_is_left(self, mine, session, loan):
        page = mine.get(of(loan, "history"))
        moments = loan_history(session, loan, ZONE, TODAY)
        assert [moment.kind for moment in moments] == ["lent", "interest", *["payment"] * 6]
        assert sum(moment.change for moment in moments) == 66_008
        assert "Left to pay, in all $660.08" in page.text
        assert page.text.count("Received, thank you $110.02") == 6

    def test_a_payment_says_what_of_it_went_where(self, session, loan):
        for moment in loan_history(session, loan, ZONE, TODAY):
            if moment.kind == "payment":
                assert 0 < moment.to_principal < moment.amount

    def test_a_payment_that_was_taken_back_stays_and_its_reversal_stands_beside_it(self, mine, session, loan):
        entry = a_payment(session, loan, 5_000, TODAY - timedelta(days=3))
        session.add(
            LedgerEntry(
                loan_id=loan.id,
                kind="reversal",
                amount=5_000,
                effective_on=TODAY,
                recorded_at=NOW,
                reverses_id=entry.id,
                source="test",
            )
        )
        session.flush()
        session.expire(loan)
        kinds = [moment.kind for moment in loan_history(session, loan, ZONE, TODAY)]
        assert kinds[-2:] == ["payment", "reversal"]
        assert "A payment was taken back $50.00" in mine.get(of(loan, "history")).text

    def test_what_is_entered_later_counts_from_its_own_day(self, mine, session, loan):
        record_payment(session, loan, 1_000, date(2026, 11, 30), NOW, TODAY)
        assert "Entered in our books on 2 Dec 2026; it counts from its own day." in mine.get(of(loan, "history")).text

    def test_an_agreement_is_a_line_with_its_difference_and_leads_to_the_paper(self, mine, session, officer, borrower):
        loan = a_loan(session, borrower, missed=2)
        before = statement(loan_account(session, loan), TODAY).left_to_pay
        request = a_proposal(session, loan)
        decisions.approve(session, officer, request, request.version, "Yes.", NOW)
        after = statement(loan_account(session, loan), TODAY).left_to_pay
        agreed = next(moment for moment in loan_history(session, loan, ZONE, TODAY) if moment.kind == "plan")
        assert agreed.change == after - before > 0 and agreed.left_after == after
        assert mine.get(of(loan, "history")).click("The agreement").h1 == "Agreement to change payments"

    def test_who_pays_all_back_early_sees_the_interest_fall_away_and_never_a_balance_below_zero(self, session, loan):
        record_payment(session, loan, 100_000, TODAY, NOW, TODAY)
        *_, paid, saved = loan_history(session, loan, ZONE, TODAY)
        assert (paid.kind, paid.amount, saved.kind) == ("payment", 100_000, "recalculated")
        assert saved.change < 0 and paid.change + saved.change == -66_008 and saved.left_after == 0


class TestThePaper:
    @pytest.fixture
    def plan(self, session, borrower, offer):
        request = offer(a_request(session, a_loan(session, borrower, missed=2)))
        requests.accept(session, borrower, request, 1, request.version, NOW)
        return session.scalars(select(Plan)).one()

    def test_its_code_answers_anybody_with_its_figures_and_no_name(self, pages, plan, borrower):
        pages.get("/paper")
        said = pages.page.submit("Check it", code=plan.paper_code)
        assert "Yes. It is ours, and these are its figures:" in said.text and "It is in force today." in said.text
        for private in (borrower.name, borrower.greeting, plan.loan.reference):
            assert private not in said.html

    @pytest.mark.parametrize("typed", ["lower", "no dashes", "spaces", "full width"])
    def test_it_may_be_typed_as_one_reads_it_out(self, session, plan, typed):
        code = plan.paper_code
        forms = {
            "lower": code.lower(),
            "no dashes": code.replace("-", ""),
            "spaces": f" {code.replace('-', '  ')} ",
            "full width": "".join(chr(ord(letter) + 0xFEE0) if letter != "-" else letter for letter in code),
        }
        assert papers.genuine(session, forms[typed], "192.0.2.1", NOW) is plan

    def test_an_unknown_code_is_said_to_be_unknown_and_guessing_is_limited(self, pages, session, plan):
        pages.get("/paper")
        page = pages.page.submit("Check it", code="2222-2222-2222")
        assert page.status == 404 and "We know no paper with this code." in page.text
        for _ in range(25):
            papers.genuine(session, "2222-2222-2222", "192.0.2.9", NOW)
        assert papers.genuine(session, plan.paper_code, "192.0.2.9", NOW) == "too_many"

    def test_a_later_agreement_takes_its_place(self, pages, session, plan):
        plan.in_force = False
        session.flush()
        pages.get("/paper")
        assert "It is no longer in force" in pages.page.submit("Check it", code=plan.paper_code).text

    def test_it_is_a_pdf_for_its_borrower_alone(self, mine, session, plan, officer):
        address = f"/my/agreements/{plan.public_id}.pdf"
        session.commit()
        assert mine.client.get(address).status_code in (200, 303)
        mine.sign_in(a_borrower(session, officer=officer))
        session.commit()
        assert mine.client.get(address).status_code == 404
