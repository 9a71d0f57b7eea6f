"""Who hears whom, and how much of settled opinion each began."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import permutations
from typing import TYPE_CHECKING, Any

import numpy as np

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.circle import Places, circle, circled, label, left_out, on_circle, strongest, width_of
from westphalia.charts.style import BLUE, INK, ORANGE, only, tips
from westphalia.labels import ACTOR, OTHER
from westphalia.language import marked, said, said_n

if TYPE_CHECKING:
    import xarray as xr

HEARS_KEY = marked(
    "An arrow goes from who was heard to who heard it, the thicker the more often. The larger the circle, "
    "the more of all settled opinion began as this actor's."
)


def hearing(hears: xr.DataArray, share: xr.DataArray, names: Mapping[str, str]) -> Chart:
    """Return the picture of who hears whom (actor, other_actor), and each one's share of settled opinion.

    `share` (actor) is `mean_influence` of `westphalia.methods.spatial.influence.total_influence`, or any
    other size of at least 0.
    """
    ties = hears.transpose(ACTOR, OTHER)
    actors = [str(actor) for actor in ties[ACTOR].values]
    often = np.where(np.eye(len(actors), dtype=bool), 0.0, ties.sel({OTHER: actors}).values)
    order = strongest(actors, often.sum(axis=0) + often.sum(axis=1))
    spot = circle(order)
    rows = [
        _arrow(heard, hearer, float(often[actors.index(hearer), actors.index(heard)]), spot, names)
        for hearer, heard in permutations(order, 2)
        if often[actors.index(hearer), actors.index(heard)] > 0
    ]
    sizes = {actor: float(share.sel({ACTOR: actor})) for actor in order}
    rows += [
        {
            "kind": "actor",
            "actor": names[actor],
            "share": round(sizes[actor], 4),
            **label(actor, spot, names),
        }
        for actor in order
    ]
    columns = (
        Column("actor", said("actor")),
        Column("heard", said("heard")),
        Column("weight", said("times")),
        Column("share", said("share of settled opinion")),
    )
    return Chart(
        id="hearing",
        title=said("Who hears whom"),
        sentence=_heard_most(sizes, ties, names),
        spec=circled(rows, _arrow_layers(), _sized_layers()),
        table=Table(columns, tuple(rows)),
        key=said(HEARS_KEY),
        notes=left_out(actors, order),
    )


def _arrow(
    heard: str,
    hearer: str,
    often: float,
    spot: Places,
    names: Mapping[str, str],
) -> Row:
    """Return an arrow; it stops short of the hearer, and those of two directions lie side by side."""
    start, end = np.array(spot[heard]), np.array(spot[hearer])
    along = (end - start) / np.linalg.norm(end - start)
    beside = 0.02 * np.array([along[1], -along[0]])
    start, end = start + 0.1 * along + beside, end - 0.13 * along + beside
    angle = math.degrees(math.atan2(along[0], along[1])) % 360
    return {
        "kind": "tie",
        "actor": names[hearer],
        "heard": names[heard],
        "weight": often,
        "x": round(float(start[0]), 5),
        "y": round(float(start[1]), 5),
        "x2": round(float(end[0]), 5),
        "y2": round(float(end[1]), 5),
        "angle": round(angle, 2),
    }


def _heard_most(sizes: Mapping[str, float], ties: xr.DataArray, names: Mapping[str, str]) -> str:
    if not sizes:
        return said("No consultation is told in which one actor heard another.")
    most = max(sizes, key=lambda actor: sizes[actor])
    hearers = int((ties.sel({OTHER: most}).values > 0).sum())
    return said_n(
        "{actor} has the largest share of settled opinion; {n} actor heard it.",
        "{actor} has the largest share of settled opinion; {n} actors heard it.",
        hearers,
        actor=names[most],
    )


def _arrow_layers() -> list[dict[str, Any]]:
    told = tips(("actor", said("who heard")), ("heard", said("whom")), ("weight", said("times")))
    ends = {**on_circle(), "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    width = width_of("weight")
    width["scale"] = {"range": [1.2, 5], "zero": True}
    heads = on_circle()
    heads["x"]["field"], heads["y"]["field"] = "x2", "y2"
    angle = {"field": "angle", "type": "quantitative", "scale": {"domain": [0, 360], "range": [0, 360]}}
    tip = {"type": "point", "shape": "triangle-up", "filled": True, "size": 170, "color": BLUE, "opacity": 1}
    return [
        {
            "transform": only("kind", "tie"),
            "mark": {"type": "rule", "color": BLUE},
            "encoding": {**ends, "strokeWidth": width, "tooltip": told},
        },
        {
            "transform": only("kind", "tie"),
            "mark": tip,
            "encoding": {**heads, "angle": {**angle, "legend": None}, "tooltip": told},
        },
    ]


def _sized_layers() -> list[dict[str, Any]]:
    mark = {"type": "point", "shape": "circle", "filled": True, "opacity": 1, "color": ORANGE}
    size = {"field": "share", "type": "quantitative", "legend": None}
    encoding = {
        **on_circle(),
        "size": {**size, "scale": {"range": [40, 900], "zero": True}},
        "tooltip": tips(("actor", said("actor")), ("share", said("share of settled opinion"))),
    }
    outlined = {**mark, "stroke": INK, "strokeWidth": 0.8}
    return [{"transform": only("kind", "actor"), "mark": outlined, "encoding": encoding}]
