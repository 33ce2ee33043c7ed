"""Who may move a hardship request from where to where. The rows are written out here once more, by hand: what they don't
hold is illegal, for everybody."""

from datetime import date
from itertools import product

import pytest

from portal.domain.errors import IllegalTransition
from portal.domain.hardship import ACTIONS, ENDED, OPEN, STATUSES, allowed_actions, answer_by, next_status

ROLES = ("borrower", "guarantor", "officer", "supervisor", "admin", "auditor", "system", "anyone")
DECIDE = ("officer", "supervisor")
ANSWERABLE = ["sent", "being_read", "asked", "offered", "talking", "countered", "awaiting_consent"]
READABLE = ["sent", "being_read", "asked", "countered"]
ON_OFFER = ["offered", "talking", "countered"]

RULES = [
    ("a draft is saved as often as one likes", ["draft"], "save", ["borrower"], "draft"),
    ("a draft is sent", ["draft"], "send", ["borrower"], "sent"),
    ("an old draft is put away by itself", ["draft"], "lapse", ["system"], "lapsed"),
    ("an officer takes what nobody reads", ["sent"], "take", DECIDE, "being_read"),
    ("the proposal may change until there is an offer", ["sent"], "change", ["borrower"], "sent"),
    ("a change while it is read stays with its reader", ["being_read", "asked"], "change", ["borrower"], "being_read"),
    ("an answer goes back to its reader", ["asked"], "answer", ["borrower"], "being_read"),
    ("what was asked is agreed to", READABLE, "approve", DECIDE, "agreed"),
    ("something is asked", READABLE, "ask", DECIDE, "asked"),
    ("another plan is offered", ANSWERABLE, "offer", DECIDE, "offered"),
    ("a no ends it", ANSWERABLE, "decline", DECIDE, "declined"),
    (
        "the borrower takes it back",
        ["draft", *ANSWERABLE],
        "withdraw",
        ["borrower"],
        "withdrawn",
    ),
    ("an offer is accepted", ON_OFFER, "accept", ["borrower"], "agreed"),
    ("an offer is refused", ON_OFFER, "refuse", ["borrower"], "refused"),
    ("the borrower wants to talk first", ["offered", "countered"], "talk", ["borrower"], "talking"),
    ("the borrower proposes something else", ON_OFFER, "counter", ["borrower"], "countered"),
    ("new figures while a counter-proposal is read", ["countered"], "renew_offer", ["system"], "countered"),
    ("new figures replace those of an offer", ["offered"], "renew_offer", ["system"], "offered"),
    ("new figures while it is talked about", ["talking"], "renew_offer", ["system"], "talking"),
    ("an offer that nobody answers ends", ["offered", "talking"], "expire", ["system"], "expired"),
    (
        "agreed to, if the guarantor is",
        READABLE,
        "approve_if_consent",
        DECIDE,
        "awaiting_consent",
    ),
    (
        "accepted, if the guarantor agrees",
        ON_OFFER,
        "accept_if_consent",
        ["borrower"],
        "awaiting_consent",
    ),
    ("with the guarantor's yes it is agreed", ["awaiting_consent"], "consent", ["guarantor"], "agreed"),
    ("a guarantor's no goes back to its reader", ["awaiting_consent"], "refuse_consent", ["guarantor"], "being_read"),
    ("so does a guarantor's silence", ["awaiting_consent"], "miss_consent", ["system"], "being_read"),
    ("new figures before the last yes are asked anew", ["awaiting_consent"], "renew_offer", ["system"], "offered"),
]
LEGAL = {
    (status, action, role): after
    for _, statuses, action, roles, after in RULES
    for status, role in product(statuses, roles)
}


@pytest.mark.parametrize(("sentence", "statuses", "action", "roles", "after"), RULES, ids=[rule[0] for rule in RULES])
def test_what_is_legal(sentence, statuses, action, roles, after):
    assert {next_status(status, action, role) for status, role in product(statuses, roles)} == {after}


@pytest.mark.parametrize("role", ROLES)
def test_everything_else_is_illegal(role):
    done = set()
    for status, action in product(STATUSES, ACTIONS):
        try:
            next_status(status, action, role)
        except IllegalTransition as refusal:
            assert (refusal.status, refusal.action, refusal.role) == (status, action, role)
        else:
            done.add((status, action, role))
    assert done == {move for move in LEGAL if move[2] == role}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("status", sorted(STATUSES))
def test_a_page_draws_the_buttons_that_work(status, role):
    assert allowed_actions(status, role) == {move[1] for move in LEGAL if move[0] == status and move[2] == role}


def test_a_machine_agrees_to_a_skipped_payment_and_to_nothing_else():
    assert next_status("sent", "agree_at_once", "system", "skip") == "agreed"
    assert allowed_actions("sent", "system", "skip") == {"agree_at_once"}
    assert not [role for role in ROLES if role != "system" and "agree_at_once" in allowed_actions("sent", role, "skip")]


def test_a_machine_refuses_nobody():
    assert not {"decline", "offer"} & set().union(*(allowed_actions(s, "system", "skip") for s in STATUSES))


@pytest.mark.parametrize("role", ["admin", "auditor", "anyone"])
def test_those_who_only_read_move_nothing(role):
    assert not [status for status in STATUSES if allowed_actions(status, role)]


def test_what_has_ended_stays_ended():
    assert not [status for status in ENDED for role in ROLES if allowed_actions(status, role)]
    assert {after for move, after in LEGAL.items()} <= OPEN | ENDED


@pytest.mark.parametrize(
    ("sentence", "sent_on", "days", "closed", "answered_by"),
    [
        ("five working days from a Wednesday", date(2026, 12, 2), 5, (), date(2026, 12, 9)),
        ("a Friday's first working day is Monday", date(2026, 12, 4), 1, (), date(2026, 12, 7)),
        ("what is sent on a Sunday counts from Monday", date(2026, 12, 6), 2, (), date(2026, 12, 8)),
        ("a closed day is none", date(2026, 12, 2), 1, (date(2026, 12, 3),), date(2026, 12, 4)),
        ("no days to answer is the day itself", date(2026, 12, 5), 0, (), date(2026, 12, 5)),
    ],
)
def test_the_day_of_the_answer(sentence, sent_on, days, closed, answered_by):
    assert answer_by(sent_on, days, closed) == answered_by
