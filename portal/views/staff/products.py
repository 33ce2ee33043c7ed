"""The lender's loan products: the conventions in force in plain words, and the next version of one."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from uuid import uuid4

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.access import STAFF_ROLES, now, open_to
from portal.db import current_session, transaction
from portal.domain.contradictions import contradictions
from portal.domain.conventions import Conventions
from portal.domain.errors import InvalidTerms
from portal.domain.sample_loan import DAYS, Sample, sample
from portal.domain.schedule import Installment
from portal.forms.conventions import Said, changed, in_force
from portal.forms.fields import leave_unread
from portal.forms.product import ProductForm, Units, as_shown
from portal.models import Product
from portal.queries import products as found
from portal.queries.lender import the_lender
from portal.queries.products import ProductView
from portal.refusals import sentence
from portal.services import products as versions
from portal.services import submissions
from portal.services.products import Refused
from portal.views.staff import blueprint, me

Answer = str | Response | tuple[str, int]
FIRST_ROWS = 3


@dataclass(frozen=True)
class Effect:
    """A draft beside the version in force: what it says otherwise, and the sample loan under each."""

    changes: list[tuple[Said, Said]]
    then: Sample
    draft: Sample

    @property
    def rows(self) -> list[tuple[Installment | None, Installment | None]]:
        """The same row of each; None where one has ended."""
        return list(zip_longest(self.then.schedule.installments, self.draft.schedule.installments))


@blueprint.get("/products")
@open_to(*STAFF_ROLES)
def products() -> str:
    session = current_session()
    return render_template(
        "staff/products.html", section="products", products=found.products(session, the_lender(session))
    )


@blueprint.get("/products/<int:product_id>")
@open_to(*STAFF_ROLES)
def product(product_id: int) -> str:
    view = _view(_found(product_id))
    return render_template(
        "staff/product.html",
        section="products",
        product=view,
        groups=in_force(view.conventions, Units(view.currency)),
        shown=sample(view.kind, view.conventions),
        first_rows=FIRST_ROWS,
        days=DAYS,
        zone=the_lender(current_session()).zone,
    )


@blueprint.get("/products/<int:product_id>/next")
@open_to("admin")
def next_version(product_id: int) -> Answer:
    view = _view(_found(product_id))
    if not view.is_latest:
        return redirect(url_for("staff.next_version", product_id=view.latest.id), 303)
    return _page(view, ProductForm.filled(view.conventions, view.product.version, Units(view.currency)))


@blueprint.post("/products/<int:product_id>/next")
@open_to("admin")
def make_version(product_id: int) -> Answer:
    """Shows what the draft would do, or makes it (`act` make) where just that was shown."""
    view = _view(_found(product_id))
    form = ProductForm(of=Units(view.currency))
    making = request.form.get("act") == "make"
    if not making:
        leave_unread(form.reason)  # it is asked for when the version is made
    conventions = _read(form)
    if conventions is None:
        return _page(view, form), 422
    if not making or not form.has_shown(conventions):
        return _page(view, form, conventions, unseen=making)
    by = f"staff:{me().id}"
    with transaction() as session:
        first = submissions.first_answer(session, form.form_key.data or "", by, now())
        if first is not None:
            return redirect(first, 303)
        name = view.product.name
        made = versions.next_version(session, me(), name, form.seen_version, conventions, form.reason.data or "", now())
        if not isinstance(made, Refused):
            where = url_for("staff.product", product_id=made.id)
            submissions.answered(session, form.form_key.data or "", by, where)
    if isinstance(made, Refused):
        return _page(_view(made.latest), form, conventions, refused=made), 409
    return redirect(where, 303)


def _found(product_id: int) -> Product:
    return found.find_product(current_session(), product_id) or abort(404)


def _view(product: Product) -> ProductView:
    session = current_session()
    return found.product_view(session, the_lender(session), product)


def _read(form: ProductForm) -> Conventions | None:
    """What was chosen; None where something is wrong with it, which the form then says."""
    if not form.validate():
        return None
    try:
        conventions = form.conventions
    except InvalidTerms as refusal:
        form.refuse(refusal, sentence(refusal, form.of))
        return None
    wrong = contradictions(conventions)
    for each in wrong:
        form.refuse(each, sentence(each, form.of))
    return None if wrong else conventions


def _page(
    view: ProductView,
    form: ProductForm,
    draft: Conventions | None = None,
    refused: Refused | None = None,
    unseen: bool = False,
) -> str:
    """The form with the effect of `draft`. A version that was made meanwhile is the one to go by from here on."""
    session = current_session()
    newest = view if view.is_latest else _view(found.latest(session, view.product.name))
    effect: Effect | None = None
    if draft is not None:
        effect = Effect(
            changed(newest.conventions, draft, Units(newest.currency)),
            sample(newest.kind, newest.conventions),
            sample(newest.kind, draft),
        )
    behind = form.seen_version != newest.product.version
    form.version.data = str(newest.product.version)
    form.shown.data = as_shown(draft) if draft is not None and effect and effect.changes else ""
    if form.is_submitted():
        form.form_key.data = uuid4().hex
    shared: dict[str, Any] = {"section": "products", "days": DAYS, "zone": the_lender(session).zone}
    return render_template(
        "staff/product_draft.html",
        product=newest,
        form=form,
        effect=effect,
        refused=refused,
        unseen=unseen,
        behind=behind,
        **shared,
    )
