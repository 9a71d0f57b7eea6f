"""A network on a circle: places, labels beside them, and the layers all such pictures share."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from westphalia.charts.chart import Row
from westphalia.charts.style import WIDTH, only, spec
from westphalia.charts.words import FloatArray, broken
from westphalia.language import said_n

_HEIGHT = 480
_NARROWEST = 580
"""Below this width, in pixels, the labels would be cut off: the picture scrolls instead."""

MOST = 30
"""Most actors or issues of a picture; with more, those with the most ties are shown."""

Places = Mapping[str, tuple[float, float]]


def strongest(names: Sequence[str], weights: FloatArray) -> list[str]:
    """Return the names with a weight above 0 in their order, at most `MOST` of them, the weightiest."""
    heaviest = np.argsort(-weights, kind="stable")[:MOST]
    return [names[at] for at in sorted(heaviest.tolist()) if weights[at] > 0]


def left_out(all_names: Sequence[str], shown: Sequence[str]) -> tuple[str, ...]:
    """Return the note that says how many are not shown, or none."""
    without = len(all_names) - len(shown)
    if not without:
        return ()
    one = said_n(
        "Not shown: {n} actor without ties or with the least.",
        "Not shown: {n} actors without ties or with the least.",
        without,
    )
    return (one,)


def circle(order: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Return places on the unit circle, the first at the top, then clockwise."""
    turns = [2 * math.pi * (at + 0.5) / max(1, len(order)) for at in range(len(order))]
    return {
        name: (round(math.sin(turn), 5), round(math.cos(turn), 5))
        for name, turn in zip(order, turns, strict=True)
    }


def label(actor: str, spot: Places, names: Mapping[str, str]) -> Row:
    """Return where an actor stands, its label, and on which side of it the label belongs."""
    x, y = spot[actor]
    side = "middle" if abs(x) < 0.05 else "right" if x > 0 else "left"
    return {"label": broken(names[actor]), "x": x, "y": y, "beside": side, "above": "yes" if y > 0 else "no"}


def circled(rows: list[Row], *parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the spec of a picture on the circle: the layers of the parts, and the labels above them."""
    layers = [layer for part in parts for layer in part]
    return spec(rows, [*layers, *_names()], height=_HEIGHT, usermeta={"narrowest": _NARROWEST})


def on_circle() -> dict[str, Any]:
    """Return the encoding of places on the circle, which is round: both axes have one unit."""
    reach = 1.25 * WIDTH / _HEIGHT
    return {"x": plain_axis("x", (-reach, reach)), "y": plain_axis("y", (-1.25, 1.25))}


def _names() -> list[dict[str, Any]]:
    """Return the labels: beside the circle on either side, above and below it at its poles."""
    layers: list[dict[str, Any]] = []
    for beside, align, aside in (("left", "right", -16), ("right", "left", 16), ("middle", "center", 0)):
        for above, rise in (("yes", -8), ("no", 8)):
            lift = rise if beside != "middle" else 3 * rise
            text: dict[str, Any] = {
                "type": "text",
                "align": align,
                "dx": aside,
                "dy": lift,
                "lineBreak": "\n",
            }
            layers.append(
                {
                    "transform": [*only("beside", beside), *only("above", above)],
                    "mark": {**text, "baseline": "middle"},
                    "encoding": {**on_circle(), "text": {"field": "label"}},
                }
            )
    return layers


def plain_axis(field: str, domain: Sequence[float], *, is_down: bool = False) -> dict[str, Any]:
    """Return an encoding by number without an axis."""
    scale = {"domain": list(domain), "nice": False, "zero": False, "reverse": is_down}
    return {"field": field, "type": "quantitative", "axis": None, "scale": scale}


def looks_of(field: str, looks: Mapping[str, tuple[Any, ...]], at: int, **more: Any) -> dict[str, Any]:
    """Return an encoding of names by one of the looks each has, with a legend."""
    scale = {"domain": list(looks), "range": [look[at] for look in looks.values()]}
    return {"field": field, "type": "nominal", "scale": scale, "legend": {"title": None, **more}}


def width_of(field: str) -> dict[str, Any]:
    """Return the encoding of a line by its width."""
    scale = {"range": [0.6, 7], "zero": True}
    return {"field": field, "type": "quantitative", "scale": scale, "legend": None}
