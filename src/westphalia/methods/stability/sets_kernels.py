"""Compiled work on sets of states, packed 64 to a word: relations, legal sequences, sanctions."""

from __future__ import annotations

from typing import Any

import numpy as np

from westphalia.compiled import compiled
from westphalia.methods.stability.conflict import BoolArray, IntArray, RankArray

Rows = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]
"""One set of states a row: state s is bit s % 64 of word s // 64. Bits past the last state are 0."""
Nodes = np.ndarray[tuple[int, ...], np.dtype[np.int32]]

_ONE = np.uint64(1)


@compiled
def has(row: Rows, state: int) -> bool:
    """Return whether the set holds the state."""
    return bool((row[state >> 6] >> np.uint64(state & 63)) & _ONE)


@compiled
def put(row: Rows, state: int) -> None:
    """Add the state to the set."""
    row[state >> 6] |= _ONE << np.uint64(state & 63)


@compiled
def lowest(word: Any) -> int:
    """Return the place of the lowest bit of a word that is not 0."""
    place = 0
    for width in (32, 16, 8, 4, 2, 1):
        if not word & ((_ONE << np.uint64(width)) - _ONE):
            word >>= np.uint64(width)
            place += width
    return place


@compiled
def pack(flags: BoolArray, rows: Rows) -> None:
    """Write sets given as booleans (set, state) into `rows`, which hold 0."""
    for at in range(flags.shape[0]):
        for state in range(flags.shape[1]):
            if flags[at, state]:
                put(rows[at], state)


@compiled
def rank_above(order: IntArray, rank: RankArray, rows: Rows) -> None:
    """Write for each state the set of those that rank higher; `order` lists states, best first."""
    above = np.zeros(rows.shape[1], dtype=np.uint64)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and rank[order[end]] == rank[order[start]]:
            rows[order[end]] = above
            end += 1
        for at in range(start, end):
            put(above, order[at])
        start = end


@compiled
def ends_of(starts: IntArray, targets: IntArray, rows: Rows) -> None:
    """Add to each state's set the targets of its arcs."""
    for state in range(len(starts) - 1):
        for arc in range(starts[state], starts[state + 1]):
            put(rows[state], targets[arc])


@compiled
def fill_members(rows: Rows, members: Nodes) -> None:
    """Write the members of all sets, one after another, ascending in each."""
    at = 0
    for row in rows:
        for word in range(len(row)):
            left = row[word]
            while left:
                members[at] = 64 * word + lowest(left)
                left &= left - _ONE
                at += 1


@compiled
def is_in(starts: IntArray, targets: IntArray, rows: Rows, found: BoolArray) -> None:
    """Write for each arc whether the source's set holds its target."""
    for state in range(len(starts) - 1):
        for arc in range(starts[state], starts[state + 1]):
            found[arc] = has(rows[state], targets[arc])


@compiled
def components(starts: IntArray, nodes: Nodes, width: int, is_free: bool, component: Nodes) -> int:
    """Write the strongly connected component of each node, ends of walks first; return how many there are.

    Node s·width + j is state s, reached by mover j. `nodes[starts[s]:starts[s + 1]]` are the nodes
    that moves out of s lead to; unless `is_free`, the mover that led there does not move again. This
    is Tarjan's search with its stacks made explicit; each arc is seen once a node.
    """
    size = (len(starts) - 1) * width
    seen, low = np.full(size, -1, dtype=np.int32), np.zeros(size, dtype=np.int32)
    arc = np.empty(size, dtype=np.int64)
    path, open_nodes = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int32)
    component[:] = -1
    clock = top = total = 0
    for root in range(size):
        depth = -1
        if seen[root] < 0:
            depth, clock, top = _enter(
                root, depth, clock, top, starts, width, seen, low, arc, path, open_nodes
            )
        while depth >= 0:
            node = path[depth]
            if arc[node] < starts[node // width + 1]:
                target = nodes[arc[node]]
                arc[node] += 1
                if not is_free and target % width == node % width:
                    continue
                if seen[target] < 0:
                    depth, clock, top = _enter(
                        target, depth, clock, top, starts, width, seen, low, arc, path, open_nodes
                    )
                elif component[target] < 0:
                    low[node] = min(low[node], seen[target])
                continue
            depth -= 1
            if depth >= 0:
                low[path[depth]] = min(low[path[depth]], low[node])
            if low[node] == seen[node]:
                top = _close(node, top, total, open_nodes, component)
                total += 1
    return total


@compiled
def _enter(
    node: int,
    depth: int,
    clock: int,
    top: int,
    starts: IntArray,
    width: int,
    seen: Nodes,
    low: Nodes,
    arc: IntArray,
    path: Nodes,
    open_nodes: Nodes,
) -> tuple[int, int, int]:
    seen[node] = low[node] = clock
    arc[node] = starts[node // width]
    path[depth + 1] = open_nodes[top] = node
    return depth + 1, clock + 1, top + 1


@compiled
def _close(node: int, top: int, number: int, open_nodes: Nodes, component: Nodes) -> int:
    while component[node] < 0:
        top -= 1
        component[open_nodes[top]] = number
    return top


@compiled
def closures(
    starts: IntArray,
    nodes: Nodes,
    width: int,
    is_free: bool,
    component: Nodes,
    order: IntArray,
    rows: Rows,
) -> None:
    """Write for each component the states on walks from it, its own included.

    `order` lists the nodes by component. What a component leads to has a lower number, so its set
    is there already; each pair of components is joined once.
    """
    last = np.full(len(rows), -1, dtype=np.int32)
    for node in order:
        own, state = component[node], node // width
        put(rows[own], state)
        last[own] = own
        for arc in range(starts[state], starts[state + 1]):
            target = nodes[arc]
            other = component[target]
            # In a free walk a state that is in already has brought all it leads to.
            is_in_already = last[other] == own or (is_free and has(rows[own], target // width))
            if is_in_already or (not is_free and target % width == node % width):
                continue
            last[other] = own
            rows[own] |= rows[other]


@compiled
def first_steps(starts: IntArray, nodes: Nodes, component: Nodes, closed: Rows, rows: Rows) -> None:
    """Write for each state the states on walks of at least one move from it."""
    for state in range(len(starts) - 1):
        for arc in range(starts[state], starts[state + 1]):
            rows[state] |= closed[component[nodes[arc]]]


@compiled
def unpunished(
    states: IntArray,
    tempting: Rows,
    replies: Rows,
    deterring: Rows,
    onward: Rows,
    filled: Rows,
    is_symmetric: bool,
    is_first_only: bool,
    found: Rows,
) -> None:
    """Write for each of `states` those of its tempting states from which no reply deters.

    A reply deters if it is in the state's deterring set and, if `is_symmetric`, all that the focal
    actor can go on to (`onward`) is there too; `filled` says which words of `onward` hold anything, so
    that few moves are quickly looked through. `is_first_only` stops at the first one found.
    """
    known = np.zeros(len(tempting), dtype=np.int8)
    for at in range(len(states)):
        state = states[at]
        known[:] = 0
        for word in range(tempting.shape[1]):
            left = tempting[state, word]
            while left:
                target = 64 * word + lowest(left)
                left &= left - _ONE
                if not _is_punished(replies[target], deterring[state], onward, filled, is_symmetric, known):
                    put(found[at], target)
                    if is_first_only:
                        left = np.uint64(0)
            if is_first_only and found[at, word]:
                break


@compiled
def _is_punished(
    replies: Rows,
    deterring: Rows,
    onward: Rows,
    filled: Rows,
    is_symmetric: bool,
    known: np.ndarray[Any, np.dtype[np.int8]],
) -> bool:
    """Return whether some reply deters; `known` keeps 1 for replies that do, 2 for those escaped."""
    for word in range(len(replies)):
        left = replies[word] & deterring[word]
        if left and not is_symmetric:
            return True
        while left:
            reply = 64 * word + lowest(left)
            left &= left - _ONE
            if known[reply] == 0:
                known[reply] = 1 if _is_within(onward[reply], filled[reply], deterring) else 2
            if known[reply] == 1:
                return True
    return False


@compiled
def _is_within(row: Rows, filled: Rows, other: Rows) -> bool:
    for part in range(len(filled)):
        left = filled[part]
        while left:
            word = 64 * part + lowest(left)
            left &= left - _ONE
            if row[word] & ~other[word]:
                return False
    return True
