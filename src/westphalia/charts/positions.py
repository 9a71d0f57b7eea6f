"""An issue's scale with every actor's spread and weight on it, and below it every method's forecast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.style import (
    BLUE,
    GRID,
    INK,
    MUTED,
    PAPER,
    ROW,
    SKY,
    VERMILION,
    column,
    only,
    row_axis,
    spec,
    tips,
)
from westphalia.charts.words import SHARES, FloatArray, listed, number, percent, quantiles, row_labels, spread
from westphalia.labels import ACTOR, ISSUE, METHOD
from westphalia.language import decimal, marked, said

if TYPE_CHECKING:
    import xarray as xr

_APART = "\u200b"
"""A zero-width space before the heads of the two parts keeps them apart from an actor of that name."""
TOLD = marked("Default forecast, with the error of such forecasts")
KEY = marked(
    "Thin line: the middle 90 % of draws. Thick line: the middle half. Mark: the median; the size of an "
    "actor's circle is its share of the weight. Pale bands: the middle 90 % and half of what the default "
    "forecast holds possible, by the inputs and the error of such forecasts in the past. All else is by the "
    "inputs alone; blue is the compromise mean."
)


@dataclass(frozen=True, slots=True)
class Scale:
    """An issue's scale as the case states it: its points in order, each with its meaning."""

    issue: str
    question: str
    unit: str
    points: tuple[tuple[float, str], ...]

    @property
    def length(self) -> float:
        """From the lowest stated point to the highest."""
        return self.points[-1][0] - self.points[0][0]

    @property
    def notes(self) -> tuple[str, ...]:
        """The meanings of the points, a line each."""
        return tuple(f"{decimal(f'{point:g}')}: {meaning}" for point, meaning in self.points)

    def axis(self) -> dict[str, Any]:
        """Return the horizontal axis: ticks at the stated points, in the unit of the scale."""
        values = [point for point, _ in self.points]
        return {"values": values, "title": self.unit or None, "grid": True, "labelOverlap": True}


def positions(
    scale: Scale,
    draws: xr.Dataset,
    weight: xr.DataArray | None,
    forecast: xr.DataArray,
    outcome: xr.DataArray | None,
    names: Mapping[str, str],
    titles: Mapping[str, str],
) -> Chart:
    """Return the picture of one issue.

    Parameters
    ----------
    scale: the scale of the issue.
    draws: inputs with `position` (draw, actor, issue), `has_stand`, `reversion`, `has_reversion`.
    weight: (draw, actor, issue), capability times salience, or None.
    forecast: (method, draw, issue), scale points, by the inputs alone, the compromise mean first; a draw in
        which a method finds nothing is NaN.
    outcome: (draw, issue), the default forecast, the model's own error included, or None.
    names, titles: actors' names and methods' titles by id.
    """
    at = {ISSUE: scale.issue}
    drawn = draws.sel(at)
    actors = list(_actors(drawn, None if weight is None else weight.sel(at), names))
    forecasts = list(_forecasts(forecast.sel(at), None if outcome is None else outcome.sel(at), titles))
    reversion = [] if not bool(drawn["has_reversion"]) else [_reversion(drawn)]
    rows = [*actors, *forecasts, *reversion]
    return Chart(
        id=f"positions-{scale.issue}",
        title=scale.question,
        sentence=_sentence(scale, actors, forecasts),
        spec=_spec(scale, rows),
        table=Table(_columns(scale), tuple(rows)),
        key=said(KEY),
        notes=scale.notes,
    )


def _actors(drawn: xr.Dataset, weight: xr.DataArray | None, names: Mapping[str, str]) -> Iterator[Row]:
    present = [str(actor) for actor in drawn[ACTOR].values[drawn["has_stand"].values]]
    labels = row_labels({actor: names.get(actor, actor) for actor in present})
    total = None if weight is None else weight.sum(ACTOR)
    for actor in present:
        place = drawn["position"].sel({ACTOR: actor}).values
        row: Row = {"kind": "actor", "name": names.get(actor, actor), "label": labels[actor], **spread(place)}
        if weight is not None and total is not None:
            share = weight.sel({ACTOR: actor}).values / np.where(total.values > 0, total.values, 1.0)
            row["weight"] = round(float(np.median(share)), 4)
            row["weight_text"] = percent(row["weight"])
        yield row


def _forecasts(
    forecast: xr.DataArray, outcome: xr.DataArray | None, titles: Mapping[str, str]
) -> Iterator[Row]:
    methods = [str(method) for method in forecast[METHOD].values]
    labels = row_labels({method: titles.get(method, method) for method in methods})
    if outcome is not None:
        yield {
            "kind": "told",
            "name": said(TOLD),
            "label": said("Default forecast"),
            **spread(outcome.values),
        }
    for place, method in enumerate(methods):
        values = forecast.sel({METHOD: method}).values
        if np.isfinite(values).any():
            named = {"name": titles.get(method, method), "label": labels[method]}
            yield {"kind": "method" if place else "default", **named, **_of_found(values)}


def _of_found(values: FloatArray) -> Row:
    """Return the spread of the draws that have a result, and the share of them if not all have."""
    found = values[np.isfinite(values)]
    share = found.size / values.size
    return {
        **spread(found),
        **({} if share == 1 else {"weight_text": said("in {share}", share=percent(share))}),
    }


def _reversion(drawn: xr.Dataset) -> Row:
    name = said("If nothing is agreed")
    return {"kind": "reversion", "name": name, "label": name, **spread(drawn["reversion"].values)}


def _columns(scale: Scale) -> tuple[Column, ...]:
    unit = scale.unit or said("points")
    along = tuple(Column(field, title, unit) for field, title in quantiles())
    weight = Column("weight", said("share of the weight, median"))
    return (Column("name", said("who or what")), *along, weight)


def _sentence(scale: Scale, actors: list[Row], forecasts: list[Row]) -> str:
    if not forecasts or not actors:
        return said("No method gives a forecast on this issue.")
    first, *others = forecasts
    low, high = min(actors, key=lambda row: row["median"]), max(actors, key=lambda row: row["median"])
    beside = said("; by the inputs alone {values}", values=listed(_short(row, scale) for row in others))
    return said(
        "{forecast}{beside}. The actors reach from {lowest} ({low}) to {highest} ({high}).",
        forecast=_first(first, scale),
        beside=beside if others else "",
        lowest=low["name"],
        low=number(low["median"], scale.length),
        highest=high["name"],
        high=number(high["median"], scale.length),
    )


def _first(row: Row, scale: Scale) -> str:
    show = {name: number(row[name], scale.length) for name in SHARES}
    of_outcomes = marked(
        "{name}: {median} (half of what is possible {low50} to {high50}, 90 % {low90} to {high90})"
    )
    of_draws = marked("{name}: {median} (half of the draws {low50} to {high50}, 90 % {low90} to {high90})")
    return said(of_outcomes if row["kind"] == "told" else of_draws, name=row["name"], **show)


def _short(row: Row, scale: Scale) -> str:
    low, middle, high = (number(row[name], scale.length) for name in ("low90", "median", "high90"))
    return said("{name} {middle} (90 % {low} to {high})", name=row["name"], middle=middle, low=low, high=high)


def _heads() -> tuple[str, str]:
    return _APART + said("Actors"), _APART + said("Forecasts")


def _order(rows: list[Row]) -> list[str]:
    of_actors, of_forecasts = _heads()
    actors = [row["label"] for row in rows if row["kind"] == "actor"]
    others = [row["label"] for row in rows if row["kind"] != "actor"]
    return [of_actors, *actors, of_forecasts, *dict.fromkeys(others)]


def _spec(scale: Scale, rows: list[Row]) -> dict[str, Any]:
    order = _order(rows)
    low, high = scale.points[0][0], scale.points[-1][0]
    across = {"type": "quantitative", "scale": _x_scale(low, high), "axis": scale.axis()}
    shared = {"x": across, "tooltip": _tips()}
    heads = " || ".join(f"datum.label === '{head}'" for head in _heads())
    axis = {"labelFontWeight": {"condition": {"test": heads, "value": "bold"}, "value": "normal"}}
    down = row_axis(order, **axis)
    layers = [{"encoding": shared, "layer": [*_bands(), *_marks()]}, *_margin()]
    return spec(rows, layers, height={"step": ROW}, encoding={"y": down})


def _x_scale(low: float, high: float) -> dict[str, Any]:
    """Return the scale with room for a column of numbers at the right."""
    return {"domain": [low, high], "nice": False, "zero": False, "range": [6, {"expr": "width - 62"}]}


def _bands() -> list[dict[str, Any]]:
    """Return the intervals: thin for the middle 90 % of draws, thick for the middle half."""
    hues = {"actor": MUTED, "default": BLUE, "method": VERMILION, "reversion": INK}
    scale = {"domain": list(hues), "range": list(hues.values())}
    colour = {"color": {"field": "kind", "type": "nominal", "scale": scale, "legend": None}}
    pale = {"color": {"value": SKY}}
    return [
        _band(("told",), pale, "90", 17, 0.35),
        _band(("told",), pale, "50", 17, 0.5),
        _band(tuple(hues), colour, "90", 2, 1),
        _band(tuple(hues), colour, "50", 7, 1),
    ]


def _band(
    kinds: tuple[str, ...], colour: dict[str, Any], share: str, width: int, opacity: float
) -> dict[str, Any]:
    return {
        "transform": only("kind", *kinds),
        "mark": {"type": "rule", "strokeWidth": width, "opacity": opacity},
        "encoding": {"x": {"field": f"low{share}"}, "x2": {"field": f"high{share}"}, **colour},
    }


def _marks() -> list[dict[str, Any]]:
    """Return the medians: circles sized by weight for actors, a shape of its own for each other kind."""
    at = {"x": {"field": "median"}}
    size = {
        "field": "weight",
        "type": "quantitative",
        "legend": None,
        "scale": {"range": [25, 240], "zero": True},
    }
    edge: dict[str, Any] = {"stroke": PAPER, "strokeWidth": 1.2, "opacity": 1, "filled": True}
    shaped = (
        ("told", "square", BLUE, 130),
        ("default", "diamond", BLUE, 120),
        ("method", "diamond", VERMILION, 120),
        ("reversion", "cross", INK, 90),
    )
    circle = {**edge, "type": "point", "shape": "circle", "color": INK}
    layers: list[dict[str, Any]] = [
        {"transform": only("kind", "actor"), "mark": circle, "encoding": {**at, "size": size}}
    ]
    for kind, shape, colour, area in shaped:
        mark = {**edge, "type": "point", "shape": shape, "color": colour, "size": area}
        layers.append({"transform": only("kind", kind), "mark": mark, "encoding": at})
    return layers


def _margin() -> list[dict[str, Any]]:
    """Return the column of weights at the right, its head, and the line above each part."""
    of_actors, of_forecasts = _heads()
    return [
        *column("weight_text", said("weight"), of_actors),
        {
            "data": {"values": [{"label": of_forecasts}]},
            "mark": {"type": "rule", "color": GRID, "strokeWidth": 1, "x": 0, "x2": {"expr": "width"}},
        },
    ]


def _tips() -> list[dict[str, str]]:
    return tips(("name", said("who or what")), *quantiles(), ("weight_text", said("weight or share")))
