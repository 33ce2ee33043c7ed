"""What loan officers, supervisors, admins and auditors see and do."""

from flask import Blueprint

from portal.access import current_staff
from portal.models import Staff

blueprint = Blueprint("staff", __name__, url_prefix="/staff")
DECIDERS = ("officer", "supervisor")


def me() -> Staff:
    """The member of staff of this request; the views here are open to none but a signed-in one."""
    staff = current_staff()
    assert staff is not None
    return staff


from portal.views.staff import case, complaints, documents, kept, letters, notices, products, requests, sign_in, ways_in  # noqa: E402

__all__ = [
    "DECIDERS",
    "blueprint",
    "case",
    "complaints",
    "documents",
    "kept",
    "letters",
    "me",
    "notices",
    "products",
    "requests",
    "sign_in",
    "ways_in",
]
