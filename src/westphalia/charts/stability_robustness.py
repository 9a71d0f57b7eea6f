"""How sure the equilibria are: in what share of the draws each state is one, by solution concept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.stability import CONCEPTS, GraphState, colour_of, shape_of
from westphalia.charts.style import INK, PAPER, known, row_axis, spec, tips
from westphalia.charts.words import listed, percent
from westphalia.labels import CONCEPT, STATE
from westphalia.language import marked, said

if TYPE_CHECKING:
    import xarray as xr

KEY = marked(
    "A bar is the share of draws of the preferences in which the state is an equilibrium. The thin line "
    "across its end spans what chance leaves open, at 95 %. Below a state's label: how it differs from today."
)
LANE = 16
_TWO_SIDED = 1.96


def robust_states(shown: Mapping[str, GraphState], robust: xr.Dataset) -> Chart:
    """Return the picture of robustness.

    Parameters
    ----------
    shown: the states by name as in `robust`, in the order of the rows.
    robust: `equilibrium_probability` and `equilibrium_error` (concept, state).
    """
    concepts = [concept for concept in CONCEPTS if concept in robust[CONCEPT].values]
    rows: list[Row] = []
    for key, state in shown.items():
        for concept in concepts:
            found = robust.sel({CONCEPT: concept, STATE: key})
            share, error = (float(found[f"equilibrium_{what}"]) for what in ("probability", "error"))
            rows.append(_row(state, concept, share, error))
    of_draws = said("share of draws")
    columns = (
        Column("state", said("the state")),
        Column("concept", said("solution concept")),
        Column("share", said("equilibrium in"), of_draws),
        Column("low", said("95 % from"), of_draws),
        Column("high", said("95 % to"), of_draws),
    )
    return Chart(
        id="stability-robustness",
        title=said("How often each state is an equilibrium"),
        sentence=_sentence(rows),
        spec=_spec(rows, [label_of(state) for state in shown.values()], concepts),
        table=Table(columns, tuple(rows)),
        key=said(KEY),
    )


def label_of(state: GraphState) -> str:
    """Return the label of a state's row: its own, and below it how it differs from today's."""
    return f"{state.label}\n{state.change}" if state.change and state.change != state.label else state.label


def _row(state: GraphState, concept: str, share: float, error: float) -> Row:
    own: Row = {"state": state.label, "label": label_of(state), "concept": said(CONCEPTS[concept])}
    own |= {"share": round(share, 4), "share_text": percent(share), "zero": 0}
    if error == 0:
        return own
    low, high = max(share - _TWO_SIDED * error, 0.0), min(share + _TWO_SIDED * error, 1.0)
    return {**own, "low": round(low, 4), "high": round(high, 4)}


def _sentence(rows: list[Row]) -> str:
    first = rows[0]["concept"]
    for concept in dict.fromkeys(row["concept"] for row in rows):
        of = {row["state"]: row["share"] for row in rows if row["concept"] == concept}
        most = max(of.values())
        if most:
            top = [state for state, share in of.items() if share == most]
            told = {"states": listed(top), "share": percent(most), "concept": concept}
            if len(top) == 1:
                return said(
                    "{states} is an equilibrium in {share} of the draws ({concept}), most of all.", **told
                )
            return said("{states} are equilibria in {share} of the draws ({concept}), most of all.", **told)
    return said("None of these states is an equilibrium in any draw ({concept}).", concept=first)


def _spec(rows: list[Row], order: list[str], concepts: list[str]) -> dict[str, Any]:
    called = [said(CONCEPTS[concept]) for concept in concepts]
    across = {
        "type": "quantitative",
        "scale": {"domain": [0, 1], "nice": False, "range": [0, {"expr": "width - 70"}]},
        "axis": {"title": said("share of draws"), "format": "~%", "tickCount": 5},
    }
    down = {**row_axis(order), "scale": {"domain": order, "paddingInner": 0.22, "paddingOuter": 0.1}}
    lane = {"field": "concept", "type": "nominal", "scale": {"domain": called}}
    tooltip = tips(("state", said("the state")), ("concept", ""), ("share_text", said("in")))
    both = {"y": down, "yOffset": lane, "tooltip": tooltip}
    colour, shape = _look(called, "color"), _look(called, "shape")
    share = {"x": {"field": "share", **across}}
    span = {"x": {"field": "low", **across}, "x2": {"field": "high"}}
    point = {"type": "point", "filled": True, "size": 80, "opacity": 1, "stroke": PAPER, "strokeWidth": 0.8}
    right = {"type": "text", "align": "left", "baseline": "middle", "fontSize": 11, "color": INK}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rule", "strokeWidth": 4},
            "encoding": {"x": {"field": "zero", **across}, "x2": {"field": "share"}, "color": colour, **both},
        },
        {"mark": point, "encoding": {**share, "color": colour, "shape": shape, **both}},
        {
            "transform": known("low"),
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1.5},
            "encoding": {**span, **both},
        },
        {
            "transform": [{"calculate": "isValid(datum.high) ? datum.high : datum.share", "as": "edge"}],
            "mark": {**right, "dx": 9},
            "encoding": {"x": {"field": "edge", **across}, "text": {"field": "share_text"}, **both},
        },
    ]
    return spec(rows, layers, height=(LANE * len(concepts) + 14) * len(order))


def _look(called: list[str], channel: str) -> dict[str, Any]:
    look = colour_of if channel == "color" else shape_of
    legend = {"title": None, "columns": 1, "symbolSize": 100, "symbolOpacity": 1, "symbolStrokeWidth": 0}
    return {
        "field": "concept",
        "type": "nominal",
        "scale": {"domain": called, "range": [look(place) for place in range(len(called))]},
        "legend": legend,
    }
