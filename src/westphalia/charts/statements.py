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
from westphalia.charts.words import listed
from westphalia.language import marked, said, said_n

MODES = {
    "quote": marked("quoted"),
    "indirect": marked("reported indirectly"),
    "hearsay": marked("hearsay"),
    "narration": marked("told by the source"),
    "commentary": marked("commented"),
}
EXACT = ("to the day", "to a month", "less exactly")
_FEW_DAYS = 90
"""Below so many days a timeline names days, above it months."""
_COLOURS = (BLUE, GREEN, ORANGE, MUTED, PURPLE)
PLACE_KEY = marked(
    "Each bar is a statement, as long as its words are in the text. A cross marks one that "
    "contradicts another or is contradicted by it."
)
TIME_KEY = marked(
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
    axis = {"title": said("place in the text (characters)"), "tickCount": 6, "format": "d"}
    scale = {"zero": True, "nice": False}
    across = {"type": "quantitative", "axis": {**axis, "labelOverlap": True}, "scale": scale}
    columns = (Column("start", said("from (character)")), Column("end", said("to (character)")))
    return Chart(
        id=f"statements-{source}",
        title=said("Statements along the text: {source}", source=title),
        sentence=_sentence(placed),
        spec=_spec(rows, across),
        table=Table((*columns, *_columns()), tuple(rows)),
        key=said(PLACE_KEY),
    )


def by_date(marks: Sequence[Mark]) -> Chart:
    """Return the timeline of the statements whose date is known, those of a mode and a date as one mark."""
    dated = sorted((mark for mark in marks if mark.since is not None), key=lambda mark: mark.since or "")
    groups: dict[tuple[str, str | None, str | None], list[Mark]] = {}
    for mark in dated:
        groups.setdefault((mark.mode, mark.since, mark.until), []).append(mark)
    rows = [_group(group) for group in groups.values()]
    without = len(marks) - len(dated)
    columns = (
        Column("when", said("date")),
        Column("mode", said("mode")),
        Column("many", said("statements"), said("count")),
        Column("ids", said("which")),
    )
    return Chart(
        id="statements-by-date",
        title=said("Statements in time"),
        sentence=f"{_sentence(dated)} {_undated(without)}".strip(),
        spec=_timeline(rows),
        table=Table(columns, tuple(rows)),
        key=said(TIME_KEY),
    )


def _undated(many: int) -> str:
    if not many:
        return ""
    return said_n(
        "{n} statement without a known date are not shown.",
        "{n} statements without a known date are not shown.",
        many,
    )


def _group(group: Sequence[Mark]) -> Row:
    first = group[0]
    against = {"contested": said("yes")} if any(mark.is_contested for mark in group) else {}
    word = _word(first.mode)
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


def _columns() -> tuple[Column, ...]:
    return (
        Column("mode", said("mode")),
        Column("speaker", said("speaker")),
        Column("kind", said("kind")),
        Column("gloss", said("what it says")),
        Column("contested", said("contested")),
        Column("id", said("statement")),
    )


def _word(mode: str) -> str:
    """Return a mode in words; one that has none is called as it is."""
    return said(MODES.get(mode, mode))


def _exactness(mark: Mark) -> str:
    """Return whether a date is known to the day, to about a month, or less: each has a line of its own."""
    first, last = (datetime.date.fromisoformat(day or "") for day in (mark.since, mark.until))
    days = (last - first).days
    return EXACT[0] if days == 0 else EXACT[1] if days <= 31 else EXACT[2]


def _row(mark: Mark) -> Row:
    against = {"contested": said("yes")} if mark.is_contested else {}
    named = {"id": mark.id, "label": _word(mark.mode), "mode": _word(mark.mode)}
    return {**named, "speaker": mark.speaker, "kind": said(mark.kind), "gloss": mark.gloss, **against}


def _sentence(marks: Sequence[Mark]) -> str:
    if not marks:
        return said("No statements.")
    counts = {word: sum(mark.mode == mode for mark in marks) for mode, word in MODES.items()}
    by_mode = listed(f"{many} {said(word)}" for word, many in counts.items() if many)
    against = sum(mark.is_contested for mark in marks)
    if against:
        return said_n(
            "{n} statement: {modes}; {against} of them contested.",
            "{n} statements: {modes}; {against} of them contested.",
            len(marks),
            modes=by_mode,
            against=against,
        )
    return said_n("{n} statement: {modes}.", "{n} statements: {modes}.", len(marks), modes=by_mode)


def _spec(rows: list[Row], across: dict[str, Any]) -> dict[str, Any]:
    tooltip = tips(
        ("speaker", said("speaker")),
        ("kind", said("kind")),
        ("mode", said("mode")),
        ("gloss", said("what it says")),
    )
    place = {"x": {"field": "start", **across}, "y": row_axis(_modes(), grid=True)}
    bar = {"type": "bar", "height": 20, "opacity": 0.75, "stroke": INK, "strokeWidth": 0.6}
    told = {**place, "x2": {"field": "end"}, "color": _by_mode(), "tooltip": tooltip}
    layers = [{"mark": bar, "encoding": told}, _crosses({**place, "tooltip": tooltip}, -13)]
    return spec(rows, layers, height={"step": 38})


def _timeline(rows: list[Row]) -> dict[str, Any]:
    tooltip = tips(
        ("when", said("date")), ("mode", said("mode")), ("many", said("statements")), ("ids", said("which"))
    )
    days = [datetime.date.fromisoformat(row[end]) for row in rows for end in ("start", "end")]
    fine = (max(days) - min(days)).days < _FEW_DAYS
    day = said("%-d %b %Y")
    axis = {"title": None, "tickCount": 5, "labelOverlap": True, "format": day if fine else "%b %Y"}
    exact = {"field": "exact", "type": "nominal", "scale": {"domain": list(EXACT)}}
    place = {
        "x": {"field": "start", "type": "temporal", "timeUnit": "utcyearmonthdate", "axis": axis}
        | {"scale": {"padding": 16}},
        "y": row_axis(_modes(), grid=True),
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


def _modes() -> list[str]:
    return [said(word) for word in MODES.values()]


def _by_mode() -> dict[str, Any]:
    scale = {"domain": _modes(), "range": list(_COLOURS)}
    return {"field": "mode", "type": "nominal", "scale": scale, "legend": None}


def _crosses(encoding: dict[str, Any], above: int) -> dict[str, Any]:
    cross = {"type": "point", "shape": "cross", "size": 70, "color": VERMILION, "filled": True, "opacity": 1}
    return {
        "transform": known("contested"),
        "mark": {**cross, "stroke": INK, "strokeWidth": 0.6, "yOffset": above},
        "encoding": encoding,
    }
