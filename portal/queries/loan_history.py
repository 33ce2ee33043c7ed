"""Why the balance is what it is: all that ever changed it, line by line, each with what was left to pay after it."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import local_date
from portal.domain.allocation import Statement, statement
from portal.models import LedgerEntry, Loan, Plan, ScheduleVersion
from portal.queries.accounts import account_under


@dataclass(frozen=True)
class Moment:
    """One line. `change` is what it did to what is left to pay (minor units); `left_after` the sum of all changes so far.

    kind: lent (principal, with `amount` of it), interest (all of it that the first schedule holds), opening (what had been
    paid by the day on which our books begin), payment, reversal, plan (another schedule was agreed), recalculated (a
    payment came early or late, or days passed, and the interest follows). What comes beyond what is owed changes nothing.
    For a payment `to_principal` is the part of `amount` that went towards what was lent. `entered_on` is when we were told,
    where that was another day than the one from which it counts. `plan_id` is the public id of the agreement.
    """

    kind: str
    on: date
    amount: int
    change: int
    left_after: int
    to_principal: int = 0
    entered_on: date | None = None
    plan_id: str | None = None


def loan_history(session: Session, loan: Loan, zone: str, today: date) -> list[Moment]:
    """Every moment of `loan`, the oldest first: the changes sum to what is left to pay on `today`. A payment that was taken
    back stays in its place, and its reversal stands where that was entered."""
    plans = {
        plan.schedule_version_id: plan for plan in session.scalars(select(Plan).where(Plan.loan_id == loan.id)).all()
    }
    books = _Books(loan, zone)
    for version in (None, *loan.versions):
        if version is not None:
            books.agree(version, plans.get(version.id))
        for entry in books.entries_under(version):
            books.enter(entry)
    books.pass_to(today)
    return books.moments


class _Books:
    """The books as they were kept: what was told when, under the schedule of that time."""

    def __init__(self, loan: Loan, zone: str) -> None:
        self.loan = loan
        self.zone = zone
        self.account = account_under(loan, None)
        self.began_with = self.account.opening.counted if self.account.opening else frozenset()
        self.told = set(self.began_with)
        self.on = loan.disbursed_on
        self.moments: list[Moment] = []
        self._begin()

    def _begin(self) -> None:
        # The schedule as it was at the start holds all the interest and fees that were agreed then.
        lent, agreed = self.account.schedule.total_principal, self.account.schedule.total_due
        self._add("lent", self.on, lent, lent)
        if agreed != lent:
            self._add("interest", self.on, agreed - lent, agreed - lent)
        opening = self.account.opening
        if opening is not None:
            self.on = max(self.on, opening.as_of)
            paid = self._stated().left_to_pay - self.left
            self._add("opening", opening.as_of, -paid, paid)

    @property
    def left(self) -> int:
        return self.moments[-1].left_after if self.moments else 0

    def entries_under(self, version: ScheduleVersion | None) -> list[LedgerEntry]:
        """What was told while the schedule of `version` was in force, by the day from which it counts."""
        versions = self.loan.versions
        at = versions.index(version) + 1 if version is not None else 0
        begins = version.recorded_at if version is not None else None
        ends = versions[at].recorded_at if at < len(versions) else None
        told = [
            entry
            for entry in self.loan.entries
            if str(entry.id) not in self.began_with
            and (begins is None or entry.recorded_at > begins)
            and (ends is None or entry.recorded_at <= ends)
        ]
        return sorted(told, key=lambda entry: (entry.effective_on, entry.id))

    def agree(self, version: ScheduleVersion, plan: Plan | None) -> None:
        self.pass_to(version.agreed_on)
        self.account = account_under(self.loan, version)
        change = self._stated().left_to_pay - self.left
        self._add("plan", self.on, abs(change), change, plan_id=plan.public_id if plan else None)

    def enter(self, entry: LedgerEntry) -> None:
        # What is dated back to before an agreed schedule stands on the day of that.
        self.pass_to(max(self.on, entry.effective_on))
        before = self._stated()
        self.told.add(str(entry.id))
        after = self._stated()
        came = entry.amount if entry.kind == "payment" else -entry.amount
        entered = local_date(entry.recorded_at, self.zone)
        change = after.overpaid - before.overpaid - came
        self._add(
            entry.kind,
            entry.effective_on,
            entry.amount,
            change,
            to_principal=abs(before.outstanding_principal - after.outstanding_principal),
            entered_on=entered if entered != entry.effective_on else None,
        )
        self._even_out(after)

    def pass_to(self, day: date) -> None:
        """Days pass, and with them interest where the product counts it by what is paid."""
        self.on = max(self.on, day)
        self._even_out(self._stated())

    def _even_out(self, stated: Statement) -> None:
        change = stated.left_to_pay - self.left
        if change:
            self._add("recalculated", self.on, abs(change), change)

    def _stated(self) -> Statement:
        payments = tuple(payment for payment in self.account.payments if payment.key in self.told)
        return statement(replace(self.account, payments=payments), self.on)

    def _add(self, kind: str, on: date, amount: int, change: int, **more: object) -> None:
        self.moments.append(Moment(kind, on, amount, change, self.left + change, **more))  # type: ignore[arg-type]
