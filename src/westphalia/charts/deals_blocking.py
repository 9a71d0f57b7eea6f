"""Who blocks: in what share of the draws a party is among those that cannot agree, and alone is so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.style import BLUE, INK, MUTED, PAPER, VERMILION, row_axis, spec, tips
from westphalia.charts.words import listed, percent, row_labels
from westphalia.labels import ACTOR
from westphalia.language import marked, said

if TYPE_CHECKING:
    import xarray as xr

KEY = marked(
    "Square: the share of draws in which the party belongs to a smallest set of parties that cannot agree. "
    "Diamond: the share in which the others could agree without it. Where there is a zone nobody blocks."
)
SEVERAL = marked("blocks, alone or with others")
ALONE = marked("stands in the way alone")
LOOKS = {SEVERAL: (BLUE, "square"), ALONE: (VERMILION, "diamond")}


def blocking(doubt: xr.Dataset, names: Mapping[str, str]) -> Chart:
    """Return the picture of who blocks over the draws.

    Parameters
    ----------
    doubt: `block_probability` and `block_alone_probability` (actor), `zone_probability` ().
    names: actors' names by id.
    """
    actors = [str(actor) for actor in doubt[ACTOR].values]
    labels = row_labels({actor: names.get(actor, actor) for actor in actors})
    shares = {SEVERAL: doubt["block_probability"], ALONE: doubt["block_alone_probability"]}
    rows: list[Row] = []
    for actor in actors:
        for lane, (how, values) in enumerate(shares.items()):
            share = round(float(values.sel({ACTOR: actor})), 4)
            named = {"name": names.get(actor, actor), "label": labels[actor], "how": said(how), "lane": lane}
            rows.append({**named, "share": share, "share_text": percent(share), "zero": 0})
    columns = (
        Column("name", said("party")),
        Column("how", said("how")),
        Column("share", said("share of draws")),
    )
    return Chart(
        id="deal-blocking",
        title=said("Who blocks over the draws?"),
        sentence=_sentence(rows, float(doubt["zone_probability"])),
        spec=_spec(rows, list(labels.values())),
        table=Table(columns, tuple(rows)),
        key=said(KEY),
    )


def _sentence(rows: list[Row], zone: float) -> str:
    blocked = [row for row in rows if row["how"] == said(SEVERAL)]
    most = max(row["share"] for row in blocked)
    if most == 0:
        return said("No party blocks in any draw.")
    first = [row["name"] for row in blocked if row["share"] == most]
    told = {"share": percent(1 - zone), "party": listed(first), "often": percent(most)}
    if len(first) == 1:
        return said(
            "No zone is found in {share} of the draws; {party} blocks most often, in {often}.",
            **told,
        )
    return said(
        "No zone is found in {share} of the draws; {party} alike block most often, in {often}.",
        **told,
    )


def _spec(rows: list[Row], order: list[str]) -> dict[str, Any]:
    most = max(max(row["share"] for row in rows), 0.05)
    across = {
        "type": "quantitative",
        "scale": {"domain": [0, min(1.0, most * 1.15)], "nice": False, "range": [0, {"expr": "width - 70"}]},
        "axis": {"title": said("share of draws"), "format": "~%", "tickCount": 5},
    }
    down = {**row_axis(order), "scale": {"domain": order, "paddingInner": 0.25, "paddingOuter": 0.1}}
    lane = {"field": "lane", "type": "nominal"}
    tooltip = tips(("name", said("party")), ("how", said("how")), ("share_text", said("in")))
    both = {"y": down, "yOffset": lane, "tooltip": tooltip}
    bar = {"x": {"field": "zero", **across}, "x2": {"field": "share"}, "color": _look(0)}
    mark = {"x": {"field": "share", **across}, "color": _look(0), "shape": _look(1)}
    point = {"type": "point", "filled": True, "size": 110, "opacity": 1, "stroke": PAPER, "strokeWidth": 1}
    right = {"type": "text", "align": "left", "baseline": "middle", "dx": 10, "fontSize": 11, "color": INK}
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "rule", "strokeWidth": 4}, "encoding": {**bar, **both}},
        {"mark": point, "encoding": {**mark, **both}},
        {
            "mark": right,
            "encoding": {"x": {"field": "share", **across}, "text": {"field": "share_text"}, **both},
        },
    ]
    return spec(rows, layers, height=50 * len(order))


def _look(channel: int) -> dict[str, Any]:
    return {
        "field": "how",
        "type": "nominal",
        "scale": {
            "domain": [said(how) for how in LOOKS],
            "range": [look[channel] for look in LOOKS.values()],
        },
        "legend": {
            "title": None,
            "columns": 1,
            "symbolSize": 110,
            "symbolOpacity": 1,
            "symbolStrokeColor": MUTED,
        },
    }
