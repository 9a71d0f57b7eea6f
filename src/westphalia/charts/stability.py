"""What the pictures of stability share: moves by number, states by a short label, one look an actor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from westphalia.charts.style import BLUE, GREEN, MUTED, ORANGE, PURPLE, SKY, VERMILION
from westphalia.language import marked

HUES = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, MUTED)
SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "triangle-right")

CONCEPTS = {
    "nash": marked("Nash"),
    "seq": marked("sequential"),
    "sseq": marked("symmetric sequential"),
    "smr": marked("symmetric metarational"),
    "gmr": marked("general metarational"),
}
"""What the solution concepts are called, the strictest first."""

BETTER, NOT_BETTER = marked("improvement"), marked("no improvement")
"""What a move is to who makes it."""

NARROW = 480
"""Points of width up to which there is no room for words beside marks."""


@dataclass(frozen=True, slots=True)
class GraphMove:
    """A move: the id of the actor whose it is, and what it is. Pictures number moves from 1."""

    actor: str
    text: str


@dataclass(frozen=True, slots=True)
class GraphState:
    """A state to show: a short label that no other state has, and what it is.

    `levels` says for each move at which level it stands, 0 for not taken; none in graph form.
    `change` says in signs how it differs from today's state (`+2 −7`: move 2 is taken, 7 dropped),
    or what it is called.
    """

    label: str
    levels: tuple[int, ...] = ()
    change: str = ""
    is_today: bool = False
    is_equilibrium: bool = False


def colour_of(place: int) -> str:
    """Return the colour of the actor at that place of the conflict."""
    return HUES[place % len(HUES)]


def shape_of(place: int) -> str:
    """Return the shape of the actor at that place; no other actor has colour and shape alike up to 49."""
    return SHAPES[(place + place // len(HUES)) % len(SHAPES)]


def look_of(names: Mapping[str, str], channel: str) -> dict[str, Any]:
    """Return the encoding of who moves: `channel` is color or shape; one legend for both."""
    look = colour_of if channel == "color" else shape_of
    # One under the other, cut at the edge of a narrow screen, as names side by side would be lost there.
    legend: dict[str, Any] = {"title": None, "columns": 2 if _is_short(names) else 1, "symbolSize": 110}
    legend |= {"symbolOpacity": 1, "symbolStrokeWidth": 0, "labelLimit": {"expr": "max(120, width - 24)"}}
    return {
        "field": "who",
        "type": "nominal",
        "scale": {"domain": list(names.values()), "range": [look(place) for place in range(len(names))]},
        "legend": legend,
    }


def _is_short(names: Mapping[str, str]) -> bool:
    return all(len(name) <= 18 for name in names.values())


def change_of(before: tuple[int, ...], after: tuple[int, ...]) -> str:
    """Return in signs what changes between two states: moves by number, taken, dropped or set to a level."""
    signs = [
        _sign(number, old, new)
        for number, (old, new) in enumerate(zip(before, after, strict=True), start=1)
        if old != new
    ]
    return " ".join(signs)


def _sign(number: int, old: int, new: int) -> str:
    if old + new == 1:
        return f"+{number}" if new else f"−{number}"
    return f"{number}→{new}"
