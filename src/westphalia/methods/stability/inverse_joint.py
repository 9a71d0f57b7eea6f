"""What would make a state an equilibrium: everybody's rankings together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from westphalia.labels import ACTOR, CONCEPT, described
from westphalia.methods.arrays import Array
from westphalia.methods.stability.conflict import Conflict, IntArray, Preferences, RankArray
from westphalia.methods.stability.inverse import Condition, condition, rise, share
from westphalia.methods.stability.preferences import gapless, place_of
from westphalia.methods.stability.robustness import USUAL, robustness

if TYPE_CHECKING:
    import xarray as xr

MOST_DRAWN = 1_000
"""Rankings of everybody that are drawn where they decide together."""

MOST_RANKS = 1 << 26
"""Ranks (draws times actors times states) that are drawn at most, which limits draws in large conflicts."""

_SEED = 1
_WEAKER = {"seq": "gmr", "sseq": "smr"}
"""What each concept that couples the actors implies of those that do not."""


def what_makes_equilibrium(
    conflict: Conflict, preferences: Preferences, state: int | str, *, concepts: Sequence[str] = USUAL
) -> xr.Dataset:
    """Return how far a state is from being stable for everybody, and how many rankings make it so.

    Under Nash, GMR and SMR each actor's ranking decides by itself, so shares multiply and changes add
    up. Under SEQ and SSEQ an actor's improvements are what deters others. There the joint share is that
    among draws of everybody's ranking, with a fixed seed (MOST_DRAWN, or MOST_RANKS ranks), and the
    change is searched for: the state rises for one actor after another until it is stable for all, or
    to where Nash wants it, if that is less. It cannot be less than GMR or SMR wants, which SEQ and SSEQ
    imply.

    Returns
    -------
    Dataset with `ranking_share`, `ranking_share_error` and `rise` (concept, actor); `joint_share`,
    `joint_share_error`, `rise_total`, `rise_bound` and `is_proved` (concept): that no smaller total is
    enough. See `what_makes_stable` for shares and rises; a rise counts states passed, which are swaps
    of neighbours in a strict ranking. In `ranking_share` of SEQ and SSEQ the others rank as given.

    Raises
    ------
    CallError: as `what_makes_stable`.
    """
    start = place_of(conflict, state)
    actors = range(len(conflict.actors))
    bounding = [_WEAKER.get(concept, concept) for concept in concepts]
    enough = ["nash" if concept in _WEAKER else concept for concept in concepts]
    met_if = {
        concept: [condition(conflict, preferences, start, actor, concept) for actor in actors]
        for concept in dict.fromkeys((*concepts, *bounding, *enough))
    }
    alone = {concept: _alone(met_if[concept], preferences) for concept in (*bounding, *enough)}
    shares = np.empty((len(concepts), len(actors), 2))
    for at, concept in enumerate(concepts):
        for actor in actors:
            found = share(met_if[concept][actor], preferences.rank[actor])
            shares[at, actor] = found.value, found.error
    rises = np.stack(
        [
            _least(conflict, preferences, start, concept, alone[by])
            for concept, by in zip(concepts, enough, strict=True)
        ]
    )
    bounds = [alone[concept].sum() for concept in bounding]
    joint = [_joint(conflict, start, concept, own) for concept, own in zip(concepts, shares, strict=True)]
    return _labelled(conflict, concepts, shares, rises, np.array(bounds), np.array(joint))


def _least(
    conflict: Conflict, preferences: Preferences, state: int, concept: str, alone: IntArray
) -> IntArray:
    """Return by how many states it rises for each actor in the least change found; `alone` is enough."""
    if concept not in _WEAKER:
        return alone
    in_turn = _in_turn(conflict, preferences, state, concept)
    return in_turn if in_turn.sum() < alone.sum() else alone


def _alone(met_if: Sequence[Condition], preferences: Preferences) -> IntArray:
    """Return by how many states it must rise for each actor, by its own ranking alone."""
    found = [len(rise(own, rank)) for own, rank in zip(met_if, preferences.rank, strict=True)]
    return np.array(found, dtype=np.int64)


def _in_turn(conflict: Conflict, preferences: Preferences, state: int, concept: str) -> IntArray:
    """Return the rises if each actor in turn lifts the state as far as it must, until nobody has to.

    It rises to just above those it catches up with. A rise never has to be undone, so it ends at the
    latest where it is the best for all.
    """
    rank = _doubled(preferences.rank)
    is_settled = False
    while not is_settled:
        is_settled = True
        for actor in range(len(rank)):
            passed = rise(
                condition(conflict, replace(preferences, rank=rank), state, actor, concept), rank[actor]
            )
            if passed:
                rank[actor, state] = rank[actor, passed[-1]] + 1
                is_settled = False
    before, after = preferences.rank[:, [state]], rank[:, [state]]
    is_passed = (preferences.rank > before) & (_doubled(preferences.rank) < after)
    return np.asarray(is_passed.sum(axis=1), dtype=np.int64)


def _doubled(rank: RankArray) -> RankArray:
    """Return ranks that order alike, with room between any two."""
    return 2 * gapless(rank)


def _joint(conflict: Conflict, state: int, concept: str, shares: Array) -> tuple[float, float]:
    """Return the share of everybody's strict rankings by which the state is an equilibrium, and its error.

    The error of a product of drawn shares is that of first order.
    """
    if concept not in _WEAKER:
        value = float(np.prod(shares[:, 0]))
        return value, value * float(np.sqrt(((shares[:, 1] / np.maximum(shares[:, 0], 1e-300)) ** 2).sum()))
    rng = np.random.default_rng(_SEED)
    places = np.arange(conflict.size, dtype=np.int32)
    draws = min(MOST_DRAWN, max(2, MOST_RANKS // (len(conflict.actors) * conflict.size)))
    ranks = rng.permuted(np.tile(places, (draws, len(conflict.actors), 1)), axis=2)
    found = robustness(conflict, ranks, concepts=[concept]).isel(concept=0, state=state)
    return float(found["equilibrium_probability"]), float(found["equilibrium_error"])


def _labelled(
    conflict: Conflict,
    concepts: Sequence[str],
    shares: Array,
    rises: IntArray,
    bounds: IntArray,
    joint: Array,
) -> xr.Dataset:
    import xarray as xr

    total = rises.sum(axis=1)
    found = {
        "ranking_share": ((CONCEPT, ACTOR), shares[:, :, 0]),
        "ranking_share_error": ((CONCEPT, ACTOR), shares[:, :, 1]),
        "rise": ((CONCEPT, ACTOR), rises),
        "joint_share": (CONCEPT, joint[:, 0]),
        "joint_share_error": (CONCEPT, joint[:, 1]),
        "rise_total": (CONCEPT, total),
        "rise_bound": (CONCEPT, bounds),
        "is_proved": (CONCEPT, total == bounds),
    }
    return described(xr.Dataset(found, coords={CONCEPT: list(concepts), ACTOR: list(conflict.actors)}))
