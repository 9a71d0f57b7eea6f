"""How to get from today's state to those that hold: who moves at each step, and what that changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.stability import BETTER, NARROW, NOT_BETTER, look_of
from westphalia.charts.style import INK, MUTED, PAPER, known, row_axis, spec, tips
from westphalia.charts.words import broken, listed
from westphalia.language import marked, said, said_n

KEY = marked(
    "Each line leads from today's state at the left to a state that holds, by the fewest moves. A mark is a "
    "move: +2 takes move 2, −7 drops move 7, as numbered in the table of states. Full lines are improvements "
    "for who moves, dashed lines are not."
)
BY_MOVES, BY_IMPROVEMENTS = marked("any moves"), marked("improvements only")
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
    heads = {"goal": said("to"), "by": said("by"), "step": said("step"), "who": said("who moves")}
    heads |= {"change": said("changes"), "words": said("that is"), "way": said("for who moves")}
    return Chart(
        id="stability-ways",
        title=said("From today to the states that hold"),
        sentence=_sentence(shown, goals),
        spec=_spec(rows, order, names),
        table=Table(tuple(Column(field, head) for field, head in heads.items()), tuple(rows)),
        key=said(KEY),
    )


def _line(way: Way) -> str:
    to = said("to {goal}", goal=way.goal)
    return f"{to}\n{said('by improvements')}" if way.is_by_improvements else to


def _row(way: Way, label: str, place: int, names: Mapping[str, str], width: int) -> Row:
    step = way.steps[place]
    lines = [broken(line, width, lines=1) for line in step.words]
    left = len(lines) - _LINES + 1
    more = lines if left < 2 else [*lines[: _LINES - 1], said("and {n} more", n=left)]
    own: Row = {
        "label": label,
        "goal": way.goal,
        "by": said(BY_IMPROVEMENTS if way.is_by_improvements else BY_MOVES),
        "step": place + 1,
        "from": place,
        "who": names[step.actor],
        "change": step.change,
        "words": "; ".join(step.words),
        "short": "\n".join(more),
        "way": said(BETTER if step.is_improvement else NOT_BETTER),
    }
    return {**own, "end": way.goal} if place + 1 == len(way.steps) else own


def _sentence(shown: Sequence[Way], goals: Sequence[str]) -> str:
    lengths: dict[str, int] = {}
    for way in shown:
        lengths[way.goal] = min(len(way.steps), lengths.get(way.goal, len(way.steps)))
    nearest = min(lengths.values())
    near = [goal for goal in lengths if lengths[goal] == nearest]
    improving = [way.goal for way in shown if way.is_by_improvements]
    if not improving:
        return said(
            "{nearest}; none of {n} is reached by improvements alone.",
            nearest=_nearest(near, nearest),
            n=len(goals),
        )
    return said(
        "{nearest}; by improvements alone {improving} can be reached, of {n} shown.",
        nearest=_nearest(near, nearest),
        improving=listed(improving),
        n=len(goals),
    )


def _nearest(near: Sequence[str], moves: int) -> str:
    if len(near) > 1:
        return said_n(
            "Nearest to today's state are {states}, after {n} move",
            "Nearest to today's state are {states}, after {n} moves",
            moves,
            states=listed(near),
        )
    return said_n(
        "Nearest to today's state is {states}, after {n} move",
        "Nearest to today's state is {states}, after {n} moves",
        moves,
        states=listed(near),
    )


def _spec(rows: list[Row], order: list[str], names: Mapping[str, str]) -> dict[str, Any]:
    most = max(row["step"] for row in rows)
    across = {
        "type": "quantitative",
        "scale": {"domain": [0, most], "nice": False, "range": [24, {"expr": "width - 24"}]},
        "axis": {"orient": "top", "title": said("moves from today's state"), "values": list(range(most + 1))}
        | {"format": "d", "domain": False, "ticks": False},
    }
    down = row_axis(order, grid=False)
    down["scale"] = {"domain": order, "paddingInner": 0, "paddingOuter": 0}
    dash = {"condition": {"test": f"datum.way === '{said(BETTER)}'", "value": [1, 0]}, "value": [3, 4]}
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
    end = {"x": {"field": "step", **across}, "y": down, "tooltip": tips(("end", said("the state")))}
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
    fields = {"who": said("who moves"), "change": said("changes"), "words": said("that is"), "way": ""}
    half["tooltip"] = tips(*fields.items())
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
