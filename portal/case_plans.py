"""The plans of a case side by side: today, what was asked, what was offered, and an officer's draft."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.clock import local_date
from portal.domain.errors import InvalidPlan
from portal.domain.plan_terms import PlanTerms
from portal.domain.policy import Verdict
from portal.domain.restructuring import Restructured
from portal.models import HardshipRequest
from portal.plan_charts import Chart
from portal.plan_columns import Column, charts, column_of, column_today, kept_columns, line_by_line
from portal.queries.accounts import loan_account
from portal.queries.lender import the_lender
from portal.queries.plan_views import PlanView, plan_code, plan_view
from portal.queries.requests import newest_offer, offered_plan, proposed_plan
from portal.services import decisions, plans


@dataclass(frozen=True)
class Side:
    """code: today, asked, offered, agreed or draft. Today has no plan, no chart and no verdict; of an ended case only the
    figures are kept."""

    code: str
    column: Column
    plan: PlanView | None = None
    chart: Chart | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True)
class SideBySide:
    """`sides` begins with today. `stale` is why what was asked can't be approved as it stands: figures_changed,
    no_longer_possible; None where it can."""

    sides: tuple[Side, ...]
    stale: str | None = None

    @property
    def lines(self) -> list[tuple[date, list[int | None]]]:
        """Every payment of every side, line by line."""
        return line_by_line([side.column for side in self.sides])

    def side(self, code: str) -> Side | None:
        return next((side for side in self.sides if side.code == code), None)


def side_by_side(
    session: Session, case: HardshipRequest, carries: int | None, draft: Restructured | None, now: datetime
) -> SideBySide:
    """The plans of a case as the loan stands now; of an ended one as they were kept. carries: what the budget leaves for
    each payment (minor units), None without one."""
    return _of_open(session, case, carries, draft, now) if case.is_open else _of_ended(case)


def _of_open(
    session: Session, case: HardshipRequest, carries: int | None, draft: Restructured | None, now: datetime
) -> SideBySide:
    today = local_date(now, the_lender(session).zone)
    account = loan_account(session, case.loan)
    try:
        as_it_is = decisions.work_out(session, case, PlanTerms(), now)
    except InvalidPlan:
        return SideBySide((), "no_longer_possible" if case.proposed else None)
    stale = None
    found: list[tuple[str, Restructured, PlanView]] = []
    asked, offer = proposed_plan(case), newest_offer(case)
    if asked is not None:
        result = _worked_out(session, case, asked.terms, now)
        stale = "no_longer_possible" if result is None else None
        if result is not None:
            view = _view(asked.code, result)
            stale = None if view.fingerprint == asked.fingerprint else "figures_changed"
            found.append(("asked", result, view))
    if offer is not None:
        result = _worked_out(session, case, PlanTerms.from_dict(offer.terms), now)
        if result is not None:
            found.append(("offered", result, _view(None, result)))
    if draft is not None:
        found.append(("draft", draft, _view(None, draft)))
    first = column_today(account, as_it_is.comparison, carries, today)
    columns = [column_of(account, result, carries, today) for _, result, _ in found]
    drawn = charts(account, first, columns, today)
    sides = [
        Side(code, column, view, chart, decisions.verdict(session, case, result.plan, result, now))
        for (code, result, view), column, chart in zip(found, columns, drawn, strict=True)
    ]
    return SideBySide((Side("today", first), *sides), stale)


def _of_ended(case: HardshipRequest) -> SideBySide:
    kept: list[tuple[str, PlanView, dict[str, Any]]] = []
    asked, offer = proposed_plan(case), newest_offer(case)
    if asked is not None and case.proposed_figures is not None:
        kept.append(("asked", asked, case.proposed_figures))
    if offer is not None:
        kept.append(("agreed" if offer.status == "accepted" else "offered", offered_plan(offer), offer.figures))
    if not kept:
        return SideBySide(())
    columns = [kept_columns(figures) for _, _, figures in kept]
    sides = [Side(code, column, view) for (code, view, _), (_, column) in zip(kept, columns, strict=True)]
    return SideBySide((Side("today", columns[-1][0]), *sides))


def _worked_out(session: Session, case: HardshipRequest, terms: PlanTerms, now: datetime) -> Restructured | None:
    try:
        return decisions.work_out(session, case, terms, now)
    except InvalidPlan:
        return None


def _view(code: str | None, result: Restructured) -> PlanView:
    return plan_view(code or plan_code(None, result.plan), result.plan, plans.figures(result))
