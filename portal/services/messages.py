"""The outbox: messages are rows first, claimed by a conditional update, sent with no transaction open, then recorded.

Nothing here sends. `claim` and `record` each belong into a transaction of the caller's, and the gateway is called
between the two (portal.tasks). A message that was claimed and never recorded becomes unknown and is never sent again
by itself: a second reminder harms, a missed one does not.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal import languages
from portal.clock import local_date
from portal.contact_rules import rule_sets
from portal.db import keyring
from portal.domain.allocation import statement
from portal.domain.cadence import step_on
from portal.domain.contact import Defer, decide
from portal.domain.contact import Hold as Held
from portal.domain.contact_facts import ActiveHold, Facts
from portal.domain.contact_rules import Cap, RuleSet
from portal.messaging.gateway import Email, Outcome, Refused, Sendable, Sent, Text, TryLater
from portal.messaging.texts import Signature, email, sms, written_in
from portal.models import Borrower, Contact, GuarantorConsent, Lender, Loan, Message
from portal.queries.accounts import loan_account
from portal.queries.contacts import contact_facts
from portal.queries.lender import lender_text, officer_text, the_lender
from portal.services import opt_outs
from portal.services.links import mint_link
from portal.services.receipts import key_of
from portal.services.records import emit

# A gateway that has not answered by now will not tell any more.
CLAIM_LASTS = timedelta(minutes=10)
# After this a message that a provider could not take is handed over again.
RETRIED = timedelta(minutes=10)
# An unsubscribe link stands in an email for as long as somebody keeps that.
UNSUBSCRIBE_LASTS = timedelta(days=3650)
# Beside the rules of the place: however close the steps of a cadence come to other messages, 72 hours between two. A
# cap still counts what is as old as its window, so its window is a minute short of them.
GAP = Cap("gap", most=1, window=timedelta(hours=72) - timedelta(minutes=1))
CADENCE = RuleSet("cadence", "Between two reminders", "the lender's cadence", "ours", caps=(GAP,))
# The network's words for a number whose owner told it to let nothing of ours through (21610 is Twilio's).
UNSUBSCRIBED = frozenset({"unsubscribed", "21610"})
# Where the link of a message leads, by its template; the others lead home. Facts that name another `link` come first.
LINKS = {
    "offer_notice": "request",
    "answer_notice": "request",
    "question_notice": "request",
    "consent_notice": "consent",
    "consent_reminder": "consent",
    "check_in_notice": "check_in",
    "complaint_notice": "complaint",
    "letter_notice": "letters",
}


@dataclass(frozen=True)
class Claimed:
    """A message that is ours to send, once."""

    message_id: int
    claim: str
    message: Sendable


@dataclass(frozen=True)
class NotNow:
    """Why a message is not sent now. `status` is what became of it: planned (deferred), held, cancelled, or taken by
    another worker."""

    status: str
    reason: str


def queue_message(
    session: Session,
    borrower: Borrower,
    loan: Loan,
    due_on: date,
    step: str,
    purpose: str,
    template: str,
    facts: dict[str, Any],
    send_after: datetime,
    now: datetime,
    form: str = "text",
) -> bool:
    """Plans a message; False where this borrower, loan, due date and step has one already, whatever became of it.

    due_on: for a reminder the due date that it is about, else the date of what it tells. facts: no personal data.
    """
    row = {
        "borrower_id": borrower.id,
        "loan_id": loan.id,
        "due_on": due_on,
        "step": step,
        "purpose": purpose,
        "form": form,
        "template": template,
        "facts": facts,
        "send_after": send_after,
        "planned_at": now,
    }
    return insert_once(session, [row]) == 1


def insert_once(session: Session, rows: Sequence[dict[str, Any]]) -> int:
    """Inserts messages, each once by its key; how many were new. A row may state status and reason.

    Times are whole minutes, rounded down, so that what is planned for now is due for every process, though their clocks
    differ by seconds.
    """
    if not rows:
        return 0
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    complete = [
        {"form": "text", "status": "planned", "reason": None, **row, "send_after": _whole_minute(row["send_after"])}
        for row in rows
    ]
    key = ("borrower_id", "loan_id", "due_on", "step")
    once = insert(Message).values(complete).on_conflict_do_nothing(index_elements=key)
    return len(session.scalars(once.returning(Message.id)).all())


def _whole_minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


def cancel_reminders(session: Session, loan: Loan, reason: str, now: datetime) -> int:
    """Cancels the reminders about `loan` that have not gone out; how many. `reason` is a code."""
    return _cancel(session, Message.loan_id == loan.id, reason=reason, now=now)


def cancel_stale(session: Session, message_ids: Sequence[int], now: datetime) -> int:
    """Cancels planned reminders whose step has passed."""
    return _cancel(session, Message.id.in_(message_ids), reason="stale", now=now) if message_ids else 0


def _cancel(session: Session, which: Any, reason: str, now: datetime) -> int:
    done = session.execute(
        update(Message)
        .where(which, Message.purpose == "reminder", Message.status.in_(("planned", "held")))
        .values(status="cancelled", reason=reason, settled_at=now)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def due_messages(
    session: Session, now: datetime, limit: int | None, forms: Collection[str] = ("text", "email")
) -> list[int]:
    """The ids of planned messages of these forms whose time has come, the longest waiting first; `limit` None: all."""
    due = (
        select(Message.id)
        .where(Message.status == "planned", Message.send_after <= now, Message.form.in_(forms))
        .order_by(Message.send_after, Message.id)
        .limit(limit)
    )
    return list(session.scalars(due))


def claim(session: Session, message_id: int, base_url: str, now: datetime) -> Claimed | NotNow:
    """Takes a planned message for sending, if it may still go: everything is read anew and every rule asked again."""
    borrower_id = session.scalar(select(Message.borrower_id).where(Message.id == message_id))
    # Two messages to one person are decided one after the other, so that the second counts the first.
    borrower = session.get(Borrower, borrower_id, with_for_update=True, populate_existing=True)
    message = session.get(Message, message_id, populate_existing=True)
    if borrower is None or message is None or message.status != "planned":
        return NotNow("taken", "taken")
    lender = the_lender(session)
    if message.purpose == "reminder" and not _is_fresh(message, lender, now):
        return _settle(session, message, "cancelled", "stale", now)
    if message.template == "consent_reminder" and not _is_still_asked(session, message):
        return _settle(session, message, "cancelled", "answered", now)
    decision = decide(_facts(session, message, lender, now), rules_for(lender, message.purpose), now)
    if isinstance(decision, Defer):
        return _settle(session, message, "planned", decision.reason, now, send_after=decision.until)
    if isinstance(decision, Held):
        return _settle(session, message, "held", decision.reason, now)
    return _take(session, message, borrower, lender, base_url, now)


def rules_for(lender: Lender, purpose: str) -> tuple[RuleSet, ...]:
    """Every rule set that a message of this purpose has to pass."""
    chosen = rule_sets(lender.contact_rules)
    return (*chosen, CADENCE) if purpose == "reminder" else chosen


def _is_fresh(message: Message, lender: Lender, now: datetime) -> bool:
    step = step_on(lender.cadence, message.due_on, local_date(now, lender.zone))
    return step is not None and message.step == step_name(step)


def _is_still_asked(session: Session, message: Message) -> bool:
    consent = session.get(GuarantorConsent, message.facts["consent"])
    return consent is not None and consent.status == "asked"


def step_name(step: int) -> str:
    """'due-3', 'due+0', 'due+10'."""
    return f"due{step:+d}"


def _facts(session: Session, message: Message, lender: Lender, now: datetime) -> Facts:
    pair = (message.borrower_id, message.loan_id)
    facts = contact_facts(session, [(message.borrower, message.loan)], message.form, message.purpose, now)[pair]
    if message.purpose == "reminder" and not _is_owed(session, message, lender, now):
        return replace(facts, holds=(*facts.holds, ActiveHold("nothing_due")))
    return facts


def _is_owed(session: Session, message: Message, lender: Lender, now: datetime) -> bool:
    """Whether anything of the payment that a reminder is about is still open: a part that came in is not the whole."""
    stated = statement(loan_account(session, message.loan), local_date(now, lender.zone))
    return any(line.due_on == message.due_on and line.open > 0 for line in stated.lines)


def _settle(
    session: Session, message: Message, status: str, reason: str, now: datetime, send_after: datetime | None = None
) -> NotNow:
    values: dict[str, Any] = {"status": status, "reason": reason}
    if send_after is not None:
        values["send_after"] = send_after
    else:
        values["settled_at"] = now
    if not _move(session, message, "planned", **values):
        return NotNow("taken", "taken")
    return NotNow(status, reason)


def _move(session: Session, message: Message, was: str, **values: Any) -> bool:
    """Changes a message only if its status still is what it `was`: whoever comes second changes nothing."""
    moved = session.execute(
        update(Message)
        .where(Message.id == message.id, Message.status == was)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    session.expire(message)
    return bool(moved.rowcount)  # type: ignore[attr-defined]


def _take(
    session: Session, message: Message, borrower: Borrower, lender: Lender, base_url: str, now: datetime
) -> Claimed | NotNow:
    reads = languages.resolve(borrower.language) or languages.resolve(lender.language) or languages.DEFAULT
    language = written_in(message.template, reads, languages.resolve(lender.language) or languages.DEFAULT)
    token = mint_link(session, borrower, _link_purpose(message), now, language=reads)
    link = f"{base_url}/l/{token}"
    made = _written(session, message, borrower, lender, language, link, base_url, now)
    mark = secrets.token_hex(8)
    taken = _move(
        session,
        message,
        "planned",
        status="claimed",
        reason=None,
        claim=mark,
        claimed_at=now,
        language=language,
        text_sealed=keyring(session).seal("text", made.words) if made else None,
    )
    if not taken or made is None:
        return NotNow("taken", "taken")
    session.flush()
    return Claimed(message.id, mark, made)


def _written(
    session: Session,
    message: Message,
    borrower: Borrower,
    lender: Lender,
    language: str,
    link: str,
    base_url: str,
    now: datetime,
) -> Sendable | None:
    """The message as it goes out; None where the borrower has no address of its form."""
    keys, signature = keyring(session), _signature(borrower, lender, language)
    if message.form == "email":
        if borrower.email_sealed is None:
            return None
        unsubscribe = ""
        if message.purpose == "reminder":
            stop = mint_link(session, borrower, "unsubscribe", now, language=language, lasts=UNSUBSCRIBE_LASTS)
            unsubscribe = f"{base_url}/u/{stop}"
        written = email(message.template, language, signature, link, unsubscribe)
        to = keys.open("email", borrower.email_sealed)
        return Email(to, written.subject, written.words, written.html, str(message.id), language, unsubscribe)
    if borrower.phone_sealed is None:
        return None
    words = sms(message.template, language, signature, link)
    receipts = f"{base_url}/in/receipts/{message.id}/{key_of(session, message.id)}"
    return Text(keys.open("phone", borrower.phone_sealed), words, str(message.id), language, receipts)


def _link_purpose(message: Message) -> str:
    return str(message.facts.get("link") or LINKS.get(message.template, "home"))


def _signature(borrower: Borrower, lender: Lender, language: str) -> Signature:
    officer = borrower.officer if borrower.officer and borrower.officer.ended_at is None else None
    return Signature(
        lender=lender_text(lender, language).name,
        officer=officer_text(officer, language).name if officer else None,
    )


def record(session: Session, claimed: Claimed, outcome: Outcome | None, now: datetime) -> str:
    """Writes down what became of a claimed message; its new status. `outcome` None: nobody knows.

    What was sent, or may have been, counts as a contact.
    """
    message = session.get(Message, claimed.message_id, populate_existing=True)
    if message is None or message.claim != claimed.claim:
        return "taken"
    if isinstance(outcome, TryLater):
        # Nothing went out, so it is as if nobody had taken the message yet.
        later = {"reason": outcome.reason, "send_after": now + RETRIED, "claim": None, "claimed_at": None}
        return "planned" if _move(session, message, "claimed", status="planned", **later) else "taken"
    if isinstance(outcome, Refused):
        status, values = "failed", {"reason": outcome.reason}
    elif isinstance(outcome, Sent):
        status, values = "sent", {"provider_id": outcome.provider_id}
    else:
        status, values = "unknown", {"reason": "no_answer"}
    if not _move(session, message, "claimed", status=status, settled_at=now, **values):
        return "taken"
    if isinstance(outcome, Refused) and outcome.reason in UNSUBSCRIBED:
        opt_outs.stop(session, message.borrower, "carrier", now)
    _after(session, message, now)
    return status


def give_up(session: Session, message_id: int, now: datetime) -> None:
    """Marks a planned message as failed that could not even be written, so that it doesn't come up again and again."""
    message = session.get(Message, message_id, populate_existing=True)
    if message is not None and _move(session, message, "planned", status="failed", reason="fault", settled_at=now):
        _after(session, message, now)


def sweep_unknown(session: Session, now: datetime) -> int:
    """Marks messages that were claimed long ago and never recorded; how many."""
    lost = select(Message).where(Message.status == "claimed", Message.claimed_at < now - CLAIM_LASTS)
    swept = 0
    for message in session.scalars(lost).all():
        if _move(session, message, "claimed", status="unknown", reason="not_recorded", settled_at=now):
            _after(session, message, now)
            swept += 1
    return swept


def _after(session: Session, message: Message, now: datetime) -> None:
    session.refresh(message)
    if message.status in ("sent", "unknown"):
        session.add(
            Contact(
                borrower_id=message.borrower_id,
                loan_id=message.loan_id,
                form=message.form,
                unit="attempt",
                purpose=message.purpose,
                phone_hash=message.borrower.phone_hash,
                message_id=message.id,
                at=message.claimed_at or now,
            )
        )
    payload = {"message": message.id, "purpose": message.purpose, "loan": message.loan_id}
    emit(session, f"message.{message.status}", "borrower", message.borrower_id, now, payload)
    session.flush()
