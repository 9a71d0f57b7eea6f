"""Where methods agree: each method's centre on each issue, and how much of the doubt is the choice of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.positions import Scale
from westphalia.charts.style import (
    BLUE,
    GREEN,
    GRID,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    PURPLE,
    SKY,
    VERMILION,
    column,
    headed_axis,
    known,
    spec,
    tips,
)
from westphalia.charts.words import number, percent, row_labels
from westphalia.labels import ISSUE, METHOD
from westphalia.language import marked, said

if TYPE_CHECKING:
    import xarray as xr

KEY = marked(
    "Mark: the mean of a method's draws, on the scale of the issue from its lower end at the left to its "
    "upper end at the right. Line: from the lowest mean to the highest. At the right: the share of the "
    "variance of all draws that is due to the choice of method; the rest is due to what is not known."
)
HEAD = marked("due to method")
LOOKS = (
    (BLUE, "circle"),
    (VERMILION, "square"),
    (GREEN, "diamond"),
    (ORANGE, "triangle-up"),
    (PURPLE, "cross"),
    (SKY, "triangle-down"),
    (INK, "triangle-right"),
    (MUTED, "triangle-left"),
)
"""A colour and a shape for each method; with more methods they come round again."""


def agreement(scales: Mapping[str, Scale], found: xr.Dataset, titles: Mapping[str, str]) -> Chart:
    """Return the picture of how far methods agree on each issue.

    Parameters
    ----------
    scales: the issues by id, in the order to show.
    found: `centre` (method, issue), `method_share` (issue).
    titles: names of the methods by id.
    """
    labels = row_labels({issue: scale.question for issue, scale in scales.items()}, lines=2)
    methods = found[METHOD].values.tolist()
    rows: list[Row] = []
    for issue, scale in scales.items():
        one = found.sel({ISSUE: issue})
        centres = {titles.get(name, name): float(one["centre"].sel({METHOD: name})) for name in methods}
        rows += _rows(scale, labels[issue], centres, round(float(one["method_share"]), 4))
    columns = (
        Column("name", said("issue")),
        Column("method", said("method")),
        Column("centre", said("mean of its draws"), said("scale points")),
        Column("share", said("share of the issue's variance due to the choice of method")),
    )
    return Chart(
        id="method-agreement",
        title=said("Where do the methods agree?"),
        sentence=_sentence(rows),
        spec=_spec(rows, [titles.get(method, method) for method in methods]),
        table=Table(columns, tuple(rows)),
        key=said(KEY),
    )


def _rows(scale: Scale, label: str, centres: Mapping[str, float], share: float) -> list[Row]:
    """Return a row for each method; the first carries what is said once of the issue."""
    places = {method: (at - scale.points[0][0]) / scale.length for method, at in centres.items()}
    ends = {"low": round(min(places.values()), 4), "high": round(max(places.values()), 4)}
    rows: list[Row] = [
        {
            "name": scale.question,
            "label": label,
            "share": share,
            "method": method,
            "centre": float(f"{centres[method]:.5g}"),
            "centre_text": number(centres[method], scale.length),
            "place": round(place, 4),
        }
        for method, place in places.items()
    ]
    rows[0] |= {**ends, "text": percent(share)}
    return rows


def _sentence(rows: list[Row]) -> str:
    issues = [row for row in rows if "text" in row]
    most = max(issues, key=lambda row: row["share"])
    least = min(issues, key=lambda row: row["share"])
    if most["share"] == least["share"]:
        return said("The choice of method makes {share} of the variance on every issue.", share=most["text"])
    return said(
        "The choice of method matters most on “{most}”: {much} of the variance is due to it; least on "
        "“{least}”: {little}.",
        most=most["name"],
        much=most["text"],
        least=least["name"],
        little=least["text"],
    )


def _spec(rows: list[Row], methods: list[str]) -> dict[str, Any]:
    low, middle, high = said("lower end"), said("middle"), said("upper end")
    across = {
        "type": "quantitative",
        "scale": {"domain": [0, 1], "range": [6, {"expr": "width - 96"}]},
        "axis": {"title": said("place on the issue's scale"), "values": [0, 0.5, 1]}
        | {"labelExpr": f"datum.value === 0 ? '{low}' : datum.value === 1 ? '{high}' : '{middle}'"},
    }
    down = headed_axis(said(HEAD), list(dict.fromkeys(row["label"] for row in rows)))
    line = {
        "transform": known("text"),
        "mark": {"type": "rule", "color": GRID, "strokeWidth": 4},
        "encoding": {"x": {"field": "low", **across}, "x2": {"field": "high"}},
    }
    layers = [line, _points(across, methods), *column("text", said(HEAD))]
    return spec(rows, layers, height={"step": 40}, encoding={"y": down})


def _points(across: dict[str, Any], methods: list[str]) -> dict[str, Any]:
    looks = [LOOKS[at % len(LOOKS)] for at in range(len(methods))]
    point = {"type": "point", "size": 110, "filled": True, "opacity": 1, "stroke": PAPER, "strokeWidth": 1}
    legend = {"title": None, "columns": 3, "symbolOpacity": 1}
    return {
        "mark": point,
        "encoding": {
            "x": {"field": "place", **across},
            "color": {
                "field": "method",
                "type": "nominal",
                "scale": {"domain": methods, "range": [colour for colour, _ in looks]},
                "legend": legend,
            },
            "shape": {
                "field": "method",
                "type": "nominal",
                "scale": {"domain": methods, "range": [shape for _, shape in looks]},
                "legend": legend,
            },
            "tooltip": tips(
                ("name", said("issue")), ("method", said("method")), ("centre_text", said("mean"))
            ),
        },
    }
