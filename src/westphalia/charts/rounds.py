"""The rounds of the challenge model on an issue, with the compromise mean beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.positions import Scale
from westphalia.charts.style import BLUE, GREEN, INK, VERMILION, only, spec, tips
from westphalia.charts.words import number, spread
from westphalia.labels import ISSUE, ROUND

if TYPE_CHECKING:
    import xarray as xr

SHARES = {"low": 0.1, "median": 0.5, "high": 0.9}
SERIES = ("weighted median", "weighted mean", "compromise mean")
KEY = "Bands and bars: the middle 80 % of draws. Marks: the median of draws."
COMPROMISE = "default"


def rounds(scale: Scale, challenge: xr.Dataset, default: xr.DataArray) -> Chart:
    """Return the picture of one issue.

    Parameters
    ----------
    scale: the scale of the issue.
    challenge: `median` and `mean` (draw, round, issue), scale points; round 0 is the start.
    default: (draw, issue), the compromise mean, which no path of rounds is shown without.
    """
    at = {ISSUE: scale.issue}
    rows = [
        {
            "series": series,
            "round": str(place),
            **spread(challenge[name].sel({**at, ROUND: place}).values, SHARES),
        }
        for series, name in zip(SERIES, ("median", "mean"), strict=False)
        for place in challenge[ROUND].values.tolist()
    ]
    beside: Row = {"series": SERIES[2], "round": COMPROMISE, **spread(default.sel(at).values, SHARES)}
    return Chart(
        id=f"rounds-{scale.issue}",
        title=f"Rounds of the challenge model: {scale.question}",
        sentence=_sentence(scale, rows, beside),
        spec=_spec(scale, [*rows, beside]),
        table=Table(_columns(scale), (*rows, beside)),
        key=KEY,
        notes=scale.notes,
    )


def _sentence(scale: Scale, rows: list[Row], beside: Row) -> str:
    path = [row for row in rows if row["series"] == SERIES[0]]
    first, last = path[0], path[-1]
    return (
        f"The weighted median goes from {_short(first, scale)} at the start to {_short(last, scale)} after "
        f"round {last['round']}; the compromise mean stands at {_short(beside, scale)}."
    )


def _short(row: Row, scale: Scale) -> str:
    low, middle, high = (number(row[name], scale.length) for name in SHARES)
    return f"{middle} (80 % of draws {low} to {high})"


def _columns(scale: Scale) -> tuple[Column, ...]:
    unit = scale.unit or "points"
    ends = (Column("low", "10 %", unit), Column("median", "median", unit), Column("high", "90 %", unit))
    return (Column("series", "what"), Column("round", "round"), *ends)


def _spec(scale: Scale, rows: list[Row]) -> dict[str, Any]:
    order = list(dict.fromkeys(row["round"] for row in rows))
    axis = {
        "title": "round",
        "labelAngle": 0,
        "labelExpr": f"datum.value === '{COMPROMISE}' ? ['comp.', 'mean'] : datum.value",
        "labelOverlap": False,
        "grid": False,
    }
    points = [point for point, _ in scale.points]
    x = {"field": "round", "type": "ordinal", "sort": order, "scale": {"domain": order, "type": "point"}}
    y = {
        "type": "quantitative",
        "scale": {"domain": [points[0], points[-1]], "nice": False, "zero": False},
        "axis": {"values": points, "title": scale.unit or None},
    }
    drawn = {"x": {**x, "axis": axis}, "color": _by_series("color"), "tooltip": _tips()}
    return spec(rows, [*_bands(drawn, y), *_medians(drawn, y)], height=230)


def _by_series(channel: str) -> dict[str, Any]:
    ranges = {"color": [VERMILION, GREEN, BLUE], "shape": ["diamond", "triangle-up", "square"]}
    legend = {"title": None, "symbolOpacity": 1, "columns": 2}
    scale = {"domain": list(SERIES), "range": ranges[channel]}
    return {"field": "series", "type": "nominal", "scale": scale, "legend": legend}


def _bands(drawn: dict[str, Any], y: dict[str, Any]) -> list[dict[str, Any]]:
    ends = {"y": {"field": "low", **y}, "y2": {"field": "high"}}
    path = {"filter": f"datum.round !== '{COMPROMISE}'"}
    beside = {"filter": f"datum.round === '{COMPROMISE}'"}
    return [
        {"transform": [path], "mark": {"type": "area", "opacity": 0.22}, "encoding": {**drawn, **ends}},
        {"transform": [beside], "mark": {"type": "rule", "strokeWidth": 7}, "encoding": {**drawn, **ends}},
    ]


def _medians(drawn: dict[str, Any], y: dict[str, Any]) -> list[dict[str, Any]]:
    middle = {**drawn, "y": {"field": "median", **y}}
    shaped = {**middle, "shape": _by_series("shape")}
    mark = {"type": "point", "filled": True, "size": 70, "opacity": 1, "stroke": INK, "strokeWidth": 0.5}
    dashes = {SERIES[0]: [1, 0], SERIES[1]: [6, 4]}
    lines = [
        {
            "transform": only("series", series),
            "mark": {"type": "line", "strokeWidth": 2, "strokeDash": dash},
            "encoding": middle,
        }
        for series, dash in dashes.items()
    ]
    return [*lines, {"mark": mark, "encoding": shaped}]


def _tips() -> list[dict[str, str]]:
    return tips(
        ("series", "what"), ("round", "round"), ("low", "10 %"), ("median", "median"), ("high", "90 %")
    )
