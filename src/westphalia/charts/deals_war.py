"""The bargaining range of a war on the scale of what is at stake (Fearon 1995)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.style import BLUE, INK, MUTED, PAPER, VERMILION, only, row_axis, spec, tips
from westphalia.charts.words import percent
from westphalia.labels import ACTOR
from westphalia.language import marked, said

if TYPE_CHECKING:
    import xarray as xr

KEY = marked(
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
        _row(said("the least that {side} accepts", side=sides[0]), "low", found["range_low"]),
        _row(said("the most that {side} leaves", side=sides[1]), "high", found["range_high"]),
    ]
    low, high = (row["median"] for row in rows)
    if share >= 0.5:
        rows.append({"label": "range", "name": said("range"), "kind": "range", "low90": low, "high90": high})
    titles = (("low90", said("from (5 %)")), ("median", said("median")), ("high90", said("to (95 %)")))
    return Chart(
        id=f"war-range-{war}" if war else "war-range",
        title=said("What {one} and {other} both prefer to war", one=sides[0], other=sides[1]),
        sentence=_sentence(sides, low, high, share),
        spec=_spec(rows),
        table=Table(
            (
                Column("name", said("bound")),
                *(Column(field, title, said("part of the stake")) for field, title in titles),
            ),
            tuple(rows),
        ),
        key=said(KEY),
    )


def _row(name: str, kind: str, values: xr.DataArray) -> Row:
    low, middle, high = (round(float(v), 4) for v in np.quantile(values.values, [0.05, 0.5, 0.95]))
    return {"label": "range", "name": name, "kind": kind, "low90": low, "median": middle, "high90": high}


def _sentence(sides: list[str], low: float, high: float, share: float) -> str:
    if share == 0:
        return said("In no draw is there a division that both sides prefer to war.")
    often = "" if share == 1 else said("A range is there in {share} of the draws.", share=percent(share))
    if share < 0.5:
        return f"{said('Mostly no division is preferred to war by both sides.')} {often}"
    both = said(
        "Both sides prefer to war every division that gives {side} between {low} and {high} of what is at "
        "stake.",
        side=sides[0],
        low=percent(low),
        high=percent(high),
    )
    return f"{both} {often}".strip()


def _spec(rows: list[Row]) -> dict[str, Any]:
    across = {
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "axis": {"title": said("part that goes to the first side"), "format": ".0%", "tickCount": 5},
    }
    down = row_axis(["range"], labels=False)
    tooltip = tips(("name", said("bound")), ("low90", "5 %"), ("median", said("median")), ("high90", "95 %"))
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
