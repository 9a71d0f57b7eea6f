"""The spatial model of politics: actors challenge one another and strike bargains over all issues at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from westphalia.errors import CallError
from westphalia.labels import ACTOR, DRAW, ISSUE, OTHER, ROUND, described
from westphalia.methods.arrays import framed, paired, weighted
from westphalia.methods.examples import SCALED
from westphalia.methods.spatial.smp_inputs import Stated, play
from westphalia.methods.spatial.smp_table import (
    ATTITUDE,
    REASONS,
    SETTLED,
    SPREAD,
    WHOLE,
    WIN,
    Played,
    Rules,
)
from westphalia.registry import MethodSpec, Param, register

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

    from westphalia.methods.arrays import Frame

CODES = {
    "victory_probability": ("linear", "square", "quartic", "octic", "binary"),
    "pce": ("conditional", "markov-incentive", "markov-uniform"),
    "voting_rule": ("binary", "prop-bin", "prop", "prop-cbc", "cubic", "asym-prosp"),
    "risk_range": ("min", "mid", "max"),
    "third_party": ("no-commit", "semi-commit", "full-commit"),
    "between_vectors": ("s1p1", "s2p2", "s2pmax"),
    "bargaining": ("init-only", "init-rcvr", "pw-comp"),
}
"""The choices of the options that the kernels know by number, in the order of KTAB."""

SHARES = {"none": 0.0, "one-third": 1 / 3, "half": 0.5, "two-thirds": 2 / 3, "full": 1.0}
"""How much of another's attitude to risk an actor knows."""

Reading = Annotated[
    Literal["mended", "ktab"],
    Param("The model with what is plainly not meant mended, or as the program KTAB has it, to the figure."),
]
VictoryProbability = Annotated[
    Literal["linear", "square", "quartic", "octic", "binary"],
    Param("How the strengths of two coalitions make the chance to win: to which power, or by threshold."),
]
Pce = Annotated[
    Literal["conditional", "markov-incentive", "markov-uniform"],
    Param("How chances of pairs make chances of options: beating all others, or a chain of challenges."),
]
Transitions = Annotated[
    Literal["deterministic", "stochastic"],
    Param("Whether an actor takes the likeliest of its choices, or one by chance."),
]
VotingRule = Annotated[
    Literal["binary", "prop-bin", "prop", "prop-cbc", "cubic", "asym-prosp"],
    Param("How strongly a difference of utilities makes an actor back one option against another."),
]
RiskAdjust = Annotated[
    Literal["none", "one-third", "half", "two-thirds", "full"],
    Param("How much of another's attitude to risk an actor knows; the rest it takes to be its own."),
]
RiskRange = Annotated[
    Literal["min", "mid", "max"],
    Param("Whether attitudes to risk go from 0, from -0.5 or from -1, to 1."),
]
ThirdParty = Annotated[
    Literal["no-commit", "semi-commit", "full-commit"],
    Param("Whether who joins a side then keeps its position, must give it up if beaten, or always."),
]
BetweenVectors = Annotated[
    Literal["s1p1", "s2p2", "s2pmax"],
    Param("What weighs the two positions in a bargain: salience times chance, its square, or the lead."),
]
Bargaining = Annotated[
    Literal["init-only", "init-rcvr", "pw-comp"],
    Param("Whether the initiator proposes, both do, or the mean of both by power is proposed."),
]
SalienceScale = Annotated[
    Literal["budget", "issue-count", "as-given"],
    Param(
        "How saliences over several issues become shares of attention: cut to a sum of 1, divided by "
        "the number of issues, or as they are."
    ),
]
Settle = Annotated[
    Literal["mean", "most-probable"],
    Param("Whether the forecast is the mean of final positions by chance to win, or the likeliest one."),
]
Rounds = Annotated[int, Param("How many rounds are played at most.", "rounds", 1, 1000)]
StopBelow = Annotated[
    float, Param("Share of the first round's movement below which bargaining stops.", "share", 0.0, 1.0)
]
Seed = Annotated[int, Param("Seed of stochastic transitions.", "1", 0, 2**31 - 1)]
Detail = Annotated[
    Literal["outcome", "path", "reasons"],
    Param("The end only, the positions of all rounds besides, or besides those why everybody moved."),
]


def smp(
    position: xr.DataArray,
    salience: xr.DataArray,
    capability: xr.DataArray,
    has_stand: xr.DataArray,
    scale_low: xr.DataArray,
    scale_high: xr.DataArray,
    ideal_adjustment: xr.DataArray | None = None,
    *,
    reading: Reading = "mended",
    victory_probability: VictoryProbability = "linear",
    pce: Pce = "conditional",
    transitions: Transitions = "deterministic",
    voting_rule: VotingRule = "prop",
    risk_adjust: RiskAdjust = "one-third",
    risk_range: RiskRange = "mid",
    third_party: ThirdParty = "semi-commit",
    between_vectors: BetweenVectors = "s2p2",
    bargaining: Bargaining = "init-only",
    salience_scale: SalienceScale = "budget",
    settle: Settle = "mean",
    rounds: Rounds = 100,
    stop_below: StopBelow = 0.02,
    seed: Seed = 1,
    detail: Detail = "outcome",
) -> xr.Dataset:
    """Play the spatial model of politics on all issues together, as KTAB does or mended.

    Actors without a stand, capability or salience take no part. Who has no stand on an issue does not
    care about it, is taken to stand at the mean, by weight, of those who have, and does not bargain
    over it. An actor has one capability: where it differs between issues, the mean by salience.

    Parameters
    ----------
    position: (draw, actor, issue), scale points.
    salience: (draw, actor, issue), 0 to 1; see `salience_scale`.
    capability: (draw, actor, issue), at least 0, any unit.
    has_stand: (actor, issue); cells without a stand are not read.
    scale_low, scale_high: (issue), scale points; distances are shares of the scale.
    ideal_adjustment: (actor, other_actor), 0 to 1, rows sum to 1 at most: how the actor's ideal
        follows positions, its own included; what is missing to 1 stays with the old ideal. If not
        given, everybody's ideal is its position.
    reading … detail: see the sentence of each. `seed` and the label of a draw alone decide its random
        numbers.

    Returns
    -------
    Dataset with `forecast` and `spread` (draw, issue), over the distinct final positions by their
    chance to win; `final_position` (draw, actor, issue), NaN without a stand; `win_probability` (draw,
    actor), of the actor's final position, and `risk_attitude` (draw, actor), NaN for who takes no
    part; `rounds_played` and `converged` (draw). With `path` besides `position_path` (draw, round,
    actor, issue), round 0 the start, and `stop_ratio` (draw, round), NaN once stopped. With `reasons`
    besides, by round and actor, `position_probability`, `target`, `challenge_probability`,
    `challenge_gain`, and of what the actor took: `proposer` (itself or another), `receiver`,
    `choice_probability` and `choice_count`.

    Time grows with n³ + n² k a round and draw for n actors and k issues, room with n² + n k, and with
    the rounds where the path is asked for.

    Raises
    ------
    CallError: inputs do not fit together or hold NaN; nobody has weight on an issue; saliences taken
        as they are or ideal adjustments sum to more than 1; `ktab` with `risk_adjust` full.

    References
    ----------
    ktab2019, efird2016, bdm1994
    """
    if reading == "ktab" and risk_adjust == "full":
        raise CallError(
            "KTAB stops if everybody knows everybody's attitude to risk in full.",
            code="bad-option",
            where="smp.risk_adjust",
            hint="Allowed with the reading ktab: none, one-third, half, two-thirds.",
        )
    given = (
        {"ideal_adjustment": paired(ideal_adjustment, "ideal_adjustment")}
        if ideal_adjustment is not None
        else {}
    )
    frame = framed(
        position=position,
        salience=salience,
        capability=capability,
        has_stand=has_stand,
        scale_low=scale_low,
        scale_high=scale_high,
        **given,
    )
    weighted(frame, "capability-salience")
    rules = Rules(
        victory=CODES["victory_probability"].index(victory_probability),
        pce=CODES["pce"].index(pce),
        is_stochastic=transitions == "stochastic",
        voting=CODES["voting_rule"].index(voting_rule),
        share=SHARES[risk_adjust],
        risk_range=CODES["risk_range"].index(risk_range),
        third_party=CODES["third_party"].index(third_party),
        vectors=CODES["between_vectors"].index(between_vectors),
        bargaining=CODES["bargaining"].index(bargaining),
        mended=reading == "mended",
        by_mean=settle == "mean",
        rounds=rounds,
        stop_below=stop_below,
        seed=seed,
    )
    played = play(frame, rules, Stated(salience_scale, detail != "outcome", detail == "reasons"))
    return described(_labelled(frame, played, detail), method=SPEC.id)


def _labelled(frame: Frame, played: Played, detail: str) -> xr.Dataset:
    """Name what was played; of paths and reasons only what was asked for."""
    cells, actors, turns = (DRAW, ACTOR, ISSUE), (DRAW, ACTOR), (DRAW, ROUND, ACTOR)
    variables: dict[str, tuple[tuple[str, ...], np.ndarray[Any, Any]]] = {
        "forecast": ((DRAW, ISSUE), played.settled[SETTLED]),
        "spread": ((DRAW, ISSUE), played.settled[SPREAD]),
        "final_position": (cells, played.final),
        "win_probability": (actors, played.odds[WIN]),
        "risk_attitude": (actors, played.odds[ATTITUDE]),
        "rounds_played": ((DRAW,), played.rounds),
        "converged": ((DRAW,), played.converged),
    }
    if detail != "outcome":
        variables["position_path"] = ((DRAW, ROUND, ACTOR, ISSUE), played.path)
        variables["stop_ratio"] = ((DRAW, ROUND), played.ratio)
    if detail == "reasons":
        for at, name in enumerate(REASONS):
            row = played.why[at]
            variables[name] = (turns, row.astype(int) if name in WHOLE else row)
    result = frame.labelled(**variables)
    if detail == "outcome":
        return result
    return result.assign_coords({ROUND: range(played.path.shape[1])})


def _example() -> dict[str, Any]:
    """Return the example of all methods, with shares of attention and ideals that follow positions."""
    others = {"dims": (OTHER,), "data": SCALED["coords"][ACTOR]["data"]}
    own = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    shares = [[0.6, 0.3], [0.4, 0.6], [0.3, 0.2]]
    changed = {
        "salience": {"dims": (ACTOR, ISSUE), "data": shares},
        "ideal_adjustment": {"dims": (ACTOR, OTHER), "data": own},
    }
    return {
        "coords": {**SCALED["coords"], OTHER: others},
        "data_vars": {**SCALED["data_vars"], **changed},
    }


SPEC = register(
    MethodSpec(
        id="smp",
        title="Spatial model of politics (KTAB)",
        question="Who challenges whom over all issues at once, which bargains are struck, where does it end?",
        family="spatial",
        run=smp,
        outputs=(
            "forecast",
            "spread",
            "final_position",
            "win_probability",
            "risk_attitude",
            "rounds_played",
            "converged",
        ),
        forecast="forecast",
        sources=("ktab2019", "efird2016", "bdm1994"),
        limits=(
            "The model gives final positions and no settlement: the mean by chance to win is ours. It "
            "has many choices that move the result and no record of past decisions; small changes of "
            "the inputs can turn who bargains with whom. It belongs beside the compromise mean."
        ),
        cost="Cube of the number of actors a round and draw.",
        invariances=("translate", "scale", "capability-unit"),
        aliases=("ktab", "spatial_model_of_politics"),
        example=_example(),
    )
)
