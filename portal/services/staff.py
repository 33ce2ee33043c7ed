"""Who works for the lender."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Branch, Staff
from portal.services.records import SYSTEM, audit
from portal.services.staff_access import hash_password


class EmailTaken(Exception):
    """Somebody has this address already."""


class NoSuchBranch(Exception):
    """No branch has this name."""


def add_staff(
    session: Session,
    email: str,
    name: str,
    role: str,
    phone: str,
    language: str,
    branch: str | None,
    password: str,
    now: datetime,
) -> Staff:
    """Adds a member of staff; `branch` None is every branch. Raises EmailTaken, NoSuchBranch."""
    email = email.strip().lower()
    if session.scalar(select(Staff.id).where(Staff.email == email)):
        raise EmailTaken(f"{email} is on the staff already")
    branch_id = None
    if branch is not None:
        branch_id = session.scalar(select(Branch.id).where(Branch.name == branch))
        if branch_id is None:
            raise NoSuchBranch(f"there is no branch {branch!r}")
    staff = Staff(
        email=email,
        name=name,
        names={},
        spoken=[language],
        phone=phone,
        role=role,
        language=language,
        branch_id=branch_id,
        password_hash=hash_password(password),
        recorded_at=now,
    )
    session.add(staff)
    session.flush()
    audit(session, SYSTEM, "add_staff", "done", "staff", staff.id, now, {"role": role})
    return staff
