"""The demo's outbox: every message that was 'sent', as a phone would show it. Not there outside the demo."""

from flask import Blueprint, current_app, render_template
from sqlalchemy import select

from portal.access import open_to
from portal.db import current_session
from portal.models import OutboxText

blueprint = Blueprint("demo", __name__, url_prefix="/demo")
NEWEST = 200


@blueprint.get("/outbox")
@open_to("demo")
def outbox() -> str:
    texts = current_session().scalars(select(OutboxText).order_by(OutboxText.id.desc()).limit(NEWEST)).all()
    return render_template("demo/outbox.html", texts=texts, base_url=current_app.extensions["settings"].base_url)
