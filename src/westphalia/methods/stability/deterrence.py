"""What deters whom: how many improvements from equilibria nothing would deter without a given actor."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from westphalia.labels import ACTOR, CONCEPT, OTHER, described
from westphalia.methods.stability.concepts import stability
from westphalia.methods.stability.conflict import Conflict, IntArray, Preferences
from westphalia.methods.stability.sets import (
    FORESIGHT,
    Relation,
    better,
    ends,
    moves_in,
    not_in,
    reached,
    sizes,
    unpunished,
    within,
)

if TYPE_CHECKING:
    import xarray as xr

DETERRED = tuple(name for name in FORESIGHT if name != "nash")


def who_deters_whom(
    conflict: Conflict, preferences: Preferences, *, concepts: Sequence[str] = DETERRED
) -> xr.Dataset:
    """Return whom each actor's restraint at equilibria is owed to.

    Parameters
    ----------
    conflict: states and moves, at most `sets.MOST_STATES` states.
    preferences: ranks, without unknown pairs.
    concepts: any of gmr, smr, seq, sseq; under nash nobody deters anybody.

    Returns
    -------
    Dataset with `deterred_count` (concept, actor): improvements that the actor has at equilibria of
    the concept and does not make, and `needed_count` (concept, actor, other_actor): how many of them
    no reply would deter if the other actor did not move. Where several could punish alone none of
    them is needed. Costs a search for every pair of actors.

    Raises
    ------
    CallError: what `concepts.stability` and `sets.moves_in` raise.
    """
    at_rest = stability(conflict, preferences, concepts=concepts)["is_equilibrium"].values
    moves = moves_in(conflict)
    above = [better(rank) for rank in preferences.rank]
    improvements = tuple(within(arcs, rows) for arcs, rows in zip(moves, above, strict=True))
    count = len(conflict.actors)
    deterred = np.zeros((len(concepts), count), dtype=np.int64)
    needed = np.zeros((len(concepts), count, count), dtype=np.int64)
    for actor, row in product(range(count), range(len(concepts))):
        sight, states = FORESIGHT[concepts[row]], np.flatnonzero(at_rest[row])
        relation, reach = Relation(above[actor], not_in(above[actor])), ends(moves[actor])
        deterred[row, actor] = sizes((reach & above[actor])[states]).sum()
        steps = moves if sight.replies == "any" else improvements
        for other in (at for at in range(count) if at != actor):
            rest = [steps[at] for at in range(count) if at not in (actor, other)]
            replies = reached(rest, conflict.size, is_free=conflict.is_transitive)
            found = unpunished(
                relation, reach, replies, is_symmetric=sight.is_symmetric, states=states, is_first_only=False
            )
            needed[row, actor, other] = sizes(found).sum()
    return _labelled(conflict, concepts, deterred, needed)


def _labelled(
    conflict: Conflict, concepts: Sequence[str], deterred: IntArray, needed: IntArray
) -> xr.Dataset:
    import xarray as xr

    names = list(conflict.actors)
    variables = {
        "deterred_count": ((CONCEPT, ACTOR), deterred),
        "needed_count": ((CONCEPT, ACTOR, OTHER), needed),
    }
    return described(xr.Dataset(variables, coords={CONCEPT: list(concepts), ACTOR: names, OTHER: names}))
