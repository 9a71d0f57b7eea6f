"""Networks of statements and positions: who speaks about what, who agrees and disagrees with whom."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.circle import (
    Places,
    circle,
    circled,
    label,
    left_out,
    looks_of,
    on_circle,
    plain_axis,
    strongest,
    width_of,
)
from westphalia.charts.style import (
    BLUE,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    only,
    spec,
    tips,
)
from westphalia.charts.words import listed, row_labels
from westphalia.labels import ACTOR, ISSUE, OTHER

if TYPE_CHECKING:
    import xarray as xr

TWO_MODE_KEY = (
    "Left: actors. Right: issues. The thicker a line, the more often the actor is told to stand there. Solid "
    "blue: in the upper half of the scale, on average; dashed vermilion: in the lower half; dotted grey: in "
    "the middle, on no scale, or no value is stated."
)
ONE_MODE_KEY = (
    "Actors on a circle, those of a bloc side by side, with the same shape and colour. Solid blue: the two "
    "agree more than they disagree; dashed vermilion: they disagree more. The thicker, the more so."
)
SIDES = {"upper": "upper half of the scale", "lower": "lower half", "neither": "middle or not stated"}
SIGNS = {"agree": "agree more", "differ": "disagree more"}
_MIDDLE = 0.05
"""Stances this near to the middle of the scale are on neither side."""

_BLOC_LOOKS = (
    ("circle", BLUE),
    ("square", ORANGE),
    ("triangle-up", GREEN),
    ("diamond", PURPLE),
    ("cross", SKY),
)
_ALONE = ("circle", MUTED)
_ROW = 46


def affiliation(
    mentions: xr.DataArray, mean_stance: xr.DataArray, names: Mapping[str, str], issues: Mapping[str, str]
) -> Chart:
    """Return the picture of actors and issues, `mentions` and `mean_stance` (actor, issue)."""
    said = mentions.transpose(ACTOR, ISSUE)
    place = _ladder(said, ACTOR), _ladder(said, ISSUE)
    tall = max(1, *map(len, place))
    rows: list[Row] = []
    for actor, issue in _pairs(said, place[0], place[1]):
        stance = float(mean_stance.sel({ACTOR: actor, ISSUE: issue}))
        ends = {
            "x": 0,
            "x2": 1,
            "y": _at(place[0], actor, tall),
            "y2": _at(place[1], issue, tall),
        }
        told = {"actor": names[actor], "issue": issues[issue], "side": SIDES[_side(stance)]}
        weight = float(said.sel({ACTOR: actor, ISSUE: issue}))
        stated = {"stance": round(stance, 3)} if math.isfinite(stance) else {}
        rows.append({"kind": "tie", **told, "weight": round(weight, 4), **stated, **ends})
    rows += _ends(place[0], names, "actor", 0, tall) + _ends(place[1], issues, "issue", 1, tall)
    columns = (
        Column("actor", "actor"),
        Column("issue", "issue"),
        Column("weight", "statements"),
        Column("stance", "mean stance", "share of scale"),
        Column("side", "side"),
    )
    return Chart(
        id="affiliation",
        title="Who speaks about what",
        sentence=_said_most(said, names, issues),
        spec=_two_mode(rows, tall),
        table=Table(columns, tuple(rows)),
        key=TWO_MODE_KEY,
        notes=left_out(said[ACTOR].values.tolist(), place[0]),
    )


def agreement(ties: xr.Dataset, bloc: xr.DataArray, names: Mapping[str, str]) -> Chart:
    """Return the picture of `ties` (`congruence`, `conflict` over actor, other_actor) and blocs (actor)."""
    group = dict(zip(bloc[ACTOR].values.tolist(), bloc.values.tolist(), strict=True))
    actors = sorted(map(str, ties[ACTOR].values), key=lambda one: (group[one] < 0, group[one]))
    chosen = {ACTOR: actors, OTHER: actors}
    agree, differ = (
        ties[name].transpose(ACTOR, OTHER).sel(chosen).values for name in ("congruence", "conflict")
    )
    order = strongest(actors, (agree + differ).sum(axis=1))
    spot = circle(order)
    places = {actor: actors.index(actor) for actor in order}
    rows = [
        _tie(one, other, (agree[places[one], places[other]], differ[places[one], places[other]]), spot, names)
        for one, other in combinations(order, 2)
        if agree[places[one], places[other]] + differ[places[one], places[other]] > 0
    ]
    rows.sort(key=lambda row: row["more"])
    rows += [_member(actor, group[actor], spot, names) for actor in order]
    columns = (
        *(Column("actor", "actor"), Column("other", "other actor")),
        *(Column("congruence", "congruence"), Column("conflict", "conflict"), Column("bloc", "bloc")),
    )
    return Chart(
        id="agreement",
        title="Who agrees and who disagrees with whom",
        sentence=_blocs_said(order, group, names),
        spec=circled(rows, _tie_layer(), _bloc_layers(rows)),
        table=Table(columns, tuple(rows)),
        key=ONE_MODE_KEY,
        notes=left_out(actors, order),
    )


def named_blocs(members: Iterable[tuple[str, int]]) -> list[str]:
    """Return the names in each bloc of two or more, by its number; `members` are names with their bloc."""
    found: dict[int, list[str]] = {}
    for name, bloc in members:
        found.setdefault(bloc, []).append(name)
    return [listed(names) for bloc, names in sorted(found.items()) if bloc >= 0 and len(names) > 1]


def _ladder(said: xr.DataArray, dim: str) -> list[str]:
    return strongest(
        [str(name) for name in said[dim].values], said.sum(ISSUE if dim == ACTOR else ACTOR).values
    )


def _pairs(said: xr.DataArray, actors: Sequence[str], issues: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pairs with a tie, the weakest first, so that strong ties are drawn above them."""
    pairs = [(actor, issue) for actor in actors for issue in issues]
    weights = {pair: float(said.sel({ACTOR: pair[0], ISSUE: pair[1]})) for pair in pairs}
    return sorted((pair for pair in pairs if weights[pair] > 0), key=lambda pair: weights[pair])


def _at(ladder: Sequence[str], name: str, tall: int) -> float:
    """Return the height of a name on its side, both sides spread over the same height."""
    return (ladder.index(name) + 0.5) * tall / len(ladder)


def _side(stance: float) -> str:
    if not math.isfinite(stance) or abs(stance - 0.5) <= _MIDDLE:
        return "neither"
    return "upper" if stance > 0.5 else "lower"


def _ends(ladder: Sequence[str], names: Mapping[str, str], kind: str, x: int, tall: int) -> list[Row]:
    labels = row_labels({name: names[name] for name in ladder})
    return [
        {"kind": kind, kind: names[name], "label": labels[name], "x": x, "y": _at(ladder, name, tall)}
        for name in ladder
    ]


def _tie(
    one: str,
    other: str,
    both: tuple[float, float],
    spot: Places,
    names: Mapping[str, str],
) -> Row:
    agree, differ = map(float, both)
    return {
        "kind": "tie",
        "actor": names[one],
        "other": names[other],
        "congruence": round(agree, 4),
        "conflict": round(differ, 4),
        "sign": SIGNS["agree" if agree >= differ else "differ"],
        "more": round(abs(agree - differ), 4),
        "x": spot[one][0],
        "y": spot[one][1],
        "x2": spot[other][0],
        "y2": spot[other][1],
    }


def _member(actor: str, bloc: int, spot: Places, names: Mapping[str, str]) -> Row:
    name = f"bloc {bloc + 1}" if bloc >= 0 else "in no bloc"
    return {"kind": "actor", "actor": names[actor], "bloc": name, **label(actor, spot, names)}


def _said_most(said: xr.DataArray, names: Mapping[str, str], issues: Mapping[str, str]) -> str:
    if not float(said.sum()):
        return "No statement puts an actor on an issue."
    by_actor, by_issue = said.sum(ISSUE).values, said.sum(ACTOR).values
    actor = str(said[ACTOR].values[by_actor.argmax()])
    issue = str(said[ISSUE].values[by_issue.argmax()])
    counts = [f"{count:.3g}" for count in (by_actor.sum(), by_actor.max(), by_issue.max())]
    return (
        f"Of {counts[0]} statements on issues, {counts[1]} tell where {names[actor]} stands; the issue of "
        f"most ({counts[2]}) is “{issues[issue]}”."
    )


def _blocs_said(order: Sequence[str], group: Mapping[str, int], names: Mapping[str, str]) -> str:
    blocs = named_blocs((names[actor], group[actor]) for actor in order)
    if not blocs:
        return "No two actors form a bloc."
    if len(blocs) == 1:
        return f"One bloc: {blocs[0]}."
    return f"{len(blocs)} blocs: {'; '.join(blocs)}."


def _two_mode(rows: list[Row], tall: int) -> dict[str, Any]:
    across = plain_axis("x", (-0.42, 1.42))
    down = plain_axis("y", (0, tall), is_down=True)
    looks = {
        SIDES["upper"]: (BLUE, [1, 0]),
        SIDES["lower"]: (VERMILION, [7, 3]),
        SIDES["neither"]: (MUTED, [2, 3]),
    }
    told = (("actor", "actor"), ("issue", "issue"), ("weight", "statements"), ("stance", "mean stance"))
    place = {"x": across, "y": down}
    layers = [_lines(place, "side", looks, {"strokeWidth": width_of("weight"), "tooltip": tips(*told)})]
    for kind, align, aside in (("actor", "right", -12), ("issue", "left", 12)):
        dot = {"type": "point", "shape": "circle", "filled": True, "size": 90, "color": INK, "opacity": 1}
        text = {"type": "text", "align": align, "dx": aside, "baseline": "middle", "lineBreak": "\n"}
        layers.append({"transform": only("kind", kind), "mark": dot, "encoding": place})
        label = {**place, "text": {"field": "label"}}
        layers.append({"transform": only("kind", kind), "mark": text, "encoding": label})
    return spec(rows, layers, height=max(160, _ROW * tall))


def _tie_layer() -> list[dict[str, Any]]:
    looks = {SIGNS["agree"]: (BLUE, [1, 0]), SIGNS["differ"]: (VERMILION, [7, 3])}
    told = (("actor", "actor"), ("other", "other"), ("congruence", "congruence"), ("conflict", "conflict"))
    return [_lines(on_circle(), "sign", looks, {"strokeWidth": width_of("more"), "tooltip": tips(*told)})]


def _lines(
    place: dict[str, Any], field: str, looks: Mapping[str, tuple[Any, ...]], more: dict[str, Any]
) -> dict[str, Any]:
    """Return the layer of ties, each with the colour and dash of its `field`."""
    lines = {
        **place,
        "x2": {"field": "x2"},
        "y2": {"field": "y2"},
        "color": looks_of(field, looks, 0),
        "strokeDash": looks_of(field, looks, 1),
        **more,
    }
    return {"transform": only("kind", "tie"), "mark": {"type": "rule", "opacity": 0.85}, "encoding": lines}


def _bloc_layers(rows: Sequence[Row]) -> list[dict[str, Any]]:
    blocs = sorted({row["bloc"] for row in rows if row["kind"] == "actor"})
    looks = {
        name: _ALONE if name == "in no bloc" else _BLOC_LOOKS[at % len(_BLOC_LOOKS)]
        for at, name in enumerate(blocs)
    }
    marks = {"type": "point", "filled": True, "size": 260, "opacity": 1, "stroke": INK, "strokeWidth": 0.8}
    encoding = {
        **on_circle(),
        "fill": looks_of("bloc", looks, 1),
        "shape": looks_of("bloc", looks, 0),
        "tooltip": tips(("actor", "actor"), ("bloc", "bloc")),
    }
    layer: dict[str, Any] = {"transform": only("kind", "actor"), "mark": marks, "encoding": encoding}
    return [layer]
