"""Who pays for exchanges of positions: what they brought each actor, its own and those of others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.style import BLUE, INK, ORANGE, PURPLE, at_zero, row_axis, spec, tips
from westphalia.charts.words import broken
from westphalia.labels import ACTOR, EFFECT
from westphalia.language import decimal, marked, said, said_n

if TYPE_CHECKING:
    import xarray as xr

UNIT = marked("points × salience")
WHOSE = {
    "own": marked("its own exchanges"),
    "inner": marked("others', in its own camp"),
    "outer": marked("others', in other camps"),
}
KEY = marked(
    "Three lanes an actor, from the top: what its own exchanges brought it, those of others in which one "
    "partner was of its own camp, and those of other camps. Gains go to the right, losses to the left, by "
    "the outcome of votes. A camp is a side of the outcome on the pair of issues."
)
_COLOURS = {WHOSE["own"]: BLUE, WHOSE["inner"]: PURPLE, WHOSE["outer"]: ORANGE}
_LANE, _BAR = 11, 8
_GAINS = marked("{actor} gains most ({value})")
_LOSES = marked("{actor} loses least ({value})")


def paying(brought: xr.DataArray, names: Mapping[str, str]) -> Chart:
    """Return the picture of what exchanges brought, `brought` (actor, effect) in points times salience.

    Actors whom no exchange touched are left out; who lost most stands first.
    """
    table = brought.transpose(ACTOR, EFFECT)
    net = {str(actor): float(table.sel({ACTOR: actor}).sum()) for actor in table[ACTOR].values}
    touched = [actor for actor in net if bool((abs(table.sel({ACTOR: actor})) > 1e-9).any())]
    order = sorted(touched, key=lambda actor: net[actor])
    labels = {
        actor: f"{broken(names[actor])}\n{said('in all {sum}', sum=signed(net[actor]))}" for actor in order
    }
    rows: list[Row] = [
        {"actor": names[actor], "label": labels[actor], "whose": said(WHOSE[whose])}
        | {"lane": lane, "brought": value}
        for actor in order
        for lane, whose, value in _lanes(table.sel({ACTOR: actor}))
    ]
    columns = (
        Column("actor", said("actor")),
        Column("whose", said("by")),
        Column("brought", said("gain or loss"), said(UNIT)),
    )
    return Chart(
        id="exchange-costs",
        title=said("Who pays for the exchanges"),
        sentence=paying_said(net, order, names),
        spec=_spec(rows, [labels[actor] for actor in order]),
        table=Table(columns, tuple(rows)),
        key=said(KEY),
    )


def paying_said(net: Mapping[str, float], order: list[str], names: Mapping[str, str]) -> str:
    """Return who loses and who gains most in all."""
    if not order:
        return said("No exchange was possible, so nobody pays.")
    least, most = order[0], order[-1]
    if net[least] >= 0:
        gain = signed(net[most])
        return said("Nobody loses in all; {actor} gains most ({gain}).", actor=names[most], gain=gain)
    lose = said_n(
        "{n} of {actors} loses in all, {actor} most ({loss})",
        "{n} of {actors} lose in all, {actor} most ({loss})",
        sum(net[actor] < 0 for actor in order),
        actors=said_n("{n} actor", "{n} actors", len(order)),
        actor=names[least],
        loss=signed(net[least]),
    )
    best = said(_GAINS if net[most] > 0 else _LOSES, actor=names[most], value=signed(net[most]))
    return f"{lose}; {best}."


def signed(value: float) -> str:
    """Return points times salience with their sign, to a tenth."""
    text = f"{value:+.1f}".replace("-", "−")
    return decimal(text if text.strip("+−") != "0.0" else "0.0")


def _lanes(effects: xr.DataArray) -> list[tuple[int, str, float]]:
    """Return the bars of an actor: lane, whose exchanges, and what they brought; none of nothing."""
    bars = []
    for lane, whose in enumerate(WHOSE):
        for effect in [str(name) for name in effects[EFFECT].values if str(name).startswith(whose)]:
            value = round(float(effects.sel({EFFECT: effect})), 2)
            if value:
                bars.append((lane, whose, value))
    return bars


def _spec(rows: list[Row], order: list[str]) -> dict[str, Any]:
    across = {
        "type": "quantitative",
        "axis": {"title": said(UNIT), "format": "+~s", "tickCount": 6} | at_zero("0"),
    }
    down = {**row_axis(order), "scale": {"domain": order, "paddingInner": 0.3, "paddingOuter": 0.15}}
    encoding = {
        "x": {"field": "zero", **across},
        "x2": {"field": "brought"},
        "y": down,
        "yOffset": {"field": "lane", "type": "nominal", "scale": {"domain": [0, 1, 2]}},
        "color": {
            "field": "whose",
            "type": "nominal",
            "scale": {"domain": [said(whose) for whose in _COLOURS], "range": list(_COLOURS.values())},
            "legend": {"title": None},
        },
        "tooltip": tips(("actor", said("actor")), ("whose", said("by")), ("brought", said(UNIT))),
    }
    zero = {
        "data": {"values": [{"zero": 0}]},
        "mark": {"type": "rule", "color": INK},
        "encoding": {"x": {"field": "zero", **across}, "y": {"value": 0}, "y2": {"value": "height"}},
    }
    bars = {
        "transform": [{"calculate": "0", "as": "zero"}],
        "mark": {"type": "bar", "height": _BAR},
        "encoding": encoding,
    }
    return spec(rows, [bars, zero], height=max(120, (3 * _LANE + 14) * len(order)))
