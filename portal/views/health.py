"""Whether the portal answers. It tells nothing else."""

from flask import Blueprint

from portal.access import open_to

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@open_to("anyone")
def health() -> dict[str, bool]:
    return {"ok": True}


@blueprint.get("/robots.txt")
@open_to("anyone")
def robots() -> tuple[str, dict[str, str]]:
    """Nothing here is for search engines."""
    return "User-agent: *\nDisallow: /\n", {"Content-Type": "text/plain"}
