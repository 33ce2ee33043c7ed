"""A borrower's paper, for whoever may see what it belongs to. Every view of one is written down."""

from flask import Response, abort

from portal import uploads
from portal.access import STAFF_ROLES, now, open_to
from portal.db import current_session, transaction
from portal.queries.documents import find_document
from portal.services import documents
from portal.services.records import Actor, audit
from portal.views.staff import blueprint, me


@blueprint.get("/documents/<document_id>")
@open_to(*STAFF_ROLES)
def document(document_id: str) -> Response:
    with transaction() as session:
        found = find_document(session, me(), document_id) or abort(404)
        audit(session, Actor.staff(me()), "view_document", "done", "document", found.id, now())
    return uploads.paper(documents.content(current_session(), found), found.media_type, found.number)
