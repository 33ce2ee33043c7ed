"""Never twice: a message is claimed once, recorded once, and what nobody knows about is left to people."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal import tasks
from portal.crypto import Keyring
from portal.db import open_session, writing
from portal.messaging.gateway import Outcome, Refused, Sent, Text
from portal.models import Contact, Event, Lender, Loan, Message, OutboxText
from portal.services import messages
from portal.services.messages import CLAIM_LASTS, Claimed, NotNow
from tests.conftest import SetClock
from tests.factories import TODAY, a_borrower, a_loan

URL = "https://northfield.example"


@pytest.fixture
def loan(session: Session, lender: Lender) -> Loan:
    return a_loan(session)


@pytest.fixture
def queue(session: Session, clock: SetClock) -> Callable[[Loan, str], int]:
    """`queue(loan, "agreement:1")`: the id of a notice that may go now."""

    def one(loan: Loan, step: str) -> int:
        borrower, now = loan.people[0].borrower, clock.now()
        messages.queue_message(session, borrower, loan, TODAY, step, "agreement", "agreement_notice", {}, now, now)
        session.commit()
        found = session.scalars(select(Message.id).where(Message.step == step, Message.loan_id == loan.id)).one()
        session.commit()
        return found

    return one


class Counting:
    """A gateway that counts, and does what it is told to on the way."""

    def __init__(self, on_the_way: Callable[[Text], None] = lambda text: None, answer: Outcome | None = None) -> None:
        self.on_the_way = on_the_way
        self.answer = answer or Sent("p-1")
        self.handed_over: list[str] = []

    def send(self, text: Text) -> Outcome:
        self.handed_over.append(text.reference)
        self.on_the_way(text)
        return self.answer


def status_of(session: Session, message_id: int) -> tuple[str, str | None]:
    session.rollback()
    message = session.get(Message, message_id, populate_existing=True)
    assert message is not None
    found = message.status, message.reason
    session.commit()
    return found


def test_of_two_workers_that_claim_one_message_one_gets_it(
    session: Session, loan: Loan, queue: Callable[[Loan, str], int], engine: Engine, keys: Keyring, clock: SetClock
) -> None:
    message_id = queue(loan, "agreement:1")
    results: list[Claimed | NotNow] = []
    together = threading.Barrier(4)

    def work() -> None:
        with open_session(engine, keys) as own:
            together.wait()
            with writing(own):
                results.append(messages.claim(own, message_id, URL, clock.now()))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(type(result).__name__ for result in results) == ["Claimed", "NotNow", "NotNow", "NotNow"]


def test_two_messages_to_one_person_claimed_at_once_count_each_other(
    session: Session, lender: Lender, engine: Engine, keys: Keyring, clock: SetClock
) -> None:
    """Two reminders about two loans: whichever worker comes second defers, though the first is not yet sent."""
    borrower = a_borrower(session)
    ids = []
    for loan in (a_loan(session, borrower), a_loan(session, borrower)):
        now = clock.now()
        due = loan.next_due_on
        assert due is not None
        messages.queue_message(session, borrower, loan, due, "due-3", "reminder", "reminder_before", {}, now, now)
    session.commit()
    ids = list(session.scalars(select(Message.id)))
    session.commit()
    clock.set(clock.now() + timedelta(days=15))
    results: list[Claimed | NotNow] = []
    together = threading.Barrier(2)

    def work(message_id: int) -> None:
        with open_session(engine, keys) as own:
            together.wait()
            with writing(own):
                results.append(messages.claim(own, message_id, URL, clock.now()))

    workers = [threading.Thread(target=work, args=(message_id,)) for message_id in ids]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(type(result).__name__ for result in results) == ["Claimed", "NotNow"]
    assert [result.reason for result in results if isinstance(result, NotNow)] == ["gap"]


def test_no_transaction_is_open_while_a_text_is_handed_over(
    app: Flask, session: Session, loan: Loan, queue: Callable[[Loan, str], int], engine: Engine, keys: Keyring
) -> None:
    """While the gateway works another writer is not kept waiting, and sees the claim."""
    message_id = queue(loan, "agreement:1")
    seen = []

    def write_meanwhile(text: Text) -> None:
        with open_session(engine, keys) as other, writing(other):
            seen.append(other.scalar(select(Message.status).where(Message.id == message_id)))

    app.extensions["gateway"] = Counting(write_meanwhile)
    try:
        assert tasks.send(app)["sent"] == 1
    finally:
        del app.extensions["gateway"]
    assert seen == ["claimed"]
    assert status_of(session, message_id) == ("sent", None)


class TestWhatBecomesOfIt:
    @pytest.fixture
    def send(self, app: Flask) -> Callable[[Counting], dict[str, int]]:
        """Sends what is due through that gateway."""

        def run(gateway: Counting) -> dict[str, int]:
            app.extensions["gateway"] = gateway
            try:
                return {name: count for name, count in tasks.send(app).items() if count}
            finally:
                del app.extensions["gateway"]

        return run

    def test_sent_with_the_providers_id_and_counted_as_a_contact(
        self, session: Session, loan: Loan, queue: Callable, send: Callable
    ) -> None:
        message_id = queue(loan, "agreement:1")
        assert send(Counting(answer=Sent("p-77"))) == {"sent": 1}
        message = session.get(Message, message_id, populate_existing=True)
        assert message is not None
        assert (message.status, message.provider_id, message.language) == ("sent", "p-77", "en")
        contact = session.scalars(select(Contact)).one()
        assert (contact.form, contact.unit, contact.purpose, contact.message_id) == (
            "text",
            "attempt",
            "agreement",
            message_id,
        )
        assert session.scalars(select(Event.type).where(Event.type.like("message.%"))).all() == ["message.sent"]

    def test_refused_is_failed_with_the_reason_and_no_contact(
        self, session: Session, loan: Loan, queue: Callable, send: Callable
    ) -> None:
        message_id = queue(loan, "agreement:1")
        assert send(Counting(answer=Refused("no_route"))) == {"failed": 1}
        assert status_of(session, message_id) == ("failed", "no_route")
        assert session.scalars(select(Contact)).all() == []

    @pytest.mark.case("R050")
    def test_no_answer_is_unknown_counts_and_is_never_sent_again(
        self, session: Session, loan: Loan, queue: Callable, send: Callable, clock: SetClock
    ) -> None:
        def time_out(text: Text) -> None:
            raise TimeoutError

        message_id = queue(loan, "agreement:1")
        gateway = Counting(time_out)
        assert send(gateway) == {"unknown": 1}
        assert status_of(session, message_id) == ("unknown", "no_answer")
        assert len(session.scalars(select(Contact)).all()) == 1
        session.commit()
        clock.forward(days=30)
        assert send(gateway) == {}
        assert len(gateway.handed_over) == 1

    def test_a_claim_that_was_never_recorded_becomes_unknown(
        self, app: Flask, session: Session, loan: Loan, queue: Callable, send: Callable, clock: SetClock
    ) -> None:
        """The worker was killed between claim and record: nobody knows whether the text is out."""
        message_id = queue(loan, "agreement:1")

        def be_killed(text: Text) -> None:
            raise SystemExit

        with pytest.raises(SystemExit):
            send(Counting(be_killed))
        assert tasks.sweep(app) == 0
        clock.forward(seconds=CLAIM_LASTS.total_seconds() + 1)
        assert tasks.sweep(app) == 1
        assert status_of(session, message_id) == ("unknown", "not_recorded")
        assert send(Counting()) == {}

    def test_an_answer_that_comes_after_the_sweep_changes_nothing(
        self, session: Session, loan: Loan, queue: Callable, clock: SetClock
    ) -> None:
        message_id = queue(loan, "agreement:1")
        claimed = messages.claim(session, message_id, URL, clock.now())
        assert isinstance(claimed, Claimed)
        session.commit()
        clock.forward(minutes=11)
        messages.sweep_unknown(session, clock.now())
        assert messages.record(session, claimed, Sent("late"), clock.now()) == "taken"
        session.commit()
        assert status_of(session, message_id) == ("unknown", "not_recorded")

    def test_one_that_cannot_be_written_fails_alone(
        self, session: Session, loan: Loan, queue: Callable, send: Callable
    ) -> None:
        broken = queue(loan, "agreement:1")
        session.get(Message, broken).template = "no_such_message"
        fine = queue(loan, "agreement:2")
        assert send(Counting()) == {"failed": 1, "sent": 1}
        assert status_of(session, broken) == ("failed", "fault")
        assert status_of(session, fine) == ("sent", None)

    def test_without_a_gateway_everything_stays_planned(
        self, app: Flask, session: Session, loan: Loan, queue: Callable
    ) -> None:
        from dataclasses import replace

        message_id = queue(loan, "agreement:1")
        app.extensions["settings"] = replace(app.extensions["settings"], gateway="none")
        assert tasks.send(app)["waiting"] == 1
        assert status_of(session, message_id) == ("planned", None)


def test_the_text_is_kept_sealed_as_it_went_out(
    app: Flask, session: Session, loan: Loan, queue: Callable[[Loan, str], int], keys: Keyring
) -> None:
    message_id = queue(loan, "agreement:1")
    tasks.send(app)
    sealed = session.scalar(select(Message.text_sealed).where(Message.id == message_id))
    assert sealed is not None
    assert keys.open("text", sealed) == session.scalar(select(OutboxText.text))
