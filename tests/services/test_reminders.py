"""Gentle reminders, from the plan of a day to the text on a phone."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import tasks
from portal.crypto import token_hash
from portal.domain.hardship import DRAFT_RESTS
from portal.models import Borrower, Contact, Hold, Lender, Link, Loan, LoanPerson, Message, OutboxText, StoppedNumber
from portal.services import disputes, loans, messages
from tests.conftest import SetClock
from tests.factories import TODAY, a_borrower, a_draft, a_loan, a_payment, a_request, an_officer, the_first

# The factory's loan is due on the 20th of each month.
DUE = date(2026, 12, 20)
MISSED = date(2026, 11, 20)


@pytest.fixture
def day(app: Flask, session: Session, clock: SetClock, lender: Lender) -> Callable[..., list[tuple[str, str]]]:
    """`day("2026-12-17")`: that day at ten, what the jobs of a day sent, as (step, what became of it) of each message that
    was touched. What the test arranged is committed before."""

    def run(on: str, at: str = "10:00") -> list[tuple[str, str]]:
        session.commit()
        clock.set(datetime.fromisoformat(f"{on}T{at}+08:00"))
        known = {message.id: (message.status, message.reason) for message in session.scalars(select(Message))}
        tasks.plan(app)
        tasks.send(app)
        session.rollback()
        touched = [
            (message.step, f"{message.status}: {message.reason}" if message.reason else message.status)
            for message in session.scalars(select(Message).order_by(Message.id))
            if known.get(message.id) != (message.status, message.reason)
        ]
        session.commit()
        return touched

    return run


def texts(session: Session) -> list[str]:
    return list(session.scalars(select(OutboxText.text).order_by(OutboxText.id)))


class TestCadence:
    def test_a_payment_that_is_missed_brings_five_texts_and_no_more(self, session: Session, day: Callable) -> None:
        a_loan(session)
        sent = {}
        for offset in range(60):
            on = date(2026, 12, 10) + timedelta(days=offset)
            for step, outcome in day(on.isoformat()):
                sent[on.isoformat()] = f"{step} {outcome}"
        assert sent == {
            "2026-12-17": "due-3 sent",
            "2026-12-20": "due+0 sent",
            "2026-12-23": "due+3 sent",
            "2026-12-30": "due+10 sent",
            "2027-01-09": "due+20 sent",
            # The next payment is told of; the one that was missed has become a person's to talk about.
            "2027-01-17": "due-3 sent",
            "2027-01-20": "due+0 sent",
        }

    @pytest.mark.case("R058")
    def test_somebody_400_days_late_is_not_written_to_about_it(self, session: Session, day: Callable) -> None:
        a_loan(session, missed=6, installments=6)
        long_after = date(2027, 12, 25)
        assert [day((long_after + timedelta(days=offset)).isoformat()) for offset in range(0, 120, 7)] == [[]] * 18

    @pytest.mark.case("R056")
    def test_after_an_outage_the_latest_step_that_makes_sense_is_sent_once(
        self, session: Session, day: Callable
    ) -> None:
        a_loan(session)
        day("2026-12-17")
        assert day("2026-12-24") == [("due+3", "sent")]
        assert day("2026-12-26") == []
        assert day("2026-12-30") == [("due+10", "sent")]

    @pytest.mark.case("R056")
    def test_an_import_sends_nothing_until_reminders_are_switched_on(self, session: Session, day: Callable) -> None:
        loan = a_loan(session, missed=1, reminders_on=False)
        assert day("2026-11-25") == []
        loan.reminders_on = True
        assert day("2026-11-26") == [("due+3", "sent")]

    @pytest.mark.case("R056")
    def test_a_backlog_goes_out_at_the_rate_that_is_set(
        self, app: Flask, session: Session, lender: Lender, clock: SetClock
    ) -> None:
        for _ in range(4):
            a_loan(session, a_borrower(session))
        session.commit()
        clock.set(datetime.fromisoformat("2026-12-17T10:00+08:00"))
        tasks.plan(app)
        assert [tasks.send(app, most=3)["sent"] for _ in range(3)] == [3, 1, 0]

    def test_a_step_that_waited_too_long_is_cancelled(self, session: Session, day: Callable, clock: SetClock) -> None:
        a_loan(session)
        assert day("2026-12-17", at="19:30") == [("due-3", "planned: hours")]
        assert day("2026-12-20") == [("due-3", "cancelled: stale"), ("due+0", "sent")]

    def test_planning_twice_plans_once(self, app: Flask, session: Session, lender: Lender, clock: SetClock) -> None:
        a_loan(session)
        session.commit()
        clock.set(datetime.fromisoformat("2026-12-17T08:00+08:00"))
        assert [tasks.plan(app)["planned"], tasks.plan(app)["planned"]] == [1, 0]

    def test_the_whole_book_is_planned_chunk_by_chunk(
        self, app: Flask, session: Session, lender: Lender, clock: SetClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(3):
            a_loan(session, a_borrower(session))
        found = [plan.last_loan_id for plan in _chunks(session, datetime.fromisoformat("2026-12-17T10:00+08:00"))]
        assert len(found) == 4
        assert found[-1] is None


def _chunks(session: Session, now: datetime) -> list:
    from portal.services.reminders import plan_reminders

    plans = [plan_reminders(session, now, 0, limit=1)]
    while plans[-1].last_loan_id is not None:
        plans.append(plan_reminders(session, now, plans[-1].last_loan_id, limit=1))
    return plans


class TestPeople:
    def test_borrower_and_co_borrower_are_told_and_nobody_else(self, session: Session, day: Callable) -> None:
        loan = a_loan(session)
        others = {role: a_borrower(session) for role in ("co_borrower", "guarantor", "nominated_contact")}
        for role, person in others.items():
            session.add(LoanPerson(loan=loan, borrower=person, role=role))
        day("2026-12-17")
        told = set(session.scalars(select(Message.borrower_id)))
        assert told == {loan.people[0].borrower_id, others["co_borrower"].id}

    def test_somebody_with_two_loans_gets_one_text_a_day(self, session: Session, day: Callable) -> None:
        borrower = a_borrower(session)
        a_loan(session, borrower)
        a_loan(session, borrower)
        assert [outcome for _, outcome in day("2026-12-17")] == ["sent"]
        later = [outcome for on in ("2026-12-18", "2026-12-19") for _, outcome in day(on)]
        assert "sent" not in later

    @pytest.mark.case("R061")
    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("zh_TW", "北田服務中心 林佩儀：提前留了一則訊息給您"),
            ("zh_CN", "【北田服务中心】林佩仪提前给您留了言"),
            ("it-IT", "【北田服务中心】林佩仪"),
            ("ar", "Grace Lim من Northfield Co-operative"),
        ],
    )
    def test_it_is_in_the_borrowers_language_whoever_the_officer_is(
        self, session: Session, lender: Lender, day: Callable, language: str, words: str
    ) -> None:
        lender.language = "zh-Hans"
        a_loan(session, a_borrower(session, language=language, officer=an_officer(session)))
        day("2026-12-17")
        assert texts(session)[0].startswith(words)

    def test_it_carries_a_link_of_the_borrowers_own_that_works(self, session: Session, day: Callable) -> None:
        loan = a_loan(session)
        day("2026-12-17")
        address = texts(session)[0].splitlines()[-1]
        token = address.removeprefix("http://localhost/l/")
        assert len(token) <= 12
        link = session.scalars(select(Link).where(Link.token_hash == token_hash(token))).one()
        assert link.borrower_id == loan.people[0].borrower_id

    @pytest.mark.case("R043")
    def test_it_has_no_name_of_the_borrower_and_no_amount(self, session: Session, day: Callable) -> None:
        a_loan(session, a_borrower(session, name="Chen Mei-ling", greeting="Ms Chen"))
        day("2026-12-17")
        said = texts(session)[0].rsplit("\n", 1)[0]
        assert "Chen" not in said
        assert not any(letter.isdigit() for letter in said)

    def test_an_officer_who_left_signs_nothing(self, session: Session, day: Callable, now: datetime) -> None:
        a_loan(session, a_borrower(session, officer=an_officer(session, ended_at=now)))
        day("2026-12-17")
        assert texts(session)[0].startswith("Northfield Co-operative: ")


class TestHours:
    @pytest.mark.parametrize(
        ("zone", "at", "outcome", "sentence"),
        [
            ("Asia/Taipei", "08:59", "planned: hours", "before nine it waits"),
            ("Asia/Taipei", "09:00", "sent", "from nine on it goes"),
            ("Asia/Taipei", "18:59", "sent", "until seven"),
            ("Asia/Taipei", "19:00", "planned: hours", "then it waits for the morning"),
            (
                "America/New_York",
                "10:00",
                "planned: hours",
                "ten in Taipei is nine in the evening for somebody in New York",
            ),
            ("Asia/Kolkata", "11:30", "sent", "nine in the morning in Kolkata"),
        ],
    )
    def test_hours_are_the_borrowers(
        self, session: Session, day: Callable, zone: str, at: str, outcome: str, sentence: str
    ) -> None:
        a_loan(session, a_borrower(session, zone=zone))
        assert day("2026-12-17", at=at) == [("due-3", outcome)], sentence

    @pytest.mark.case("R059")
    def test_a_text_that_waited_for_the_morning_goes_in_the_morning(self, session: Session, day: Callable) -> None:
        a_loan(session)
        day("2026-12-17", at="20:00")
        assert day("2026-12-18", at="08:59") == []
        assert day("2026-12-18", at="09:00") == [("due-3", "sent")]

    @pytest.mark.case("R055")
    def test_what_an_officer_wrote_by_hand_counts(self, session: Session, day: Callable) -> None:
        loan = a_loan(session)
        by_hand = datetime.fromisoformat("2026-12-16T17:00+08:00")
        session.add(
            Contact(
                borrower_id=loan.people[0].borrower_id,
                loan_id=loan.id,
                form="text",
                unit="attempt",
                purpose="reminder",
                at=by_hand,
            )
        )
        assert day("2026-12-17") == [("due-3", "planned: gap")]
        assert day("2026-12-19", at="17:02") == [("due-3", "sent")]


class TestHolidays:
    @pytest.mark.parametrize(
        ("zone", "first_due_on", "on", "outcome", "sentence"),
        [
            ("Asia/Taipei", date(2026, 6, 25), "2026-12-25", "planned: holiday", "Constitution Day in Taiwan"),
            ("Asia/Shanghai", date(2026, 6, 25), "2026-12-25", "sent", "an ordinary Friday in Shanghai"),
            ("Asia/Shanghai", date(2026, 6, 8), "2027-02-08", "planned: holiday", "Spring Festival"),
            ("Etc/GMT-8", date(2026, 6, 25), "2026-12-25", "sent", "a zone of no country has no holidays"),
        ],
    )
    def test_holidays_are_the_borrowers(
        self, session: Session, day: Callable, zone: str, first_due_on: date, on: str, outcome: str, sentence: str
    ) -> None:
        a_loan(session, a_borrower(session, zone=zone), first_due_on=first_due_on)
        assert day(on) == [("due+0", outcome)], sentence

    def test_what_a_holiday_kept_goes_on_the_next_working_day(self, session: Session, day: Callable) -> None:
        loan = a_loan(session, first_due_on=date(2026, 6, 25))
        assert loan.next_due_on == date(2026, 12, 25)
        assert day("2026-12-25") == [("due+0", "planned: holiday")]
        assert ("due+0", "sent") in day("2026-12-26")


def no_phone(session: Session, loan: Loan) -> None:
    loan.people[0].borrower.phone_sealed = loan.people[0].borrower.phone_hash = None


def not_their_number(session: Session, loan: Loan) -> None:
    borrower = loan.people[0].borrower
    session.add(StoppedNumber(phone_hash=borrower.phone_hash, reason="wrong_number", stopped_at=loan.recorded_at))


def hold(kind: str) -> Callable[[Session, Loan], None]:
    def place(session: Session, loan: Loan) -> None:
        borrower_id = loan.people[0].borrower_id
        at = loan.recorded_at
        session.add(Hold(borrower_id=borrower_id, kind=kind, starts_at=at, recorded_at=at))

    place.__name__ = kind
    return place


def paid(session: Session, loan: Loan) -> None:
    amount = loans.statement(loans.loan_account(session, loan), TODAY).next_due[1]
    loans.record_payment(session, loan, amount, date(2026, 12, 17), loan.recorded_at, date(2026, 12, 17))


def paid_off(session: Session, loan: Loan) -> None:
    amount = loans.statement(loans.loan_account(session, loan), TODAY).left_to_pay
    loans.record_payment(session, loan, amount, date(2026, 12, 17), loan.recorded_at, date(2026, 12, 17))


def written_off(session: Session, loan: Loan) -> None:
    loan.status = "written_off"


def request_sent(session: Session, loan: Loan) -> None:
    a_request(session, loan, datetime.fromisoformat("2026-12-17T08:30+08:00"))


def draft_saved(session: Session, loan: Loan) -> None:
    a_draft(session, loan, datetime.fromisoformat("2026-12-17T08:30+08:00"))


class TestReadAnewAtTheMomentOfSending:
    @pytest.mark.case("R052")
    @pytest.mark.parametrize(
        ("happens", "reason"),
        [
            (paid, "nothing_due"),
            (paid_off, "nothing_due"),
            (written_off, "written_off"),
            (request_sent, "open_request"),
            (draft_saved, "draft_request"),
            (hold("deceased"), "deceased"),
            (hold("opt_out"), "opt_out"),
            (hold("breathing_space"), "breathing_space"),
            (not_their_number, "wrong_number"),
            (no_phone, "no_phone"),
        ],
    )
    def test_a_planned_reminder_is_held_with_the_reason(
        self, app: Flask, session: Session, day: Callable, clock: SetClock, happens: Callable, reason: str
    ) -> None:
        loan = a_loan(session)
        assert day("2026-12-17", at="08:00") == [("due-3", "planned: hours")]
        happens(session, loan)
        session.commit()
        clock.set(datetime.fromisoformat("2026-12-17T09:00+08:00"))
        assert tasks.send(app)["held"] == 1
        session.expire_all()
        message = session.scalars(select(Message)).one()
        assert (message.status, message.reason) == ("held", reason)
        assert texts(session) == []

    @pytest.mark.case("R053")
    def test_a_part_that_came_in_is_not_the_whole(self, session: Session, day: Callable) -> None:
        loan = a_loan(session)
        day("2026-12-17")
        loans.record_payment(session, loan, 1_000, DUE, loan.recorded_at, DUE)
        assert day("2026-12-23") == [("due+3", "sent")]

    def test_a_dispute_cancels_what_was_planned_and_nothing_follows_until_it_is_answered(
        self, session: Session, day: Callable
    ) -> None:
        loan = a_loan(session)
        day("2026-12-17", at="08:00")
        borrower = loan.people[0].borrower
        dispute = disputes.raise_dispute(session, borrower, loan, "amount", None, None, None, loan.recorded_at)
        assert session.scalars(select(Message.status)).all() == ["cancelled"]
        assert day("2026-12-20") == [("due+0", "held: dispute")]
        officer = the_first(session, type(borrower.officer), an_officer)
        disputes.answer_dispute(session, officer, dispute, "You are right.", loan.recorded_at)
        assert ("due+3", "sent") in day("2026-12-23")

    def test_reminders_rest_while_a_draft_is_fresh_and_start_again_by_themselves(
        self, session: Session, day: Callable
    ) -> None:
        loan = a_loan(session)
        a_draft(session, loan, datetime.fromisoformat("2026-12-16T12:00+08:00"))
        assert timedelta(days=7) == DRAFT_RESTS
        assert day("2026-12-17") == [("due-3", "held: draft_request")]
        assert day("2026-12-20") == [("due+0", "held: draft_request")]
        assert day("2026-12-23") == [("due+3", "held: draft_request")]
        assert day("2026-12-24") == [("due+3", "sent")]

    def test_opening_the_page_of_difficulty_holds_nothing(self, session: Session, day: Callable) -> None:
        from portal.services import requests

        loan = a_loan(session)
        requests.begin(session, loan.people[0].borrower, loan, "en", datetime.fromisoformat("2026-12-16T12:00+08:00"))
        assert day("2026-12-17") == [("due-3", "sent")]

    def test_a_request_about_one_loan_is_silence_about_all_and_for_everybody_on_it(
        self, session: Session, day: Callable
    ) -> None:
        borrower, together = a_borrower(session), a_borrower(session)
        loan = a_loan(session, borrower)
        session.add(LoanPerson(loan=loan, borrower=together, role="co_borrower"))
        a_loan(session, borrower)
        a_request(session, loan)
        assert {outcome for _, outcome in day("2026-12-17")} == {"held: open_request"}


class TestNotices:
    def test_an_answer_goes_while_the_request_is_open_and_at_any_hour(
        self, app: Flask, session: Session, lender: Lender, clock: SetClock
    ) -> None:
        loan = a_loan(session)
        a_request(session, loan)
        self.queue(session, loan, "answer", "answer_notice", clock)
        clock.set(datetime.fromisoformat("2026-12-02T22:00+08:00"))
        assert tasks.send(app)["sent"] == 1
        assert "there is an answer for you" in texts(session)[0]

    def test_the_notice_of_an_offer_keeps_the_hours(
        self, app: Flask, session: Session, lender: Lender, clock: SetClock
    ) -> None:
        loan = a_loan(session)
        self.queue(session, loan, "offer_notice", "offer_notice", clock)
        clock.set(datetime.fromisoformat("2026-12-02T22:00+08:00"))
        assert tasks.send(app)["deferred"] == 1
        clock.set(datetime.fromisoformat("2026-12-03T09:00+08:00"))
        assert tasks.send(app)["sent"] == 1

    def test_queued_twice_it_is_one(self, session: Session, lender: Lender, clock: SetClock) -> None:
        loan = a_loan(session)
        assert self.queue(session, loan, "answer", "answer_notice", clock)
        assert not self.queue(session, loan, "answer", "answer_notice", clock)

    @staticmethod
    def queue(session: Session, loan: Loan, purpose: str, template: str, clock: SetClock) -> bool:
        now = clock.now()
        borrower: Borrower = loan.people[0].borrower
        queued = messages.queue_message(session, borrower, loan, TODAY, "x:1", purpose, template, {}, now, now)
        session.commit()
        return queued


def test_a_payment_made_by_hand_in_the_books_is_enough(session: Session, day: Callable) -> None:
    """The ledger is read at the moment of sending, even where nobody brought the dates on the loan along."""
    loan = a_loan(session)
    day("2026-12-17", at="08:00")
    a_payment(session, loan, 50_000, date(2026, 12, 17))
    assert ("due-3", "held: nothing_due") in day("2026-12-17", at="09:00")
