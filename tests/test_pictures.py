"""The pictures are true to the figures: one box for each installment, bars on one scale, and small however long the loan."""

import re
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.pictures import before_after, budget_bar, stamp_card

STATES = ["paid", "part_paid", "not_received", "next", "to_come"]


@dataclass(frozen=True)
class Line:
    state: str
    total: int = 30000
    paid: int = 0


def card_of(*states: str):
    return stamp_card(
        [Line(state, paid=30000 if state == "paid" else 12000 if "part" in state else 0) for state in states]
    )


def moves(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"M([\d.]+) ([\d.]+)", path)]


def test_each_installment_has_the_box_of_its_state():
    card = card_of("paid", "paid", "part_paid", "not_received", "next", "to_come")
    assert (card.total, card.paid, card.part, card.not_received, card.ahead) == (6, 2, 1, 1, 2)
    assert len(moves(card.boxes)) == 4
    assert len(moves(card.stamps)) == 2
    assert len(moves(card.halves)) == len(moves(card.missing)) == len(moves(card.next)) == len(moves(card.to_come)) == 1


def test_the_drawn_card_of_24_months_is_as_the_designer_drew_it():
    card = card_of(*["paid"] * 8, "part_paid", "not_received", "next", *["to_come"] * 13)
    assert (card.width, card.height) == (346, 58)
    assert card.missing == "M262.5 14.5h24"
    assert card.next == "M291.5 2.5h24v24h-24z"
    assert card.halves == "M245.5 5.5a9 9 0 0 0 0 18z"
    assert card.stamps.startswith("M13.5 14.5h0M42.5 14.5h0")


def test_a_next_payment_that_has_begun_to_arrive_is_half_stamped():
    card = stamp_card([Line("next", paid=100), Line("to_come")])
    assert len(moves(card.next)) == len(moves(card.halves)) == 1


def test_a_paused_installment_of_nothing_has_no_box():
    assert stamp_card([Line("paid", 30000, 30000), Line("paid", 0, 0), Line("next")]).total == 2


@given(st.lists(st.sampled_from(STATES), max_size=400))
def test_every_box_is_inside_the_picture_and_counted_once(states):
    card = card_of(*states)
    boxes = moves(card.boxes) + moves(card.to_come) + moves(card.next)
    assert len(boxes) == len(set(boxes)) == card.total == len(states)
    assert card.paid + card.part + card.not_received + card.ahead == card.total
    assert all(x > 0 and x + 24 < card.width and y > 0 and y + 24 < card.height for x, y in boxes)


@pytest.mark.parametrize(("installments", "columns"), [(12, 12), (36, 12), (60, 18), (104, 24), (360, 24)])
def test_long_loans_get_more_boxes_in_a_row(installments, columns):
    card = card_of(*["to_come"] * installments)
    assert card.width == columns * 29 - 2
    assert card.height <= card.width * 1.3


def test_an_empty_loan_is_an_empty_card():
    card = stamp_card([])
    assert (card.total, card.boxes, card.next) == (0, "", "")


def heights(path: str) -> list[int]:
    return [int(high) for high in re.findall(r"v-(\d+)", path)]


def test_both_plans_stand_on_one_scale():
    chart = before_after([78000] + [30000] * 13, [20000] * 25 + [13432], late=48000, periods=27)
    assert heights(chart.today)[:2] == [94, 36]
    assert heights(chart.plan)[0] == 24
    assert heights(chart.plan)[-1] == 16
    assert chart.late == "M6 59V1"
    assert chart.periods == 27


def test_a_pause_is_a_gap():
    chart = before_after([100, 100, 100], [0, 0, 100, 100, 100])
    assert len(heights(chart.plan)) == 3
    assert moves(chart.plan)[0][0] > moves(chart.today)[1][0]


def test_what_is_overdue_cannot_flatten_everything_else():
    chart = before_after([1_000_000] + [1000] * 12, [1000] * 13, late=999_000)
    assert min(heights(chart.plan)) >= 30


def test_a_weekly_loan_of_two_years_is_one_shape():
    chart = before_after([1000] * 104, [500] * 208)
    assert chart.plan_width == 0
    assert len(chart.today) + len(chart.plan) < 80
    assert chart.plan.startswith("M0 95V48H324V95")


@given(
    today=st.lists(st.integers(0, 10**12), max_size=400),
    plan=st.lists(st.integers(0, 10**12), max_size=400),
    share=st.floats(0, 1),
)
def test_a_picture_never_leaves_its_frame(today, plan, share):
    late = int(today[0] * share) if today else 0
    chart = before_after(today, plan, late)
    for path in (chart.today, chart.plan, chart.late):
        assert not re.search(r"nan|inf|e[+-]", path)
        assert all(0 <= float(x) <= chart.width for x in re.findall(r"[MH]([\d.]+)", path))
        assert all(int(high) <= chart.height - 2 for high in re.findall(r"v-(\d+)", path))


def test_a_budget_bar_stripes_what_is_above():
    assert budget_bar(200, 100).above == ""
    assert budget_bar(-5, 100).asked == ""
    assert budget_bar(100, 200).above.startswith("M51 8h5")
