"""The geometry of the two pictures. Pure: figures in, SVG path data out; the words beside them are the templates'.

Shape carries the meaning, never colour alone: solid is paid or proposed, stripes are not received, outline is to come
or as it is today.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Protocol

# Stamp card: boxes of 24 on a grid of 29, with room for half of the thick outline round the first and last.
_CELL, _BOX = 29, 24
# Before and after: a drawing of this size; bars narrower than _NARROW units are drawn as one silhouette.
_WIDTH, _HEIGHT, _NARROW = 324, 96, 5
# What is overdue may tower over the rest; beyond this many times it is cut, and the words beside it have the figure.
_TALLEST_LATE = 3


class Line(Protocol):
    """An installment as a statement has it: minor units; `state` is paid, part_paid, not_received (both late), next or
    to_come, as in portal.domain.allocation."""

    @property
    def total(self) -> int: ...
    @property
    def paid(self) -> int: ...
    @property
    def state(self) -> str: ...


@dataclass(frozen=True)
class StampCard:
    """One box for each installment, in order, left to right and top to bottom.

    Paths by what they draw: `boxes` round what is paid or should have been, `to_come`, `next` (thick), `missing`
    (stripes), `stamps` (dots of a round-capped stroke), `halves` (half a stamp, filled). Counts of installments.
    """

    width: int
    height: int
    boxes: str
    to_come: str
    next: str
    missing: str
    stamps: str
    halves: str
    total: int
    paid: int
    part: int
    not_received: int
    ahead: int


@dataclass(frozen=True)
class Box:
    """A box of a card that is not about money: `state` as an installment's."""

    state: str
    total: int = 1
    paid: int = 0


def stamp_card(lines: Sequence[Line], columns: int | None = None) -> StampCard:
    """A loan's installments as a savings passbook shows them. An installment of nothing (a pause) has no box.

    Twelve boxes a row where `columns` doesn't say, more for long loans, so that the card of ten years by the month still
    fits a phone.
    """
    drawn = [line for line in lines if line.total > 0]
    columns = columns or (12 if len(drawn) <= 36 else 18 if len(drawn) <= 90 else 24)
    paths: dict[str, list[str]] = {name: [] for name in ("boxes", "to_come", "next", "missing", "stamps", "halves")}
    for at, line in enumerate(drawn):
        x, y = at % columns * _CELL + 1.5, at // columns * _CELL + 2.5
        outline = line.state if line.state in ("next", "to_come") else "boxes"
        paths[outline].append(f"M{x:g} {y:g}h{_BOX}v{_BOX}h-{_BOX}z")
        if line.state == "paid":
            paths["stamps"].append(f"M{x + 12:g} {y + 12:g}h0")
        elif line.state == "not_received":
            paths["missing"].append(f"M{x:g} {y + 12:g}h{_BOX}")
        elif line.paid > 0:
            paths["halves"].append(f"M{x + 12:g} {y + 3:g}a9 9 0 0 0 0 18z")
    states = [line.state for line in drawn]
    rows = max(1, ceil(len(drawn) / columns))
    return StampCard(
        width=columns * _CELL - 2,
        height=rows * _CELL,
        **{name: "".join(path) for name, path in paths.items()},
        total=len(drawn),
        paid=states.count("paid"),
        part=states.count("part_paid"),
        not_received=states.count("not_received"),
        ahead=states.count("next") + states.count("to_come"),
    )


@dataclass(frozen=True)
class BeforeAfter:
    """Bars of one height's scale: `today` is stroked as outlines, `plan` is filled, `late` is the striped part of
    today's first bar. `plan_width` and `late_width` are stroke widths; 0 says that the path is an area to fill."""

    width: int
    height: int
    today: str
    plan: str
    late: str
    plan_width: float
    late_width: float
    periods: int


def before_after(today: Sequence[int], plan: Sequence[int], late: int = 0, periods: int | None = None) -> BeforeAfter:
    """Today's payments as outlines and a plan's as bars.

    today, plan: what is to be paid in each period from now, in minor units; a pause is a zero. late: how much of
    today's first payment is what was not received so far. periods: how many the axis holds, where several pictures
    share one.
    """
    count = max(len(today), len(plan), periods or 0, 1)
    rest = max([0, *plan, *today[1:], (today[0] - late) if today else 0])
    highest = max(1, rest, min((today or [0])[0], _TALLEST_LATE * max(rest, 1)))
    step = _WIDTH / max(count, 12)

    def height(amount: int) -> int:
        """In whole units, at least one for anything that is to be paid."""
        return min(_HEIGHT - 2, max(1, round(amount / highest * (_HEIGHT - 2)))) if amount > 0 else 0

    before = [amount - late if at == 0 else amount for at, amount in enumerate(today)]
    late_top = ""
    if late > 0 and today:
        middle, foot = step / 2, _HEIGHT - 1 - height(before[0])
        late_top = f"M{middle:.4g} {foot}V{_HEIGHT - 1 - height(today[0])}"
    narrow = step < _NARROW
    bar = step if narrow else step * 0.75
    return BeforeAfter(
        width=_WIDTH,
        height=_HEIGHT,
        today=_silhouette(list(map(height, today)), step) if narrow else _outlines(list(map(height, today)), step),
        plan=_silhouette(list(map(height, plan)), step) if narrow else _bars(list(map(height, plan)), step),
        late=late_top,
        plan_width=0 if narrow else round(bar, 2),
        late_width=round(max(bar, 3), 2),
        periods=count,
    )


def _bars(heights: list[int], step: float) -> str:
    foot = _HEIGHT - 1
    return "".join(f"M{(at + 0.5) * step:.4g} {foot}v-{high}" for at, high in enumerate(heights) if high)


def _outlines(heights: list[int], step: float) -> str:
    foot, wide = _HEIGHT - 1, step * 0.75
    return "".join(
        f"M{at * step + step * 0.125:.4g} {foot}v-{high}h{wide:.3g}v{high}" for at, high in enumerate(heights) if high
    )


def _silhouette(heights: list[int], step: float) -> str:
    """The outline of all bars together, one segment for each run of equal heights."""
    foot = _HEIGHT - 1
    path, at = f"M0 {foot}", 0
    for high, run in groupby(heights):
        at += len(list(run))
        path += f"V{foot - high}H{at * step:.4g}"
    return f"{path}V{foot}"


@dataclass(frozen=True)
class BudgetBar:
    """What is left over as an outline, the payment asked for as a bar in it, and the part above it as stripes."""

    width: int
    height: int
    left: str
    asked: str
    above: str


def budget_bar(left: int, asked: int) -> BudgetBar:
    """left: what a budget leaves for each payment; asked: the payment. Minor units of one currency."""
    width, height = 104, 16
    room = max(left, 0)
    scale = (width - 3) / max(room, asked, 1)
    inside, outline = round(min(asked, room) * scale), round(room * scale)
    over = round(max(asked - room, 0) * scale)
    return BudgetBar(
        width,
        height,
        left=f"M1 1.5h{outline}v13h-{outline}z" if outline else "",
        asked=f"M1 8h{inside}" if inside else "",
        above=f"M{1 + inside} 8h{over}" if over else "",
    )
