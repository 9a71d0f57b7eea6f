"""What drives each issue: the few numbers that matter most there, one issue below the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.positions import Scale
from westphalia.charts.style import BLUE, INK, PAPER, SKY, known, row_axis, spec, tips
from westphalia.charts.words import broken, percent
from westphalia.labels import ANSWER, GROUP
from westphalia.language import marked, said

if TYPE_CHECKING:
    import xarray as xr

KEY = marked(
    "Bar: the share of the variance that would go if this number were known exactly. Pale line beyond it: "
    "what it adds by working together with others. Whisker: the 95 % interval of the bar. Bold: the issue."
)
MOST_BARS = 3
LEAST = 0.02
"""A share below this is left out: it is all but nothing, and mostly error."""
HEAD = "\u200b"
"""A zero-width space before a row's label marks an issue; after it, its number tells equal labels apart."""
WIDE = 44


def drivers_of_issues(
    scales: Mapping[str, Scale], answers: Mapping[str, str], sensitivity: xr.Dataset, names: Mapping[str, str]
) -> Chart:
    """Return the picture of what matters most on each issue.

    Parameters
    ----------
    scales: the issues by id, in the order to show.
    answers: by issue, the name of its answer in the result.
    sensitivity: `first_order`, `total_order`, `first_order_error` (answer, group).
    names: groups in words by their names; those without keep their name.
    """
    rows: list[Row] = []
    for at, (issue, scale) in enumerate(scales.items()):
        rows += _of_issue(scale, sensitivity.sel({ANSWER: answers[issue]}), names, HEAD * (at + 1))
    columns = (
        Column("issue", said("issue")),
        Column("name", said("what")),
        Column("first", said("share of variance that goes if known")),
        Column("low", said("95 % interval from")),
        Column("high", said("95 % interval to")),
        Column("total", said("share that stays if all else is known")),
    )
    return Chart(
        id="drivers",
        title=said("What drives each issue?"),
        sentence=_sentence([row for row in rows if "first" in row]),
        spec=_spec(rows),
        table=Table(columns, tuple(rows)),
        key=said(KEY),
    )


def _of_issue(scale: Scale, one: xr.Dataset, names: Mapping[str, str], mark: str) -> list[Row]:
    """Return the row of an issue and those of the numbers that matter most there."""
    rows: list[Row] = [{"issue": scale.question, "label": mark + broken(scale.question, WIDE, 1)}]
    share = one["first_order"].values
    for at in np.argsort(-share, kind="stable")[:MOST_BARS].tolist():
        if share[at] < LEAST:
            continue
        group, error = str(one[GROUP].values[at]), float(one["first_order_error"].values[at])
        name, first = names.get(group, group), round(float(np.clip(share[at], 0, 1)), 4)
        rows.append(
            {
                "issue": scale.question,
                "name": name,
                "label": broken(name, WIDE, 1) + mark,
                "first": first,
                "low": round(max(first - error, 0.0), 4),
                "high": round(min(first + error, 1.0), 4),
                "total": round(float(np.clip(one["total_order"].values[at], first, 1)), 4),
                "text": percent(first),
            }
        )
    return rows


def _sentence(rows: list[Row]) -> str:
    if not rows:
        return said("No number that is not known matters on any issue.")
    most = max(rows, key=lambda row: row["first"])
    return said(
        "Most hangs on a single number on “{issue}”: if {name} were known exactly, {share} of the variance "
        "would go.",
        issue=most["issue"],
        name=most["name"],
        share=most["text"],
    )


def _spec(rows: list[Row]) -> dict[str, Any]:
    order = [row["label"] for row in rows]
    across = {
        "type": "quantitative",
        "scale": {"domain": [0, 1], "range": [6, {"expr": "width - 60"}]},
        "axis": {"title": said("share of the variance of the issue's forecast")}
        | {"format": ".0%", "tickCount": 5},
    }
    tooltip = tips(
        ("issue", said("issue")),
        ("name", said("what")),
        ("first", said("goes if known")),
        ("total", said("stays if all else is known")),
    )
    is_head = f"indexof(datum.label, '{HEAD}') === 0"
    axis = {"labelFontWeight": {"condition": {"test": is_head, "value": "bold"}, "value": "normal"}}
    down = row_axis(order, **axis, labelLimit=300)
    right = {"type": "text", "align": "right", "baseline": "middle", "x": {"expr": "width"}, "color": INK}
    text = {"transform": known("text"), "mark": right, "encoding": {"text": {"field": "text"}}}
    layers = [{"encoding": {"x": across, "tooltip": tooltip}, "layer": _bars()}, text]
    return spec(rows, layers, height={"step": 21}, encoding={"y": down})


def _bars() -> list[dict[str, Any]]:
    first = {"x": {"field": "first"}}
    return [
        {
            "transform": known("first"),
            "mark": {"type": "rule", "color": SKY, "strokeWidth": 3},
            "encoding": {**first, "x2": {"field": "total"}},
        },
        {
            "transform": known("first"),
            "mark": {"type": "bar", "color": BLUE, "height": 12, "stroke": PAPER},
            "encoding": first,
        },
        {
            "transform": known("first"),
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1.5},
            "encoding": {"x": {"field": "low"}, "x2": {"field": "high"}},
        },
    ]
