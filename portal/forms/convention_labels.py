"""The sentences of a loan product's conventions: one for each value of each. portal.forms.conventions says which are in
force. A new value of a convention needs its line in SENTENCES (or ROUNDINGS); a test finds the one that lacks it.
"""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.domain.conventions import Component

# Convention -> what it is about. A rounding's unit is under the rounding.
TITLES: dict[str, Any] = {
    "interest_period": _l("What interest is worked out from"),
    "day_count": _l("Counting days"),
    "year_break": _l("The turn of the year"),
    "odd_period": _l("A first period that is longer or shorter"),
    "rounding": _l("Rounding interest"),
    "interest_carried": _l("Fractions of interest"),
    "level_basis": _l("Working out the installment"),
    "installment_rounding": _l("Rounding the installment"),
    "remainder": _l("What rounding leaves over"),
    "closed_day_rule": _l("Due dates on closed days"),
    "closed_weekdays": _l("Closed days of the week"),
    "order_due": _l("Order of payment, for what is due"),
    "order_in_advance": _l("Order of payment, in advance"),
    "excess": _l("What is paid beyond what is due"),
    "interest_recalculated": _l("Money that comes early or late"),
    "stretches_rounded": _l("Several payments in one period"),
    "due_day_is_late": _l("Days past due"),
    "grace_days": _l("Days of grace"),
    "buckets": _l("Steps of days past due"),
    "late_fee": _l("Late fee"),
    "payoff_interest": _l("Paying off early"),
    "flat_extension": _l("Making a flat-rate loan longer"),
}
COMPONENTS = {
    Component.penalties.value: _l("Penalties"),
    Component.fees.value: _l("Fees"),
    Component.interest.value: _l("Interest"),
    Component.principal.value: _l("Principal"),
}
# How a figure between two units becomes one of them: the end of a sentence about rounding.
ROUNDINGS = {
    "half_up": _l("the nearest one, and a half goes up"),
    "half_even": _l("the nearest one, and a half goes to the even one"),
    "half_down": _l("the nearest one, and a half goes down"),
    "up": _l("always up"),
    "down": _l("always down"),
}
# Convention -> value -> sentence.
SENTENCES: dict[str, dict[Any, Any]] = {
    "interest_period": {
        "per_period": _l(
            "Each period bears an equal part of the year’s interest, whatever its days: a month a twelfth"
        ),
        "daily": _l("Interest counts each day"),
    },
    "day_count": {
        "30/360": _l(
            "A month has 30 days and a year 360; the 31st counts as the 30th where the stretch began on a 30th or 31st"
        ),
        "30e/360": _l("A month has 30 days and a year 360; the 31st always counts as the 30th"),
        "actual/360": _l("Days are counted as they are, and a year has 360 days"),
        "actual/364": _l("Days are counted as they are, and a year has 364 days"),
        "actual/365": _l("Days are counted as they are, and a year has 365 days"),
        "actual/actual": _l("Days are counted as they are, and a year has its own 365 or 366 days"),
    },
    "year_break": {
        "january_1": _l("The night of 31 December belongs to the old year"),
        "december_31": _l("The night of 31 December belongs to the new year"),
    },
    "odd_period": {
        "by_days": _l("In a longer or shorter first period, the days beyond whole periods are counted one by one"),
        "share_of_period": _l(
            "In a longer or shorter first period, the days beyond whole periods bear their share of one"
        ),
        "as_whole": _l("A first period bears the interest of one period, even if it is longer or shorter"),
    },
    "interest_carried": {
        False: _l("The interest of each payment is rounded for itself"),
        True: _l("Fractions of interest are carried on from payment to payment, so that none is lost"),
    },
    "level_basis": {
        "each_period": _l("The installment is worked out from the interest of each period"),
        "thirty_days": _l("The installment is worked out as if each month had 30 days"),
        "nominal": _l("The installment is worked out from the yearly rate in equal parts, whatever the days"),
    },
    "remainder": {
        "last": _l("What is left over from rounding goes into the last installment"),
        "first": _l("What is left over from rounding goes into the first installment"),
        "smoothed": _l("What is left over from rounding is shared out once, where that evens the last installment"),
    },
    "closed_day_rule": {
        "stay": _l("A due date on a closed day stays where it is"),
        "following": _l("A due date on a closed day moves to the next open day"),
        "preceding": _l("A due date on a closed day moves to the open day before"),
        "modified_following": _l(
            "A due date on a closed day moves to the next open day, or to the one before where a new month would begin"
        ),
    },
    "excess": {
        "next_installment": _l("What is paid beyond what is due covers the next installments in turn"),
        "last_installment": _l("What is paid beyond what is due covers the last installments, from the end"),
        "spread": _l("What is paid beyond what is due makes every later installment smaller by the same amount"),
        "smaller_installment": _l(
            "What is paid beyond what is due lowers the principal: smaller installments, with the same last date"
        ),
        "shorter_term": _l(
            "What is paid beyond what is due lowers the principal: the same installments, an earlier end"
        ),
    },
    "interest_recalculated": {
        False: _l("Interest stays as the schedule has it, also when money comes early or late"),
        True: _l("Interest follows the day the money comes: less when it is early, more when it is late"),
    },
    "stretches_rounded": {
        True: _l("Between two payments in one period, interest is rounded each time"),
        False: _l("Between two payments in one period, interest is added up first and rounded once"),
    },
    "due_day_is_late": {
        False: _l("The day after the due date is the first day past due"),
        True: _l("The due date itself is the first day past due"),
    },
    "payoff_interest": {
        "to_day": _l("Who pays off early pays interest up to that day"),
        "to_next_due": _l("Who pays off early pays interest up to the next due date"),
        "all": _l("Who pays off early pays all the interest of the schedule"),
    },
    "flat_extension": {
        "charge": _l("When a flat-rate loan is made longer, each added period bears interest"),
        "nothing": _l("When a flat-rate loan is made longer, the interest stays as it was agreed"),
    },
    "late_fee": {
        "not_stated": _l("Nobody has said whether there is a late fee, so no page says anything of it"),
        "none": _l("There is no late fee"),
        "charged": _l("A late fee may be added, as in the agreement"),
    },
}
# In one line, where interest counts each day.
DAYS_IN_SHORT = {
    "30/360": _l("Interest by days, 30 a month and 360 a year"),
    "30e/360": _l("Interest by days, 30 a month and 360 a year"),
    "actual/360": _l("Interest by days, 360 a year"),
    "actual/364": _l("Interest by days, 364 a year"),
    "actual/365": _l("Interest by days, 365 a year"),
    "actual/actual": _l("Interest by days, 365 or 366 a year"),
}
INTEREST_ROUNDED = _l("Interest is rounded %(unit)s: %(way)s")
INSTALLMENT_ROUNDED = _l("An installment is rounded %(unit)s: %(way)s")
