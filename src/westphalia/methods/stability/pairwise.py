"""What an actor prefers, from pairs of states: which of two is better, and which are alike."""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import TopologicalSorter
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from westphalia.errors import CallError
from westphalia.methods.stability.conflict import BoolArray, Conflict, IntArray, RankArray
from westphalia.methods.stability.preferences import Order, no_pairs, place_of

StatePair = tuple[int | str, int | str]


def from_pairs(conflict: Conflict, better: Sequence[StatePair], alike: Sequence[StatePair] = ()) -> Order:
    """Return the order that follows from pairs; what does not follow is unknown.

    Parameters
    ----------
    better: pairs of states, the first preferred to the second. What is better than a better state is
        better.
    alike: pairs of states that tie.

    Raises
    ------
    CallError: a name or place is no feasible state (code ``unknown-state``, ``infeasible-state``);
        preferences run in a circle, which is given (``ranking-cycle``); there are more states than
        pairs can be listed of (``too-many-states``).

    Time grows with states times pairs, memory with the square of states.
    """
    unknown = no_pairs(conflict)
    strict, ties = (_places(conflict, pairs) for pairs in (better, alike))
    count, group = connected_components(_graph(ties, conflict.size), directed=False)
    _has_no_circle(conflict, strict, ties, group)
    above = _above(group[strict], count)
    rank: RankArray = _heights(above)[group]
    known = (above | above.T | np.eye(count, dtype=bool))[np.ix_(group, group)]
    np.logical_not(known, out=unknown)
    return Order(rank, unknown=unknown if unknown.any() else None)


def _places(conflict: Conflict, pairs: Sequence[StatePair]) -> IntArray:
    places = [[place_of(conflict, state) for state in pair] for pair in pairs]
    return np.asarray(places, dtype=np.int64).reshape(-1, 2)


def _graph(pairs: IntArray, size: int) -> csr_array:
    return csr_array((np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), shape=(size, size))


def _has_no_circle(conflict: Conflict, strict: IntArray, ties: IntArray, group: IntArray) -> None:
    """Raise CallError if some state is better than itself, counting that ties may be walked both ways."""
    walks = _graph(np.concatenate([strict, ties, ties[:, ::-1]]), conflict.size)
    _, circle = connected_components(walks, directed=True, connection="strong")
    closed = np.flatnonzero(circle[strict[:, 0]] == circle[strict[:, 1]])
    if len(closed) == 0:
        return
    best, worst = strict[closed[0]]
    way = _way(walks, int(worst), int(best))
    signs = [" ~ " if group[one] == group[other] else " > " for one, other in pairwise(way)]
    steps = "".join(sign + conflict.name(at) for sign, at in zip(signs, way[1:], strict=True))
    raise CallError(
        f"The preferences run in a circle: {conflict.name(int(best))} > {conflict.name(int(worst))}{steps}.",
        code="ranking-cycle",
        where=conflict.name(int(best)),
        hint="Drop or turn one of these pairs.",
    )


def _way(walks: csr_array, start: int, end: int) -> list[int]:
    """Return a shortest way from start to end, both included."""
    _, before = breadth_first_order(walks, start)
    way = [end]
    while way[-1] != start:
        way.append(int(before[way[-1]]))
    return way[::-1]


def _above(strict: IntArray, count: int) -> BoolArray:
    """Return which group (row) is better than which (column) by pairs and what follows from them."""
    below: dict[int, set[int]] = {group: set() for group in range(count)}
    for better, worse in strict.tolist():
        below[better].add(worse)
    above = np.zeros((count, count), dtype=bool)
    for group in TopologicalSorter(below).static_order():
        for worse in below[group]:
            above[group] |= above[worse]
            above[group, worse] = True
    return above


def _heights(above: BoolArray) -> RankArray:
    """Return for each group how many steps down there are below it, at most: better is always higher."""
    rank = np.zeros(len(above), dtype=np.int32)
    for group in np.argsort(above.sum(axis=1), kind="stable"):
        rank[group] = rank[above[group]].max(initial=-1) + 1
    return rank
