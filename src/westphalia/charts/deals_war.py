"""The bargaining range of a war on the scale of what is at stake (Fearon 1995)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.style import BLUE, INK, MUTED, PAPER, VERMILION, only, row_axis, spec, tips
from westphalia.charts.words import percent
from westphalia.labels import ACTOR

if TYPE_CHECKING:
    import xarray as xr

KEY = (
    "The scale is the part of what is at stake that goes to the first side. Square: the least that the first "
    "side prefers to war. Diamond: the most that the second leaves it before it prefers war. Thin lines: the "
    "middle 90 % of draws. The thick line between square and diamond is the range."
)


def war_range(found: xr.Dataset, names: Mapping[str, str], war: str = "") -> Chart:
    """Return the picture of the range.

    Parameters
    ----------
    found: what `bargaining_range` gives: `range_low`, `range_high`, `has_range` (draw), `war_value`
        ([draw,] actor) with the two sides, the first side first.
    names: names of the sides by id.
    war: the id of the war, if there are several pictures.
    """
    sides = [names.get(str(actor), str(actor)) for actor in found[ACTOR].values]
    share = float(np.mean(found["has_range"].values))
    rows = [
        _row(f"the least that {sides[0]} accepts", "low", found["range_low"]),
        _row(f"the most that {sides[1]} leaves", "high", found["range_high"]),
    ]
    low, high = (row["median"] for row in rows)
    if share >= 0.5:
        rows.append({"label": "range", "name": "range", "kind": "range", "low90": low, "high90": high})
    titles = (("low90", "from (5 %)"), ("median", "median"), ("high90", "to (95 %)"))
    return Chart(
        id=f"war-range-{war}" if war else "war-range",
        title=f"What {sides[0]} and {sides[1]} both prefer to war",
        sentence=_sentence(sides, low, high, share),
        spec=_spec(rows),
        table=Table(
            (
                Column("name", "bound"),
                *(Column(field, title, "part of the stake") for field, title in titles),
            ),
            tuple(rows),
        ),
        key=KEY,
    )


def _row(name: str, kind: str, values: xr.DataArray) -> Row:
    low, middle, high = (round(float(v), 4) for v in np.quantile(values.values, [0.05, 0.5, 0.95]))
    return {"label": "range", "name": name, "kind": kind, "low90": low, "median": middle, "high90": high}


def _sentence(sides: list[str], low: float, high: float, share: float) -> str:
    if share == 0:
        return "In no draw is there a division that both sides prefer to war."
    often = "" if share == 1 else f" A range is there in {percent(share)} of the draws."
    if share < 0.5:
        return f"Mostly no division is preferred to war by both sides.{often}"
    return (
        f"Both sides prefer to war every division that gives {sides[0]} between {percent(low)} and "
        f"{percent(high)} of what is at stake.{often}"
    )


def _spec(rows: list[Row]) -> dict[str, Any]:
    across = {
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "axis": {"title": "part that goes to the first side", "format": ".0%", "tickCount": 5},
    }
    down = row_axis(["range"], labels=False)
    tooltip = tips(("name", "bound"), ("low90", "5 %"), ("median", "median"), ("high90", "95 %"))
    band = {"x": {"field": "low90", **across}, "x2": {"field": "high90"}, "tooltip": tooltip}
    layers: list[dict[str, Any]] = [
        {
            "transform": only("kind", "range"),
            "mark": {"type": "rule", "strokeWidth": 12, "color": MUTED, "opacity": 0.5},
            "encoding": band,
        }
    ]
    for kind, colour, shape, lift in (("low", BLUE, "square", -16), ("high", VERMILION, "diamond", 16)):
        at = {"x": {"field": "median", **across}, "tooltip": tooltip}
        point = {"type": "point", "shape": shape, "color": colour, "size": 150, "filled": True, "opacity": 1}
        text = {"type": "text", "dy": lift, "color": INK, "fontSize": 12, "align": _align(rows, kind)}
        layers += [
            {
                "transform": only("kind", kind),
                "mark": {"type": "rule", "strokeWidth": 2, "color": colour, "yOffset": lift / 4},
                "encoding": band,
            },
            {
                "transform": only("kind", kind),
                "mark": {**point, "stroke": PAPER, "strokeWidth": 1.2},
                "encoding": at,
            },
            {
                "transform": only("kind", kind),
                "mark": text,
                "encoding": {**at, "text": {"field": "name"}},
            },
        ]
    return spec(rows, layers, height={"step": 60}, encoding={"y": down})


def _align(rows: list[Row], kind: str) -> str:
    """Return on which side of a mark its words have room."""
    at = next(row["median"] for row in rows if row["kind"] == kind)
    return "left" if at < 0.25 else "right" if at > 0.75 else "center"
