"""Stability where an actor cannot order some states: four attitudes to what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from westphalia.labels import ACTOR, ATTITUDE, CONCEPT, STATE, described
from westphalia.methods.stability.conflict import Arcs, BoolArray, Conflict, Preferences
from westphalia.methods.stability.sets import (
    FORESIGHT,
    THREADS,
    Relation,
    are_known,
    better,
    ends,
    fits,
    moves_in,
    not_in,
    nothing,
    packed,
    reached,
    unpunished,
    within,
)
from westphalia.methods.stability.sets_kernels import Rows

if TYPE_CHECKING:
    import xarray as xr

ATTITUDES = ("a", "b", "c", "d")
"""a: bold, moves to what may be better and fears only what it knows. b: leaves the unknown out of
account. c: moves to what may be better and fears what may be worse. d: cautious, moves only to what
it knows to be better and fears what may be worse."""

_BOLD = ("a", "c")
_FEARFUL = ("c", "d")


def unknown_stability(
    conflict: Conflict,
    preferences: Preferences,
    *,
    concepts: Sequence[str] = tuple(FORESIGHT),
    attitudes: Sequence[str] = ATTITUDES,
) -> xr.Dataset:
    """Return which states hold for whom, by each attitude to preferences that are not known.

    Parameters
    ----------
    conflict: states and moves, at most `sets.MOST_STATES` states.
    preferences: ranks, and the pairs of states whose order is unknown.
    concepts: any of nash, gmr, smr, seq, sseq.
    attitudes: any of ATTITUDES. The others, when they reply by improvements, may always move to
        what is not known to be worse or equal for them.

    Returns
    -------
    Dataset with `is_stable` (attitude, concept, actor, state) and `is_equilibrium` (attitude,
    concept, state). Where nothing is unknown all attitudes agree with `stability`. The worst time
    is that of n³/64 for symmetric concepts; in practice seconds for thousands of states.

    Raises
    ------
    CallError: what `sets.moves_in` and `sets.fits` raise; a concept or attitude is not known.

    References
    ----------
    li2004
    """
    are_known(concepts, list(FORESIGHT), "concept")
    are_known(attitudes, ATTITUDES, "attitude")
    fits(conflict, preferences)
    moves = moves_in(conflict)
    improvements = tuple(
        within(arcs, better_or(preferences, actor, is_bold=True)) for actor, arcs in enumerate(moves)
    )
    count = len(conflict.actors)
    is_stable = np.empty((len(attitudes), len(concepts), count, conflict.size), dtype=np.bool_)

    def judge(actor: int) -> None:
        is_stable[:, :, actor] = _of_actor(actor, moves, improvements, preferences, concepts, attitudes)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(judge, range(count)))
    return _labelled(conflict, concepts, attitudes, is_stable)


def _of_actor(
    actor: int,
    moves: tuple[Arcs, ...],
    improvements: tuple[Arcs, ...],
    preferences: Preferences,
    concepts: Sequence[str],
    attitudes: Sequence[str],
) -> BoolArray:
    """Return in which states the actor is stable (attitude, concept, state)."""
    size = preferences.rank.shape[1]
    others = [other for other in range(len(moves)) if other != actor]
    # Whether a reply can lead back to where it began counts here, so nobody moves twice running.
    replies = {
        "none": nothing(size),
        "any": reached([moves[other] for other in others], size, is_free=False),
        "improvements": reached([improvements[other] for other in others], size, is_free=False),
    }
    reach = ends(moves[actor])
    found = np.empty((len(attitudes), len(concepts), size), dtype=np.bool_)
    for row, attitude in enumerate(attitudes):
        relation = relation_of(preferences, actor, attitude)
        for at, concept in enumerate(concepts):
            sight = FORESIGHT[concept]
            left = unpunished(relation, reach, replies[sight.replies], is_symmetric=sight.is_symmetric)
            found[row, at] = ~left.any(axis=1)
    return found


def relation_of(preferences: Preferences, actor: int, attitude: str) -> Relation:
    """Return what tempts and what deters an actor of that attitude."""
    tempting = better_or(preferences, actor, is_bold=attitude in _BOLD)
    # To deter, a state must be known not to be better; or, to the fearful, not known to be better.
    worth_it = better_or(preferences, actor, is_bold=attitude not in _FEARFUL)
    return Relation(tempting, not_in(worth_it))


def better_or(preferences: Preferences, actor: int, *, is_bold: bool) -> Rows:
    """Return for each state those known to be better for the actor and, if bold, those that may be."""
    known = better(preferences.rank[actor])
    pairs = None if preferences.unknown is None else preferences.unknown[actor]
    if pairs is None:
        return known
    unknown = packed(pairs)
    return np.asarray(known | unknown if is_bold else known & ~unknown)


def _labelled(
    conflict: Conflict, concepts: Sequence[str], attitudes: Sequence[str], is_stable: BoolArray
) -> xr.Dataset:
    import xarray as xr

    return described(
        xr.Dataset(
            {
                "is_stable": ((ATTITUDE, CONCEPT, ACTOR, STATE), is_stable),
                "is_equilibrium": ((ATTITUDE, CONCEPT, STATE), is_stable.all(axis=2)),
            },
            coords={
                ATTITUDE: list(attitudes),
                CONCEPT: list(concepts),
                ACTOR: list(conflict.actors),
                STATE: conflict.coordinate(),
            },
        )
    )
