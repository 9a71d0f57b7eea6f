"""Evidence against assumption: what the input values of each issue rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.style import BLUE, INK, ORANGE, PAPER, PRINT, row_axis, spec, tips
from westphalia.charts.words import percent, row_labels
from westphalia.language import marked, said, said_n

KINDS = {
    "evidence": marked("on statements"),
    "assumption": marked("on an assumption"),
    "nothing": marked("on nothing stated"),
}
KEY = marked(
    "Each bar counts the positions, saliences, capabilities and other values that an issue takes in."
)


@dataclass(frozen=True, slots=True)
class Backing:
    """How many input values of an issue rest on statements, on an assumption, on nothing."""

    issue: str
    name: str
    evidence: int
    assumption: int
    nothing: int


def backing(counts: Sequence[Backing]) -> Chart:
    """Return the picture of all issues, one bar an issue."""
    labels = row_labels({count.issue: count.name for count in counts})
    rows: list[Row] = []
    for count in counts:
        start = 0
        for order, kind in enumerate(KINDS):
            many = int(getattr(count, kind))
            named = {"name": count.name, "label": labels[count.issue], "rests": said(KINDS[kind])}
            text = {"text": str(many)} if many else {}
            middle = start + many / 2
            rows.append(
                {
                    **named,
                    "order": order,
                    "values": many,
                    "start": start,
                    "end": start + many,
                    "middle": middle,
                    **text,
                }
            )
            start += many
    return Chart(
        id="backing",
        title=said("What the input values rest on"),
        sentence=_sentence(counts),
        spec=_spec(rows, [labels[count.issue] for count in counts]),
        table=Table(
            (
                Column("name", said("issue")),
                Column("rests", said("rests")),
                Column("values", said("values"), said("count")),
            ),
            tuple(rows),
        ),
        key=said(KEY),
    )


def _sentence(counts: Sequence[Backing]) -> str:
    told = sum(count.evidence for count in counts)
    assumed = sum(count.assumption for count in counts)
    nothing = sum(count.nothing for count in counts)
    total = told + assumed + nothing
    if total == 0:
        return said("The case holds no input values.")
    rest = said_n("{n} value on nothing stated", "{n} values on nothing stated", nothing)
    return said_n(
        "Of {n} input value, {told} ({told_share}) rest on statements and {assumed} ({assumed_share}) on "
        "assumptions; {rest}.",
        "Of {n} input values, {told} ({told_share}) rest on statements and {assumed} ({assumed_share}) on "
        "assumptions; {rest}.",
        total,
        told=told,
        told_share=percent(told / total),
        assumed=assumed,
        assumed_share=percent(assumed / total),
        rest=rest if nothing else said("every value names its ground"),
    )


def _spec(rows: list[Row], order: list[str]) -> dict[str, Any]:
    down = row_axis(order)
    colour = {
        "field": "rests",
        "type": "nominal",
        "scale": {"domain": [said(words) for words in KINDS.values()], "range": [BLUE, ORANGE, PAPER]},
        "legend": {"title": said("values resting"), "symbolType": "square", "symbolStrokeColor": INK}
        | {"columns": 2},
    }
    tooltip = tips(("name", said("issue")), ("rests", said("rests")), ("values", said("values")))
    across = {"type": "quantitative", "axis": {"title": said("input values"), "tickMinStep": 1}}
    bars = {
        "mark": {"type": "bar", "height": 18, "stroke": INK, "strokeWidth": 0.7},
        "encoding": {
            "x": {"field": "start", **across},
            "x2": {"field": "end"},
            "y": down,
            "color": colour,
            "tooltip": tooltip,
        },
    }
    on_bar = [{"test": "datum.order === 0", "value": PAPER}, {"test": "datum.order === 1", "value": PRINT}]
    text_colour = {"condition": on_bar, "value": INK}
    counts = {
        "transform": [{"filter": "isValid(datum.text)"}],
        "mark": {"type": "text", "baseline": "middle"},
        "encoding": {
            "x": {"field": "middle", **across},
            "y": down,
            "text": {"field": "text"},
            "color": text_colour,
        },
    }
    return spec(rows, [bars, counts], height={"step": 28})
