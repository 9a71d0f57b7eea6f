"""Voting power on each issue: how often an actor's weight decides, over draws of the weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from westphalia.compiled import compiled
from westphalia.errors import CallError
from westphalia.labels import ACTOR, DRAW, ISSUE, described
from westphalia.methods.arrays import Array, FloatArray, Weighting, framed, weighted
from westphalia.methods.examples import SCALED
from westphalia.methods.power.quotas import TIE, Quota, Reach, Vetoes, check_quota, veto_holders
from westphalia.registry import MethodSpec, register

if TYPE_CHECKING:
    import xarray as xr

MOST_VOTERS = 16
"""Actors with a vote on one issue: every coalition of them is looked at."""


@compiled
def _decide(
    weights: FloatArray, holders: int, quota: float, is_strict: bool, orders: FloatArray, found: FloatArray
) -> None:
    """Write into `found` (2, voter) the Shapley–Shubik index and the number of swings of each voter.

    Coalitions are bits of a number; `holders` are the bits without which nothing passes, `orders`
    the share of orders of joining in which a voter comes right after s others.
    """
    voters = len(weights)
    sums = np.zeros(1 << voters)
    wins = np.zeros(1 << voters, dtype=np.bool_)
    total = weights.sum()
    least = quota * total * (1 + TIE) if is_strict else quota * total * (1 - TIE)
    for mask in range(1, 1 << voters):
        lowest = 0
        while not (mask >> lowest) & 1:
            lowest += 1
        sums[mask] = sums[mask & (mask - 1)] + weights[lowest]
        reached = sums[mask] > least if is_strict else sums[mask] >= least
        wins[mask] = reached and (mask & holders) == holders
        if not wins[mask]:
            continue
        size = 0
        for voter in range(voters):
            size += (mask >> voter) & 1
        for voter in range(voters):
            if (mask >> voter) & 1 and not wins[mask ^ (1 << voter)]:
                found[0, voter] += orders[size - 1]
                found[1, voter] += 1.0


def voting_power(
    salience: xr.DataArray,
    capability: xr.DataArray,
    has_stand: xr.DataArray,
    is_required: xr.DataArray,
    *,
    quota: Quota = 0.5,
    reach: Reach = "more",
    vetoes: Vetoes = "none",
    weighting: Weighting = "capability",
) -> xr.Dataset:
    """Return each actor's voting power on each issue if weights decide with a quota.

    Parameters
    ----------
    salience: (draw, actor, issue), 0 to 1.
    capability: (draw, actor, issue), at least 0, any unit.
    has_stand: (actor, issue); actors without a stand do not vote.
    is_required: (actor); read with `vetoes="required"`.
    quota, reach, vetoes, weighting: see the sentence of each.

    Returns
    -------
    Dataset with `shapley_shubik` and `banzhaf` (draw, actor, issue), each summing to 1 over actors,
    `is_null_player` and `has_veto` (draw, actor, issue), and `weight`. Actors without a vote are
    null players. Time grows with draws, issues and 2^voters: 10 voters take 50 µs a draw and issue.

    Raises
    ------
    CallError: inputs do not fit together or hold NaN; nobody has weight on an issue, or more than 16
        actors have (code ``input-missing``); a quota that nothing or everything reaches.

    References
    ----------
    shapley_shubik1954, banzhaf1965
    """
    check_quota(quota, reach)
    frame = framed(salience=salience, capability=capability, has_stand=has_stand, is_required=is_required)
    weight, holds = weighted(frame, weighting), veto_holders(frame, vetoes)
    found = _all_cells(weight, holds, quota, reach == "more", frame.labels.get(ISSUE))
    swings, cells = found[1], (DRAW, ACTOR, ISSUE)
    outvoted = weight.sum(axis=1, keepdims=True) - weight
    least = quota * weight.sum(axis=1, keepdims=True)
    fails = outvoted <= least * (1 + TIE) if reach == "more" else outvoted < least * (1 - TIE)
    result = frame.labelled(
        shapley_shubik=(cells, np.minimum(found[0], 1.0)),
        banzhaf=(cells, swings / swings.sum(axis=1, keepdims=True)),
        is_null_player=(cells, swings == 0),
        has_veto=(cells, fails | np.broadcast_to(holds, fails.shape)),
        weight=(cells, weight),
    )
    return described(result, method=SPEC.id)


def _all_cells(
    weight: FloatArray, holds: Array, quota: float, is_strict: bool, issues: xr.DataArray | None
) -> FloatArray:
    """Return index and swings (2, draw, actor, issue), each cell by the actors that vote there."""
    found = np.zeros((2, *weight.shape))
    votes = (weight > 0) | holds
    for draw, issue in np.ndindex(weight.shape[0], weight.shape[2]):
        voters = np.flatnonzero(votes[draw, :, issue])
        if len(voters) > MOST_VOTERS:
            name = issue if issues is None else issues.values[issue]
            raise CallError(
                f"{len(voters)} actors have a vote on '{name}'; power is computed for up to {MOST_VOTERS}.",
                code="input-missing",
                where=str(name),
                hint="Leave out actors whose weight hardly counts, or join those that vote together.",
            )
        holders = int(sum(1 << at for at, voter in enumerate(voters) if holds[voter, issue]))
        own = np.zeros((2, len(voters)))
        weights = np.ascontiguousarray(weight[draw, voters, issue])
        _decide(weights, holders, quota, is_strict, _orders(len(voters)), own)
        found[:, draw, voters, issue] = own
    return found


def _orders(voters: int) -> FloatArray:
    """Return s! (n − s − 1)! / n! for s = 0 … n − 1."""
    shares = np.empty(voters)
    share = 1.0 / voters
    for before in range(voters):
        shares[before] = share
        share *= (before + 1) / max(voters - before - 1, 1)
    return shares


SPEC = register(
    MethodSpec(
        id="pivots",
        title="Voting power",
        question="How often would each actor's weight decide the issue, and who could be left out?",
        family="power",
        run=voting_power,
        outputs=("shapley_shubik", "banzhaf", "is_null_player", "has_veto", "weight"),
        sources=("shapley_shubik1954", "banzhaf1965"),
        limits=(
            "Knows weights and a quota, not what anybody wants: all coalitions count as equally likely. "
            "Capability is read as votes, which it is in few conflicts."
        ),
        cost="Grows with draws, issues and two to the power of the voters; up to 16 of them.",
        invariances=("capability-unit",),
        aliases=("voting_power", "power_index"),
        example=SCALED,
    )
)
