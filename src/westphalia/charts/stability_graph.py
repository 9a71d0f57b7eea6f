"""The graph of a conflict: states, and who can move between them, for its better or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.stability import BETTER, NARROW, NOT_BETTER, GraphState, look_of
from westphalia.charts.stability_layout import ring
from westphalia.charts.style import INK, MUTED, PAPER, only, spec, tips
from westphalia.language import marked, said, said_n

KEY = marked(
    "A line joins two states between which one actor can move. The full head points to the state that is "
    "better for that actor, a hollow head to one that is not; the line is dashed where neither way is an "
    "improvement. Square: today's state. Filled: an equilibrium. Below a "
    "state: by which moves it differs from today's, or its name."
)
LOW, A_STATE = 220, 16
"""Points of height without a state, and what each adds."""

_RADIUS = 17
_ASIDE = 7
"""Points between lines that join the same two states."""


@dataclass(frozen=True, slots=True)
class GraphArc:
    """A move of an actor, by id, from state to state, by name: what it changes, and if for its better."""

    actor: str
    start: str
    end: str
    change: str
    is_improvement: bool


def graph(
    shown: Mapping[str, GraphState], arcs: Sequence[GraphArc], names: Mapping[str, str], *, is_whole: bool
) -> Chart:
    """Return the picture of states and moves.

    Parameters
    ----------
    shown: the states by name, the first at the left.
    arcs: the moves between them.
    names: actors' names by id, in the order of the conflict.
    is_whole: these are all states of the conflict.
    """
    places = _places(shown, arcs)
    states = [_state(state, places[key]) for key, state in shown.items()]
    moves = _arc_rows(shown, arcs, names, places)
    columns = (Column("who", said("who moves")), Column("from", said("from")), Column("to", said("to")))
    more = (Column("change", said("changes")), Column("way", said("for who moves")))
    return Chart(
        id="stability-graph",
        title=said("Who can move where, and for whose better"),
        sentence=_sentence(shown, arcs, is_whole),
        spec=_spec([*states, *moves], names),
        table=Table((*columns, *more), tuple(moves)),
        key=said(KEY),
    )


def _places(shown: Mapping[str, GraphState], arcs: Sequence[GraphArc]) -> dict[str, tuple[float, float]]:
    at = {key: place for place, key in enumerate(shown)}
    pairs = sorted({tuple(sorted((at[arc.start], at[arc.end]))) for arc in arcs})
    return dict(zip(shown, ring(len(shown), [(one, other) for one, other in pairs]), strict=True))


def _state(state: GraphState, place: tuple[float, float]) -> Row:
    kind = "today" if state.is_today else "state"
    own = {"state": state.label, "change": state.change, "kind": kind, "x": place[0], "y": place[1]}
    return {**own, "rests": 1 if state.is_equilibrium else 0}


def _arc_rows(
    shown: Mapping[str, GraphState],
    arcs: Sequence[GraphArc],
    names: Mapping[str, str],
    places: Mapping[str, tuple[float, float]],
) -> list[Row]:
    better = {(arc.actor, arc.start, arc.end) for arc in arcs if arc.is_improvement}
    movers: dict[frozenset[str], list[str]] = {}
    for arc in arcs:
        own = movers.setdefault(frozenset((arc.start, arc.end)), [])
        own += [] if arc.actor in own else [arc.actor]
    drawn: set[tuple[str, frozenset[str]]] = set()
    rows: list[Row] = []
    for arc in sorted(arcs, key=lambda arc: not arc.is_improvement):
        pair = frozenset((arc.start, arc.end))
        back = (arc.actor, arc.end, arc.start) in better
        aside = movers[pair].index(arc.actor) - (len(movers[pair]) - 1) / 2
        line = None if (arc.actor, pair) in drawn else "full" if arc.is_improvement or back else "dashed"
        drawn.add((arc.actor, pair))
        rows.append(
            {
                "who": names[arc.actor],
                "from": shown[arc.start].label,
                "to": shown[arc.end].label,
                "change": arc.change,
                "way": said(BETTER if arc.is_improvement else NOT_BETTER),
                **_ends(places[arc.start], places[arc.end]),
                "aside": aside * _ASIDE * (1 if arc.start < arc.end else -1),
                "line": line,
            }
        )
    return rows


def _ends(start: tuple[float, float], end: tuple[float, float]) -> dict[str, float]:
    return {"x": start[0], "y": start[1], "u": end[0], "v": end[1]}


def _sentence(shown: Mapping[str, GraphState], arcs: Sequence[GraphArc], is_whole: bool) -> str:
    told = {
        "states": said_n("{n} state", "{n} states", len(shown)),
        "moves": said_n("{n} move", "{n} moves", len(arcs)),
        "better": sum(arc.is_improvement for arc in arcs),
    }
    if is_whole:
        return said(
            "The conflict has {states} with {moves} between them, of which {better} are improvements for who "
            "makes them.",
            **told,
        )
    return said(
        "Around today's state and the equilibria there are {states} with {moves} between them, of which "
        "{better} are improvements for who makes them.",
        **told,
    )


# --- the spec ------------------------------------------------------------------------------------


def _calculated(**expressions: str) -> list[dict[str, str]]:
    return [{"calculate": expression, "as": name} for name, expression in expressions.items()]


_ACROSS = f"(width / 2 - (width < {NARROW} ? {_RADIUS + 2} : {_RADIUS + 34}))"
_PIXELS = _calculated(
    px=f"width / 2 + datum.x * {_ACROSS}",
    py=f"height / 2 + datum.y * (height / 2 - {_RADIUS + 20})",
)
_LINES = _calculated(
    qx=f"width / 2 + datum.u * {_ACROSS}",
    qy=f"height / 2 + datum.v * (height / 2 - {_RADIUS + 20})",
    far="sqrt(pow(datum.qx - datum.px, 2) + pow(datum.qy - datum.py, 2))",
    dx="(datum.qx - datum.px) / datum.far",
    dy="(datum.qy - datum.py) / datum.far",
    ax=f"datum.px + datum.dx * {_RADIUS + 4} - datum.dy * datum.aside",
    ay=f"datum.py + datum.dy * {_RADIUS + 4} + datum.dx * datum.aside",
    bx=f"datum.qx - datum.dx * {_RADIUS + 4} - datum.dy * datum.aside",
    by=f"datum.qy - datum.dy * {_RADIUS + 4} + datum.dx * datum.aside",
    turn="atan2(datum.dy, datum.dx) * 180 / PI + 90",
)


def _at(x: str, y: str) -> dict[str, Any]:
    """Return the encoding of a place in points."""
    point: dict[str, Any] = {"type": "quantitative", "scale": None, "axis": None}
    return {"x": {"field": x, **point}, "y": {"field": y, **point}}


def _spec(rows: list[Row], names: Mapping[str, str]) -> dict[str, Any]:
    colour, shape = look_of(names, "color"), look_of(names, "shape")
    arcs = [{"filter": "isValid(datum.who)"}, *_PIXELS, *_LINES]
    ends = {**_at("ax", "ay"), "x2": {"field": "bx"}, "y2": {"field": "by"}, "color": colour}
    fields = {"who": said("who moves"), "from": said("from"), "to": said("to"), "change": said("changes")}
    tooltip = tips(*fields.items(), ("way", ""))
    layers: list[dict[str, Any]] = [
        {
            "transform": [*arcs, *only("line", line)],
            "mark": {"type": "rule", "strokeWidth": 1.6, "opacity": 0.8, **dash},
            "encoding": ends,
        }
        for line, dash in (("full", {}), ("dashed", {"strokeDash": [3, 4]}))
    ]
    layers += [_heads(arcs, colour, tooltip, is_better) for is_better in (False, True)]
    middle = _calculated(mx="datum.ax * 0.6 + datum.bx * 0.4", my="datum.ay * 0.6 + datum.by * 0.4")
    layers.append(
        {
            "transform": [*arcs, {"filter": "isValid(datum.line)"}, *middle],
            "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1, "stroke": PAPER},
            "encoding": {**_at("mx", "my"), "color": colour, "shape": shape, "tooltip": tooltip},
        }
    )
    return spec(rows, [*layers, *_nodes()], height=LOW + A_STATE * sum("state" in row for row in rows))


def _heads(
    arcs: list[dict[str, Any]], colour: dict[str, Any], tooltip: list[dict[str, str]], is_better: bool
) -> dict[str, Any]:
    """Return the heads of the arrows: full where the move is an improvement, else hollow and small."""
    look = {"size": 95, "filled": True} if is_better else {"size": 45, "filled": False, "fill": PAPER}
    return {
        "transform": [*arcs, *only("way", said(BETTER if is_better else NOT_BETTER))],
        "mark": {"type": "point", "shape": "triangle", "opacity": 1, "strokeWidth": 1.4, **look},
        "encoding": {
            **_at("bx", "by"),
            "color": colour,
            "angle": {"field": "turn", "type": "quantitative", "scale": None},
            "tooltip": tooltip,
        },
    }


def _nodes() -> list[dict[str, Any]]:
    """Return the states: a disc each, with its label, and below it how it differs from today's."""
    states = [{"filter": "isValid(datum.state)"}, *_PIXELS]
    at = {**_at("px", "py"), "tooltip": tips(("state", said("the state")), ("change", ""))}
    text: dict[str, Any] = {"type": "text", "baseline": "middle", "fontSize": 12}
    below: dict[str, Any] = {**text, "dy": 28, "fontSize": 10}
    layers: list[dict[str, Any]] = []
    for rests, fill, stroke, ink in ((0, PAPER, MUTED, INK), (1, INK, INK, PAPER)):
        own = [*states, {"filter": f"datum.rests === {rests}"}]
        for kind, look in (
            ("state", {"shape": "circle", "size": 900}),
            ("today", {"shape": "square", "size": 1000}),
        ):
            disc = {"type": "point", "opacity": 1, "fill": fill, "stroke": stroke, "strokeWidth": 1.5, **look}
            layers.append({"transform": [*own, *only("kind", kind)], "mark": disc, "encoding": at})
        label = {**text, "color": ink, "fontWeight": "bold" if rests else "normal"}
        layers.append({"transform": own, "mark": label, "encoding": {**at, "text": {"field": "state"}}})
    wide = [{"filter": f"width >= {NARROW}"}, *states]
    halo: dict[str, Any] = {"stroke": PAPER, "strokeWidth": 4, "color": PAPER}
    for drawn in (halo, {"color": MUTED}):
        layers.append(
            {"transform": wide, "mark": {**below, **drawn}, "encoding": {**at, "text": {"field": "change"}}}
        )
    return layers
