"""Laying money on installments: which payments count on a day, the position from before, and one payment after another."""

from datetime import date

from portal.domain.conventions import Component, Conventions, Excess
from portal.domain.errors import InvalidPayment
from portal.domain.loan_account import LoanAccount, Payment
from portal.domain.money import split
from portal.domain.payoff import Laid

COMPONENTS = (Component.penalties, Component.fees, Component.interest, Component.principal)
INDEX = {component: index for index, component in enumerate(COMPONENTS)}


def counted_payments(account: LoanAccount, on: date) -> list[Payment]:
    """The payments that a replay to `on` lays, oldest first. Raises InvalidPayment on a reversal of nothing."""
    held = account.opening.counted if account.opening else frozenset()
    by_key = {payment.key: payment for payment in account.payments}
    reversed_keys = set()
    for entry in account.payments:
        if entry.reverses is not None:
            if entry.reverses not in by_key and entry.reverses not in held:
                raise InvalidPayment(
                    "unknown_reversal", "This reverses a payment that is not in the books.", key=entry.key
                )
            if entry.effective_on <= on:
                reversed_keys.add(entry.reverses)
    laid = [
        entry
        for entry in by_key.values()
        if entry.reverses is None
        and entry.effective_on <= on
        and entry.key not in held
        and entry.key not in reversed_keys
    ]
    return sorted(laid, key=lambda entry: (entry.effective_on, entry.key))


def taken_back(account: LoanAccount, on: date) -> int:
    """Minor units of payments inside the opening position that were reversed by `on`, after the opening was made."""
    opening = account.opening
    if opening is None:
        return 0
    keys = {
        entry.reverses: entry.amount
        for entry in account.payments
        if entry.reverses in opening.counted and entry.effective_on <= on and entry.key not in opening.counted
    }
    return sum(keys.values())


def lay_opening(account: LoanAccount, laid: Laid, on: date) -> None:
    opening = account.opening
    if opening is None:
        return
    amounts = (opening.penalties_paid, opening.fees_paid, opening.interest_paid, opening.principal_paid)
    for component, amount in enumerate(amounts):
        for due, paid in zip(laid.due, laid.paid, strict=True):
            if not amount:
                break
            part = min(due[component], amount)
            paid[component] = part
            amount -= part
        if component == 3:
            laid.overpaid += amount
        else:
            laid.beyond += amount
    back = taken_back(account, on)
    laid.money = opening.total - back
    overpaid = min(back, laid.overpaid)
    laid.overpaid -= overpaid
    back -= overpaid
    for index in reversed(range(len(laid.rows))):  # what was paid last is the first to be unpaid again
        for component in (3, 2, 1, 0):
            part = min(back, laid.paid[index][component])
            laid.paid[index][component] -= part
            back -= part
    all_repaid = all(due[3] == paid[3] for due, paid in zip(laid.due, laid.paid, strict=True))
    if all_repaid and opening.runs_from is None and not taken_back(account, on):
        # All principal was repaid before the loan came to us: interest that was not earned by then is owed no more.
        laid.closed_on = opening.as_of
        for due, paid in zip(laid.due, laid.paid, strict=True):
            due[:] = paid


def lay(laid: Laid, when: date, amount: int, conventions: Conventions) -> None:
    """One payment: first what is due by its day, oldest installment first; then, in advance, by the rule for excess."""
    rows = laid.rows
    order = [INDEX[component] for component in conventions.order_due]
    for index in range(laid.first_open, len(rows)):
        if not amount:
            return
        due, paid = laid.due[index], laid.paid[index]
        if rows[index].due_on <= when:
            for component in order:
                amount = laid.put(index, component, due[component] - paid[component], amount, when)
            if index == laid.first_open and due == paid:
                laid.first_open += 1
        elif laid.charges:
            for component in order:
                charged = sum(c[3] for c in laid.charges if c[0] == index and c[1] == component and c[2] <= when)
                amount = laid.put(index, component, charged - paid[component], amount, when)
        else:
            break
    if not amount:
        return
    ahead = [
        index
        for index in range(laid.first_open, len(rows))
        if rows[index].due_on > when and laid.due[index] != laid.paid[index]
    ]
    order = [INDEX[component] for component in conventions.order_in_advance]
    if conventions.excess is Excess.spread:
        while amount and ahead:
            shares = split(amount, len(ahead))
            amount = 0
            for index, share in zip(ahead, shares, strict=True):
                amount += _advance(laid, index, share, order, when)
            ahead = [index for index in ahead if laid.due[index] != laid.paid[index]]
    else:
        for index in reversed(ahead) if conventions.excess is Excess.last_installment else ahead:
            if not amount:
                break
            amount = _advance(laid, index, amount, order, when)
    laid.overpaid += amount


def _advance(laid: Laid, index: int, amount: int, order: list[int], when: date) -> int:
    for component in order:
        amount = laid.put(index, component, laid.due[index][component] - laid.paid[index][component], amount, when)
    return amount
