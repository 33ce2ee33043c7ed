"""The plans on a borrower's page: worked out from the loan as it is, named by the figures that were seen."""

from dataclasses import asdict, replace
from datetime import date
from types import SimpleNamespace

from sqlalchemy.orm import Session

from portal.domain.affordability import a_period
from portal.domain.due_dates import Frequency, shift
from portal.domain.errors import InvalidPlan
from portal.domain.options import PlanOption, own_amount, plan_options
from portal.domain.policy import Limits
from portal.domain.restructuring import PlanTerms, earliest_first_on
from portal.domain.season_plan import GoodMonths, season_option
from portal.forms.difficulty import PlanForm
from portal.models import HardshipRequest, Lender
from portal.plan_charts import Today, chart
from portal.queries.accounts import loan_account
from portal.queries.borrower_loans import LoanView
from portal.queries.plan_views import PlanView, plan_view
from portal.services import plans

# From how many of the next due dates an amount of one's own may begin.
STARTS = 4


class Choices:
    """What may be chosen for `loan` on the day `today`. `views` are in the order of the page, each with a `value` that
    holds a piece of its figures' fingerprint: an option whose figures have changed is not the one that was chosen."""

    def __init__(
        self, session: Session, loan: LoanView, draft: HardshipRequest | None, lender: Lender, today: date
    ) -> None:
        self.account = loan_account(session, loan.loan)
        self._loan = loan
        held = plans.ceilings(session, loan.loan, today)
        self._limits = replace(Limits.from_dict(lender.limits).options(), ceilings=held)
        self._today = today
        self.left_over = draft.left_over if draft else None
        frequency = self.account.terms.frequency
        self.carries = None if self.left_over is None else a_period(max(self.left_over, 0), frequency)
        left_over = None if self.left_over is None else max(self.left_over, 0)
        self.options = (*self._seasonal(draft, left_over), *plan_options(self.account, today, left_over, self._limits))
        found = [plan_view(option.code, option.plan, plans.figures(option.result)) for option in self.options]
        coming = today_of(loan, today, frequency)
        ends = max([day for day, _ in coming.coming] + [view.last_on for view in found], default=today)
        self.views = [self._view(option, view, coming, ends) for option, view in zip(self.options, found, strict=True)]
        self.today_plan = self._as_today(coming)
        self.starts = self._starts()

    def _seasonal(self, draft: HardshipRequest | None, left_over: int | None) -> tuple[PlanOption, ...]:
        if draft is None or not draft.season:
            return ()
        good = GoodMonths.from_dict(draft.season)
        found = season_option(self.account, self._today, good, left_over, self._limits)
        return (found,) if found else ()

    def chosen(self, form: PlanForm) -> tuple[str, PlanTerms] | None:
        """The option's code and its terms; None where the officer is to suggest. Raises InvalidPlan for an own amount that
        never repays, takes too long or begins too early."""
        if form.plan.data == form.SUGGEST:
            return None
        if form.plan.data == form.OWN:
            amount, first_on = form.own_amount.data, form.own_starts_on
            return "own_amount", own_amount(self.account, self._today, amount, first_on, self._limits).plan
        at = [view.value for view in self.views].index(form.plan.data)
        return self.options[at].code, self.options[at].plan

    def _view(self, option: PlanOption, view: PlanView, coming: Today, ends: date) -> SimpleNamespace:
        drawn = chart(coming, view.payments, ends)
        highest = option.result.comparison.highest_new
        return SimpleNamespace(
            **asdict(view),
            value=f"{option.code}.{view.fingerprint[:12]}",
            fits=option.fits,
            over_by=option.over_by,
            left_with=self.carries - highest if option.fits and self.carries and self.carries >= highest else None,
            chart=drawn.drawing,
            chart_from=drawn.starts,
            chart_to=drawn.ends,
        )

    def _as_today(self, coming: Today) -> SimpleNamespace:
        usual = self.options[0].result.comparison.amount_today if self.options else self._loan.next_amount
        return SimpleNamespace(
            amount=usual,
            next_on=self._loan.next_due_on or self._today,
            next_amount=self._loan.next_amount + self._loan.overdue_total,
            catch_up=coming.overdue > 0,
            last_on=self._loan.lines[-1].due_on,
            total=self._loan.left_to_pay,
        )

    def _starts(self) -> list[date]:
        """The next due dates as they are, as far as a plan may begin on them."""
        try:
            earliest = earliest_first_on(self.account, self._today)
        except InvalidPlan:
            return []
        frequency = self.account.terms.frequency
        first = self._loan.next_due_on or shift(self._loan.lines[-1].due_on, frequency, 1)
        while first < earliest:
            first = shift(first, frequency, 1)
        return [shift(first, frequency, periods) for periods in range(STARTS)]


def today_of(loan: LoanView, today: date, frequency: Frequency) -> Today:
    """What is still to pay as things are, for the picture."""
    coming = tuple((line.due_on, line.open) for line in loan.lines if line.open and line.due_on >= today)
    return Today(today, frequency, coming, loan.overdue_total)
