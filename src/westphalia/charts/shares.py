"""A nominal issue: the share of weighted support of each option, with its spread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.style import BLUE, PAPER, column, headed_axis, spec, tips
from westphalia.charts.words import FloatArray, percent, quantiles, row_labels, spread
from westphalia.labels import DRAW, ISSUE, OPTION
from westphalia.language import marked, said

if TYPE_CHECKING:
    import xarray as xr

KEY = marked(
    "Thin line: the middle 90 % of draws. Thick line: the middle half. Mark: the median. At the right: the "
    "share of draws in which the option has the most support."
)
HEAD = marked("leads in")


def shares(issue: str, question: str, options: Mapping[str, str], plurality: xr.Dataset) -> Chart:
    """Return the picture of one nominal issue.

    Parameters
    ----------
    issue, question: the id of the issue and what it asks.
    options: the meaning of each option by id, in the order of the issue's list.
    plurality: `share` (draw, issue, option), 0 to 1, `winner` (draw, issue), the place of the first
        leading option in the list, and `is_tie` (draw, issue), whether others share the lead.
    """
    labels = row_labels(options, lines=2)
    rows: list[Row] = []
    for place, (option, meaning) in enumerate(options.items()):
        leads = round(leads_alone(plurality, issue, place), 4)
        row = {"name": meaning, "label": labels[option], "leads": leads, "leads_text": percent(leads)}
        rows.append({**row, **spread(support(plurality, issue, place))})
    unit = said("share of weight")
    along = tuple(Column(field, title, unit) for field, title in quantiles(said("support, 5 %")))
    leading = Column("leads", said("share of draws in which it leads"))
    return Chart(
        id=f"shares-{issue}",
        title=question,
        sentence=_sentence(rows),
        spec=_spec(rows),
        table=Table((Column("name", said("option")), *along, leading), tuple(rows)),
        key=said(KEY),
    )


def support(plurality: xr.Dataset, issue: str, place: int) -> FloatArray:
    """Return the share of weight (draw) of the option at a place of the list; 0 if nobody ever is for it."""
    share = plurality["share"].sel({ISSUE: issue})
    if place >= share.sizes[OPTION]:
        return np.zeros(share.sizes[DRAW])
    values: FloatArray = share.isel({OPTION: place}).values
    return values


def leads_alone(plurality: xr.Dataset, issue: str, place: int) -> float:
    """Return the share of draws in which the option at a place of the list has the most support, alone."""
    at = plurality.sel({ISSUE: issue})
    return float(((at["winner"].values == place) & ~at["is_tie"].values).mean())


def _sentence(rows: list[Row]) -> str:
    first = max(rows, key=lambda row: row["leads"])
    tied = 1 - sum(row["leads"] for row in rows)
    lead = said(
        "“{option}” has the most weighted support in {share} of the draws: {median} of the weight at the "
        "median, 90 % of draws between {low90} and {high90}.",
        option=first["name"],
        share=first["leads_text"],
        **{name: percent(first[name]) for name in ("median", "low90", "high90")},
    )
    rest = said("In {share} of the draws options share the lead.", share=percent(tied))
    return f"{lead} {rest}" if tied > 1e-3 else lead


def _spec(rows: list[Row]) -> dict[str, Any]:
    across = {
        "type": "quantitative",
        "scale": {"domain": [0, 1], "range": [6, {"expr": "width - 62"}]},
        "axis": {"title": said("share of weighted support"), "format": ".0%", "tickCount": 5},
    }
    down = headed_axis(said(HEAD), [row["label"] for row in rows])
    tooltip = tips(("name", said("option")), ("leads_text", said(HEAD)), *quantiles(said("support, 5 %")))
    bands = [
        {
            "mark": {"type": "rule", "strokeWidth": width, "color": BLUE},
            "encoding": {
                "x": {"field": f"low{share}", **across},
                "x2": {"field": f"high{share}"},
                "tooltip": tooltip,
            },
        }
        for share, width in (("90", 2), ("50", 8))
    ]
    return spec(rows, [*bands, *_marks(across, tooltip)], height={"step": 30}, encoding={"y": down})


def _marks(across: dict[str, Any], tooltip: list[dict[str, str]]) -> list[dict[str, Any]]:
    point = {"type": "point", "shape": "square", "color": BLUE, "size": 130, "filled": True, "opacity": 1}
    return [
        {
            "mark": {**point, "stroke": PAPER, "strokeWidth": 1.2},
            "encoding": {"x": {"field": "median", **across}, "tooltip": tooltip},
        },
        *column("leads_text", said(HEAD)),
    ]
