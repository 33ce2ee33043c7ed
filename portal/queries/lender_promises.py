"""What the lender promised one borrower, with whether it was kept. Read from what both sides did; nothing is kept twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from portal.clock import local_date
from portal.domain.hardship import answer_by
from portal.domain.lender_promises import (
    LETTER_WORKING_DAYS,
    LenderPromise,
    Spoken,
    calls_as_wished,
    first_within,
    judge,
)
from portal.models import (
    Borrower,
    Complaint,
    Contact,
    Dispute,
    HardshipRequest,
    HardshipStep,
    Lender,
    Letter,
    Offer,
    PaidNotice,
)
from portal.queries.contact_wishes import wishes_of

# How long ago a promise may have been given to be told of still, where it is kept.
TOLD_FOR = timedelta(days=365)
# What answers a request, by the step's action.
ANSWERS = frozenset({"offer", "approve", "approve_if_consent", "decline", "agree_at_once"})


@dataclass(frozen=True)
class Judged:
    """A promise with its state: kept, missed or running. Of a missed one, what the borrower said about it: a complaint, and
    its outcome where it is answered."""

    promise: LenderPromise
    state: str
    complaint_id: str | None = None
    outcome: str | None = None


def lender_promises(session: Session, borrower: Borrower, lender: Lender, now: datetime) -> list[Judged]:
    """Every promise to the borrower, in the order in which they were given. One that was withdrawn before anything was due
    is none."""
    today = local_date(now, lender.zone)
    on_day = partial(local_date, zone=lender.zone)
    spoken, reminded = _contacts(session, borrower)
    complaints = session.scalars(select(Complaint).where(Complaint.borrower_id == borrower.id)).all()
    told_of = {complaint.contact_id: complaint for complaint in complaints if complaint.contact_id}
    promises = [
        *_of_requests(session, borrower, reminded, lender.zone),
        *_of_disputes(session, borrower, reminded, lender.zone),
        *(
            LenderPromise(
                "answer_complaint",
                on_day(complaint.recorded_at),
                complaint.answer_by,
                on_day(complaint.answered_at) if complaint.answered_at else None,
                public_id=complaint.public_id,
            )
            for complaint in complaints
        ),
        *_of_letters(session, borrower, lender.zone),
        *_of_paid_notices(session, borrower, lender.zone),
        *calls_as_wished(wishes_of(session, borrower), spoken, borrower.zone, lender.zone),
    ]
    judged = [
        _judged(promise, today, told_of.get(promise.contact_id or 0))
        for promise in sorted(promises, key=lambda promise: promise.given_on)
    ]
    return [
        found
        for found in judged
        if found.state != "over" and (found.state != "kept" or found.promise.given_on > today - TOLD_FOR)
    ]


def _judged(promise: LenderPromise, today: date, complaint: Complaint | None) -> Judged:
    state = judge(promise, today)
    return Judged(promise, state, complaint.public_id, complaint.outcome) if complaint else Judged(promise, state)


def _contacts(session: Session, borrower: Borrower) -> tuple[list[Spoken], list[tuple[datetime, int]]]:
    """Calls and visits that nobody had asked for, and reminders with the contact's id."""
    rows = session.execute(
        select(Contact.id, Contact.form, Contact.purpose, Contact.at).where(
            Contact.borrower_id == borrower.id,
            or_(Contact.form.in_(("call", "visit")), Contact.purpose == "reminder"),
        )
    ).all()
    spoken = [
        Spoken(row.id, row.form, row.at)
        for row in rows
        if row.form in ("call", "visit") and row.purpose not in ("answer", "code")
    ]
    return spoken, [(row.at, row.id) for row in rows if row.purpose == "reminder"]


def _of_requests(
    session: Session, borrower: Borrower, reminded: list[tuple[datetime, int]], zone: str
) -> Iterator[LenderPromise]:
    """An answer by its day, silence meanwhile, offers kept open."""
    requests = session.scalars(
        select(HardshipRequest)
        .where(HardshipRequest.borrower_id == borrower.id, HardshipRequest.sent_at.is_not(None))
        .options(selectinload(HardshipRequest.steps), selectinload(HardshipRequest.offers))
    )
    for request in requests:
        if request.sent_at is None or request.kind != "hardship":
            continue
        sent_on = local_date(request.sent_at, zone)
        answered = next((step for step in request.steps if step.action in ANSWERS), None)
        over_at = None if request.is_open else request.changed_at
        yield LenderPromise(
            "answer_request",
            sent_on,
            request.answer_by,
            local_date(answered.at, zone) if answered else None,
            over_on=local_date(over_at, zone) if over_at else None,
            public_id=request.public_id,
        )
        yield _quiet(reminded, request.sent_at, over_at, zone, request.public_id)
        for offer in request.offers:
            yield from _of_offer(request, offer, zone)


def _quiet(
    reminded: list[tuple[datetime, int]], since: datetime, until: datetime | None, zone: str, public_id: str
) -> LenderPromise:
    broken = first_within((at for at, _ in reminded), since, until)
    return LenderPromise(
        "quiet",
        local_date(since, zone),
        broken_on=local_date(broken, zone) if broken else None,
        broken_at=broken,
        over_on=local_date(until, zone) if until else None,
        public_id=public_id,
        contact_id=next((contact_id for at, contact_id in reminded if at == broken), None),
    )


def _of_offer(request: HardshipRequest, offer: Offer, zone: str) -> Iterator[LenderPromise]:
    """An offer that the lender replaced before its day was not kept open, unless the borrower had asked to talk about it, or
    a payment had only changed its figures."""
    given_on = local_date(offer.made_at, zone)
    if offer.made_by_id is None:
        return
    after = [step for step in request.steps if step.at > offer.made_at]
    ended = next((step for step in after if step.action in ("offer", "decline", "accept", "refuse", "withdraw")), None)
    over = ended or next((step for step in after if step.action == "accept_if_consent"), None)
    taken_back = ended is not None and ended.action in ("offer", "decline") and not _asked_to_talk(after, ended)
    ended_on = local_date(over.at, zone) if over else None
    in_its_time = ended_on is not None and ended_on <= offer.expires_on
    yield LenderPromise(
        "offer_open",
        given_on,
        offer.expires_on,
        broken_on=ended_on if taken_back and in_its_time else None,
        over_on=ended_on if not taken_back else None,
        public_id=request.public_id,
    )


def _asked_to_talk(after: list[HardshipStep], ended: HardshipStep) -> bool:
    return any(step.action in ("talk", "change", "accept_if_consent") and step.at <= ended.at for step in after)


def _of_disputes(
    session: Session, borrower: Borrower, reminded: list[tuple[datetime, int]], zone: str
) -> Iterator[LenderPromise]:
    for dispute in session.scalars(select(Dispute).where(Dispute.borrower_id == borrower.id)):
        yield LenderPromise(
            "answer_dispute",
            local_date(dispute.recorded_at, zone),
            dispute.answer_by,
            local_date(dispute.answered_at, zone) if dispute.answered_at else None,
            public_id=dispute.public_id,
        )
        yield _quiet(reminded, dispute.recorded_at, dispute.answered_at, zone, dispute.public_id)


def _of_letters(session: Session, borrower: Borrower, zone: str) -> Iterator[LenderPromise]:
    letters = select(Letter.public_id, Letter.recorded_at, Letter.answered_at).where(
        Letter.borrower_id == borrower.id, Letter.staff_id.is_(None)
    )
    for public_id, written_at, answered_at in session.execute(letters):
        written_on = local_date(written_at, zone)
        yield LenderPromise(
            "answer_letter",
            written_on,
            answer_by(written_on, LETTER_WORKING_DAYS),
            local_date(answered_at, zone) if answered_at else None,
            public_id=public_id,
        )


def _of_paid_notices(session: Session, borrower: Borrower, zone: str) -> Iterator[LenderPromise]:
    for notice in session.scalars(select(PaidNotice).where(PaidNotice.borrower_id == borrower.id)):
        settled: date | None = local_date(notice.settled_at, zone) if notice.settled_at else None
        withdrawn = notice.status == "withdrawn"
        yield LenderPromise(
            "look_for_payment",
            local_date(notice.recorded_at, zone),
            notice.quiet_until,
            None if withdrawn else settled,
            over_on=settled if withdrawn else None,
            public_id=notice.public_id,
        )
