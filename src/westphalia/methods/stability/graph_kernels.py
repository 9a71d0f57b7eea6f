"""Compiled walks over graphs of moves: arcs within blocks, arcs turned round, best ends, floods."""

from __future__ import annotations

import numpy as np

from westphalia.compiled import compiled
from westphalia.methods.stability.conflict import BoolArray, IntArray, RankArray


@compiled
def count_arcs(order: IntArray, ends: IntArray, keys: IntArray, guard: int, counts: IntArray) -> None:
    """Count into `counts` (state) the moves from each state of a block to others of it.

    `order` (state) lists the states block by block, `ends` (block) says where each block ends in it.
    """
    start = 0
    for end in ends:
        for one in range(start, end):
            source, count = order[one], 0
            for other in range(start, end):
                back = ((keys[order[other]] | guard) - keys[source]) & guard
                count += other != one and back == guard
            counts[source] = count
        start = end


@compiled
def fill_arcs(
    order: IntArray, ends: IntArray, keys: IntArray, guard: int, starts: IntArray, targets: IntArray
) -> None:
    """Write the targets of the moves that `count_arcs` counts."""
    start = 0
    for end in ends:
        for one in range(start, end):
            source = order[one]
            at = starts[source]
            for other in range(start, end):
                back = ((keys[order[other]] | guard) - keys[source]) & guard
                if other != one and back == guard:
                    targets[at] = order[other]
                    at += 1
        start = end


@compiled
def turn_round(starts: IntArray, targets: IntArray, heads: IntArray, sources: IntArray) -> None:
    """Write the source of every arc into `sources`, by target; `heads` (state) is where each begins.

    `heads` is moved on to where each ends.
    """
    for source in range(len(starts) - 1):
        for arc in range(starts[source], starts[source + 1]):
            sources[heads[targets[arc]]] = source
            heads[targets[arc]] += 1


@compiled
def best_end(starts: IntArray, targets: IntArray, values: RankArray, best: RankArray) -> None:
    """Write into `best` (state) the largest value among targets; where there are none, leave it."""
    for source in range(len(starts) - 1):
        for arc in range(starts[source], starts[source + 1]):
            best[source] = max(best[source], values[targets[arc]])


@compiled
def keep_better(starts: IntArray, targets: IntArray, rank: RankArray, is_better: BoolArray) -> None:
    """Write into `is_better` (arc) whether the target ranks higher than the source."""
    for source in range(len(starts) - 1):
        for arc in range(starts[source], starts[source + 1]):
            is_better[arc] = rank[targets[arc]] > rank[source]


@compiled
def flood(order: IntArray, values: RankArray, starts: IntArray, sources: IntArray, movers: IntArray) -> None:
    """Replace `values` (state) by the least value among a state and those its movers can reach.

    `order` lists the states by value, ascending; `starts` (actor, state + 1) and `sources` (arc) are
    the arcs turned round. Every state takes the value of the first that it reaches.
    """
    is_done = np.zeros(len(order), dtype=np.bool_)
    stack = np.empty(len(order), dtype=np.int64)
    for seed in order:
        if is_done[seed]:
            continue
        is_done[seed] = True
        stack[0], top = seed, 1
        while top > 0:
            top -= 1
            reached = stack[top]
            for mover in movers:
                for arc in range(starts[mover, reached], starts[mover, reached + 1]):
                    source = sources[arc]
                    if not is_done[source]:
                        is_done[source] = True
                        values[source] = values[seed]
                        stack[top] = source
                        top += 1


@compiled
def flood_in_turns(
    order: IntArray,
    values: RankArray,
    starts: IntArray,
    sources: IntArray,
    movers: IntArray,
    least: RankArray,
) -> None:
    """Write into `least` (state) what `flood` finds, where nobody may move twice running.

    What is reached is a state together with the place k of the mover that has just come there, or
    the last place if nobody has moved yet; from there all but k may go on.
    """
    nobody = len(movers)
    is_done = np.zeros((len(order), nobody + 1), dtype=np.bool_)
    stack = np.empty(len(order) * nobody, dtype=np.int64)
    for seed in order:
        top = _arrive(seed, nobody, is_done, stack, 0)
        if not is_done[seed, nobody]:
            is_done[seed, nobody] = True
            least[seed] = values[seed]
        while top > 0:
            top -= 1
            reached, k = divmod(stack[top], nobody)
            mover = movers[k]
            for arc in range(starts[mover, reached], starts[mover, reached + 1]):
                source = sources[arc]
                if not is_done[source, nobody]:
                    is_done[source, nobody] = True
                    least[source] = values[seed]
                top = _arrive(source, k, is_done, stack, top)


@compiled
def _arrive(state: int, but: int, is_done: BoolArray, stack: IntArray, top: int) -> int:
    """Put the state on the stack with everybody as the last mover but place `but`; return the new top."""
    nobody = is_done.shape[1] - 1
    for last in range(nobody):
        if last != but and not is_done[state, last]:
            is_done[state, last] = True
            stack[top] = state * nobody + last
            top += 1
    return top
