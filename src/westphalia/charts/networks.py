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
from westphalia.language import decimal, marked, said, said_n

if TYPE_CHECKING:
    import xarray as xr

TWO_MODE_KEY = marked(
    "Left: actors. Right: issues. The thicker a line, the more often the actor is told to stand there. Solid "
    "blue: in the upper half of the scale, on average; dashed vermilion: in the lower half; dotted grey: in "
    "the middle, on no scale, or no value is stated."
)
ONE_MODE_KEY = marked(
    "Actors on a circle, those of a bloc side by side, with the same shape and colour. Solid blue: the two "
    "agree more than they disagree; dashed vermilion: they disagree more. The thicker, the more so."
)
SIDES = {
    "upper": marked("upper half of the scale"),
    "lower": marked("lower half"),
    "neither": marked("middle or not stated"),
}
SIGNS = {"agree": marked("agree more"), "differ": marked("disagree more")}
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
    often = mentions.transpose(ACTOR, ISSUE)
    place = _ladder(often, ACTOR), _ladder(often, ISSUE)
    tall = max(1, *map(len, place))
    rows: list[Row] = []
    for actor, issue in _pairs(often, place[0], place[1]):
        stance = float(mean_stance.sel({ACTOR: actor, ISSUE: issue}))
        ends = {
            "x": 0,
            "x2": 1,
            "y": _at(place[0], actor, tall),
            "y2": _at(place[1], issue, tall),
        }
        told = {"actor": names[actor], "issue": issues[issue], "side": said(SIDES[_side(stance)])}
        weight = float(often.sel({ACTOR: actor, ISSUE: issue}))
        stated = {"stance": round(stance, 3)} if math.isfinite(stance) else {}
        rows.append({"kind": "tie", **told, "weight": round(weight, 4), **stated, **ends})
    rows += _ends(place[0], names, "actor", 0, tall) + _ends(place[1], issues, "issue", 1, tall)
    columns = (
        Column("actor", said("actor")),
        Column("issue", said("issue")),
        Column("weight", said("statements")),
        Column("stance", said("mean stance"), said("share of scale")),
        Column("side", said("side")),
    )
    return Chart(
        id="affiliation",
        title=said("Who speaks about what"),
        sentence=_said_most(often, names, issues),
        spec=_two_mode(rows, tall),
        table=Table(columns, tuple(rows)),
        key=said(TWO_MODE_KEY),
        notes=left_out(often[ACTOR].values.tolist(), place[0]),
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
        Column("actor", said("actor")),
        Column("other", said("other actor")),
        Column("congruence", said("congruence")),
        Column("conflict", said("conflict")),
        Column("bloc", said("bloc")),
    )
    return Chart(
        id="agreement",
        title=said("Who agrees and who disagrees with whom"),
        sentence=_blocs_said(order, group, names),
        spec=circled(rows, _tie_layer(), _bloc_layers(rows)),
        table=Table(columns, tuple(rows)),
        key=said(ONE_MODE_KEY),
        notes=left_out(actors, order),
    )


def named_blocs(members: Iterable[tuple[str, int]]) -> list[str]:
    """Return the names in each bloc of two or more, by its number; `members` are names with their bloc."""
    found: dict[int, list[str]] = {}
    for name, bloc in members:
        found.setdefault(bloc, []).append(name)
    return [listed(names) for bloc, names in sorted(found.items()) if bloc >= 0 and len(names) > 1]


def _ladder(often: xr.DataArray, dim: str) -> list[str]:
    return strongest(
        [str(name) for name in often[dim].values], often.sum(ISSUE if dim == ACTOR else ACTOR).values
    )


def _pairs(often: xr.DataArray, actors: Sequence[str], issues: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pairs with a tie, the weakest first, so that strong ties are drawn above them."""
    pairs = [(actor, issue) for actor in actors for issue in issues]
    weights = {pair: float(often.sel({ACTOR: pair[0], ISSUE: pair[1]})) for pair in pairs}
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
        "sign": said(SIGNS["agree" if agree >= differ else "differ"]),
        "more": round(abs(agree - differ), 4),
        "x": spot[one][0],
        "y": spot[one][1],
        "x2": spot[other][0],
        "y2": spot[other][1],
    }


def _member(actor: str, bloc: int, spot: Places, names: Mapping[str, str]) -> Row:
    name = said("bloc {n}", n=bloc + 1) if bloc >= 0 else said("in no bloc")
    return {"kind": "actor", "actor": names[actor], "bloc": name, **label(actor, spot, names)}


def _said_most(often: xr.DataArray, names: Mapping[str, str], issues: Mapping[str, str]) -> str:
    if not float(often.sum()):
        return said("No statement puts an actor on an issue.")
    by_actor, by_issue = often.sum(ISSUE).values, often.sum(ACTOR).values
    counts = {"all": by_actor.sum(), "of_actor": by_actor.max(), "of_issue": by_issue.max()}
    return said(
        "Of {all} statements on issues, {of_actor} tell where {actor} stands; the issue of most ({of_issue}) "
        "is “{issue}”.",
        actor=names[str(often[ACTOR].values[by_actor.argmax()])],
        issue=issues[str(often[ISSUE].values[by_issue.argmax()])],
        **{name: decimal(f"{count:.3g}") for name, count in counts.items()},
    )


def _blocs_said(order: Sequence[str], group: Mapping[str, int], names: Mapping[str, str]) -> str:
    blocs = named_blocs((names[actor], group[actor]) for actor in order)
    if not blocs:
        return said("No two actors form a bloc.")
    return said_n("One bloc: {blocs}.", "{n} blocs: {blocs}.", len(blocs), blocs="; ".join(blocs))


def _two_mode(rows: list[Row], tall: int) -> dict[str, Any]:
    across = plain_axis("x", (-0.42, 1.42))
    down = plain_axis("y", (0, tall), is_down=True)
    looks = {
        said(SIDES["upper"]): (BLUE, [1, 0]),
        said(SIDES["lower"]): (VERMILION, [7, 3]),
        said(SIDES["neither"]): (MUTED, [2, 3]),
    }
    told = tips(
        ("actor", said("actor")),
        ("issue", said("issue")),
        ("weight", said("statements")),
        ("stance", said("mean stance")),
    )
    place = {"x": across, "y": down}
    layers = [_lines(place, "side", looks, {"strokeWidth": width_of("weight"), "tooltip": told})]
    for kind, align, aside in (("actor", "right", -12), ("issue", "left", 12)):
        dot = {"type": "point", "shape": "circle", "filled": True, "size": 90, "color": INK, "opacity": 1}
        text = {"type": "text", "align": align, "dx": aside, "baseline": "middle", "lineBreak": "\n"}
        layers.append({"transform": only("kind", kind), "mark": dot, "encoding": place})
        label = {**place, "text": {"field": "label"}}
        layers.append({"transform": only("kind", kind), "mark": text, "encoding": label})
    return spec(rows, layers, height=max(160, _ROW * tall))


def _tie_layer() -> list[dict[str, Any]]:
    looks = {said(SIGNS["agree"]): (BLUE, [1, 0]), said(SIGNS["differ"]): (VERMILION, [7, 3])}
    told = tips(
        ("actor", said("actor")),
        ("other", said("other actor")),
        ("congruence", said("congruence")),
        ("conflict", said("conflict")),
    )
    return [_lines(on_circle(), "sign", looks, {"strokeWidth": width_of("more"), "tooltip": told})]


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
    alone = said("in no bloc")
    looks = {
        name: _ALONE if name == alone else _BLOC_LOOKS[at % len(_BLOC_LOOKS)] for at, name in enumerate(blocs)
    }
    marks = {"type": "point", "filled": True, "size": 260, "opacity": 1, "stroke": INK, "strokeWidth": 0.8}
    encoding = {
        **on_circle(),
        "fill": looks_of("bloc", looks, 1),
        "shape": looks_of("bloc", looks, 0),
        "tooltip": tips(("actor", said("actor")), ("bloc", said("bloc"))),
    }
    layer: dict[str, Any] = {"transform": only("kind", "actor"), "mark": marks, "encoding": encoding}
    return [layer]
