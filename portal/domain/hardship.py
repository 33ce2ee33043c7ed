"""A hardship request: its statuses, and one table of who may move it from where to where.

draft        the borrower is telling us; reminders pause while it is fresh
sent         waiting for a person to read it
being_read   an officer has taken it
asked        the officer asked something and waits for the answer
offered      the officer offers another plan; the borrower's turn
talking      the borrower wants to talk about the offer first; it stays open
countered    the borrower proposes something else in answer to an offer; the offer stays open while it is read
awaiting_consent  both sides said yes; whoever guarantees the loan has been asked, and nothing changes before their yes
agreed, declined, refused, expired, withdrawn, lapsed: ended
"""

from collections.abc import Collection
from datetime import date, timedelta

from portal.domain.errors import IllegalTransition

SATURDAY = 5
# How long reminders rest after an answer of a draft was saved.
DRAFT_RESTS = timedelta(days=7)
# An untouched draft is put away after this; nothing of the loan changes by it.
DRAFT_LAPSES = timedelta(days=30)

OPEN = frozenset({"draft", "sent", "being_read", "asked", "offered", "talking", "countered", "awaiting_consent"})
ENDED = frozenset({"agreed", "declined", "refused", "expired", "withdrawn", "lapsed"})
STATUSES = OPEN | ENDED
# Somebody at the lender's owes the next step.
WAITING_FOR_STAFF = frozenset({"sent", "being_read", "talking", "countered"})

BORROWER = frozenset({"borrower"})
DECIDERS = frozenset({"officer", "supervisor"})
SYSTEM = frozenset({"system"})
GUARANTOR = frozenset({"guarantor"})

# (status, action) -> (next status, roles that may act). What isn't here is illegal, for everybody.
TRANSITIONS: dict[tuple[str, str], tuple[str, frozenset[str]]] = {
    ("draft", "save"): ("draft", BORROWER),
    ("draft", "send"): ("sent", BORROWER),
    ("draft", "withdraw"): ("withdrawn", BORROWER),
    ("draft", "lapse"): ("lapsed", SYSTEM),
    # Within what the lender allows unasked; see AT_ONCE.
    ("sent", "agree_at_once"): ("agreed", SYSTEM),
    ("sent", "take"): ("being_read", DECIDERS),
    ("sent", "change"): ("sent", BORROWER),
    ("being_read", "change"): ("being_read", BORROWER),
    ("asked", "change"): ("being_read", BORROWER),
    ("asked", "answer"): ("being_read", BORROWER),
    ("offered", "accept"): ("agreed", BORROWER),
    ("offered", "refuse"): ("refused", BORROWER),
    ("offered", "talk"): ("talking", BORROWER),
    ("talking", "accept"): ("agreed", BORROWER),
    ("talking", "refuse"): ("refused", BORROWER),
    # The figures of an offer changed before it was answered (a payment came): the same terms, worked out again.
    ("offered", "renew_offer"): ("offered", SYSTEM),
    ("talking", "renew_offer"): ("talking", SYSTEM),
    ("offered", "expire"): ("expired", SYSTEM),
    ("talking", "expire"): ("expired", SYSTEM),
    ("offered", "counter"): ("countered", BORROWER),
    ("talking", "counter"): ("countered", BORROWER),
    ("countered", "counter"): ("countered", BORROWER),
    ("countered", "accept"): ("agreed", BORROWER),
    ("countered", "accept_if_consent"): ("awaiting_consent", BORROWER),
    ("countered", "refuse"): ("refused", BORROWER),
    ("countered", "talk"): ("talking", BORROWER),
    ("countered", "renew_offer"): ("countered", SYSTEM),
    # Both sides have said yes to a plan by which a guarantee would grow or last longer.
    ("offered", "accept_if_consent"): ("awaiting_consent", BORROWER),
    ("talking", "accept_if_consent"): ("awaiting_consent", BORROWER),
    ("awaiting_consent", "consent"): ("agreed", GUARANTOR),
    ("awaiting_consent", "refuse_consent"): ("being_read", GUARANTOR),
    ("awaiting_consent", "miss_consent"): ("being_read", SYSTEM),
    # The figures changed before the last guarantor answered: the borrower is asked anew.
    ("awaiting_consent", "renew_offer"): ("offered", SYSTEM),
}
for _status in ("sent", "being_read", "asked", "countered"):
    TRANSITIONS[_status, "approve"] = ("agreed", DECIDERS)
    TRANSITIONS[_status, "approve_if_consent"] = ("awaiting_consent", DECIDERS)
    TRANSITIONS[_status, "ask"] = ("asked", DECIDERS)
for _status in ("sent", "being_read", "asked", "offered", "talking", "countered", "awaiting_consent"):
    TRANSITIONS[_status, "offer"] = ("offered", DECIDERS)
    TRANSITIONS[_status, "decline"] = ("declined", DECIDERS)
    TRANSITIONS[_status, "withdraw"] = ("withdrawn", BORROWER)

ACTIONS = frozenset(action for _, action in TRANSITIONS)
# What a machine may agree to, by the kind of request. It refuses nobody: there is no such move.
AT_ONCE = {"agree_at_once": frozenset({"skip"})}

# What changed, in the order of the page. Codes are kept; their sentences are in the catalogues.
CHANGES = (
    "less_work",
    "slow_business",
    "illness",
    "bereavement",
    "separation",
    "new_cost",
    "disaster",
    "other",
    "rather_not_say",
)
LASTING = ("one_month", "three_months", "six_months", "longer", "not_known")
# Why an officer declines: each has a sentence for the borrower, and the letter names what is possible instead.
DECLINE_REASONS = ("below_interest", "plan_running", "beyond_limits", "need_to_talk")


def next_status(status: str, action: str, role: str, kind: str = "hardship") -> str:
    """The status after `role` does `action` to a request of `kind` in `status`. Raises IllegalTransition."""
    found = TRANSITIONS.get((status, action))
    if found is None or role not in found[1] or kind not in AT_ONCE.get(action, {kind}):
        raise IllegalTransition(status, action, role)
    return found[0]


def allowed_actions(status: str, role: str, kind: str = "hardship") -> frozenset[str]:
    """What `role` may do to a request of `kind` in `status`: the buttons that a page draws."""
    return frozenset(
        action
        for (at, action), (_, roles) in TRANSITIONS.items()
        if at == status and role in roles and kind in AT_ONCE.get(action, {kind})
    )


def answer_by(sent_on: date, working_days: int, closed: Collection[date] = ()) -> date:
    """The day by which a request that was sent on `sent_on` is answered: `working_days` after it, Saturdays, Sundays and
    `closed` days not counted."""
    day = sent_on
    while working_days > 0:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY and day not in closed:
            working_days -= 1
    return day
