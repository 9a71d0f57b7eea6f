"""Who belongs to whom: actors on a circle, and who speaks for, ratifies for and is part of whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.circle import (
    Places,
    circle,
    circled,
    label,
    left_out,
    looks_of,
    on_circle,
    strongest,
)
from westphalia.charts.style import BLUE, GREEN, INK, MUTED, ORANGE, PAPER, VERMILION, only, tips
from westphalia.language import marked as _
from westphalia.language import said

How = Literal["speaks_for", "ratifies_for", "part_of"]

NAMES: dict[How, str] = {
    "speaks_for": _("speaks for"),
    "ratifies_for": _("has to consent at home for"),
    "part_of": _("is part of"),
}
_LOOKS: dict[How, tuple[str, list[int]]] = {
    "speaks_for": (BLUE, [1, 0]),
    "ratifies_for": (VERMILION, [7, 3]),
    "part_of": (MUTED, [2, 3]),
}
_MARKS = {"many": ("square", GREEN), "one": ("circle", BLUE), "public": ("diamond", ORANGE)}
_GROUPS = {
    "many": _("state or group"),
    "one": _("person or medium"),
    "public": _("public"),
}
_GROUP_OF = {"person": "one", "medium": "one", "public": "public"}
_NEAR = 0.8
"""How far along its line the dot of a tie lies, from the one who is tied."""


@dataclass(frozen=True, slots=True)
class Party:
    """An actor of the picture: its id, its name, its kind as the case says it."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Tie:
    """That `who` speaks for, ratifies for or is part of `to`, both ids."""

    who: str
    to: str
    how: How


def ties(parties: Sequence[Party], found: Sequence[Tie]) -> Chart:
    """Return the picture of the actors with ties, those of one side beside each other."""
    names = {party.id: party.name for party in parties}
    order = _order([party.id for party in parties], found)
    weights = Counter(end for tie in found for end in (tie.who, tie.to))
    shown = strongest(order, np.array([weights[actor] for actor in order], dtype=float))
    spot = circle(shown)
    rows = [_tie(tie, spot, names) for tie in found if tie.who in spot and tie.to in spot]
    rows += [_member(party, spot, names) for party in parties if party.id in spot]
    return Chart(
        id="ties",
        title=said("Who speaks for whom, who consents for whom, who is part of what"),
        sentence=_sentence(found, names),
        spec=circled(rows, _lines(), _members()),
        table=Table(_columns(), tuple(row for row in rows if row["kind"] == "tie")),
        key=said("A line is a tie; its dot lies near the one spoken for, consented for, or belonged to."),
        notes=left_out(order, shown),
    )


def _columns() -> tuple[Column, ...]:
    return Column("actor", said("actor")), Column("tie", said("tie")), Column("other", said("to"))


def _order(actors: Sequence[str], found: Sequence[Tie]) -> list[str]:
    """Return the actors so that each stands among those tied to it; who is tied to nobody comes first."""
    tied: dict[str, list[str]] = {actor: [] for actor in actors}
    for tie in found:
        tied[tie.to].append(tie.who)
    upper = {tie.who for tie in found}
    seen: set[str] = set()

    def side(actor: str) -> Iterator[str]:
        seen.add(actor)
        below = [[*side(one)] for one in tied[actor] if one not in seen]
        half = len(below) // 2
        for part in (*below[:half], [actor], *below[half:]):
            yield from part

    roots = [*(actor for actor in actors if actor not in upper), *actors]
    return [one for root in roots if root not in seen for one in side(root)]


def _tie(tie: Tie, spot: Places, names: Mapping[str, str]) -> Row:
    (x, y), (x2, y2) = spot[tie.who], spot[tie.to]
    return {
        "kind": "tie",
        "actor": names[tie.who],
        "tie": said(NAMES[tie.how]),
        "other": names[tie.to],
        "x": x,
        "y": y,
        "x2": x2,
        "y2": y2,
        "near_x": round(x + _NEAR * (x2 - x), 4),
        "near_y": round(y + _NEAR * (y2 - y), 4),
    }


def _member(party: Party, spot: Places, names: Mapping[str, str]) -> Row:
    group = said(_GROUPS[_GROUP_OF.get(party.kind, "many")])
    return {"kind": "actor", "actor": party.name, "group": group, **label(party.id, spot, names)}


def _sentence(found: Sequence[Tie], names: Mapping[str, str]) -> str:
    if not found:
        return said("No actor speaks for, consents for or is part of another.")
    most, count = Counter(tie.to for tie in found).most_common(1)[0]
    counts = Counter(tie.how for tie in found)
    return said(
        "{speak} speak for another, {ratify} have to consent at home, {part} are part of a whole; most of "
        "these ties ({count}) lead to {most}.",
        speak=counts["speaks_for"],
        ratify=counts["ratifies_for"],
        part=counts["part_of"],
        count=count,
        most=names[most],
    )


def _lines() -> list[dict[str, Any]]:
    looks = {said(NAMES[how]): look for how, look in _LOOKS.items()}
    told = tips(("actor", said("actor")), ("tie", said("tie")), ("other", said("to")))
    look = {"color": looks_of("tie", looks, 0, symbolType="stroke"), "strokeDash": looks_of("tie", looks, 1)}
    place = on_circle()
    ends = {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
    near = {axis: {**place[axis], "field": f"near_{axis}"} for axis in ("x", "y")}
    dot = {"type": "point", "shape": "circle", "filled": True, "size": 45, "opacity": 1}
    return [
        {
            "transform": only("kind", "tie"),
            "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.85},
            "encoding": {**place, **ends, **look, "tooltip": told},
        },
        {
            "transform": only("kind", "tie"),
            "mark": dot,
            "encoding": {**near, "color": looks_of("tie", looks, 0), "tooltip": told},
        },
    ]


def _members() -> list[dict[str, Any]]:
    looks = {said(_GROUPS[group]): mark for group, mark in _MARKS.items()}
    marks = {"type": "point", "filled": True, "size": 200, "opacity": 1, "stroke": INK, "strokeWidth": 0.8}
    halo = {"type": "point", "shape": "circle", "filled": True, "size": 420, "opacity": 1, "color": PAPER}
    shape = {"fill": looks_of("group", looks, 1), "shape": looks_of("group", looks, 0)}
    told = tips(("actor", said("actor")), ("group", said("kind")))
    of_actors = {"transform": only("kind", "actor")}
    return [
        {**of_actors, "mark": halo, "encoding": on_circle()},
        {**of_actors, "mark": marks, "encoding": {**on_circle(), **shape, "tooltip": told}},
    ]
