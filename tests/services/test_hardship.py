"""One door moves a request. Whatever it is asked to do, either all that belongs to a move is there, or nothing changed and
the attempt is on record."""

from itertools import product

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.domain.errors import IllegalTransition
from portal.domain.hardship import ACTIONS, OPEN, STATUSES, next_status
from portal.models import AuditEntry, Event, HardshipRequest, HardshipStep
from portal.services.hardship import Done, Refused, move, refuse_if_moved
from portal.services.records import Actor
from tests.factories import a_loan, a_request

ROLES = ("borrower", "officer", "supervisor", "admin", "auditor", "system")


def put_into(session: Session, request: HardshipRequest, status: str) -> None:
    """Sets a request into `status` behind the door's back."""
    session.execute(
        update(HardshipRequest)
        .where(HardshipRequest.id == request.id)
        .values(status=status, is_open=status in OPEN, version=7)
    )
    session.expire(request)


def rows(session: Session) -> dict[str, int]:
    kinds = {"steps": HardshipStep, "events": Event, "audit": AuditEntry}
    counts = [select(func.count(kind.id)).scalar_subquery().label(name) for name, kind in kinds.items()]
    return dict(session.execute(select(*counts)).one()._mapping)


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_every_action_by_every_role_moves_wholly_or_not_at_all(session, lender, now, status):
    request = a_request(session, a_loan(session))
    after: dict[str, int] = {}
    for action, role in product(sorted(ACTIONS), ROLES):
        put_into(session, request, status)
        before = after if after else rows(session)
        outcome = move(session, request, action, Actor(role), now, seen_version=7)
        after = rows(session)
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        said = (entry.actor, entry.action, entry.subject_id)
        assert said == (role, f"request.{action}", request.id), (action, role)
        try:
            expected = next_status(status, action, role)
        except IllegalTransition:
            assert isinstance(outcome, Refused) and outcome.code == "not_possible", (action, role)
            assert (request.status, request.version) == (status, 7), (action, role)
            assert after == before | {"audit": before["audit"] + 1}, (action, role)
            assert entry.outcome == "not_possible"
        else:
            assert isinstance(outcome, Done), (action, role)
            assert (request.status, request.is_open, request.version) == (expected, expected in OPEN, 8)
            assert after == {name: count + 1 for name, count in before.items()}, (action, role)
            assert entry.outcome == "done"
            step = request.steps[-1]
            assert (step.action, step.status_before, step.status_after) == (action, status, expected)
            assert (step.role, step.version, step.at) == (role, 8, now)


@pytest.mark.parametrize("seen", [6, 8, -1])
def test_a_move_decided_on_another_version_is_refused_with_what_happened_last(session, lender, now, seen):
    request = a_request(session, a_loan(session))
    put_into(session, request, "being_read")
    outcome = move(session, request, "decline", Actor("officer"), now, seen_version=seen)
    assert outcome == Refused("changed", request.steps[-1], {})
    assert (request.status, request.version, request.steps[-1].action) == ("being_read", 7, "send")


def test_what_has_moved_on_is_told_before_anything_is_worked_out(session, lender, now):
    request = a_request(session, a_loan(session))
    officer = Actor("officer")
    assert refuse_if_moved(session, request, "approve", officer, request.version, now) is None
    assert refuse_if_moved(session, request, "approve", officer, request.version - 1, now).code == "changed"
    assert refuse_if_moved(session, request, "approve", Actor("auditor"), request.version, now).code == "not_possible"
    put_into(session, request, "declined")
    assert refuse_if_moved(session, request, "approve", officer, 7, now).code == "not_possible"


def test_a_letter_is_kept_sealed(session, lender, now, keys):
    request = a_request(session, a_loan(session))
    move(session, request, "decline", Actor("officer"), now, letter="Please call me.", reason="need_to_talk")
    step = request.steps[-1]
    assert "call" not in step.letter_sealed
    assert keys.open("letter", step.letter_sealed) == "Please call me."
    assert step.reason == "need_to_talk"


def test_events_and_audit_hold_nothing_personal(session, lender, now):
    request = a_request(session, a_loan(session))
    move(session, request, "decline", Actor("officer"), now, letter="Dear Ms Chen", reason="need_to_talk")
    event = session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert event.type == "request.decline"
    assert event.payload == {"loan": request.loan_id, "status": "declined"}
    assert entry.detail == {"version": request.version}
