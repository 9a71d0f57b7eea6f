"""The states that hold, side by side: which moves are taken in each, and why each actor stays or leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.stability import CONCEPTS, GraphMove, GraphState, colour_of
from westphalia.charts.style import GRID, INK, MUTED, only, row_axis, spec, tips
from westphalia.charts.words import broken, listed
from westphalia.labels import ACTOR, CONCEPT, STATE
from westphalia.language import marked, said, said_n

if TYPE_CHECKING:
    import xarray as xr

KEY = marked(
    "A column is a state, a numbered row a move: Y taken, N not taken. Beside an actor's name stands why it "
    "stays in the state: r it has nothing better to move to; s every improvement would be answered, by moves "
    "that pay those who answer, with what is no better for it; g the same by any moves; u unstable, it would "
    "leave."
)
LETTERS = {"nash": "r", "seq": "s", "gmr": "g"}
MEANINGS = {
    "r": marked("nothing better to move to"),
    "s": marked("deterred by replies that pay"),
    "g": marked("deterred by some reply"),
    "u": marked("would leave"),
}
WIDE, LINES = 29, 3
"""Most characters in a line that names a move, and most lines."""


def states_table(
    shown: Mapping[str, GraphState],
    moves: Sequence[GraphMove],
    names: Mapping[str, str],
    verdicts: xr.Dataset,
    shares: tuple[str, xr.DataArray] | None = None,
) -> Chart:
    """Return the picture of states in columns, with moves and verdicts in rows.

    Parameters
    ----------
    shown: the states in order of the columns, by name as in `verdicts`.
    moves: all moves, in the order of the states' levels; none in graph form.
    names: actors' names by id, in the order of the conflict.
    verdicts: `is_stable` (concept, actor, state) with any of nash, seq and gmr.
    shares: a concept, and the share of draws in which a state is an equilibrium by it (state).
    """
    rows = _move_rows(shown, moves, names) + _verdict_rows(shown, names, verdicts)
    if shares is not None:
        rows += _share_rows(shown, shares[1])
    heads = {"state": said("the state"), "label": said("row"), "sign": said("sign"), "said": said("is")}
    columns = tuple(Column(field, head) for field, head in heads.items())
    return Chart(
        id="stability-states",
        title=said("The states that hold, move by move"),
        sentence=_sentence(shown, names, verdicts),
        spec=_spec(rows, [state.label for state in shown.values()], names, moves, shares is not None),
        table=Table(columns, tuple(rows)),
        key=f"{said(KEY)} {_share_key(shares[0])}" if shares else said(KEY),
    )


def _share_key(concept: str) -> str:
    return said(
        "The last row gives the share of draws in which the state is an equilibrium ({concept}).",
        concept=said(CONCEPTS[concept]),
    )


SHARE = marked("share of draws (%)")


def _move_rows(
    shown: Mapping[str, GraphState], moves: Sequence[GraphMove], names: Mapping[str, str]
) -> list[Row]:
    places = {actor: place for place, actor in enumerate(names)}
    return [
        {
            "state": state.label,
            "label": _label(number, move),
            "sign": _sign(
                state.levels[number - 1], max(other.levels[number - 1] for other in shown.values())
            ),
            "who": places[move.actor],
        }
        for number, move in enumerate(moves, start=1)
        for state in shown.values()
    ]


def _label(number: int, move: GraphMove) -> str:
    return broken(f"{number}\u2002{move.text}", WIDE, LINES)


def _sign(level: int, highest: int) -> str:
    if highest > 1:
        return str(level)
    return "Y" if level else "N"


def _verdict_rows(
    shown: Mapping[str, GraphState], names: Mapping[str, str], verdicts: xr.Dataset
) -> list[Row]:
    rows: list[Row] = []
    for actor, name in names.items():
        for key, state in shown.items():
            letter = letter_of(verdicts, actor, key)
            own = {"state": state.label, "label": broken(name, WIDE), "sign": letter}
            rows.append({**own, "said": said(MEANINGS[letter])})
    return rows


def letter_of(verdicts: xr.Dataset, actor: str, state: str) -> str:
    """Return the letter of the strictest concept by which the state is stable for the actor, or u."""
    own = verdicts["is_stable"].sel({ACTOR: actor, STATE: state})
    judged = [concept for concept in LETTERS if concept in own[CONCEPT].values]
    return next((LETTERS[concept] for concept in judged if bool(own.sel({CONCEPT: concept}))), "u")


def _share_rows(shown: Mapping[str, GraphState], shares: xr.DataArray) -> list[Row]:
    rows: list[Row] = []
    for key, state in shown.items():
        share = float(shares.sel({STATE: key}))
        sign = "<1" if 0 < share < 0.005 else ">99" if 0.995 <= share < 1 else f"{share * 100:.0f}"
        own = {"state": state.label, "label": said(SHARE), "sign": sign}
        rows.append({**own, "said": said("per cent of the draws")})
    return rows


def _sentence(shown: Mapping[str, GraphState], names: Mapping[str, str], verdicts: xr.Dataset) -> str:
    held = sum(state.is_equilibrium for state in shown.values())
    told = said_n("{n} equilibrium shown", "{n} equilibria shown", held)
    now = [key for key, state in shown.items() if state.is_today]
    if not now:
        return f"{told}."
    leave = [name for actor, name in names.items() if letter_of(verdicts, actor, now[0]) == "u"]
    if not leave:
        return said("{shown}; nobody would leave today's state.", shown=told)
    return said(
        "{shown}; nothing deters {actors} from leaving today's state.", shown=told, actors=listed(leave)
    )


def _spec(
    rows: list[Row], states: list[str], names: Mapping[str, str], moves: Sequence[GraphMove], is_drawn: bool
) -> dict[str, Any]:
    order = _order(names, moves)
    heads = [broken(name, WIDE) for name in names.values()]
    order += [said(SHARE)] if is_drawn else []
    bold = {"condition": {"test": "!test(/^[0-9]+\\u2002/, datum.label)", "value": "bold"}, "value": "normal"}
    down = row_axis(order, labelFontWeight=bold, labelLimit=200)
    down["scale"] = {"domain": order, "paddingInner": 0.07, "paddingOuter": 0.03}
    across = {
        "field": "state",
        "type": "nominal",
        "scale": {"domain": states, "paddingInner": 0.05, "paddingOuter": 0.05},
        "axis": {"orient": "top", "title": None, "labelAngle": 0, "domain": False, "ticks": False}
        | {"labelFontWeight": "bold", "labelPadding": 6},
    }
    tooltip = tips(("state", said("the state")), ("label", ""), ("sign", ""), ("said", ""))
    both = {"x": across, "y": down, "tooltip": tooltip}
    hue = {"domain": list(range(len(names))), "range": [colour_of(place) for place in range(len(names))]}
    fill = {"field": "who", "type": "nominal", "scale": hue, "legend": None}
    taken = [{"filter": "isValid(datum.who) && datum.sign !== 'N' && datum.sign !== '0'"}]
    layers: list[dict[str, Any]] = [
        {
            "transform": [*only("state", states[0]), *only("label", *heads, said(SHARE))],
            "mark": {"type": "rule", "color": GRID},
            "encoding": {"y": {**down, "bandPosition": 0}},
        },
        {
            "transform": taken,
            "mark": {"type": "rect", "opacity": 0.32, "cornerRadius": 2},
            "encoding": {**both, "color": fill},
        },
        *_signs(both),
    ]
    return spec(
        rows, layers, height=max(26, 15 * max(label.count("\n") + 1 for label in order) + 3) * len(order)
    )


def _signs(both: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what stands in the cells: muted what is not taken and who would leave, the rest bold."""
    quiet = {"field": "sign", "oneOf": ["N", "0", "u"]}
    is_share = {"test": {"field": "label", "equal": said(SHARE)}}
    sign: dict[str, Any] = {"type": "text", "baseline": "middle"}
    text = {**both, "text": {"field": "sign"}}
    return [
        {
            "transform": [{"filter": quiet}],
            "mark": {**sign, "color": MUTED, "fontSize": 11},
            "encoding": text,
        },
        {
            "transform": [{"filter": {"not": quiet}}],
            "mark": {**sign, "color": INK, "fontWeight": "bold"},
            "encoding": {**text, "size": {"condition": {**is_share, "value": 10}, "value": 12}},
        },
    ]


def _order(names: Mapping[str, str], moves: Sequence[GraphMove]) -> list[str]:
    """Return the labels of the rows: each actor with its moves below."""
    order: list[str] = []
    for actor, name in names.items():
        order.append(broken(name, WIDE))
        order += [_label(number, move) for number, move in enumerate(moves, 1) if move.actor == actor]
    return order
