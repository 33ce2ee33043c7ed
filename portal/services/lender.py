"""The lender itself: made once, when the portal is set up; what it chooses of its place."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import contact_rules
from portal.domain.ceilings import PLACES
from portal.domain.policy import Limits
from portal.models import Branch, Lender
from portal.queries.lender import the_lender
from portal.services.records import SYSTEM, audit


class LenderExists(Exception):
    """One deployment is one lender, and this one has its."""


def make_lender(session: Session, name: str, phone: str, address: str, hours: str, zone: str, language: str) -> Lender:
    """The lender with its first branch and careful defaults; everything can be changed later. Raises LenderExists.

    `name` stands in texts and on pages that a stranger may open, so it should say nothing of loans. `zone` is IANA.
    """
    if session.scalar(select(Lender.id)) is not None:
        raise LenderExists("this database has its lender already")
    lender = Lender(
        names={language: name},
        addresses={language: address},
        opening_hours={language: hours},
        phone=phone,
        zone=zone,
        language=language,
        verify_by=["birth_date", "id_last_four", "phone_last_four"],
        money_decimals={"TWD": 0, "IDR": 0},
        days_to_answer=5,
        days_offer_open=14,
        limits=Limits().to_dict(),
        ceilings=[],
        cadence=[-3, 0, 3, 10, 20],
        contact_rules=["safe-default"],
        crisis_lines=[],
        credit_record_lines={},
        time_limit_lines={},
    )
    session.add_all((lender, Branch(name=name)))
    session.flush()
    return lender


class NoSuchChoice(ValueError):
    """A rule set or a place that there is none of; the text says which there are."""


def choose(
    session: Session,
    now: datetime,
    rules: Sequence[str] = (),
    ceilings: Sequence[str] = (),
    crisis_lines: Sequence[tuple[str, str, str]] = (),
) -> None:
    """Chooses what holds at the lender's place; what is empty stays as it is. rules: names of rule sets. ceilings: places of
    portal.domain.ceilings, or 'none'. crisis_lines: (language tag, phone, name). Raises NoSuchChoice."""
    lender = the_lender(session)
    for given, known in ((rules, contact_rules.names()), (ceilings, ("none", *PLACES))):
        for name in given:
            if name not in known:
                raise NoSuchChoice(f"There is no {name}; there are {', '.join(sorted(known))}.")
    if rules:
        lender.contact_rules = list(rules)
    if ceilings:
        lender.ceilings = [place for place in ceilings if place != "none"]
    if crisis_lines:
        lender.crisis_lines = [{"phone": phone, "names": {tag: name}} for tag, phone, name in crisis_lines]
    chosen = {"rules": list(rules), "ceilings": list(ceilings), "crisis_lines": len(crisis_lines)}
    if rules or ceilings or crisis_lines:
        audit(session, SYSTEM, "choose_for_lender", "done", "lender", lender.id, now, chosen)
    session.flush()
