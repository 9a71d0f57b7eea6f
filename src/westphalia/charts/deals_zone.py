"""The zone of possible agreement, seen in the plane of two parties' gains over no deal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.deals import NamedPackage, look_of, signed
from westphalia.charts.style import GREEN, INK, MUTED, PAPER, SKY, at_zero, only, spec, tips
from westphalia.charts.words import FloatArray
from westphalia.language import marked, said

KEY = marked(
    "Dashed lines: as well off as without a deal; to the right and above both parties gain. "
    "Filled squares: packages that cannot be bettered and that every party accepts. Small rings: other "
    "packages, drawn at random, that some party refuses. Stepped line: as far as the two could go if only "
    "they had to agree."
)
CELLS = 10
"""Packages nearer to each other than this share of the plane are shown by one mark."""

EFFICIENT = marked("efficient, all accept")
REFUSED = marked("some party refuses")
OF_TWO = marked("best for the two alone")


@dataclass(frozen=True, slots=True)
class Plane:
    """Gains of two parties (n, 2): of efficient acceptable packages, of refused ones, of the two alone."""

    first: str
    second: str
    efficient: FloatArray
    refused: FloatArray
    of_two: FloatArray


def zone_plane(plane: Plane, keys: tuple[str, str], shown: Sequence[NamedPackage]) -> Chart:
    """Return the picture of the zone.

    Parameters
    ----------
    plane: names of the two parties and the gains to draw.
    keys: the ids of the two parties in the gains of `shown`.
    shown: the packages with a name, at least one.
    """
    near = [
        *_rows(OF_TWO, _every(plane.of_two)),
        *_rows(EFFICIENT, _thinned(plane.efficient)),
        *({"kind": "named", "package": p.name} | _at([p.gains[key] for key in keys]) for p in shown),
    ]
    # Without a package that two could agree on, the refused ones are all there is to see.
    is_bare = len(plane.efficient) + len(plane.of_two) == 0
    seen = [*near, *_rows(REFUSED, plane.refused)] if is_bare else near
    ends = np.array([_ends(seen, side) for side in ("x", "y")])
    inside = ((plane.refused >= ends[:, 0]) & (plane.refused <= ends[:, 1])).all(axis=1)
    rows = [*_rows(REFUSED, _thinned(plane.refused[inside])), *near]
    columns = (
        Column("package", said("package")),
        Column("x", said("gain of {party}", party=plane.first), said("utility")),
        Column("y", said("gain of {party}", party=plane.second), said("utility")),
    )
    return Chart(
        id="deal-zone",
        title=said("The zone between {one} and {other}", one=plane.first, other=plane.second),
        sentence=_sentence(plane),
        spec=_spec(rows, ends.tolist(), plane, shown),
        table=Table(columns, tuple(rows)),
        key=said(KEY),
    )


def _at(gain: Sequence[float]) -> Row:
    x, y = (round(float(value), 5) for value in gain)
    return {"x": x, "y": y, "x_text": signed(x), "y_text": signed(y)}


def _rows(kind: str, points: FloatArray) -> list[Row]:
    return [{"kind": kind, "package": said(kind)} | _at(point) for point in points]


def _thinned(points: FloatArray) -> FloatArray:
    """Return one of the points (n, 2) for each cell of a grid over them, in a fixed order."""
    if len(points) == 0:
        return points
    low, high = points.min(axis=0), points.max(axis=0)
    cell = np.floor((points - low) / np.where(high > low, high - low, 1.0) * (CELLS - 1e-9)).astype(int)
    _, kept = np.unique(cell, axis=0, return_index=True)
    thin: FloatArray = points[np.sort(kept)]
    return thin


def _every(points: FloatArray, most: int = 60) -> FloatArray:
    """Return at most so many of the points (n, 2), evenly by rank of the first gain, with both ends."""
    ranked = points[np.argsort(points[:, 0])]
    kept = np.linspace(0, len(ranked) - 1, min(most, len(ranked))).round().astype(int)
    few: FloatArray = ranked[kept]
    return few


def _sentence(plane: Plane) -> str:
    if len(plane.efficient) == 0:
        return said(
            "No package that all accept was found: where both {one} and {other} gain, in the upper right "
            "quarter, there is none that the others accept too.",
            one=plane.first,
            other=plane.second,
        )
    x, y = plane.efficient.max(axis=0)
    return said(
        "Among the packages that all accept, {one} gains at most {most_of_one} and {other} at most "
        "{most_of_other} of utility over no deal.",
        one=plane.first,
        most_of_one=signed(float(x)),
        other=plane.second,
        most_of_other=signed(float(y)),
    )


def _spec(
    rows: list[Row], ends: list[list[float]], plane: Plane, shown: Sequence[NamedPackage]
) -> dict[str, Any]:
    sides = {
        axis: _side(axis, said("gain of {party} over no deal (utility)", party=party), domain)
        for axis, party, domain in zip("xy", (plane.first, plane.second), ends, strict=True)
    }
    tooltip = tips(("package", said("package")), ("x_text", plane.first), ("y_text", plane.second))
    ring = {"type": "point", "size": 16, "color": MUTED, "strokeWidth": 0.8, "opacity": 0.7}
    square = {"type": "point", "shape": "square", "size": 24, "filled": True, "color": GREEN, "opacity": 0.75}
    line = {"type": "line", "interpolate": "step-before", "color": SKY, "strokeWidth": 2}
    mark = {"type": "point", "filled": True, "size": 190, "opacity": 1, "stroke": PAPER, "strokeWidth": 1.4}
    looks = {"color": look_of(shown, "color"), "shape": look_of(shown, "shape")}
    layers = [
        *_no_deal(sides),
        {"transform": only("kind", REFUSED), "mark": ring, "encoding": {**sides, "tooltip": tooltip}},
        {"transform": only("kind", OF_TWO), "mark": line, "encoding": {**sides, "order": {"field": "x"}}},
        {"transform": only("kind", EFFICIENT), "mark": square, "encoding": {**sides, "tooltip": tooltip}},
        {
            "transform": only("kind", "named"),
            "mark": mark,
            "encoding": {**sides, **looks, "tooltip": tooltip},
        },
    ]
    return spec(rows, layers, height=420)


def _ends(rows: list[Row], side: str) -> tuple[float, float]:
    """Return the ends of an axis: no deal and all that the rows hold, with some of what lies around it."""
    at = [0.0, *(row[side] for row in rows)]
    around = 0.2 * max(max(at) - min(at), 0.05)
    return min(at) - around, max(at) + around


def _side(field: str, title: str, domain: list[float]) -> dict[str, Any]:
    axis = {"title": title, "format": "+.2~f", "tickCount": 6, "grid": False} | at_zero(said("no deal"))
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": domain, "nice": False},
        "axis": axis,
    }


def _no_deal(sides: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the two lines at which a party is as well off as without a deal."""
    rule = {"type": "rule", "color": INK, "strokeDash": [4, 3]}
    lines = []
    for side in sides:
        other, ends = ("y", ("height", 0)) if side == "x" else ("x", (0, "width"))
        across = {other: {"value": ends[0]}, f"{other}2": {"value": ends[1]}}
        lines.append(
            {
                "data": {"values": [{side: 0}]},
                "mark": rule,
                "encoding": {side: sides[side], **across},
            }
        )
    return lines
