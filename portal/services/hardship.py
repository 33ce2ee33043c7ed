"""Hardship requests: the one door through which a request changes its status, and everything that follows from a move.

`move` assigns the status, writes the step, the event and the audit entry, and counts the version, in one transaction
of the caller's. A move that the table doesn't allow, or that was decided on a version that is no longer, is refused:
the refusal is returned, with what happened meanwhile.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.db import keyring
from portal.domain.errors import IllegalTransition
from portal.domain.hardship import OPEN, next_status
from portal.models import HardshipRequest, HardshipStep
from portal.services.records import Actor, audit, emit


@dataclass(frozen=True)
class Done:
    request: HardshipRequest


@dataclass(frozen=True)
class Refused:
    """code: not_possible (the table doesn't hold this move now), changed (another version than was seen), or a code of
    the service that asked. `step` is the last thing that happened to the request; `params` go into the sentence."""

    code: str
    step: HardshipStep | None = None
    params: dict[str, Any] | None = None


Outcome = Done | Refused


def move(
    session: Session,
    request: HardshipRequest,
    action: str,
    actor: Actor,
    now: datetime,
    seen_version: int | None = None,
    letter: str | None = None,
    reason: str | None = None,
    **changes: Any,
) -> Outcome:
    """Moves `request` by `action`, setting `changes` on it. `seen_version` is of the page that the actor decided on; None
    where the actor saw nothing (the system)."""
    try:
        status = next_status(request.status, action, actor.role, request.kind)
    except IllegalTransition:
        return refuse(session, request, action, actor, "not_possible", now)
    version = request.version if seen_version is None else seen_version
    updated = session.execute(
        update(HardshipRequest)
        .where(
            HardshipRequest.id == request.id,
            HardshipRequest.version == version,
            HardshipRequest.status == request.status,
        )
        .values(status=status, is_open=status in OPEN, version=version + 1, changed_at=now, **changes)
        .execution_options(synchronize_session=False)
    )
    if not updated.rowcount:  # type: ignore[attr-defined]
        return refuse(session, request, action, actor, "changed", now)
    step = HardshipStep(
        request_id=request.id,
        action=action,
        status_before=request.status,
        status_after=status,
        role=actor.role,
        staff_id=actor.staff_id,
        letter_sealed=keyring(session).seal("letter", letter) if letter else None,
        reason=reason,
        version=version + 1,
        at=now,
    )
    session.add(step)
    session.flush()
    session.refresh(request)
    session.expire(request, ["steps"])
    emit(session, f"request.{action}", "hardship_request", request.id, now, {"loan": request.loan_id, "status": status})
    audit(session, actor, f"request.{action}", "done", "hardship_request", request.id, now, {"version": version + 1})
    return Done(request)


def lock(session: Session, request: HardshipRequest) -> None:
    """Waits for whoever moves `request` at this moment, and reads it anew: what is worked out from here on is about one
    state of it. (SQLite lets one writer in at a time, so there is nothing to wait for.)"""
    session.refresh(request, with_for_update=True)


def refuse_if_moved(
    session: Session, request: HardshipRequest, action: str, actor: Actor, seen_version: int, now: datetime
) -> Refused | None:
    """A refusal where the request is not what `actor` saw any more, or can't be moved so: asked before anything is worked
    out on it, so that what happened is told, and not what follows from it."""
    lock(session, request)
    try:
        next_status(request.status, action, actor.role, request.kind)
    except IllegalTransition:
        return refuse(session, request, action, actor, "not_possible", now)
    return refuse(session, request, action, actor, "changed", now) if request.version != seen_version else None


def refuse(
    session: Session,
    request: HardshipRequest,
    action: str,
    actor: Actor,
    code: str,
    now: datetime,
    **params: Any,
) -> Refused:
    """Records an attempt that is refused, and tells what happened to the request last."""
    audit(session, actor, f"request.{action}", code, "hardship_request", request.id, now)
    session.refresh(request)
    return Refused(code, last_step(session, request), params)


def last_step(session: Session, request: HardshipRequest) -> HardshipStep | None:
    """The newest step of `request`."""
    return session.scalar(
        select(HardshipStep).where(HardshipStep.request_id == request.id).order_by(HardshipStep.id.desc()).limit(1)
    )
