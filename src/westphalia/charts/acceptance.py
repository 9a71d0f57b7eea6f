"""Who would accept the expected package: each required party's gain over no deal, with its spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.style import (
    BLUE,
    INK,
    PAPER,
    VERMILION,
    at_zero,
    column,
    headed_axis,
    only,
    spec,
    tips,
)
from westphalia.charts.words import percent, quantiles, row_labels, spread
from westphalia.labels import ACTOR
from westphalia.language import marked, said

if TYPE_CHECKING:
    import xarray as xr

KEY = marked(
    "Thin line: the middle 90 % of draws. Thick line: the middle half. Mark: the median, a square for a "
    "party that accepts in at least half of the draws and a diamond for one that does not. Left of the "
    "line at 0 no deal is better."
)
HEAD = marked("accepts in")


def acceptance(accepted: xr.Dataset, required: Sequence[str], names: Mapping[str, str]) -> Chart:
    """Return the picture of the parties whose consent an agreement needs.

    Parameters
    ----------
    accepted: `gain` (draw, actor), utility over no deal, and `is_accepted` (draw, actor).
    required: the ids of the required parties, at least one.
    names: actors' names by id.
    """
    labels = row_labels({actor: names.get(actor, actor) for actor in required})
    rows = [_row(accepted.sel({ACTOR: actor}), names.get(actor, actor), labels[actor]) for actor in required]
    columns = (
        Column("name", said("party")),
        Column("share", said("share of draws in which it accepts")),
    )
    gains = tuple(Column(field, title, said("utility")) for field, title in quantiles(said("gain, 5 %")))
    return Chart(
        id="acceptance",
        title=said("Who would accept the expected package?"),
        sentence=_sentence(rows),
        spec=_spec(rows),
        table=Table((*columns, *gains), tuple(rows)),
        key=said(KEY),
    )


def _row(own: xr.Dataset, name: str, label: str) -> Row:
    share = round(float(own["is_accepted"].values.mean()), 4)
    kind = "yes" if share >= 0.5 else "no"
    gain = spread(own["gain"].values)
    return {"name": name, "label": label, "kind": kind, "share": share, "share_text": percent(share), **gain}


def _sentence(rows: list[Row]) -> str:
    least = min(rows, key=lambda row: row["share"])
    most = max(rows, key=lambda row: row["share"])
    if least["share"] == most["share"]:
        return said(
            "Every required party finds the package at least as good as no deal in {share} of the draws.",
            share=least["share_text"],
        )
    return said(
        "The package is at least as good as no deal for {most} in {often} of the draws, for {least} in "
        "{seldom}.",
        most=most["name"],
        often=most["share_text"],
        least=least["name"],
        seldom=least["share_text"],
    )


def _spec(rows: list[Row]) -> dict[str, Any]:
    ends = [row["low90"] for row in rows] + [row["high90"] for row in rows]
    widest = max(*map(abs, ends), 0.01) * 1.05
    across = {
        "type": "quantitative",
        "scale": {"domain": [-widest, widest], "nice": False, "range": [6, {"expr": "width - 70"}]},
        "axis": {"title": said("gain over no deal (utility)"), "tickCount": 5, "format": "+.2~f"}
        | at_zero("0"),
    }
    down = headed_axis(said(HEAD), [row["label"] for row in rows])
    zero = {
        "data": {"values": [{"zero": 0}]},
        "mark": {"type": "rule", "color": INK, "strokeDash": [4, 3]},
        "encoding": {"x": {"field": "zero", **across}, "y": {"value": 0}, "y2": {"value": "height"}},
    }
    layers = [zero, *_marks(across), *column("share_text", said(HEAD))]
    return spec(rows, layers, height={"step": 30}, encoding={"y": down})


def _marks(across: dict[str, Any]) -> list[dict[str, Any]]:
    tooltip = tips(("name", said("party")), ("share_text", said(HEAD)), *quantiles(said("gain, 5 %")))
    layers: list[dict[str, Any]] = []
    for kind, colour, shape in (("yes", BLUE, "square"), ("no", VERMILION, "diamond")):
        for share, width in (("90", 2), ("50", 8)):
            ends = {"x": {"field": f"low{share}", **across}, "x2": {"field": f"high{share}"}}
            mark = {"type": "rule", "strokeWidth": width, "color": colour}
            layers.append(
                {
                    "transform": only("kind", kind),
                    "mark": mark,
                    "encoding": {**ends, "tooltip": tooltip},
                }
            )
        median = {"x": {"field": "median", **across}, "tooltip": tooltip}
        point = {"type": "point", "shape": shape, "color": colour, "size": 130, "filled": True, "opacity": 1}
        point |= {"stroke": PAPER, "strokeWidth": 1.2}
        layers.append({"transform": only("kind", kind), "mark": point, "encoding": median})
    return layers
