"""What a guarantor is asked, and what staff and borrower see of it. What a guarantor reads takes the guarantor first."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Borrower, GuarantorConsent, HardshipRequest


def consent_of(session: Session, guarantor: Borrower, public_id: str) -> GuarantorConsent | None:
    """The question with this public id where it was put to `guarantor`."""
    return session.scalar(
        select(GuarantorConsent).where(
            GuarantorConsent.public_id == public_id, GuarantorConsent.guarantor_id == guarantor.id
        )
    )


def newest_consent(session: Session, guarantor: Borrower) -> GuarantorConsent | None:
    """The question that was put to `guarantor` last: an open one first."""
    asked = session.scalars(
        select(GuarantorConsent)
        .where(GuarantorConsent.guarantor_id == guarantor.id)
        .order_by(GuarantorConsent.id.desc())
    ).all()
    return next((consent for consent in asked if consent.status == "asked"), asked[0] if asked else None)


def consents_about(session: Session, request: HardshipRequest) -> list[GuarantorConsent]:
    """Every question about the plan that was agreed to last for `request`, in the order of asking."""
    asked = session.scalars(
        select(GuarantorConsent).where(GuarantorConsent.request_id == request.id).order_by(GuarantorConsent.id)
    ).all()
    return [consent for consent in asked if consent.fingerprint == asked[-1].fingerprint]
