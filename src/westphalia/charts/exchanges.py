"""Who pays for exchanges of positions: what they brought each actor, its own and those of others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.style import BLUE, INK, ORANGE, PURPLE, row_axis, spec, tips
from westphalia.charts.words import broken, times
from westphalia.labels import ACTOR, EFFECT

if TYPE_CHECKING:
    import xarray as xr

UNIT = "points × salience"
WHOSE = {
    "own": "its own exchanges",
    "inner": "others', in its own camp",
    "outer": "others', in other camps",
}
KEY = (
    "Three lanes an actor, from the top: what its own exchanges brought it, those of others in which one "
    "partner was of its own camp, and those of other camps. Gains go to the right, losses to the left, by "
    "the outcome of votes. A camp is a side of the outcome on the pair of issues."
)
_COLOURS = {WHOSE["own"]: BLUE, WHOSE["inner"]: PURPLE, WHOSE["outer"]: ORANGE}
_LANE, _BAR = 11, 8


def paying(brought: xr.DataArray, names: Mapping[str, str]) -> Chart:
    """Return the picture of what exchanges brought, `brought` (actor, effect) in points times salience.

    Actors whom no exchange touched are left out; who lost most stands first.
    """
    table = brought.transpose(ACTOR, EFFECT)
    net = {str(actor): float(table.sel({ACTOR: actor}).sum()) for actor in table[ACTOR].values}
    touched = [actor for actor in net if bool((abs(table.sel({ACTOR: actor})) > 1e-9).any())]
    order = sorted(touched, key=lambda actor: net[actor])
    labels = {actor: f"{broken(names[actor])}\nin all {signed(net[actor])}" for actor in order}
    rows: list[Row] = [
        {"actor": names[actor], "label": labels[actor], "whose": WHOSE[whose], "lane": lane, "brought": value}
        for actor in order
        for lane, whose, value in _lanes(table.sel({ACTOR: actor}))
    ]
    columns = (Column("actor", "actor"), Column("whose", "by"), Column("brought", "gain or loss", UNIT))
    return Chart(
        id="exchange-costs",
        title="Who pays for the exchanges",
        sentence=paying_said(net, order, names),
        spec=_spec(rows, [labels[actor] for actor in order]),
        table=Table(columns, tuple(rows)),
        key=KEY,
    )


def paying_said(net: Mapping[str, float], order: list[str], names: Mapping[str, str]) -> str:
    """Return who loses and who gains most in all."""
    if not order:
        return "No exchange was possible, so nobody pays."
    least, most = order[0], order[-1]
    if net[least] >= 0:
        return f"Nobody loses in all; {names[most]} gains most ({signed(net[most])})."
    losers = sum(net[actor] < 0 for actor in order)
    best = f"gains most ({signed(net[most])})" if net[most] > 0 else f"loses least ({signed(net[most])})"
    lose = f"{losers} of {times(len(order), 'actor')} {'loses' if losers == 1 else 'lose'} in all"
    return f"{lose}, {names[least]} most ({signed(net[least])}); {names[most]} {best}."


def signed(value: float) -> str:
    """Return points times salience with their sign, to a tenth."""
    text = f"{value:+.1f}".replace("-", "−")
    return text if text.strip("+−") != "0.0" else "0.0"


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
        "axis": {"title": UNIT, "format": "+~s", "tickCount": 6}
        | {"labelExpr": "datum.value === 0 ? '0' : datum.label"},
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
            "scale": {"domain": list(_COLOURS), "range": list(_COLOURS.values())},
            "legend": {"title": None},
        },
        "tooltip": tips(("actor", "actor"), ("whose", "by"), ("brought", UNIT)),
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
