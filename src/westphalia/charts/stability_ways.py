"""How to get from today's state to those that hold: who moves at each step, and what that changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.stability import BETTER, NARROW, NOT_BETTER, look_of
from westphalia.charts.style import INK, MUTED, PAPER, known, row_axis, spec, tips
from westphalia.charts.words import broken, listed, times

KEY = (
    "Each line leads from today's state at the left to a state that holds, by the fewest moves. A mark is a "
    "move: +2 takes move 2, −7 drops move 7, as numbered in the table of states. Full lines are improvements "
    "for who moves, dashed lines are not."
)
BY_MOVES, BY_IMPROVEMENTS = "any moves", "improvements only"
ROW = 78
_WORDS, _LINES = 108, 3
"""Most characters of words beside each other, over all steps, and most lines of them."""


@dataclass(frozen=True, slots=True)
class WayStep:
    """A step of a way: who moves, by id; what that changes in signs and in words, a line a change."""

    actor: str
    change: str
    words: tuple[str, ...]
    is_improvement: bool


@dataclass(frozen=True, slots=True)
class Way:
    """A shortest way from today's state to the state with that label, by any moves or by improvements."""

    goal: str
    steps: tuple[WayStep, ...]
    is_by_improvements: bool


def ways(shown: Sequence[Way], goals: Sequence[str], names: Mapping[str, str]) -> Chart:
    """Return the picture of ways.

    Parameters
    ----------
    shown: the ways, at least one, none without a step; the rows in their order.
    goals: the labels of all states that were looked for, but today's.
    names: actors' names by id, in the order of the conflict.
    """
    order = [_line(way) for way in shown]
    most = max(2, *(len(way.steps) for way in shown))
    rows = [
        _row(way, label, place, names, _WORDS // most)
        for way, label in zip(shown, order, strict=True)
        for place in range(len(way.steps))
    ]
    columns = (Column("goal", "to"), Column("by", "by"), Column("step", "step"), Column("who", "who moves"))
    more = (Column("change", "changes"), Column("words", "that is"), Column("way", "for who moves"))
    return Chart(
        id="stability-ways",
        title="From today to the states that hold",
        sentence=_sentence(shown, goals),
        spec=_spec(rows, order, names),
        table=Table((*columns, *more), tuple(rows)),
        key=KEY,
    )


def _line(way: Way) -> str:
    return f"to {way.goal}\nby improvements" if way.is_by_improvements else f"to {way.goal}"


def _row(way: Way, label: str, place: int, names: Mapping[str, str], width: int) -> Row:
    step = way.steps[place]
    lines = [broken(line, width, lines=1) for line in step.words]
    more = [*lines[: _LINES - 1], f"and {len(lines) - _LINES + 1} more"] if len(lines) > _LINES else lines
    own: Row = {
        "label": label,
        "goal": way.goal,
        "by": BY_IMPROVEMENTS if way.is_by_improvements else BY_MOVES,
        "step": place + 1,
        "from": place,
        "who": names[step.actor],
        "change": step.change,
        "words": "; ".join(step.words),
        "short": "\n".join(more),
        "way": BETTER if step.is_improvement else NOT_BETTER,
    }
    return {**own, "end": way.goal} if place + 1 == len(way.steps) else own


def _sentence(shown: Sequence[Way], goals: Sequence[str]) -> str:
    lengths: dict[str, int] = {}
    for way in shown:
        lengths[way.goal] = min(len(way.steps), lengths.get(way.goal, len(way.steps)))
    nearest = min(lengths.values())
    near = listed(goal for goal in lengths if lengths[goal] == nearest)
    improving = [way.goal for way in shown if way.is_by_improvements]
    said = f"Nearest to today's state is {near}, after {times(nearest, 'move')}"
    if "," in near or " and " in near:
        said = f"Nearest to today's state are {near}, after {times(nearest, 'move')}"
    if not improving:
        return f"{said}; none of {len(goals)} is reached by improvements alone."
    return f"{said}; by improvements alone {listed(improving)} can be reached, of {len(goals)} shown."


def _spec(rows: list[Row], order: list[str], names: Mapping[str, str]) -> dict[str, Any]:
    most = max(row["step"] for row in rows)
    across = {
        "type": "quantitative",
        "scale": {"domain": [0, most], "nice": False, "range": [24, {"expr": "width - 24"}]},
        "axis": {"orient": "top", "title": "moves from today's state", "values": list(range(most + 1))}
        | {"format": "d", "domain": False, "ticks": False},
    }
    down = row_axis(order, grid=False)
    down["scale"] = {"domain": order, "paddingInner": 0, "paddingOuter": 0}
    dash = {"condition": {"test": f"datum.way === '{BETTER}'", "value": [1, 0]}, "value": [3, 4]}
    line = {"x": {"field": "from", **across}, "x2": {"field": "step"}, "y": down}
    lines = {
        "mark": {"type": "rule", "strokeWidth": 2},
        "encoding": {**line, "color": look_of(names, "color"), "strokeDash": dash},
    }
    layers = [lines, *_nodes(across, down), *_moves(across, down, names)]
    return spec(rows, layers, height=ROW * len(order))


def _nodes(across: dict[str, Any], down: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the states: small circles on the way, and the goal with its label."""
    disc = {"type": "point", "shape": "circle", "filled": True, "opacity": 1, "strokeWidth": 1.5}
    end = {"x": {"field": "step", **across}, "y": down, "tooltip": tips(("end", "state"))}
    label = {"type": "text", "color": PAPER, "fontWeight": "bold", "baseline": "middle", "fontSize": 12}
    return [
        {
            "mark": {**disc, "size": 60, "fill": PAPER, "stroke": MUTED},
            "encoding": {"x": {"field": "from", **across}, "y": down},
        },
        {
            "transform": known("end"),
            "mark": {**disc, "size": 480, "fill": INK, "stroke": INK},
            "encoding": end,
        },
        {"transform": known("end"), "mark": label, "encoding": {**end, "text": {"field": "end"}}},
    ]


def _moves(across: dict[str, Any], down: dict[str, Any], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the moves: the mark of who makes it, above it what it changes, below it that in words."""
    middle = [{"calculate": "datum.from + 0.5", "as": "middle"}]
    wide = [*middle, {"filter": f"width > {NARROW}"}]
    half: dict[str, Any] = {"x": {"field": "middle", **across}, "y": down}
    half["tooltip"] = tips(("who", "who moves"), ("change", "changes"), ("words", "that is"), ("way", ""))
    look = {channel: look_of(names, channel) for channel in ("color", "shape")}
    text = {"type": "text", "align": "center", "baseline": "alphabetic"}
    above = {**text, "dy": -14, "fontWeight": "bold", "fontSize": 11, "color": INK}
    below = {**text, "dy": 20, "lineBreak": "\n", "fontSize": 10, "color": MUTED}
    point = {"type": "point", "filled": True, "size": 120, "opacity": 1, "stroke": PAPER}
    return [
        {"transform": middle, "mark": point, "encoding": {**half, **look}},
        {"transform": middle, "mark": above, "encoding": {**half, "text": {"field": "change"}}},
        {"transform": wide, "mark": below, "encoding": {**half, "text": {"field": "short"}}},
    ]
