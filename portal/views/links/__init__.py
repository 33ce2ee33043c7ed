"""What a link in a text opens, before anybody is known."""

from flask import Blueprint

blueprint = Blueprint("links", __name__)

from portal.views.links import arrival, paper, unsubscribe  # noqa: E402

__all__ = ["arrival", "blueprint", "paper", "unsubscribe"]
