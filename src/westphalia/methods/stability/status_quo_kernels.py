"""Compiled searches for shortest ways from one state, level by level: over blocks, and over arcs.

Both give every state the same shortest way where moves are transitive: each state is reached by the
first actor who can get there in so many moves, from the first state, by place, where it then moves.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from westphalia.compiled import compiled
from westphalia.methods.arrays import Array
from westphalia.methods.stability.conflict import IntArray, RankArray


class Blocks(NamedTuple):
    """Blocks of states that differ in one actor's free moves alone.

    `order` (actor, state) lists the states block by block, the best for the actor first; each block
    goes from `heads` to `ends` (actor, block) in it. `block` (actor, state) is the block of each
    state. `keys` (actor, state) and `guards` (actor) tell directions, see Conflict.directions.
    """

    order: IntArray
    heads: IntArray
    ends: IntArray
    block: IntArray
    keys: IntArray
    guards: IntArray


class Ways(NamedTuple):
    """Shortest ways to each node: how many moves, from which node, by whom; -1 where there is none."""

    length: RankArray
    source: IntArray
    mover: RankArray


@compiled
def over_blocks(start: int, blocks: Blocks, ranks: RankArray, ways: Ways) -> None:
    """Find the ways (state) from `start` by free moves; with `ranks` (actor, state) by improvements.

    States leave the lists of their blocks once they are met, so `heads` and `order` change, and
    where moves go both ways each state is met once an actor.
    """
    queue = np.empty(len(ways.length), dtype=np.int64)
    queue[0], begin, end = start, 0, 1
    ways.length[start] = 0
    while begin < end:
        queue[begin:end] = np.sort(queue[begin:end])
        top = end
        for mover in range(len(blocks.order)):
            for at in range(begin, end):
                top = _leave(queue[at], mover, blocks, ranks, ways, queue, top)
        begin, end = end, top


@compiled
def _leave(
    state: int, mover: int, blocks: Blocks, ranks: RankArray, ways: Ways, queue: IntArray, top: int
) -> int:
    """Put on the queue what the mover reaches from the state; return the queue's new end."""
    order, keys, guard = blocks.order[mover], blocks.keys[mover], blocks.guards[mover]
    block = blocks.block[mover, state]
    head = blocks.heads[mover, block]
    at, kept = head, 0
    while at < blocks.ends[mover, block]:
        target = order[at]
        if len(ranks) > 0 and ranks[mover, target] <= ranks[mover, state]:
            break
        is_new = ways.length[target] < 0
        if is_new and ((keys[target] | guard) - keys[state]) & guard == guard:
            ways.length[target] = ways.length[state] + 1
            ways.source[target], ways.mover[target] = state, mover
            queue[top] = target
            top += 1
        elif is_new:
            order[head + kept] = target
            kept += 1
        at += 1
    for back in range(1, kept + 1):
        order[at - back] = order[head + kept - back]
    blocks.heads[mover, block] = at - kept
    return top


@compiled
def over_arcs(start: int, starts: Array, targets: IntArray, ranks: RankArray, ways: Ways) -> None:
    """Find the ways from `start` along arcs (see robustness_kernels.Moves), nobody moving twice running.

    Nodes are states with who moved there: with A actors, state · (A + 1) + actor, or + A if nobody
    has moved yet. With `ranks` (actor, state) only improvements count.
    """
    layers = len(starts) + 1
    queue = np.empty(len(ways.length), dtype=np.int64)
    queue[0], begin, end = start * layers + layers - 1, 0, 1
    ways.length[queue[0]] = 0
    while begin < end:
        queue[begin:end] = np.sort(queue[begin:end])
        top = end
        for at in range(begin, end):
            state, last = divmod(queue[at], layers)
            for mover in range(layers - 1):
                if mover == last:
                    continue
                for arc in range(starts[mover, state], starts[mover, state + 1]):
                    node = targets[arc] * layers + mover
                    is_better = len(ranks) == 0 or ranks[mover, targets[arc]] > ranks[mover, state]
                    if is_better and ways.length[node] < 0:
                        ways.length[node] = ways.length[queue[at]] + 1
                        ways.source[node], ways.mover[node] = queue[at], mover
                        queue[top] = node
                        top += 1
        begin, end = end, top
