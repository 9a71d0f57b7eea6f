"""Who deters whom: how many improvements an actor forgoes at equilibria for fear of each of the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.stability import CONCEPTS
from westphalia.charts.style import BLUE, INK, MUTED, known, row_axis, spec, tips
from westphalia.charts.words import row_labels
from westphalia.labels import ACTOR, CONCEPT, OTHER
from westphalia.language import marked, said, said_n

if TYPE_CHECKING:
    import xarray as xr

KEY = marked(
    "A cell counts the improvements that the actor of the row forgoes at equilibria and that nothing would "
    "deter if the actor of the column did not answer. Last column: all improvements it forgoes there; where "
    "several could punish alone, none of them is needed."
)
ALL = marked("all")
ROW = 44


def who_deters(found: xr.Dataset, concept: str, names: Mapping[str, str]) -> Chart:
    """Return the picture of who deters whom under one concept.

    Parameters
    ----------
    found: `needed_count` (concept, actor, other_actor) and `deterred_count` (concept, actor).
    concept: one of its concepts.
    names: actors' names by id, in the order of the conflict.
    """
    at = found.sel({CONCEPT: concept})
    labels = row_labels(names)
    heads = row_labels(names, lines=1)
    rows: list[Row] = []
    for actor, name in names.items():
        total = int(at["deterred_count"].sel({ACTOR: actor}))
        for other in names:
            needed = int(at["needed_count"].sel({ACTOR: actor, OTHER: other}))
            cell: Row = {"who": name, "label": labels[actor], "by": names[other], "head": heads[other]}
            is_other = actor != other
            rows.append(
                {**cell, "count": needed, "part": needed / total if total else 0.0} if is_other else cell
            )
        rows.append({"who": name, "label": labels[actor], "by": said(ALL), "head": said(ALL), "count": total})
    rows = [{**row, "part": round(row["part"], 4)} if "part" in row else row for row in rows]
    columns = (Column("who", said("who holds back")), Column("by", said("deterred by")))
    return Chart(
        id="stability-deterrence",
        title=said("Who deters whom"),
        sentence=_sentence(rows, concept),
        spec=_spec(rows, list(labels.values()), [*heads.values(), said(ALL)]),
        table=Table(
            (*columns, Column("count", said("improvements"))), tuple(row for row in rows if "count" in row)
        ),
        key=said(KEY),
    )


def _sentence(rows: list[Row], concept: str) -> str:
    pairs = [row for row in rows if "part" in row]
    most = max(pairs, key=lambda row: row["count"])
    name = said(CONCEPTS[concept])
    if not most["count"]:
        return said("No actor is held back by one other alone ({concept} equilibria).", concept=name)
    return said_n(
        "Most of all {by} deters {who}: from {n} improvement at {concept} equilibria.",
        "Most of all {by} deters {who}: from {n} improvements at {concept} equilibria.",
        most["count"],
        by=most["by"],
        who=most["who"],
        concept=name,
    )


def _spec(rows: list[Row], order: list[str], heads: list[str]) -> dict[str, Any]:
    down = row_axis(order)
    down["scale"] = {"domain": order, "paddingInner": 0, "paddingOuter": 0}
    across = {
        "field": "head",
        "type": "nominal",
        "scale": {"domain": heads, "paddingInner": 0, "paddingOuter": 0},
        "axis": {"orient": "top", "title": said("deterred by"), "labelAngle": -40, "labelLimit": 110}
        | {"domain": False, "ticks": False, "labelAlign": "left"},
    }
    told = {"who": said("holds back"), "by": said("deterred by"), "count": said("improvements")}
    tooltip = tips(*told.items())
    both = {"x": across, "y": down, "tooltip": tooltip}
    tint = {
        "field": "part",
        "type": "quantitative",
        "scale": {"domain": [0, 1], "range": [0.06, 0.6]},
        "legend": None,
    }
    count = {**both, "text": {"field": "count", "type": "quantitative"}}
    text: dict[str, Any] = {"type": "text", "baseline": "middle", "fontSize": 13}
    layers: list[dict[str, Any]] = [
        {
            "transform": known("part"),
            "mark": {"type": "rect", "color": BLUE, "cornerRadius": 2, "xOffset": 1, "x2Offset": -1}
            | {"yOffset": 1, "y2Offset": -1},
            "encoding": {**both, "opacity": tint},
        },
        {"transform": known("part"), "mark": {**text, "color": INK}, "encoding": count},
        {
            "transform": [{"filter": "isValid(datum.count) && !isValid(datum.part)"}],
            "mark": {**text, "color": MUTED},
            "encoding": count,
        },
        {
            "transform": [{"filter": "!isValid(datum.count)"}],
            "mark": {**text, "color": MUTED},
            "encoding": {**both, "text": {"value": "–"}},
        },
    ]
    return spec(rows, layers, height=ROW * len(order))
