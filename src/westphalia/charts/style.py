"""How the pictures look: colours, type and marks, one home for all of them.

The hues are those of Okabe and Ito (2008), told apart by readers with any common colour vision;
no picture says anything by colour alone. On dark paper each colour is replaced through `ON_DARK`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from westphalia.charts.chart import SCHEMA, Row
from westphalia.language import LANGUAGES, SOURCE, spoken

INK = "#1b1b1b"
MUTED = "#5c5c5c"
GRID = "#dcdcdc"
PAPER = "#fffffe"

BLUE = "#0072b2"
SKY = "#56b4e9"
GREEN = "#009e73"
VERMILION = "#d55e00"
ORANGE = "#e69f00"
PURPLE = "#cc79a7"

PRINT = "#1b1b1a"
"""Ink on a bright bar; the bar is bright on any paper, so this stays dark."""

PALETTE = (PRINT, INK, MUTED, GRID, PAPER, BLUE, SKY, GREEN, VERMILION, ORANGE, PURPLE)

ON_DARK = {
    INK: "#ecebe6",
    MUTED: "#b0b0aa",
    GRID: "#3d4045",
    PAPER: "#17191c",
    BLUE: "#5db7ee",
    SKY: "#3a7ea8",
    GREEN: "#2dc297",
    VERMILION: "#f0803c",
    ORANGE: "#e9ab2b",
    PURPLE: "#dd9bc0",
}

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
WIDTH = 720
ROW = 27
LABEL = 22
"""Most characters in a line of a row's label."""

CONFIG: dict[str, Any] = {
    "font": FONT,
    # The frame around a picture says what it shows; names of single marks would only repeat its table.
    "aria": False,
    "background": None,
    "padding": {"left": 2, "top": 6, "right": 6, "bottom": 2},
    "view": {"stroke": None},
    "axis": {
        "domainColor": MUTED,
        "gridColor": GRID,
        "tickColor": MUTED,
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 190,
    },
    "legend": {
        "orient": "top",
        "direction": "horizontal",
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 260,
    },
    "title": {
        "color": INK,
        "subtitleColor": MUTED,
        "fontSize": 15,
        "subtitleFontSize": 12,
        "subtitlePadding": 6,
        "offset": 12,
    },
    "text": {"color": INK, "fontSize": 12},
}


def config() -> dict[str, Any]:
    """Return how the pictures look, numbers and dates on their axes as the language spoken writes them."""
    return CONFIG if spoken() == SOURCE else {**CONFIG, "locale": _locale(spoken())}


@lru_cache(maxsize=len(LANGUAGES))
def _locale(language: str) -> dict[str, Any]:
    """Return how axes are to write numbers and dates, in the terms of D3, which writes them."""
    from babel import Locale

    known = Locale.parse(language)
    signs, per_cent = known.number_symbols["latn"], known.percent_formats[None].suffix[1]
    number = {"decimal": signs["decimal"], "thousands": signs["group"], "percent": per_cent}
    time: dict[str, Any] = {"dateTime": "%x %X", "date": "%Y-%m-%d", "time": "%H:%M", "periods": ["", ""]}
    for width, days, months in (("wide", "days", "months"), ("abbreviated", "shortDays", "shortMonths")):
        # Babel's weeks begin on Monday, those of D3 on Sunday.
        time[days] = [known.days["format"][width][(at + 6) % 7] for at in range(7)]
        time[months] = [known.months["format"][width][at + 1] for at in range(12)]
    return {"number": {**number, "grouping": [3], "currency": ["", ""]}, "time": time}


BROKEN_LABEL = "split(datum.label, '\\n')"
"""The expression that sets a label with line breaks in several lines. Specs hold no other text of a
case inside an expression: what a case says is data and is never run."""

_LIFTED = [
    {"test": "length(split(datum.label, '\\n')) === 3", "value": -14},
    {"test": "length(split(datum.label, '\\n')) === 2", "value": -7},
]
"""Labels hang from their first line; those of several lines are lifted to be centred on their row."""


def spec(rows: list[Row], layers: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """Return the Vega-Lite spec of a picture whose marks all draw on `rows`.

    `more` goes into the spec as it is: its height, and an encoding that all layers share.
    """
    return {
        "$schema": SCHEMA,
        "width": WIDTH,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "data": {"values": rows},
        "layer": layers,
        "config": config(),
        **more,
    }


def only(field: str, *values: str) -> list[dict[str, Any]]:
    """Return the filter that keeps the rows whose `field` is one of the values."""
    return [{"filter": {"field": field, "oneOf": list(values)}}]


def known(field: str) -> list[dict[str, Any]]:
    """Return the filter that keeps the rows that have the field at all."""
    return [{"filter": f"isValid(datum.{field})"}]


def row_axis(order: list[str], **more: Any) -> dict[str, Any]:
    """Return the vertical encoding of a picture with one line a row, labelled at its left."""
    axis = {
        "labelExpr": BROKEN_LABEL,
        "labelOffset": {"condition": _LIFTED, "value": 0},
        "ticks": False,
        "domain": False,
        "title": None,
        "labelPadding": 8,
    }
    return {
        "field": "label",
        "type": "nominal",
        "sort": order,
        "scale": {"domain": order},
        "axis": {**axis, **more},
    }


def headed_axis(words: str, labels: list[str]) -> dict[str, Any]:
    """Return the encoding of `row_axis` with a first row for the head of a `column`, its own label unseen."""
    row = _head_row(words)
    is_head = {"test": f"datum.label === '{row}'", "value": 0}
    return row_axis([row, *labels], labelOpacity={"condition": is_head, "value": 1})


def column(field: str, words: str, row: str | None = None) -> list[dict[str, Any]]:
    """Return the column of texts at the right and its head, `words`.

    The head stands in the row of that label; unless given, in the one that `headed_axis` makes for it.
    """
    right = {"type": "text", "align": "right", "baseline": "middle", "x": {"expr": "width"}}
    head = {"values": [{"label": _head_row(words) if row is None else row, "head": words}]}
    return [
        {
            "transform": known(field),
            "mark": {**right, "color": INK},
            "encoding": {"text": {"field": field}},
        },
        {"data": head, "mark": {**right, "color": MUTED}, "encoding": {"text": {"field": "head"}}},
    ]


def _head_row(words: str) -> str:
    """Return the label of a head's row: a zero-width space tells it from all others."""
    return f"\u200b{words}"


def at_zero(words: str) -> dict[str, str]:
    """Return the part of an axis that has words of ours, which hold no quotes, at 0 instead of the figure."""
    return {"labelExpr": f"datum.value === 0 ? '{words}' : datum.label"}


def tips(*fields: tuple[str, str]) -> list[dict[str, str]]:
    """Return the fields a reader sees when pointing at a mark, each with its name in words."""
    return [{"field": field, "title": title} for field, title in fields]
