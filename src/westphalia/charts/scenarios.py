"""What scenarios do to the forecast of an issue: the case as it is on top, each scenario below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.positions import Scale
from westphalia.charts.style import BLUE, PAPER, VERMILION, column, headed_axis, only, spec, tips
from westphalia.charts.words import FloatArray, number, percent, quantiles, row_labels, spread
from westphalia.labels import ISSUE
from westphalia.language import marked, said

if TYPE_CHECKING:
    import xarray as xr

AS_IT_IS = marked("as it is")
HEAD = marked("moves by")
KEY = marked(
    "Thin line: the middle 90 % of draws. Thick line: the middle half. Mark: the median, a square for the "
    "case as it is and a diamond for a scenario. At the right: by how much the scenario moves the forecast, "
    "draw by draw, at the median."
)
_MOVED = {"moved_low": 0.05, "moved": 0.5, "moved_high": 0.95}
_MOVES = (
    ("moved_low", marked("moves by, 5 %")),
    ("moved", marked("moves by, median")),
    ("moved_high", marked("moves by, 95 %")),
)


_RAISED = marked(
    "“{scenario}” moves the forecast of {method} most: by {by} at the median (90 % of draws {low} to "
    "{high}); it raises it in {share} of the draws."
)
_LOWERED = marked(
    "“{scenario}” moves the forecast of {method} most: by {by} at the median (90 % of draws {low} to "
    "{high}); it lowers it in {share} of the draws."
)


@dataclass(frozen=True, slots=True)
class Tried:
    """A scenario that was run: title, forecast (draw, issue), and what it moves that by, draw by draw."""

    title: str
    forecast: xr.DataArray
    difference: xr.DataArray


def scenarios(scale: Scale, base: xr.DataArray, tried: Mapping[str, Tried], method: str) -> Chart:
    """Return the picture of one issue.

    Parameters
    ----------
    scale: the scale of the issue.
    base: (draw, issue), the forecast of the case as it is, in scale points.
    tried: the scenarios by id, at least one, with draws shared with `base`.
    method: the name of the method whose forecasts these are.
    """
    labels = row_labels({AS_IT_IS: said(AS_IT_IS), **{name: one.title for name, one in tried.items()}})
    at = {ISSUE: scale.issue}
    named = {"name": said(AS_IT_IS), "label": labels[AS_IT_IS]}
    first = {**named, "kind": "base", **spread(base.sel(at).values)}
    below = [
        _row(scale, one.title, labels[name], one.forecast.sel(at).values, one.difference.sel(at).values)
        for name, one in tried.items()
    ]
    unit = scale.unit or said("points")
    columns = tuple(Column(field, title, unit) for field, title in _heads())
    shares = (
        Column("rises", said("share of draws in which it rises")),
        Column("falls", said("in which it falls")),
    )
    return Chart(
        id=f"scenarios-{scale.issue}",
        title=said("What if: {question}", question=scale.question),
        sentence=_sentence(scale, below, method),
        spec=_spec(scale, [first, *below]),
        table=Table((Column("name", said("scenario")), *columns, *shares), (first, *below)),
        key=said(KEY),
        notes=scale.notes,
    )


def _heads() -> tuple[tuple[str, str], ...]:
    return (*quantiles(), *((field, said(title)) for field, title in _MOVES))


def _row(scale: Scale, title: str, label: str, forecast: FloatArray, difference: FloatArray) -> Row:
    moved = spread(difference, _MOVED)
    shares = {"rises": float(np.mean(difference > 0)), "falls": float(np.mean(difference < 0))}
    text = _signed(moved["moved"], scale.length)
    what = {"name": title, "label": label, "kind": "scenario", "moved_text": text}
    return {**what, **spread(forecast), **moved, **shares}


def _signed(value: float, length: float) -> str:
    text = number(value, length)
    return text if value <= 0 or text == number(0.0, length) else f"+{text}"


def _sentence(scale: Scale, below: list[Row], method: str) -> str:
    most = max(below, key=lambda row: abs(row["moved"]))
    if most["moved"] == 0:
        return said("No scenario moves the median forecast of {method} on this question.", method=method)
    is_up = most["moved"] > 0
    low, high = (_signed(most[name], scale.length) for name in ("moved_low", "moved_high"))
    moved = {"scenario": most["name"], "method": method, "by": most["moved_text"], "low": low, "high": high}
    return said(_RAISED if is_up else _LOWERED, **moved, share=percent(most["rises" if is_up else "falls"]))


def _spec(scale: Scale, rows: list[Row]) -> dict[str, Any]:
    points = [point for point, _ in scale.points]
    across = {
        "type": "quantitative",
        "scale": {
            "domain": [points[0], points[-1]],
            "nice": False,
            "zero": False,
            "range": [6, {"expr": "width - 70"}],
        },
        "axis": {"values": points, "title": scale.unit or None},
    }
    down = headed_axis(said(HEAD), [row["label"] for row in rows])
    layers = [*_marks(across), *column("moved_text", said(HEAD))]
    return spec(rows, layers, height={"step": 30}, encoding={"y": down})


def _marks(across: dict[str, Any]) -> list[dict[str, Any]]:
    tooltip = tips(("name", said("scenario")), *_heads())
    layers: list[dict[str, Any]] = []
    for kind, colour, shape in (("base", BLUE, "square"), ("scenario", VERMILION, "diamond")):
        for share, width in (("90", 2), ("50", 8)):
            ends = {"x": {"field": f"low{share}", **across}, "x2": {"field": f"high{share}"}}
            mark = {"type": "rule", "strokeWidth": width, "color": colour}
            layers.append(
                {"transform": only("kind", kind), "mark": mark, "encoding": {**ends, "tooltip": tooltip}}
            )
        point = {"type": "point", "shape": shape, "color": colour, "size": 130, "filled": True, "opacity": 1}
        point |= {"stroke": PAPER, "strokeWidth": 1.2}
        median = {"x": {"field": "median", **across}, "tooltip": tooltip}
        layers.append({"transform": only("kind", kind), "mark": point, "encoding": median})
    return layers
