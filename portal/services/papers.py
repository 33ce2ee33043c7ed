"""Codes that stand on papers."""

import unicodedata
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Plan
from portal.services import attempts
from portal.services.attempts import Limit

PER_ADDRESS = Limit("paper_address", 20, timedelta(hours=1))


def genuine(session: Session, typed: str, address: str, now: datetime) -> Plan | Literal["too_many"] | None:
    """The agreement whose code was typed, in whatever case, width and spacing; None where there is none. `address`: who
    asks; wrong codes from there are limited."""
    if attempts.is_spent(session, PER_ADDRESS, address, now):
        return "too_many"
    plain = "".join(letter for letter in unicodedata.normalize("NFKC", typed).upper() if letter.isalnum())
    code = "-".join((plain[:4], plain[4:8], plain[8:]))
    plan = session.scalar(select(Plan).where(Plan.paper_code == code))
    attempts.record(session, PER_ADDRESS, address, plan is not None, now)
    return plan
