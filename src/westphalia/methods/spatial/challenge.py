"""The challenge model: actors press one another to move, round after round, by what they expect of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np

from westphalia.errors import CallError
from westphalia.labels import ACTOR, DRAW, ISSUE, OTHER, ROUND, described
from westphalia.methods.arrays import FloatArray, Frame, framed, weighted
from westphalia.methods.examples import SCALED
from westphalia.methods.spatial.challenge_kernels import play_all
from westphalia.methods.spatial.challenge_table import Played, Rules
from westphalia.registry import MethodSpec, Param, register

if TYPE_CHECKING:
    import xarray as xr

READINGS = {
    "printed": Rules(
        all_pairs=False,
        viewer_risk=False,
        voter_risk=False,
        by_average=False,
        conflict_moves=True,
        capitulation=True,
        q=1.0,
    ),
    "scholz-code": Rules(
        all_pairs=True,
        viewer_risk=True,
        voter_risk=True,
        by_average=True,
        conflict_moves=True,
        capitulation=False,
        q=1.0,
    ),
}
"""What each reading decides where the published text leaves room or the program departs from it."""

RELATIONS = ("nothing", "prevails", "yields", "gains_by_compromise", "compromises", "receives", "capitulates")
"""Meaning of the codes of `relation` and `move`, from the actor's own side."""

Reading = Annotated[
    Literal["printed", "scholz-code"],
    Param("The formulas as printed, or as the program behind the published results has them."),
]
Rounds = Annotated[int, Param("How many rounds are played.", "rounds", 1, 1000)]
ForecastAfter = Annotated[int, Param("The round whose end is the forecast.", "rounds", 1, 1000)]
Settle = Annotated[
    Literal["median", "mean"],
    Param("Whether the weighted median or the weighted mean of positions is the forecast."),
]
Q = Annotated[
    float, Param("Chance that the other stays where it is if it is not challenged.", "share", 0.0, 1.0)
]
Odds = Annotated[
    Literal["as-reading", "pair", "all-pairs"],
    Param("Whether the odds of a pair are shares of its own votes (printed) or of the votes on all pairs."),
]
RiskView = Annotated[
    Literal["as-reading", "own", "viewer"],
    Param("Whose risk exponent values the other's challenge: the other's own (printed) or the viewer's."),
]
Votes = Annotated[
    Literal["as-reading", "linear", "risk"],
    Param("Whether voters weigh distance as it is (printed) or raised to their risk exponent."),
]
Offers = Annotated[
    Literal["as-reading", "least-move", "average"],
    Param(
        "Which compromise is taken: the shortest move (printed) or the lowest average of the two positions."
    ),
]
Conflict = Annotated[
    Literal["as-reading", "moves", "stays"],
    Param("Whether the loser of a conflict moves to the winner (both readings) or stays."),
]
Detail = Annotated[
    Literal["path", "dyads"],
    Param(
        "Positions of all rounds only, or besides what each actor expects of each other in the first round."
    ),
]


def challenge(
    position: xr.DataArray,
    salience: xr.DataArray,
    capability: xr.DataArray,
    has_stand: xr.DataArray,
    *,
    reading: Reading = "scholz-code",
    rounds: Rounds = 8,
    forecast_after: ForecastAfter = 1,
    settle: Settle = "median",
    q: Q = 1.0,
    odds: Odds = "as-reading",
    risk_view: RiskView = "as-reading",
    votes: Votes = "as-reading",
    offers: Offers = "as-reading",
    conflict: Conflict = "as-reading",
    detail: Detail = "path",
) -> xr.Dataset:
    """Play the expected utility model of Bueno de Mesquita on each issue, in one of two readings.

    Actors without a stand or without weight (capability times salience) take no part: they neither
    move nor move others. The model has no rule to stop and its median path does not settle in
    general; it ends after `rounds`, and a draw in which nobody moves any more stays as it is.

    Parameters
    ----------
    position: (draw, actor, issue), scale points.
    salience: (draw, actor, issue), 0 to 1.
    capability: (draw, actor, issue), at least 0, any unit.
    has_stand: (actor, issue); cells without a stand are not read.
    reading … detail: see the sentence of each; `odds` to `conflict` undo one choice of the reading.

    Returns
    -------
    Dataset with `forecast` (draw, issue); `median` and `mean` (draw, round, issue), by weight;
    `position_path` (draw, round, actor, issue), round 0 the start, NaN without a stand;
    `risk_exponent` (draw, actor, issue) of the first round, NaN for who takes no part. With `dyads`
    besides `win_probability`, `utility_of_challenge`, `utility_of_being_challenged` and `relation`
    (draw, actor, other_actor, issue) of the first round, and `move` and `moved_by` (draw, round,
    actor, issue). O(n²) time a round, draw and issue for n actors in both readings, O(n²) room; the
    dyads take O(n²) a draw besides.

    Raises
    ------
    CallError: inputs do not fit together or hold NaN; nobody has weight on an issue; the forecast is
        asked for after the last round.

    References
    ----------
    scholz2011, bdm1994
    """
    if forecast_after > rounds:
        raise CallError(
            f"The forecast is asked for after round {forecast_after}, but {rounds} are played.",
            code="bad-option",
            where="challenge.forecast_after",
            hint=f"Allowed: 1 to {rounds}, or play more rounds.",
        )
    frame = framed(position=position, salience=salience, capability=capability, has_stand=has_stand)
    rules = _rules(reading, q, odds, risk_view, votes, offers, conflict)
    played = _play(frame, weighted(frame, "capability-salience"), rules, rounds, detail == "dyads")
    result = _labelled(frame, played, settle, forecast_after)
    if detail == "dyads":
        result = result.merge(_dyads(frame, played))
    return described(result, method=SPEC.id)


def _rules(
    reading: str, q: float, odds: str, risk_view: str, votes: str, offers: str, conflict: str
) -> Rules:
    """Return the rules of a reading with the named choices in their place."""
    base = READINGS[reading]

    def chosen(choice: str, yes: str, of_reading: bool) -> bool:
        return of_reading if choice == "as-reading" else choice == yes

    return Rules(
        all_pairs=chosen(odds, "all-pairs", base.all_pairs),
        viewer_risk=chosen(risk_view, "viewer", base.viewer_risk),
        voter_risk=chosen(votes, "risk", base.voter_risk),
        by_average=chosen(offers, "average", base.by_average),
        conflict_moves=chosen(conflict, "moves", base.conflict_moves),
        capitulation=base.capitulation,
        q=float(q),
    )


def _play(frame: Frame, weight: FloatArray, rules: Rules, rounds: int, keeps_dyads: bool) -> Played:
    """Lay out the results, play, and blank the path of who has no stand."""
    draws, actors, issues = weight.shape
    per_round = (draws, rounds + 1 if keeps_dyads else 0, actors, issues)
    dyads = (draws, actors if keeps_dyads else 0, actors, issues)
    played = Played(
        path=np.repeat(frame["position"][:, None], rounds + 1, axis=1),
        median=np.empty((draws, rounds + 1, issues)),
        mean=np.empty((draws, rounds + 1, issues)),
        risk=np.full(weight.shape, np.nan),
        moved_by=np.full(per_round, -1),
        move=np.zeros(per_round, dtype=np.int64),
        odds=np.full(dyads, np.nan),
        ours=np.full(dyads, np.nan),
        theirs=np.full(dyads, np.nan),
        relation=np.zeros(dyads, dtype=np.int64),
    )
    play_all(frame["position"], frame["salience"], weight, rules, played)
    absent = np.broadcast_to(~frame["has_stand"], played.path.shape)
    played.path[absent] = np.nan
    return played


def _labelled(frame: Frame, played: Played, settle: str, forecast_after: int) -> xr.Dataset:
    settled = played.median if settle == "median" else played.mean
    result = frame.labelled(
        forecast=((DRAW, ISSUE), settled[:, forecast_after, :]),
        median=((DRAW, ROUND, ISSUE), played.median),
        mean=((DRAW, ROUND, ISSUE), played.mean),
        position_path=((DRAW, ROUND, ACTOR, ISSUE), played.path),
        risk_exponent=((DRAW, ACTOR, ISSUE), played.risk),
    )
    return result.assign_coords({ROUND: np.arange(played.median.shape[1])})


def _dyads(frame: Frame, played: Played) -> xr.Dataset:
    pairs, moves = (DRAW, ACTOR, OTHER, ISSUE), (DRAW, ROUND, ACTOR, ISSUE)
    codes = {"flag_values": list(range(len(RELATIONS))), "flag_meanings": " ".join(RELATIONS)}
    result = frame.labelled(
        win_probability=(pairs, played.odds),
        utility_of_challenge=(pairs, played.ours),
        utility_of_being_challenged=(pairs, played.theirs),
        relation=(pairs, played.relation),
        move=(moves, played.move),
        moved_by=(moves, played.moved_by),
    )
    for name in ("relation", "move"):
        result[name].attrs = dict(codes)
    if ACTOR in result.coords:
        result = result.assign_coords({OTHER: result[ACTOR].values})
    return result


SPEC = register(
    MethodSpec(
        id="challenge",
        title="Challenge model (expected utility)",
        question="Who can press whom to move on each issue, and where do the positions go?",
        family="spatial",
        run=challenge,
        outputs=("forecast", "median", "mean", "position_path", "risk_exponent"),
        forecast="forecast",
        sources=("scholz2011", "bdm1994", "bdm1997"),
        limits=(
            "The published text leaves choices open that decide the result; the default reading "
            "reproduces the published table, but leans on quirks of a program. The median path does "
            "not settle: it is no convergence to an outcome. Each issue is played alone. On past "
            "decisions of the European Union it did worse than the compromise mean."
        ),
        cost="Square of the number of actors a round, draw and issue.",
        invariances=("translate", "scale", "capability-unit"),
        aliases=("bdm", "expected_utility_model", "policon"),
        example=SCALED,
    )
)
