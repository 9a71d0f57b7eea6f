"""Where each model goes from round to round on an issue, with the compromise mean beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.positions import Scale
from westphalia.charts.style import BLUE, GREEN, INK, PURPLE, VERMILION, only, spec, tips
from westphalia.charts.words import listed, number, spread
from westphalia.labels import ISSUE, ROUND
from westphalia.language import marked, said

if TYPE_CHECKING:
    import xarray as xr

SHARES = {"low": 0.1, "median": 0.5, "high": 0.9}
SERIES = {
    "challenge": marked("challenge model: weighted median"),
    "smp": marked("spatial model: mean of positions"),
    "exchange": marked("position exchange: outcome of votes"),
}
"""What is shown of each model after a round, by method id."""

_SUBJECTS = {
    "challenge": marked("the challenge model's weighted median"),
    "smp": marked("the spatial model's mean of positions"),
    "exchange": marked("the position exchange's outcome of votes"),
}
_FIRST_WAY = marked("{what} goes from {start} to {end}")
_NEXT_WAY = marked("{what} from {start} to {end}")
MEAN = marked("compromise mean")
KEY = marked(
    "Bands and bar: the middle 80 % of draws. Marks: the median of draws. A model that has come to rest "
    "keeps its place. The compromise mean, at the right, has no rounds; nothing known forecasts better."
)
COMPROMISE = marked("default")
_LOOKS = {
    SERIES["challenge"]: (VERMILION, "diamond", [1, 0]),
    SERIES["smp"]: (GREEN, "triangle-up", [6, 4]),
    SERIES["exchange"]: (PURPLE, "circle", [2, 3]),
    MEAN: (BLUE, "square", [1, 0]),
}


def _looks() -> dict[str, tuple[str, str, list[int]]]:
    return {said(series): look for series, look in _LOOKS.items()}


def rounds(scale: Scale, paths: Mapping[str, xr.DataArray], default: xr.DataArray) -> Chart:
    """Return the picture of one issue.

    Parameters
    ----------
    scale: the scale of the issue.
    paths: by method id, one of `SERIES`, where it stands (draw, round, issue), scale points; round 0 is
        the start.
    default: (draw, issue), the compromise mean, which no path of rounds is shown without.
    """
    at = {ISSUE: scale.issue}
    rows: list[Row] = [
        {
            "series": said(SERIES[method]),
            "round": str(place),
            **_spread(path.sel({**at, ROUND: place}), scale),
        }
        for method, path in paths.items()
        for place in path[ROUND].values.tolist()
    ]
    beside: Row = {"series": said(MEAN), "round": said(COMPROMISE), **_spread(default.sel(at), scale)}
    return Chart(
        id=f"rounds-{scale.issue}",
        title=scale.question,
        sentence=_sentence(scale, rows, beside),
        spec=_spec(scale, [*rows, beside]),
        table=Table(_columns(scale), (*rows, beside)),
        key=said(KEY),
        notes=scale.notes,
    )


def _spread(draws: xr.DataArray, scale: Scale) -> dict[str, float]:
    """Return the quantiles, to a thousandth of the scale: more digits mean nothing and cost room."""
    step = scale.length / 1000
    return {
        name: float(f"{round(value / step) * step:.6g}")
        for name, value in spread(draws.values, SHARES).items()
    }


def _sentence(scale: Scale, rows: list[Row], beside: Row) -> str:
    ways: list[str] = []
    subjects = {said(series): said(_SUBJECTS[method]) for method, series in SERIES.items()}
    for series in dict.fromkeys(row["series"] for row in rows):
        path = [row for row in rows if row["series"] == series]
        start, end = number(path[0]["median"], scale.length), _short(path[-1], scale)
        ways.append(said(_NEXT_WAY if ways else _FIRST_WAY, what=subjects[series], start=start, end=end))
    stands = _short(beside, scale)
    if not ways:
        return said("The compromise mean stands at {place}.", place=stands)
    return said(
        "Over the rounds {ways}; the compromise mean stands at {place}.", ways=listed(ways), place=stands
    )


def _short(row: Row, scale: Scale) -> str:
    low, middle, high = (number(row[name], scale.length) for name in SHARES)
    return said("{middle} (80 % of draws {low} to {high})", middle=middle, low=low, high=high)


def _columns(scale: Scale) -> tuple[Column, ...]:
    unit = scale.unit or said("points")
    ends = (Column("low", "10 %", unit), Column("median", said("median"), unit), Column("high", "90 %", unit))
    return (Column("series", said("what")), Column("round", said("round")), *ends)


def _spec(scale: Scale, rows: list[Row]) -> dict[str, Any]:
    places = {row["round"] for row in rows} - {said(COMPROMISE)}
    order = [*sorted(places, key=int), said(COMPROMISE)]
    above, _, below = said("comp. mean").partition(" ")
    axis = {
        "title": said("round"),
        "labelAngle": 0,
        "labelExpr": f"datum.value === '{said(COMPROMISE)}' ? ['{above}', '{below}'] : datum.value",
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
    shown = list(dict.fromkeys(row["series"] for row in rows))
    shared = {"x": {**x, "axis": axis}, "color": _by_series("color", shown), "tooltip": _tips()}
    return spec(rows, [*_bands(y), *_medians(y, shown)], height=230, encoding=shared)


def _by_series(channel: str, shown: list[str]) -> dict[str, Any]:
    looks = [_looks()[series][0 if channel == "color" else 1] for series in shown]
    legend = {"title": None, "symbolOpacity": 1, "columns": 2}
    return {
        "field": "series",
        "type": "nominal",
        "scale": {"domain": shown, "range": looks},
        "legend": legend,
    }


def _bands(y: dict[str, Any]) -> list[dict[str, Any]]:
    ends = {"y": {"field": "low", **y}, "y2": {"field": "high"}}
    path = {"filter": f"datum.round !== '{said(COMPROMISE)}'"}
    beside = {"filter": f"datum.round === '{said(COMPROMISE)}'"}
    return [
        {"transform": [path], "mark": {"type": "area", "opacity": 0.15}, "encoding": ends},
        {"transform": [beside], "mark": {"type": "rule", "strokeWidth": 7}, "encoding": ends},
    ]


def _medians(y: dict[str, Any], shown: list[str]) -> list[dict[str, Any]]:
    middle = {"y": {"field": "median", **y}}
    shaped = {**middle, "shape": _by_series("shape", shown)}
    mark = {"type": "point", "filled": True, "size": 60, "opacity": 1, "stroke": INK, "strokeWidth": 0.5}
    lines = [
        {
            "transform": only("series", series),
            "mark": {"type": "line", "strokeWidth": 2, "strokeDash": _looks()[series][2]},
            "encoding": middle,
        }
        for series in shown
        if series != said(MEAN)
    ]
    return [*lines, {"mark": mark, "encoding": shaped}]


def _tips() -> list[dict[str, str]]:
    return tips(
        ("series", said("what")),
        ("round", said("round")),
        ("low", "10 %"),
        ("median", said("median")),
        ("high", "90 %"),
    )
