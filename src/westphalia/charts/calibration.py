"""Whether intervals held what they promised: the share that was to lie in each, and the share that did."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.style import BLUE, GREEN, INK, PAPER, VERMILION, column, headed_axis, spec, tips
from westphalia.charts.words import listed, percent, row_labels
from westphalia.labels import GROUP, LEVEL
from westphalia.language import marked, said

if TYPE_CHECKING:
    import xarray as xr

KEY = marked(
    "Upright line: the share of outcomes that an interval was to hold. Mark: the share that it held, a "
    "circle for the 50 % interval, a square for 80 %, a diamond for 90 %. Thin line: twice the standard "
    "error of that share, as if issues were independent. At the right: on how many issues."
)
HEAD = marked("on issues")
LOOKS = (("circle", BLUE), ("square", VERMILION), ("diamond", GREEN))
"""A shape and a colour for each level; with more levels they come round again."""
STEP = 44
"""Height of a row, which holds a line for each level."""


def calibration(scores: xr.Dataset, names: Mapping[str, str], title: str) -> Chart:
    """Return the picture of how often a method's intervals held.

    Parameters
    ----------
    scores: `coverage` (group, level) and `issues` (group) of one method.
    names: the groups to show, in words by their names, the whole first.
    title: the title of the picture.
    """
    labels = row_labels(names)
    levels = [float(level) for level in scores[LEVEL].values]
    rows = [
        row
        for group, name in names.items()
        for row in _rows(scores.sel({GROUP: group}), levels, name, labels[group])
    ]
    columns = (
        Column("name", said("issues")),
        Column("promised", said("share that the interval was to hold")),
        Column("held", said("share that it held")),
        Column("low", said("less twice the standard error")),
        Column("high", said("and more")),
        Column("issues", said("issues scored")),
    )
    return Chart(
        id="calibration",
        title=title,
        sentence=_sentence(rows, next(iter(names.values()))),
        spec=_spec(rows, levels),
        table=Table(columns, tuple(rows)),
        key=said(KEY),
    )


def _rows(one: xr.Dataset, levels: list[float], name: str, label: str) -> Iterator[Row]:
    """Yield a row for each level; the first carries what is said once of the group."""
    issues = int(one["issues"])
    for at, level in enumerate(levels):
        held = float(one["coverage"].sel({LEVEL: level}))
        error = 2 * math.sqrt(held * (1 - held) / issues)
        yield {
            "name": name,
            "label": label,
            "level": percent(level),
            "promised": level,
            "held": round(held, 4),
            "low": round(max(held - error, 0.0), 4),
            "high": round(min(held + error, 1.0), 4),
            "issues": issues,
            **({} if at else {"text": str(issues)}),
        }


def _sentence(rows: list[Row], whole: str) -> str:
    first = rows[0]["name"]
    of_first = (row for row in rows if row["name"] == first)
    held = listed(
        said("{share} in its {level} interval", share=percent(row["held"]), level=row["level"])
        for row in of_first
    )
    worst = max(rows, key=lambda row: abs(row["held"] - row["promised"]))
    return said(
        "{whole}: of the outcomes the forecast held {held}. Furthest off is “{group}”, where the {level} "
        "interval held {share}.",
        whole=whole,
        held=held,
        group=worst["name"],
        level=worst["level"],
        share=percent(worst["held"]),
    )


def _spec(rows: list[Row], levels: list[float]) -> dict[str, Any]:
    across = {
        "type": "quantitative",
        "scale": {"domain": [0, 1], "range": [6, {"expr": "width - 70"}]},
        "axis": {
            "title": said("share of outcomes"),
            "format": ".0%",
            "values": [0, *levels, 1],
            "grid": False,
        },
    }
    told = tips(("name", said("issues")), ("level", said("interval")), ("held", said("held")))
    shared = {"x": across, "tooltip": told}
    down = headed_axis(said(HEAD), list(dict.fromkeys(row["label"] for row in rows)))
    layers = [{"encoding": shared, "layer": list(_marks(levels))}, *column("text", said(HEAD))]
    return spec(rows, layers, height={"step": STEP}, encoding={"y": down})


def _marks(levels: list[float]) -> Iterator[dict[str, Any]]:
    """Yield the marks of each level, one below the other within a row."""
    point = {"type": "point", "filled": True, "size": 90, "opacity": 1, "stroke": PAPER}
    for at, level in enumerate(levels):
        shape, colour = LOOKS[at % len(LOOKS)]
        lower = {"yOffset": round(STEP / (len(levels) + 1) * (at - (len(levels) - 1) / 2), 1)}
        tick = {"type": "tick", "color": INK, "thickness": 2, "size": STEP / (len(levels) + 1), **lower}
        layers = [
            {
                "mark": {"type": "rule", "color": colour, "strokeWidth": 2, **lower},
                "encoding": {"x": {"field": "low"}, "x2": {"field": "high"}},
            },
            {"mark": tick, "encoding": {"x": {"field": "promised"}}},
            {
                "mark": {**point, "shape": shape, "color": colour, **lower},
                "encoding": {"x": {"field": "held"}},
            },
        ]
        yield {"transform": [{"filter": {"field": "promised", "equal": level}}], "layer": layers}
