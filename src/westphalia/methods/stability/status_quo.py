"""How to get from today's state to another: shortest ways by any moves, and by improvements only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from westphalia.labels import ATTRACTOR, GOAL, ROUTE, STATE, STEP, described
from westphalia.methods.arrays import FloatArray
from westphalia.methods.stability import status_quo_kernels as kernels
from westphalia.methods.stability.concepts import stability
from westphalia.methods.stability.conflict import (
    BoolArray,
    Conflict,
    IntArray,
    Preferences,
    RankArray,
    joined,
)
from westphalia.methods.stability.graph import Graph
from westphalia.methods.stability.preferences import place_of
from westphalia.methods.stability.sets import are_ranked, fits
from westphalia.methods.stability.steps import Steps

if TYPE_CHECKING:
    import xarray as xr

ROUTES = ("moves", "improvements")
"""Each step of a way may be any move, or must be an improvement of its mover."""

_GOAL_CONCEPTS = ("nash", "seq")
NO_RANKS = np.zeros((0, 0), dtype=np.int32)
"""Stands for ranks where any move will do."""


def status_quo(
    conflict: Conflict,
    preferences: Preferences,
    start: int | str,
    *,
    goals: Sequence[int | str] | None = None,
) -> xr.Dataset:
    """Return whether and how each goal can be reached from the start, nobody moving twice running.

    Parameters
    ----------
    conflict: states and moves.
    preferences: ranks, without unknown pairs.
    start: today's state, by name or place.
    goals: states by name or place; by default all equilibria by Nash or sequential stability.

    Returns
    -------
    Dataset over `route` (moves, improvements) and `goal`: `is_reachable`; `way_length`, how many moves
    the shortest way has, -1 if there is none; and one shortest way: `way_state`, `way_mover` (route,
    goal, step), the places of the states from the start on and of the actors who move there, -1 for the
    start's mover and past the end. `goal_state` (goal) is the place of the goal. Read from the goal
    backwards, each state of the way is reached by the first actor who can come there in so many moves,
    from the first state, by place, where it then moves. Where moves are free and go both ways, a search
    costs a sort of the states and one look at each for each actor; with one-way moves up to one at each
    move; otherwise one at each move for each actor.

    Raises
    ------
    CallError: a name is no state (code ``unknown-state``, ``infeasible-state``), preferences do not
        fit (``preferences-differ``) or are unknown (``preference-unknown``), or the conflict is too
        large (``conflict-too-large``).
    """
    fits(conflict, preferences)
    are_ranked(preferences)
    begin = place_of(conflict, start)
    wanted = _goals(conflict, preferences, goals)
    searches = [search(conflict, begin, ranks) for ranks in (NO_RANKS, preferences.rank)]
    ways = [[search.way(int(goal)) for goal in wanted] for search in searches]
    return _labelled(conflict, wanted, ways).assign_attrs(start=conflict.name(begin))


def attractors(conflict: Conflict, preferences: Preferences, start: int | str) -> xr.Dataset:
    """Return where improvements can lead from the start, if everybody improves as long as somebody can.

    An attractor is a set of states that improvements do not lead out of, and within which they lead
    from every state to every other: a single state that nobody can improve on, or a cycle. Here
    anybody may move twice running.

    Returns
    -------
    Dataset with `attractor_size` and `attractor_length`, how many states an attractor has and the
    fewest improvements that lead there, `attractor_state`, the place of the state reached first
    (attractor; the nearest first); and `attractor_of` (state), the place of the attractor that a state
    belongs to, or -1. Every move of the conflict is listed.

    Raises
    ------
    CallError: as `status_quo`.
    """
    fits(conflict, preferences)
    are_ranked(preferences)
    begin = place_of(conflict, start)
    length, group = _closed_groups(conflict, preferences.rank, begin)
    states = np.flatnonzero(group >= 0)
    states = states[np.argsort(length[states], kind="stable")]
    _, first, sizes = np.unique(group[states], return_index=True, return_counts=True)
    order = np.argsort(first)
    place = np.full(conflict.size + 1, -1, dtype=np.int64)
    place[np.unique(group[states])[order]] = np.arange(len(order))
    return _described_attractors(conflict, states[first[order]], sizes[order], length, place[group])


# --- ways ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Search:
    """What a search found, by node: `layers` nodes for each state."""

    ways: kernels.Ways
    layers: int

    @property
    def is_reached(self) -> BoolArray:
        """Which states some way leads to, the start among them (state)."""
        return np.asarray((self.ways.length.reshape(-1, self.layers) >= 0).any(axis=1))

    def way(self, goal: int) -> list[tuple[int, int]] | None:
        """Return states and who moves there from the start to the goal, or None if no way leads there."""
        nodes = np.arange(goal * self.layers, (goal + 1) * self.layers)
        reached = nodes[self.ways.length[nodes] >= 0]
        if not len(reached):
            return None
        node = int(reached[np.argmin(self.ways.length[reached])])
        steps = []
        while node >= 0:
            steps.append((node // self.layers, int(self.ways.mover[node])))
            node = int(self.ways.source[node])
        return steps[::-1]


def search(conflict: Conflict, start: int, ranks: RankArray) -> Search:
    """Return all shortest ways from the start; with `ranks` (actor, state) by improvements only."""
    if conflict.arcs is None:
        ways = _no_ways(conflict.size)
        kernels.over_blocks(start, _blocks(conflict, ranks), ranks, ways)
        return Search(ways, 1)
    layers = len(conflict.actors) + 1
    ways = _no_ways(conflict.size * layers)
    kernels.over_arcs(start, *joined(conflict.arcs), ranks, ways)
    return Search(ways, layers)


def _no_ways(nodes: int) -> kernels.Ways:
    return kernels.Ways(
        np.full(nodes, -1, dtype=np.int32),
        np.full(nodes, -1, dtype=np.int64),
        np.full(nodes, -1, dtype=np.int32),
    )


def _blocks(conflict: Conflict, ranks: RankArray) -> kernels.Blocks:
    found = [Steps(conflict, actor).blocks for actor in range(len(conflict.actors))]
    most = max(len(starts) for _, starts, _, _, _ in found)
    bounds = np.zeros((len(found), most), dtype=np.int64)
    orders = []
    for actor, (order, starts, block, _, _) in enumerate(found):
        bounds[actor, : len(starts)] = starts
        orders.append(np.lexsort((-ranks[actor], block)) if len(ranks) else order)
    blocks, keys = (np.stack([each[at] for each in found]) for at in (2, 3))
    guards = np.array([each[4] for each in found], dtype=np.int64)
    return kernels.Blocks(np.stack(orders), bounds[:, :-1].copy(), bounds[:, 1:].copy(), blocks, keys, guards)


def _goals(conflict: Conflict, preferences: Preferences, goals: Sequence[int | str] | None) -> IntArray:
    if goals is not None:
        return np.array([place_of(conflict, goal) for goal in goals], dtype=np.int64)
    found = stability(conflict, preferences, concepts=_GOAL_CONCEPTS)["is_equilibrium"].values
    return np.flatnonzero(found.any(axis=0))


def _labelled(
    conflict: Conflict, wanted: IntArray, ways: Sequence[Sequence[list[tuple[int, int]] | None]]
) -> xr.Dataset:
    import xarray as xr

    longest = max((len(way) for row in ways for way in row if way is not None), default=1)
    padded = np.full((2, len(ROUTES), len(wanted), longest), -1, dtype=np.int64)
    length = np.full((len(ROUTES), len(wanted)), -1, dtype=np.int64)
    for route, row in enumerate(ways):
        for goal, way in enumerate(row):
            if way is not None:
                padded[:, route, goal, : len(way)] = np.transpose(way)
                length[route, goal] = len(way) - 1
    found = {
        "is_reachable": ((ROUTE, GOAL), length >= 0),
        "way_length": ((ROUTE, GOAL), length),
        "way_state": ((ROUTE, GOAL, STEP), padded[0]),
        "way_mover": ((ROUTE, GOAL, STEP), padded[1]),
        "goal_state": (GOAL, wanted),
    }
    names = [conflict.name(int(goal)) for goal in wanted]
    return described(xr.Dataset(found, coords={ROUTE: list(ROUTES), GOAL: np.array(names, dtype=str)}))


# --- attractors ----------------------------------------------------------------------------------


def _closed_groups(conflict: Conflict, rank: RankArray, start: int) -> tuple[FloatArray, IntArray]:
    """Return how many improvements lead to each state from the start, and the attractor it is in, or -1."""
    size = conflict.size
    arcs = Graph.of(conflict).improving(rank).arcs
    source = np.concatenate([own.sources for own in arcs])
    target = np.concatenate([own.targets for own in arcs])
    graph = csr_array((np.ones(len(source), dtype=np.int8), (source, target)), shape=(size, size))
    length = dijkstra(graph, indices=start, unweighted=True)
    _, group = connected_components(graph, connection="strong")
    is_closed = np.ones(size, dtype=np.bool_)
    is_closed[group[source[group[source] != group[target]]]] = False
    return length, np.where(is_closed[group] & np.isfinite(length), group, -1).astype(np.int64)


def _described_attractors(
    conflict: Conflict, nearest: IntArray, sizes: IntArray, length: FloatArray, attractor_of: IntArray
) -> xr.Dataset:
    import xarray as xr

    found = {
        "attractor_size": (ATTRACTOR, sizes),
        "attractor_length": (ATTRACTOR, length[nearest].astype(np.int64)),
        "attractor_state": (ATTRACTOR, nearest),
        "attractor_of": (STATE, attractor_of),
    }
    return described(xr.Dataset(found, coords={STATE: conflict.coordinate()}))
