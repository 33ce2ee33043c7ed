"""The lender's loan products, their versions, and what their loans have in common. Products are of the whole lender, and so
are the counts of their loans: a version holds in every branch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.conventions import Conventions
from portal.domain.due_dates import Frequency, Unit
from portal.domain.sample_loan import SampleKind
from portal.domain.schedule import Method
from portal.models import Lender, Loan, Product, Staff

DEFAULT_CURRENCY = "USD"


@dataclass(frozen=True)
class VersionLine:
    """One version of a product: `loans` pin it, `who` made it (None: an import, or the setting up)."""

    id: int
    version: int
    recorded_at: datetime
    who: str | None
    reason: str
    loans: int


@dataclass(frozen=True)
class ProductView:
    """A product under one of its versions. `latest` is the version in force for new loans; `kind` what most of its loans
    have, `currencies` all that they are in, and `decimals` how many the lender shows of the sample's."""

    product: Product
    conventions: Conventions
    versions: tuple[VersionLine, ...]
    kind: SampleKind
    currencies: tuple[str, ...]
    decimals: int | None

    @property
    def currency(self) -> str:
        return self.kind.currency

    @property
    def latest(self) -> VersionLine:
        return self.versions[0]

    @property
    def is_latest(self) -> bool:
        return self.product.version == self.latest.version

    @property
    def this(self) -> VersionLine:
        return next(line for line in self.versions if line.id == self.product.id)


def find_product(session: Session, product_id: int) -> Product | None:
    """One version of a product."""
    return session.get(Product, product_id)


def latest(session: Session, name: str) -> Product:
    """The newest version of the product called `name`, which there is."""
    return session.scalars(select(Product).where(Product.name == name).order_by(Product.version.desc()).limit(1)).one()


def products(session: Session, lender: Lender) -> list[ProductView]:
    """Every product under its newest version, by name."""
    rows = session.scalars(select(Product).order_by(Product.name, Product.version.desc())).all()
    newest: dict[str, Product] = {}
    for row in rows:
        newest.setdefault(row.name, row)
    return _views(session, lender, list(newest.values()), rows)


def product_view(session: Session, lender: Lender, product: Product) -> ProductView:
    rows = session.scalars(select(Product).where(Product.name == product.name).order_by(Product.version.desc())).all()
    return _views(session, lender, [product], rows)[0]


def _views(session: Session, lender: Lender, shown: list[Product], versions: Sequence[Product]) -> list[ProductView]:
    ids = [version.id for version in versions]
    makers = {version.made_by_id for version in versions}
    names = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(makers)))
    made_by = {staff.id: staff.name for staff in names}
    kinds = session.execute(
        select(Loan.product_id, Loan.currency, Loan.annual_rate, Loan.method, Loan.every, Loan.unit, func.count())
        .where(Loan.product_id.in_(ids))
        .group_by(Loan.product_id, Loan.currency, Loan.annual_rate, Loan.method, Loan.every, Loan.unit)
    ).all()
    result = []
    for product in shown:
        own = [version for version in versions if version.name == product.name]
        own_ids = {version.id for version in own}
        groups = [group for group in kinds if group[0] in own_ids]
        lines = tuple(
            VersionLine(
                version.id,
                version.version,
                version.recorded_at,
                made_by.get(version.made_by_id or 0),
                version.reason,
                sum(group[-1] for group in groups if group[0] == version.id),
            )
            for version in own
        )
        kind = _kind(groups)
        currencies = tuple(sorted({group[1] for group in groups}))
        result.append(
            ProductView(
                product,
                Conventions.from_dict(product.conventions),
                lines,
                kind,
                currencies,
                lender.money_decimals.get(kind.currency),
            )
        )
    return result


def _kind(groups: Sequence[Any]) -> SampleKind:
    """What most loans have in common; monthly installments at 18 % where there is none yet."""
    counted: dict[tuple[Any, ...], int] = {}
    for _, *kind, number in groups:
        counted[tuple(kind)] = counted.get(tuple(kind), 0) + number
    if not counted:
        return SampleKind(DEFAULT_CURRENCY)
    currency, rate, method, every, unit = max(counted, key=lambda kind: (counted[kind], str(kind)))
    return SampleKind(currency, Decimal(rate), Method(method), Frequency(every, Unit(unit)))
