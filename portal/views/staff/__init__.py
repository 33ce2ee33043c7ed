"""What loan officers, supervisors, admins and auditors see and do."""

from flask import Blueprint

blueprint = Blueprint("staff", __name__, url_prefix="/staff")

from portal.views.staff import sign_in  # noqa: E402

__all__ = ["blueprint", "sign_in"]
