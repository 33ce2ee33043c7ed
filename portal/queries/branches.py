"""Which branch's rows a member of staff may see."""

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import InstrumentedAttribute

from portal.models import Staff


def in_branch(staff: Staff, branch_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Holds for rows of `staff`'s branch, and for all where they work for every branch."""
    return true() if staff.branch_id is None else branch_id == staff.branch_id
