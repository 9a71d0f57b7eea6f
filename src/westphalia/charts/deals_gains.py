"""What each party gains over no deal: every solution's package and the expected one side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.deals import NamedPackage, look_of, signed
from westphalia.charts.style import INK, PAPER, at_zero, row_axis, spec, tips
from westphalia.charts.words import row_labels
from westphalia.language import marked, said

KEY = marked(
    "Bars begin at no deal: to the right a party gains, to the left it loses. The shape at the end names the "
    "package."
)
_GAINED = marked(
    "In the package “{package}” {least} gains least ({little} of utility over no deal) and {most} most "
    "({much})."
)
_LEFT = marked(
    "In the package “{package}” {least} is left with least ({little} of utility over no deal) and {most} "
    "most ({much})."
)
LANE = 17
BESIDE = 52
"""Points kept free beside the longest bars for their figures."""


def gains(shown: Sequence[NamedPackage], names: Mapping[str, str], needed: Sequence[str]) -> Chart:
    """Return the picture of gains.

    Parameters
    ----------
    shown: the packages, at least one, with gains in utility by actor id.
    names: names of the actors with a known no deal, by id, in the order of the picture.
    needed: the ids of those whose consent is needed.
    """
    called = {
        actor: name if actor in needed else said("{name} (no consent needed)", name=name)
        for actor, name in names.items()
    }
    labels = row_labels(called, lines=2)
    rows = [
        _row(package, lane, actor, called[actor], labels[actor], actor in needed)
        for actor in names
        for lane, package in enumerate(shown)
    ]
    columns = (
        Column("name", said("party")),
        Column("consent", said("consent")),
        Column("package", said("package")),
        Column("gain", said("gain over no deal"), said("utility")),
    )
    return Chart(
        id="deal-gains",
        title=said("What each party gains over no deal"),
        sentence=_sentence(shown, names, needed),
        spec=_spec(rows, [labels[actor] for actor in names], shown),
        table=Table(columns, tuple(rows)),
        key=said(KEY),
    )


def _row(package: NamedPackage, lane: int, actor: str, name: str, label: str, is_needed: bool) -> Row:
    gain = round(package.gains[actor], 4)
    return {
        "name": name,
        "label": label,
        "consent": said("needed") if is_needed else said("not needed"),
        "package": package.name,
        "lane": lane,
        "gain": gain,
        "gain_text": signed(gain),
        "zero": 0,
    }


def _sentence(shown: Sequence[NamedPackage], names: Mapping[str, str], needed: Sequence[str]) -> str:
    first = shown[0]
    least, most = (pick(needed, key=lambda actor: first.gains[actor]) for pick in (min, max))
    told = {"package": first.name, "least": names[least], "most": names[most]}
    gained = {"little": signed(first.gains[least]), "much": signed(first.gains[most])}
    return said(_GAINED if first.gains[least] >= 0 else _LEFT, **told, **gained)


def _spec(rows: list[Row], order: list[str], shown: Sequence[NamedPackage]) -> dict[str, Any]:
    ends = [row["gain"] for row in rows]
    low, high = min(*ends, 0.0), max(*ends, 0.0)
    room = [BESIDE if low < 0 else 2, {"expr": f"width - {BESIDE}"}]
    across = {
        "type": "quantitative",
        "scale": {"domain": [low, max(high, low + 0.01)], "nice": False, "range": room},
        "axis": {"title": said("gain over no deal (utility)"), "tickCount": 5, "format": "+.2~f"}
        | at_zero(said("no deal")),
    }
    down = {**row_axis(order), "scale": {"domain": order, "paddingInner": 0.2, "paddingOuter": 0.1}}
    lane = {"field": "lane", "type": "nominal", "scale": {"domain": list(range(len(shown)))}}
    tooltip = tips(("name", said("party")), ("package", said("package")), ("gain_text", said("gain")))
    both = {"y": down, "yOffset": lane, "tooltip": tooltip}
    colour = look_of(shown, "color")
    bar = {"x": {"field": "zero", **across}, "x2": {"field": "gain"}, "color": colour}
    mark = {"x": {"field": "gain", **across}, "color": colour, "shape": look_of(shown, "shape")}
    point = {"type": "point", "filled": True, "size": 90, "opacity": 1, "stroke": PAPER, "strokeWidth": 0.8}
    zero = {
        "data": {"values": [{"zero": 0}]},
        "mark": {"type": "rule", "color": INK, "strokeDash": [4, 3]},
        "encoding": {"x": {"field": "zero", **across}, "y": {"value": 0}, "y2": {"value": "height"}},
    }
    layers: list[dict[str, Any]] = [
        zero,
        {"mark": {"type": "rule", "strokeWidth": 5}, "encoding": {**bar, **both}},
        {"mark": point, "encoding": {**mark, **both}},
        *(_figures(across, both, is_gain) for is_gain in (True, False)),
    ]
    return spec(rows, layers, height=(LANE * len(shown) + 12) * len(order))


def _figures(across: dict[str, Any], both: dict[str, Any], is_gain: bool) -> dict[str, Any]:
    """Return the figures beyond the ends of the bars."""
    side = {"align": "left", "dx": 9} if is_gain else {"align": "right", "dx": -9}
    return {
        "transform": [{"filter": "datum.gain >= 0" if is_gain else "datum.gain < 0"}],
        "mark": {"type": "text", "baseline": "middle", "fontSize": 11, "color": INK, **side},
        "encoding": {"x": {"field": "gain", **across}, "text": {"field": "gain_text"}, **both},
    }
