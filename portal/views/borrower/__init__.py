"""What a verified borrower sees and does."""

from flask import Blueprint

blueprint = Blueprint("borrower", __name__, url_prefix="/my")

from portal.views.borrower import home  # noqa: E402

__all__ = ["blueprint", "home"]
