"""The statements by mode: along the text of a source, and along time where their date is known."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.style import (
    BLUE,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PURPLE,
    VERMILION,
    known,
    row_axis,
    spec,
    tips,
)
from westphalia.charts.words import listed, times

MODES = {
    "quote": "quoted",
    "indirect": "reported indirectly",
    "hearsay": "hearsay",
    "narration": "told by the source",
    "commentary": "commented",
}
EXACT = ("to the day", "to a month", "less exactly")
_FEW_DAYS = 90
"""Below so many days a timeline names days, above it months."""
_COLOURS = (BLUE, GREEN, ORANGE, MUTED, PURPLE)
PLACE_KEY = (
    "Each bar is a statement, as long as its words are in the text. A cross marks one that "
    "contradicts another or is contradicted by it."
)
TIME_KEY = (
    "Each mark stands for the statements of a mode and a date, its number beside it; a line is a date known "
    "only to the month or less exactly. A cross marks a date with a contested statement."
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A statement as the strips show it.

    `start` and `end` are its place in the text in characters, or None; `since` and `until` the
    first and last day its date covers (ISO), or None; `when` the date as exact as it is known.
    """

    id: str
    mode: str
    speaker: str
    kind: str
    gloss: str
    start: int | None = None
    end: int | None = None
    since: str | None = None
    until: str | None = None
    when: str = ""
    is_contested: bool = False


def by_place(source: str, title: str, marks: Sequence[Mark]) -> Chart:
    """Return the strip of the statements of a source along its text, those with a place."""
    placed = sorted((mark for mark in marks if mark.start is not None), key=lambda mark: mark.start or 0)
    rows = [{**_row(mark), "start": mark.start, "end": mark.end} for mark in placed]
    axis = {"title": "place in the text (characters)", "tickCount": 6, "format": "d", "labelOverlap": True}
    across = {"type": "quantitative", "axis": axis, "scale": {"zero": True, "nice": False}}
    columns = (Column("start", "from", "character"), Column("end", "to", "character"))
    return Chart(
        id=f"statements-{source}",
        title=f"Statements along the text: {title}",
        sentence=_sentence(placed),
        spec=_spec(rows, across),
        table=Table((*columns, *_COLUMNS), tuple(rows)),
        key=PLACE_KEY,
    )


def by_date(marks: Sequence[Mark]) -> Chart:
    """Return the timeline of the statements whose date is known, those of a mode and a date as one mark."""
    dated = sorted((mark for mark in marks if mark.since is not None), key=lambda mark: mark.since or "")
    groups: dict[tuple[str, str | None, str | None], list[Mark]] = {}
    for mark in dated:
        groups.setdefault((mark.mode, mark.since, mark.until), []).append(mark)
    rows = [_group(group) for group in groups.values()]
    without = len(marks) - len(dated)
    rest = f" {times(without, 'statement')} without a known date are not shown." if without else ""
    columns = (Column("when", "date"), Column("mode", "mode"), Column("many", "statements", "count"))
    return Chart(
        id="statements-by-date",
        title="Statements in time",
        sentence=f"{_sentence(dated)}{rest}",
        spec=_timeline(rows),
        table=Table((*columns, Column("ids", "which")), tuple(rows)),
        key=TIME_KEY,
    )


def _group(group: Sequence[Mark]) -> Row:
    first = group[0]
    against = {"contested": "yes"} if any(mark.is_contested for mark in group) else {}
    word = MODES.get(first.mode, first.mode)
    return {
        "label": word,
        "mode": word,
        "when": first.when,
        "start": first.since,
        "end": first.until,
        "exact": _exactness(first),
        "many": len(group),
        "ids": listed(mark.id for mark in group),
        **against,
    }


_COLUMNS = (
    Column("mode", "mode"),
    Column("speaker", "speaker"),
    Column("kind", "kind"),
    Column("gloss", "what it says"),
    Column("contested", "contested"),
    Column("id", "statement"),
)


def _exactness(mark: Mark) -> str:
    """Return whether a date is known to the day, to about a month, or less: each has a line of its own."""
    first, last = (datetime.date.fromisoformat(day or "") for day in (mark.since, mark.until))
    days = (last - first).days
    return EXACT[0] if days == 0 else EXACT[1] if days <= 31 else EXACT[2]


def _row(mark: Mark) -> Row:
    against = {"contested": "yes"} if mark.is_contested else {}
    named = {"id": mark.id, "label": MODES.get(mark.mode, mark.mode), "mode": MODES.get(mark.mode, mark.mode)}
    return {**named, "speaker": mark.speaker, "kind": mark.kind, "gloss": mark.gloss, **against}


def _sentence(marks: Sequence[Mark]) -> str:
    counts = {word: sum(mark.mode == mode for mark in marks) for mode, word in MODES.items()}
    said = listed(f"{many} {word}" for word, many in counts.items() if many)
    against = sum(mark.is_contested for mark in marks)
    contested = f"; {against} of them contested" if against else ""
    return f"{times(len(marks), 'statement')}: {said}{contested}." if marks else "No statements."


def _spec(rows: list[Row], across: dict[str, Any]) -> dict[str, Any]:
    tooltip = tips(("speaker", "speaker"), ("kind", "kind"), ("mode", "mode"), ("gloss", "what it says"))
    place = {"x": {"field": "start", **across}, "y": row_axis(list(MODES.values()), grid=True)}
    bar = {"type": "bar", "height": 20, "opacity": 0.75, "stroke": INK, "strokeWidth": 0.6}
    told = {**place, "x2": {"field": "end"}, "color": _by_mode(), "tooltip": tooltip}
    layers = [{"mark": bar, "encoding": told}, _crosses({**place, "tooltip": tooltip}, -13)]
    return spec(rows, layers, height={"step": 38})


def _timeline(rows: list[Row]) -> dict[str, Any]:
    tooltip = tips(("when", "date"), ("mode", "mode"), ("many", "statements"), ("ids", "which"))
    days = [datetime.date.fromisoformat(row[end]) for row in rows for end in ("start", "end")]
    fine = (max(days) - min(days)).days < _FEW_DAYS
    axis = {"title": None, "tickCount": 5, "labelOverlap": True, "format": "%-d %b %Y" if fine else "%b %Y"}
    exact = {"field": "exact", "type": "nominal", "scale": {"domain": list(EXACT)}}
    place = {
        "x": {"field": "start", "type": "temporal", "timeUnit": "utcyearmonthdate", "axis": axis}
        | {"scale": {"padding": 16}},
        "y": row_axis(list(MODES.values()), grid=True),
        "yOffset": exact,
    }
    stretch = {**place, "x2": {"field": "end", "timeUnit": "utcyearmonthdate"}, "color": _by_mode()}
    size = {
        "field": "many",
        "type": "quantitative",
        "scale": {"range": [50, 320], "zero": True},
        "legend": None,
    }
    point = {
        "type": "point",
        "shape": "circle",
        "filled": True,
        "opacity": 1,
        "stroke": INK,
        "strokeWidth": 0.6,
    }
    text = {"type": "text", "align": "center", "dy": -14, "baseline": "middle", "color": INK}
    return spec(
        rows,
        [
            {"mark": {"type": "rule", "strokeWidth": 4}, "encoding": {**stretch, "tooltip": tooltip}},
            {"mark": point, "encoding": {**place, "color": _by_mode(), "size": size, "tooltip": tooltip}},
            {"mark": text, "encoding": {**place, "text": {"field": "many"}}},
            _crosses({**place, "tooltip": tooltip}, 0),
        ],
        height={"step": 27, "for": "offset"},
    )


def _by_mode() -> dict[str, Any]:
    scale = {"domain": list(MODES.values()), "range": list(_COLOURS)}
    return {"field": "mode", "type": "nominal", "scale": scale, "legend": None}


def _crosses(encoding: dict[str, Any], above: int) -> dict[str, Any]:
    cross = {"type": "point", "shape": "cross", "size": 70, "color": VERMILION, "filled": True, "opacity": 1}
    return {
        "transform": known("contested"),
        "mark": {**cross, "stroke": INK, "strokeWidth": 0.6, "yOffset": above},
        "encoding": encoding,
    }
