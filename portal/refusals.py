"""The sentence that a reader's language has for what the domain refuses. A code without one here is said in English by
the domain itself, so that a page never shows a code."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext, ngettext

from portal import formats
from portal.domain.errors import DomainError
from portal.presentation import InCurrency, current_language

Params = dict[str, Any]


def sentence(refusal: DomainError, of: InCurrency) -> str:
    """What `refusal` says to a person; its amounts are in the currency of `of`."""
    write = _SENTENCES.get(refusal.code)
    return refusal.sentence if write is None else write(refusal.params, of)


def _money(minor: int, of: InCurrency) -> str:
    return formats.money(minor, of.currency, current_language(), of.decimals)


def _day(params: Params, name: str) -> str:
    return formats.date_long(params[name], current_language())


def _amount_never_repays(params: Params, of: InCurrency) -> str:
    return str(
        gettext(
            "This does not cover the interest, so the loan would never be repaid. From %(least)s each time it would.",
            least=_money(params["least"], of),
        )
    )


def _longer_than_longest(params: Params, of: InCurrency) -> str:
    if "least" in params:
        return str(
            gettext(
                "This would take %(count)s payments, and at most %(longest)s are possible. From %(least)s each time it "
                "works.",
                count=params["installments"],
                longest=params["longest"],
                least=_money(params["least"], of),
            )
        )
    return str(
        gettext(
            "This would take %(count)s payments, and at most %(longest)s are possible.",
            count=params["installments"],
            longest=params["longest"],
        )
    )


def _amount_too_low(params: Params, of: InCurrency) -> str:
    return str(gettext("The lowest payment is %(least)s.", least=_money(params["least"], of)))


def _above_ceiling(params: Params, of: InCurrency) -> str:
    return str(
        gettext(
            "The law allows no more than %(percent)s %% a year here, and this would be more.", percent=params["ceiling"]
        )
    )


def _first_on_too_early(params: Params, of: InCurrency) -> str:
    return str(gettext("The first payment can be on %(day)s at the earliest.", day=_day(params, "earliest")))


def _pause_too_long(params: Params, of: InCurrency) -> str:
    if "most" not in params:
        return str(gettext("A pause cannot be that long."))
    most = params["most"]
    return str(ngettext("The pause can be one payment long at most.", "At most %(num)s payments can be paused.", most))


def _arrears_over_too_long(params: Params, of: InCurrency) -> str:
    most = params["most"]
    return str(
        ngettext(
            "There is one payment left to spread it over.", "There are %(num)s payments left to spread it over.", most
        )
    )


def _fixed(write: Callable[[], Any]) -> Callable[[Params, InCurrency], str]:
    return lambda params, of: str(write())


_SENTENCES: dict[str, Callable[[Params, InCurrency], str]] = {
    "amount_never_repays": _amount_never_repays,
    "longer_than_longest": _longer_than_longest,
    "amount_too_low": _amount_too_low,
    "above_ceiling": _above_ceiling,
    "first_on_too_early": _first_on_too_early,
    "pause_too_long": _pause_too_long,
    "arrears_over_too_long": _arrears_over_too_long,
    "contradictory_terms": _fixed(
        lambda: gettext("Two of these cannot both be chosen: the one follows from the other. Please leave one empty.")
    ),
    "nothing_left": _fixed(lambda: gettext("There is nothing left to pay that this could change.")),
    "nothing_overdue": _fixed(lambda: gettext("Nothing is overdue that could be spread.")),
    "invalid_due_day": _fixed(lambda: gettext("The day of the month is a number from 1 to 31.")),
    # Conventions of a product (portal.domain.contradictions, and what Conventions itself refuses).
    "odd_period_by_days": _fixed(
        lambda: gettext("Where interest counts each day, a longer or shorter first period counts its days too.")
    ),
    "thirty_days_need_days": _fixed(
        lambda: gettext(
            "Months of 30 days are for interest that counts each day; here each period bears an equal part."
        )
    ),
    "year_break_needs_actual": _fixed(
        lambda: gettext("The night of 31 December can only change years where a year has its own 365 or 366 days.")
    ),
    "carried_not_rounded": _fixed(
        lambda: gettext("Fractions that are carried on are not rounded to a larger unit as well.")
    ),
    "carried_leaves_nothing": _fixed(
        lambda: gettext(
            "Where fractions are carried on, nothing is left over to share out; what remains is in the last installment."
        )
    ),
    "closed_but_stay": _fixed(lambda: gettext("Closed days of the week are named, but a due date stays where it is.")),
    "no_open_day": _fixed(lambda: gettext("At least one day of the week must be open.")),
    "order_follows_money": _fixed(
        lambda: gettext(
            "Where money lowers the principal or changes the interest, what is due is paid in this order: fees, interest, "
            "principal."
        )
    ),
    "follows_money_but_all": _fixed(
        lambda: gettext(
            "Interest that follows the day the money comes cannot ask for all the interest when a loan is paid off early."
        )
    ),
    "date_out_of_range": _fixed(lambda: gettext("These dates run out of the calendar.")),
}
