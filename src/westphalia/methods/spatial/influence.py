"""Opinions that settle by listening: DeGroot 1974 and Friedkin and Johnsen 1990 on who consults whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np

from westphalia.check import is_valid
from westphalia.errors import CallError
from westphalia.labels import ACTOR, DRAW, ISSUE, OTHER, described
from westphalia.methods.arrays import Array, FloatArray, Weighting, framed, paired, weighted
from westphalia.methods.examples import SCALED
from westphalia.registry import MethodSpec, Param, register

if TYPE_CHECKING:
    import xarray as xr

ROUNDING = 1e-9
"""Rows of weights sum to 1 up to this."""

Model = Annotated[
    Literal["friedkin-johnsen", "degroot"],
    Param("Whether actors hold on to where they began (Friedkin and Johnsen) or only average (DeGroot)."),
]
SelfWeight = Annotated[
    float, Param("Weight an actor gives its own opinion in each round of listening.", "1", 0.0, 1.0)
]
Stubbornness = Annotated[
    float, Param("Part of its first opinion that an actor holds on to in each round.", "1", 0.0, 1.0)
]
Anchor = Annotated[
    Literal["equal", "salience"],
    Param(
        "What holds an actor to its first opinion: the stated stubbornness, the same for all, or its "
        "salience on the issue."
    ),
]


def influence(
    position: xr.DataArray,
    salience: xr.DataArray,
    capability: xr.DataArray,
    has_stand: xr.DataArray,
    hears: xr.DataArray,
    *,
    model: Model = "friedkin-johnsen",
    self_weight: SelfWeight = 0.5,
    stubbornness: Stubbornness = 0.5,
    anchor: Anchor = "equal",
    weighting: Weighting = "capability-salience",
) -> xr.Dataset:
    """Return where opinions settle if actors listen to those they consult, and the mean of them.

    Parameters
    ----------
    position: (draw, actor, issue), scale points.
    salience: (draw, actor, issue), 0 to 1.
    capability: (draw, actor, issue), at least 0, any unit.
    has_stand: (actor, issue); who has no stand on an issue has no opinion there, and is not heard.
    hears: (actor, other_actor), at least 0: how often the actor heard the other. The places of others
        are read off their labels. What an actor has with itself is not read.
    model, self_weight, stubbornness, anchor, weighting: see the sentence of each.

    Returns
    -------
    Dataset with `forecast` (draw, issue), the mean of the settled positions by weight;
    `settled_position` (draw, actor, issue), NaN without a stand; `converged` (draw, issue), false where
    opinions go round for ever (only with `self_weight` 0) and the long-run mean is given; `weight`
    (draw, actor, issue). Time grows with issues × actors³, with ``anchor="salience"`` times draws,
    and with draws × issues × actors².

    Raises
    ------
    CallError: inputs do not fit together or hold NaN; nobody has weight on an issue; nobody hears
        anybody (code ``input-missing``).

    References
    ----------
    degroot1974, friedkin_johnsen1990, friedkin_johnsen1999
    """
    frame = framed(
        position=position,
        salience=salience,
        capability=capability,
        has_stand=has_stand,
        hears=paired(hears, "hears"),
    )
    weight = weighted(frame, weighting)
    ties = _ties(frame["hears"])
    stubborn = _stubborn(frame["salience"], model, stubbornness, anchor)
    settled = np.full(frame["position"].shape, np.nan)
    converged = np.ones((frame.draws, settled.shape[2]), dtype=bool)
    for issue in range(settled.shape[2]):
        there = np.flatnonzero(frame["has_stand"][:, issue])
        rows = _listening(ties[np.ix_(there, there)], self_weight)
        held = stubborn[:, there, issue]
        settled[:, there, issue], converged[:, issue] = _settle(
            rows, held, frame["position"][:, there, issue]
        )
    told = np.where(frame["has_stand"], settled, 0.0)
    result = frame.labelled(
        forecast=((DRAW, ISSUE), (weight * told).sum(axis=1) / weight.sum(axis=1)),
        settled_position=((DRAW, ACTOR, ISSUE), settled),
        converged=((DRAW, ISSUE), converged),
        weight=((DRAW, ACTOR, ISSUE), weight),
    )
    return described(result, method=SPEC.id)


def total_influence(weights: xr.DataArray, stubbornness: xr.DataArray) -> xr.Dataset:
    """Return how much of each actor's first opinion ends in each other's, for stated weights.

    Parameters
    ----------
    weights: (actor, other_actor), the weight an actor gives each opinion, its own included; rows sum
        to 1.
    stubbornness: (actor), 0 to 1: what Friedkin and Johnsen call 1 less susceptibility. All 0 is
        DeGroot's model.

    Returns
    -------
    Dataset with `influence_weight` (actor, other_actor), rows summing to 1, the matrix V of
    x = V·x0 with V = (I − AW)⁻¹(I − A), A = diag(1 − stubbornness), where the inverse exists, and the
    limit of Wᵗ where it does not; `mean_influence` (actor), the columns' means; `converged`, false if
    opinions go round for ever and V is the long-run mean. Cost grows with actors³.

    Raises
    ------
    CallError: a row does not sum to 1, labels do not fit, or a number is out of 0 to 1.

    References
    ----------
    degroot1974, friedkin_johnsen1990
    """
    import xarray as xr

    ties = paired(weights, "weights")
    is_valid(ties, "influence_weight")
    is_valid(stubbornness, "influence_weight")
    rows = np.asarray(ties.transpose(ACTOR, OTHER).values, dtype=float)
    wrong = np.abs(rows.sum(axis=1) - 1) > ROUNDING
    if wrong.any():
        actor = str(ties[ACTOR].values[int(np.argmax(wrong))])
        raise CallError(
            f"The weights of '{actor}' sum to {rows.sum(axis=1)[np.argmax(wrong)]:g}.",
            code="value-out-of-range",
            where=actor,
            hint="What an actor gives all opinions, its own included, sums to 1.",
        )
    held = np.asarray(stubbornness.sel({ACTOR: ties[ACTOR]}).values, dtype=float)
    (part,), (converged,) = _parts(rows, held[None])
    variables = {
        "influence_weight": ((ACTOR, OTHER), part),
        "mean_influence": (ACTOR, part.mean(axis=0)),
        "converged": converged,
    }
    return described(xr.Dataset(variables, coords={ACTOR: ties[ACTOR].values, OTHER: ties[OTHER].values}))


def listening_weights(hears: xr.DataArray, *, self_weight: SelfWeight = 0.5) -> xr.DataArray:
    """Return the weights (actor, other_actor) that `influence` makes of who hears whom; rows sum to 1.

    An actor gives its own opinion `self_weight` and shares the rest by how often it heard the others; who
    heard nobody keeps its opinion.

    Raises
    ------
    CallError: dimensions or labels do not fit, or a number is negative or not finite.
    """
    heard = paired(hears, "hears")
    is_valid(heard, "hears")
    ties = np.array(heard.transpose(ACTOR, OTHER).values, dtype=float)
    np.fill_diagonal(ties, 0.0)
    return heard.transpose(ACTOR, OTHER).copy(data=_listening(ties, self_weight)).rename("influence_weight")


def _ties(hears: Array) -> FloatArray:
    """Return who hears whom (actor, other) without what an actor has with itself."""
    ties: FloatArray = hears * ~np.eye(len(hears), dtype=bool)
    if not ties.any():
        raise CallError(
            "The case tells of no consultation in which one actor with a stand heard another.",
            code="input-missing",
            where="hears",
            hint="Add consultations to the case, or compare with the compromise mean.",
        )
    return ties


def _stubborn(salience: FloatArray, model: str, stubbornness: float, anchor: str) -> FloatArray:
    """Return each actor's stubbornness (draws or 1, actor, issue)."""
    if model == "degroot":
        return np.zeros((1, *salience.shape[1:]))
    return np.asarray(salience) if anchor == "salience" else np.full((1, *salience.shape[1:]), stubbornness)


def _listening(ties: FloatArray, self_weight: float) -> FloatArray:
    """Return weights W (actor, other): the own one, the rest by ties; who hears nobody keeps its own."""
    total = ties.sum(axis=1, keepdims=True)
    rows: FloatArray = (1 - self_weight) * np.divide(ties, total, out=np.zeros_like(ties), where=total > 0)
    rows[np.diag_indices(len(rows))] = np.where(total[:, 0] > 0, self_weight, 1.0)
    return rows


def _settle(rows: FloatArray, stubborn: FloatArray, first: FloatArray) -> tuple[FloatArray, Array]:
    """Return settled opinions (draw, actor) and whether they settle (draw); `stubborn` (draws or 1, actor).

    Opinions are added up one actor after the other, so that a draw gives the same bits in any company.
    """
    part, converged = _parts(rows, stubborn)
    settled = np.zeros_like(first)
    for other in range(len(rows)):
        settled += part[:, :, other] * first[:, other, None]
    low, high = first.min(axis=1, keepdims=True), first.max(axis=1, keepdims=True)
    return np.clip(settled, low, high), converged


def _parts(rows: FloatArray, stubborn: FloatArray) -> tuple[FloatArray, Array]:
    """Return V (draw, actor, other) with x = V·x0 and whether opinions converge; `stubborn` (draw, actor).

    Draws in which the same actors are stubborn at all have the same closed groups and are solved together.
    """
    part = np.zeros((*stubborn.shape, stubborn.shape[1]))
    converged = np.ones(len(stubborn), dtype=bool)
    patterns, which = np.unique(stubborn > 0, axis=0, return_inverse=True)
    for number, is_stubborn in enumerate(patterns):
        alike = np.flatnonzero(which.reshape(-1) == number)
        part[alike], converged[alike] = _solved(rows, stubborn[alike], _closed(rows, is_stubborn))
    return np.clip(part, 0.0, 1.0), converged


def _solved(rows: FloatArray, stubborn: FloatArray, closed: list[Array]) -> tuple[FloatArray, bool]:
    """Return V (draw, actor, other) and whether opinions converge, the closed groups being given.

    A closed group without a stubborn member ends in its consensus, weighted by the left eigenvector of
    its rows (DeGroot). All others satisfy V = S + (I − S)WV, S = diag(stubborn), which then has one
    solution (Friedkin and Johnsen), the closed groups' rows being known.
    """
    count = len(rows)
    known = np.zeros((count, count))
    is_open = np.ones(count, dtype=bool)
    for members in closed:
        known[np.ix_(members, members)] = _consensus(rows[np.ix_(members, members)])
        is_open[members] = False
    part = np.repeat(known[None], len(stubborn), axis=0)
    rest = np.flatnonzero(is_open)
    if len(rest):
        free = 1 - stubborn[:, rest, None]
        start = free * (rows[rest] @ known)
        start[:, np.arange(len(rest)), rest] += stubborn[:, rest]
        part[:, rest] = np.linalg.solve(np.eye(len(rest)) - free * rows[np.ix_(rest, rest)], start)
    return part, all(_period(rows[np.ix_(members, members)]) == 1 for members in closed)


def _closed(rows: FloatArray, is_stubborn: Array) -> list[Array]:
    """Return the groups that listen only among themselves and have no stubborn member."""
    from scipy.sparse.csgraph import connected_components

    count, group = connected_components(rows > 0, directed=True, connection="strong")
    found: list[Array] = []
    for number in range(count):
        members = np.flatnonzero(group == number)
        leaves = rows[members][:, group != number].any()
        if not leaves and not is_stubborn[members].any():
            found.append(members)
    return found


def _consensus(inside: FloatArray) -> FloatArray:
    """Return the weights of the group's members in its consensus: the left eigenvector for 1, sum 1."""
    count = len(inside)
    system = np.eye(count) - inside.T
    system[-1] = 1.0
    target = np.zeros(count)
    target[-1] = 1.0
    return np.asarray(np.linalg.solve(system, target))


def _period(inside: FloatArray) -> int:
    """Return the greatest common divisor of the lengths of all ways that lead back; 1: it converges."""
    depth = {0: 0}
    queue = [0]
    period = 0
    for here in queue:
        for there in np.flatnonzero(inside[here] > 0).tolist():
            if there not in depth:
                depth[there] = depth[here] + 1
                queue.append(there)
            period = int(np.gcd(period, depth[here] + 1 - depth[there]))
    return period


SPEC = register(
    MethodSpec(
        id="influence",
        title="Influence by consultation",
        question="Where do opinions settle if the actors listen to those whom they consult?",
        family="spatial",
        run=influence,
        outputs=("forecast", "settled_position", "converged", "weight"),
        forecast="forecast",
        sources=("degroot1974", "friedkin_johnsen1990", "friedkin_johnsen1999"),
        limits=(
            "Persuasion, no bargaining: no veto, no reversion point, no exchange. Who is in no reported "
            "consultation keeps its position. How stubborn actors are is an assumption, and a few reported "
            "consultations stand for all listening. No track record on past negotiations is known to us."
        ),
        cost="Issues × actors³, once or per draw, and draws × issues × actors².",
        invariances=("translate", "scale", "capability-unit", "reflect"),
        aliases=("friedkin_johnsen", "degroot"),
        example=SCALED,
    )
)
