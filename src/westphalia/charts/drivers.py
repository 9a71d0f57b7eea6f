"""What drives an answer: for each number or group, how much of the doubt would go if it were known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.style import BLUE, INK, MUTED, PAPER, SKY, known, row_axis, spec, tips
from westphalia.charts.words import percent, row_labels
from westphalia.labels import ANSWER, GROUP

if TYPE_CHECKING:
    import xarray as xr

KEY = (
    "Bar: the share of the variance that would go if this were known exactly. Thin line beyond it: what it "
    "adds by working together with others. Whisker: the 95 % interval of the bar. At the right: the share."
)
MOST_ROWS = 10
HEAD = "\u200bgoes if known"
_LEAST = 0.001


def drivers(
    answer: str, title: str, sensitivity: xr.Dataset, names: Mapping[str, str], most: int = MOST_ROWS
) -> Chart:
    """Return the picture of what one answer depends on, what matters most first.

    Parameters
    ----------
    answer, title: its name in the result, and what it is in words.
    sensitivity: `first_order`, `total_order`, `first_order_error` (answer, group).
    names: groups in words by their names; those without keep their name.
    most: rows at most; what they leave out is told in the sentence.
    """
    one = sensitivity.sel({ANSWER: answer})
    order = np.argsort(-one["first_order"].values, kind="stable")
    counts = [int(at) for at in order if one["total_order"].values[at] >= _LEAST]
    groups = [str(one[GROUP].values[at]) for at in counts[:most]]
    labels = row_labels({group: names.get(group, group) for group in groups})
    rows = [_row(one.sel({GROUP: group}), names.get(group, group), labels[group]) for group in groups]
    columns = (
        Column("name", "what"),
        Column("first", "share of variance that goes if known"),
        Column("low", "95 % interval from"),
        Column("high", "to"),
        Column("total", "share that stays if all else is known"),
    )
    return Chart(
        id=f"drivers-{answer.replace('.', '-')}",
        title=f"What drives it: {title}",
        sentence=_sentence(rows, len(counts) - len(rows)),
        spec=_spec(rows),
        table=Table(columns, tuple(rows)),
        key=KEY,
    )


def _row(one: xr.Dataset, name: str, label: str) -> Row:
    first, error = float(one["first_order"]), float(one["first_order_error"])
    shown = round(min(max(first, 0.0), 1.0), 4)
    return {
        "name": name,
        "label": label,
        "first": shown,
        "low": round(min(max(first - error, 0.0), 1.0), 4),
        "high": round(min(max(first + error, 0.0), 1.0), 4),
        "total": round(min(max(float(one["total_order"]), shown), 1.0), 4),
        "text": percent(shown),
    }


def _sentence(rows: list[Row], left_out: int) -> str:
    if not rows:
        return "It is the same in every draw, whatever is not known."
    rest = f" {left_out} more matter less." if left_out else ""
    return (
        f"Most depends on {rows[0]['name']}: known exactly, {rows[0]['text']} of the variance would go.{rest}"
    )


def _spec(rows: list[Row]) -> dict[str, Any]:
    order = [HEAD, *(row["label"] for row in rows)]
    widest = max([0.05, *(max(row["high"], row["total"]) for row in rows)])
    across = {
        "type": "quantitative",
        "scale": {
            "domain": [0, min(1.0, widest * 1.02)],
            "nice": False,
            "range": [6, {"expr": "width - 92"}],
        },
        "axis": {"title": "share of the variance", "format": ".0%", "tickCount": 5},
    }
    head = "datum.label === '" + HEAD + "'"
    down = row_axis(order, labelOpacity={"condition": {"test": head, "value": 0}, "value": 1})
    return spec(rows, [*_bars(across), *_margin()], height={"step": 30}, encoding={"y": down})


def _bars(across: dict[str, Any]) -> list[dict[str, Any]]:
    tooltip = tips(
        ("name", "what"),
        ("first", "goes if known"),
        ("low", "95 % from"),
        ("high", "to"),
        ("total", "stays if all else is known"),
    )
    whisker = {"type": "rule", "color": INK, "strokeWidth": 1.5}
    return [
        {
            "mark": {"type": "rule", "color": SKY, "strokeWidth": 3},
            "encoding": {"x": {"field": "first", **across}, "x2": {"field": "total"}, "tooltip": tooltip},
        },
        {
            "mark": {"type": "bar", "color": BLUE, "height": 14, "stroke": PAPER},
            "encoding": {"x": {"field": "first", **across}, "tooltip": tooltip},
        },
        {
            "mark": whisker,
            "encoding": {"x": {"field": "low", **across}, "x2": {"field": "high"}, "tooltip": tooltip},
        },
    ]


def _margin() -> list[dict[str, Any]]:
    right = {"type": "text", "align": "right", "baseline": "middle", "x": {"expr": "width"}}
    head = {"values": [{"label": HEAD, "head": "goes if known"}]}
    return [
        {
            "transform": known("text"),
            "mark": {**right, "color": INK},
            "encoding": {"text": {"field": "text"}},
        },
        {"data": head, "mark": {**right, "color": MUTED}, "encoding": {"text": {"field": "head"}}},
    ]
