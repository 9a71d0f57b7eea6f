"""Position exchange: pairs of actors give way to each other on issues that count unequally for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np

from westphalia.errors import CallError
from westphalia.labels import ACTOR, DRAW, EFFECT, ISSUE, OTHER, ROUND, SIDE, TRADE, described
from westphalia.methods.arrays import FloatArray, Frame, framed, weighted
from westphalia.methods.deals.utility import lengths
from westphalia.methods.examples import SCALED
from westphalia.methods.spatial.exchange_book import Rules
from westphalia.methods.spatial.exchange_kernels import Played, play_all
from westphalia.registry import MethodSpec, Param, register

if TYPE_CHECKING:
    import xarray as xr

EFFECTS = ("own", "inner_gain", "inner_loss", "outer_gain", "outer_loss")
"""Labels of `effect`: by exchanges of one's own; by those of others, of one's own camps or of other ones."""

SIDES = ("first", "second")
"""Labels of `side`: `first` gains on the issue that comes earlier in the inputs, `second` on the other."""

Reading = Annotated[
    Literal["program", "mended"],
    Param("As the program behind the published figures computes, or with its oversights mended."),
]
Rounds = Annotated[int, Param("How many rounds are played.", "rounds", 1, 1000)]
ForecastAfter = Annotated[
    int, Param("The round whose voting outcome is the forecast; 0 for the last.", "rounds", 0, 1000)
]
Rate = Annotated[
    float,
    Param("How far chance may take gains from equal: 0 not at all, 1 all the way.", "share", 0.0, 1.0),
]
TieBreak = Annotated[
    Literal["least-given", "order", "random"],
    Param(
        "Which of equal gains goes first: where least was given so far, by order of the inputs, or by lot."
    ),
]
Seed = Annotated[int, Param("Start of the random numbers, for lots and rates.", "1", 0, 2**62)]
FixedWeight = Annotated[
    float, Param("Part of what it gave way that any actor takes over for good.", "share", 0.0, 1.0)
]
SalienceWeight = Annotated[
    float, Param("Further part that an actor takes over to whom the issue means nothing.", "share", 0.0, 1.0)
]
Detail = Annotated[
    Literal["path", "exchanges"],
    Param("What became of positions and gains only, or besides each exchange and who brought whom what."),
]


def exchange(
    position: xr.DataArray,
    salience: xr.DataArray,
    capability: xr.DataArray,
    has_stand: xr.DataArray,
    scale_low: xr.DataArray,
    scale_high: xr.DataArray,
    *,
    reading: Reading = "program",
    rounds: Rounds = 10,
    forecast_after: ForecastAfter = 0,
    rate: Rate = 0.0,
    tie_break: TieBreak = "least-given",
    seed: Seed = 0,
    fixed_weight: FixedWeight = 0.1,
    salience_weight: SalienceWeight = 0.4,
    detail: Detail = "path",
) -> xr.Dataset:
    """Let pairs of actors exchange voting positions, the exchange with the largest gain first.

    Actors without a stand or without weight (capability times salience) on an issue trade nothing
    there. Random numbers depend on the seed and the label of the draw alone (its place, where draws
    carry no labels).

    Parameters
    ----------
    position: (draw, actor, issue), scale points within the scale.
    salience: (draw, actor, issue), 0 to 1.
    capability: (draw, actor, issue), at least 0, any unit.
    has_stand: (actor, issue); cells without a stand are not read.
    scale_low, scale_high: (issue), scale points.
    reading … detail: see the sentence of each.

    Returns
    -------
    Dataset with `forecast` and `start` (draw, issue), the voting outcome and the compromise mean;
    over (draw, round), round 0 the start: `path` (issue), the voting outcome of each round; `mean`
    (issue), the compromise mean of the preferences it leaves; `position_path` (actor, issue), these
    preferences, NaN without a stand; `reckoned_gain` (actor); `externality` (actor, effect);
    `candidate_count`; `realised_count`. With `exchanges` besides `voting_path` (actor, issue);
    `externality_between` (actor, other_actor), what the exchanges of an actor brought another, both
    partners half each; and over (draw, trade, side), in the order they were realised and empty after
    the last: `trade_actor`, `trade_issue` (that it gives way on), `trade_from`, `trade_to`,
    `outcome_before` and `outcome_after` on that issue as the partners know it, `trade_reckoned_gain`;
    and `trade_round`. A round of n actors and m issues has C ≤ n² m (m − 1) / 8 candidates; it takes
    O(C + E (C / (n m) log C + n)) time for E exchanges (mended: O(C + E C / m log C)) and O(C) room.

    Raises
    ------
    CallError: inputs do not fit together or hold NaN; a position lies outside its scale; nobody has
        weight on an issue; the forecast is asked for after the last round; the two weights exceed 1.

    References
    ----------
    stokman_oosten1994, decide2025
    """
    _can_be_played(rounds, forecast_after, fixed_weight, salience_weight)
    frame = framed(
        position=position,
        salience=salience,
        capability=capability,
        has_stand=has_stand,
        scale_low=scale_low,
        scale_high=scale_high,
    )
    rules = Rules(
        int(rounds),
        reading == "mended",
        tie_break == "least-given",
        tie_break == "random",
        float(rate),
        int(seed),
        float(fixed_weight),
        float(salience_weight),
    )
    played = _play(frame, rules, detail == "exchanges")
    result = _labelled(frame, played, forecast_after or rounds)
    if detail == "exchanges":
        result = result.merge(_trades(frame, played))
    return described(result, method=SPEC.id)


def _can_be_played(rounds: int, forecast_after: int, fixed_weight: float, salience_weight: float) -> None:
    if forecast_after > rounds:
        raise CallError(
            f"The forecast is asked for after round {forecast_after}, but {rounds} are played.",
            code="bad-option",
            where="exchange.forecast_after",
            hint=f"Allowed: 0 to {rounds}, or play more rounds.",
        )
    if fixed_weight + salience_weight > 1:
        raise CallError(
            f"The weights {fixed_weight:g} and {salience_weight:g} exceed 1 together: preferences would "
            "move beyond the voting position.",
            code="bad-option",
            where="exchange.salience_weight",
            hint="Together at most 1.",
        )


def _play(frame: Frame, rules: Rules, keeps_trades: bool) -> Played:
    """Play in hundredths of the scale; where exchanges are kept, play first to see how many there are."""
    hundredths = 100 * (frame["position"] - frame["scale_low"][:, None, :]) / lengths(frame)[:, None, :]
    _lies_within(frame, hundredths)
    weight = weighted(frame, "capability-salience")
    position = np.where(weight > 0, np.clip(hundredths, 0.0, 100.0), 0.0)
    names = frame.draw_numbers()
    played = _room(weight.shape, rules.rounds, 0, 0)
    play_all(position, frame["salience"], weight, names, rules, played)
    if keeps_trades:
        most = int(played.realised.sum(axis=1).max())
        played = _room(weight.shape, rules.rounds, rules.rounds + 1, most)
        play_all(position, frame["salience"], weight, names, rules, played)
    return played


def _lies_within(frame: Frame, hundredths: FloatArray) -> None:
    """Raise CallError if a position that counts lies outside its scale, but for rounding."""
    wrong = frame["has_stand"] & ((hundredths < -1e-9) | (hundredths > 100 + 1e-9))
    if wrong.any():
        draw, actor, issue = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
        ends = (float(frame[end][draw, issue]) for end in ("scale_low", "scale_high"))
        who, what = frame.name_of(ACTOR, int(actor)), frame.name_of(ISSUE, int(issue))
        raise CallError(
            f"The position of '{who}' on '{what}' is {frame['position'][draw, actor, issue]:g}, "
            "outside the scale.",
            code="value-out-of-range",
            where="position",
            hint="Allowed: {:g} to {:g}.".format(*ends),
        )


def _room(shape: tuple[int, ...], rounds: int, kept: int, trades: int) -> Played:
    """Return arrays of zeros for all that a run leaves; `kept` and `trades` are 0 where not asked for."""
    draws, actors, issues = shape
    ends = (draws, rounds + 1)
    sides = (draws, trades, 2)
    numbers = [np.full(sides, np.nan) for _ in range(5)]
    return Played(
        np.zeros((*ends, issues)),
        np.zeros((*ends, issues)),
        np.zeros((*ends, actors, issues)),
        np.zeros((*ends, actors)),
        np.zeros((*ends, actors, len(EFFECTS))),
        np.zeros(ends, dtype=np.int64),
        np.zeros(ends, dtype=np.int64),
        np.zeros((draws, kept, actors, issues)),
        np.zeros((draws, kept, actors, actors)),
        np.zeros((draws, trades), dtype=np.int64),
        np.full(sides, -1),
        np.full(sides, -1),
        *numbers,
    )


def _on_scale(frame: Frame, hundredths: FloatArray) -> FloatArray:
    """Return values (draw, …, issue) in hundredths as scale points."""
    between = (slice(None), *(None,) * (hundredths.ndim - 2))
    points: FloatArray = frame["scale_low"][between] + hundredths / 100 * lengths(frame)[between]
    return points


def _places(frame: Frame, hundredths: FloatArray) -> FloatArray:
    """Return positions (draw, round, actor, issue) as scale points, NaN without a stand."""
    return np.where(frame["has_stand"], _on_scale(frame, hundredths), np.nan)


def _labelled(frame: Frame, played: Played, forecast_after: int) -> xr.Dataset:
    path = _on_scale(frame, played.path)
    by_issue, by_actor = (DRAW, ROUND, ISSUE), (DRAW, ROUND, ACTOR)
    result = frame.labelled(
        forecast=((DRAW, ISSUE), path[:, forecast_after]),
        start=((DRAW, ISSUE), path[:, 0]),
        path=(by_issue, path),
        mean=(by_issue, _on_scale(frame, played.mean)),
        position_path=((*by_actor, ISSUE), _places(frame, played.position)),
        reckoned_gain=(by_actor, played.gain),
        externality=((*by_actor, EFFECT), played.externality),
        candidate_count=((DRAW, ROUND), played.candidates),
        realised_count=((DRAW, ROUND), played.realised),
    )
    return result.assign_coords({ROUND: np.arange(path.shape[1]), EFFECT: list(EFFECTS)})


def _trades(frame: Frame, played: Played) -> xr.Dataset:
    sides = (DRAW, TRADE, SIDE)
    actors, issues = frame["has_stand"].shape
    actor_names = np.array([*(frame.name_of(ACTOR, at) for at in range(actors)), ""])
    issue_names = np.array([*(frame.name_of(ISSUE, at) for at in range(issues)), ""])
    issue = played.trade_issue
    draw = np.arange(frame.draws)[:, None, None]
    low, length = frame["scale_low"][draw, issue], lengths(frame)[draw, issue]
    result = frame.labelled(
        voting_path=((DRAW, ROUND, ACTOR, ISSUE), _places(frame, played.voting)),
        externality_between=((DRAW, ROUND, ACTOR, OTHER), played.between),
        trade_round=((DRAW, TRADE), played.trade_round),
        trade_actor=(sides, actor_names[played.trade_actor]),
        trade_issue=(sides, issue_names[issue]),
        trade_from=(sides, low + played.trade_from / 100 * length),
        trade_to=(sides, low + played.trade_to / 100 * length),
        outcome_before=(sides, low + played.trade_before / 100 * length),
        outcome_after=(sides, low + played.trade_after / 100 * length),
        trade_reckoned_gain=(sides, played.trade_gain),
    )
    if ACTOR in result.coords:
        result = result.assign_coords({OTHER: result[ACTOR].values})
    return result.assign_coords({ROUND: np.arange(played.voting.shape[1]), SIDE: list(SIDES)})


SPEC = register(
    MethodSpec(
        id="exchange",
        title="Position exchange (equal gain)",
        question="Who exchanges positions across issues, where does that take the outcome, and who pays?",
        family="spatial",
        run=exchange,
        outputs=(
            "forecast",
            "start",
            "path",
            "mean",
            "position_path",
            "reckoned_gain",
            "externality",
            "candidate_count",
            "realised_count",
        ),
        forecast="forecast",
        sources=("stokman_oosten1994", "decide2025"),
        limits=(
            "Each pair looks at its own two issues and at what it was told; what the exchanges of others "
            "do to it is not foreseen. Equal gains are common, and which goes first changes the outcome "
            "by points: see tie_break. The published text leaves room; the default reading reproduces a "
            "program, quirks included. On past decisions of the European Union the outcome after "
            "exchanges was further off than the compromise mean it starts from."
        ),
        cost="Square of the numbers of actors and of issues, a round and draw; a little more for large ones.",
        invariances=("translate", "scale", "capability-unit"),
        aliases=("position_exchange", "equal_gain", "exchange_model"),
        example=SCALED,
    )
)
