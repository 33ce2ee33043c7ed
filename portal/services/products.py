"""The next version of a loan product. A version is never changed: loans that pin one keep its conventions."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contradictions import contradictions
from portal.domain.conventions import Conventions
from portal.models import Product, Staff
from portal.queries.products import latest
from portal.services.records import Actor, audit, emit


@dataclass(frozen=True)
class Refused:
    """code: changed (`latest` was made meanwhile), unchanged (the version in force has these conventions), contradictory."""

    code: str
    latest: Product


def next_version(
    session: Session,
    staff: Staff,
    name: str,
    seen_version: int,
    conventions: Conventions,
    reason: str,
    now: datetime,
) -> Product | Refused:
    """Makes `conventions` those of new loans of the product called `name`, as the version after `seen_version`, which is the
    one that `staff` decided on. `reason` is kept with it."""
    # Whoever makes a version at this moment is waited for (SQLite lets one writer in at a time).
    session.execute(select(Product.id).where(Product.name == name).with_for_update())
    present = latest(session, name)
    code = None
    if present.version != seen_version:
        code = "changed"
    elif Conventions.from_dict(present.conventions) == conventions:
        code = "unchanged"
    elif contradictions(conventions):
        code = "contradictory"
    if code:
        audit(session, Actor.staff(staff), "make_product_version", code, "product", present.id, now)
        return Refused(code, present)
    made = Product(
        name=name,
        version=present.version + 1,
        conventions=conventions.to_dict(),
        made_by_id=staff.id,
        reason=reason,
        recorded_at=now,
    )
    session.add(made)
    session.flush()
    changed = sorted(
        key
        for key in {*made.conventions, *present.conventions}
        if made.conventions.get(key) != present.conventions.get(key)
    )
    detail = {"version": made.version, "changed": changed}
    emit(session, "product.version_made", "product", made.id, now, detail)
    audit(session, Actor.staff(staff), "make_product_version", "done", "product", made.id, now, detail)
    return made
