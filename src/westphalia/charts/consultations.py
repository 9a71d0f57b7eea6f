"""Who was consulted when: the events in order of time, who asked or told whom, who was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.style import BLUE, GREEN, INK, MUTED, VERMILION, only, row_axis, spec, tips
from westphalia.charts.words import listed, row_labels
from westphalia.language import marked, said, said_n

KEY = marked(
    "Time runs downwards. Square: who asked, called or informed. Circle: who was reached. Triangle: who "
    "took part. Cross: who could expect to be among them and was left out."
)
ROLES = {
    "by": marked("began it"),
    "whom": marked("was reached"),
    "present": marked("took part"),
    "left_out": marked("was left out"),
}
_SHAPES = {"by": "square", "whom": "circle", "present": "triangle-up", "left_out": "cross"}
_COLOURS = {"by": BLUE, "whom": GREEN, "present": MUTED, "left_out": VERMILION}


@dataclass(frozen=True, slots=True)
class Moment:
    """An event or a consultation: when it was as far as known, what it was, and who had which part.

    `when` keeps the precision of the case ("February 2025, after the call", "date not known"); `day` is
    the date alone, short enough to stand under `what` at the head of a row.
    """

    id: str
    when: str
    day: str
    what: str
    by: tuple[str, ...] = ()
    whom: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def parts(self) -> dict[str, tuple[str, ...]]:
        """Return the actors by role, each actor in the first role it has."""
        seen: set[str] = set()
        found = {}
        for role in ("by", "whom", "left_out", "present"):
            found[role] = tuple(actor for actor in getattr(self, role) if actor not in seen)
            seen |= set(found[role])
        return found


def consultations(moments: Sequence[Moment], names: Mapping[str, str]) -> Chart:
    """Return the picture of the moments, which are in order of time as far as it is known."""
    actors = [
        actor
        for actor in names
        if any(actor in group for moment in moments for group in moment.parts().values())
    ]
    heads = row_labels({actor: names[actor] for actor in actors}, lines=1)
    lines = _lines(moments)
    rows = [
        {
            "label": lines[moment.id],
            "when": moment.when,
            "what": moment.what,
            "actor": names[actor],
            "head": heads[actor],
            "role": said(ROLES[role]),
            "kind": role,
        }
        for moment in moments
        for role, group in moment.parts().items()
        for actor in group
        if actor in heads
    ]
    return Chart(
        id="consultations",
        title=said("Events and consultations in order of time"),
        sentence=_sentence(moments, names),
        spec=_spec(rows, [lines[moment.id] for moment in moments], [heads[actor] for actor in actors]),
        table=Table(tuple(Column(field, title) for field, title in _heads()), tuple(rows)),
        key=said(KEY),
    )


def _heads() -> tuple[tuple[str, str], ...]:
    return ("when", said("when")), ("what", said("what")), ("actor", said("actor")), ("role", said("part"))


def _lines(moments: Sequence[Moment]) -> dict[str, str]:
    """Return the label of each moment's row: what it was in two lines, and below it the date."""
    heads = row_labels({moment.id: moment.what for moment in moments})
    return {moment.id: f"{heads[moment.id]}\n{moment.day}" for moment in moments}


def _sentence(moments: Sequence[Moment], names: Mapping[str, str]) -> str:
    out: dict[str, int] = {}
    for moment in moments:
        for actor in moment.left_out:
            out[actor] = out.get(actor, 0) + 1
    if not out:
        return said_n(
            "{n} moment in order; the case names no one who was left out.",
            "{n} moments in order; the case names no one who was left out.",
            len(moments),
        )
    most = sorted(out, key=lambda actor: -out[actor])
    told = listed(
        said_n("{actor} ({n} time)", "{actor} ({n} times)", out[actor], actor=names.get(actor, actor))
        for actor in most[:4]
    )
    return said("Left out at least once: {actors}.", actors=told)


def _spec(rows: list[Row], lines: list[str], heads: list[str]) -> dict[str, Any]:
    down = row_axis(lines, grid=True, labelLimit=210)
    across = {
        "field": "head",
        "type": "nominal",
        "scale": {"domain": heads},
        "axis": {"orient": "top", "title": None, "labelAngle": -55, "labelLimit": 105, "domain": False}
        | {"ticks": False, "grid": True},
    }
    reach = only("kind", "by", "whom")
    layers: list[dict[str, Any]] = [
        {
            "transform": reach,
            "mark": {"type": "line", "color": MUTED, "strokeWidth": 1.5},
            "encoding": {"x": across, "y": down, "detail": {"field": "label"}},
        }
    ]
    tooltip = tips(*_heads())
    scale = {"domain": [said(role) for role in ROLES.values()]}
    legend = {"title": None, "columns": 2}
    layers.append(
        {
            "mark": {
                "type": "point",
                "filled": True,
                "size": 130,
                "opacity": 1,
                "stroke": INK,
                "strokeWidth": 0.6,
            },
            "encoding": {
                "x": across,
                "y": down,
                "color": _by_role(scale, legend, _COLOURS),
                "shape": _by_role(scale, legend, _SHAPES),
                "tooltip": tooltip,
            },
        }
    )
    return spec(rows, layers, height={"step": 50})


def _by_role(scale: dict[str, Any], legend: dict[str, Any], looks: Mapping[str, str]) -> dict[str, Any]:
    looked = {**scale, "range": [looks[role] for role in ROLES]}
    return {"field": "role", "type": "nominal", "scale": looked, "legend": legend}
