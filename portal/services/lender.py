"""The lender itself: made once, when the portal is set up."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.policy import Limits
from portal.models import Branch, Lender


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
