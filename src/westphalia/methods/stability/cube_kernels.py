"""Compiled floods over a cube of states: blocks that differ in one actor's moves alone, without any arc.

A cell is a place in the cube, feasible or not. The cells of one block of a mover lie `stride` apart,
and the place of a cell in its block is the mover's *strategy* there. `members` lists the feasible
strategies of each block, block after block in rows as long as the mover has strategies.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from westphalia.compiled import compiled
from westphalia.methods.arrays import Array
from westphalia.methods.stability.conflict import BoolArray, IntArray, RankArray


class Blocks(NamedTuple):
    """The blocks of all actors: how their cells lie, who is in them, and what directions permit.

    `strides`, `counts` (actor) are those of strategies; `keys` (actor, strategy) and `guards` (actor)
    are as in Conflict.directions. `members` (actor, cell) is filled up to `ends`, which holds the
    blocks of all actors, those of each from its `offsets` (actor) on. `ranks` (actor, cell) is what
    an actor improves by; empty where any move will do.
    """

    strides: IntArray
    counts: IntArray
    guards: IntArray
    keys: IntArray
    offsets: IntArray
    ends: RankArray
    members: Array
    ranks: RankArray


@compiled
def fill(order: IntArray, stride: int, count: int, members: Array, ends: RankArray) -> None:
    """Write the cells of `order` into the blocks of one actor, in that order; `ends` starts at 0."""
    for cell in order:
        high, low = divmod(cell, stride * count)
        strategy, rest = divmod(low, stride)
        block = high * stride + rest
        members[block * count + ends[block]] = strategy
        ends[block] += 1


@compiled
def flood(order: IntArray, values: RankArray, movers: IntArray, blocks: Blocks) -> None:
    """Replace `values` (cell) by the least value among a cell and those its movers can reach.

    `order` lists the feasible cells by value, ascending. Each cell takes the value of the first
    that it reaches, and leaves the list of its block when next it is met there, so where moves go
    both ways every cell is met once a mover. What is left in `members` of one-way moves changes.
    """
    is_done = np.zeros(len(values), dtype=np.bool_)
    stack = np.empty(len(order), dtype=np.int32)
    heads = np.zeros_like(blocks.ends)
    for seed in order:
        if is_done[seed]:
            continue
        is_done[seed] = True
        stack[0], top = seed, 1
        while top > 0:
            top -= 1
            reached = stack[top]
            for mover in movers:
                top = _arrive(reached, mover, blocks, heads, is_done, values, stack, top)


@compiled
def _arrive(
    reached: int,
    mover: int,
    blocks: Blocks,
    heads: RankArray,
    is_done: BoolArray,
    values: RankArray,
    stack: RankArray,
    top: int,
) -> int:
    """Give the value of `reached` to the cells of its block from which the mover goes there.

    They go on the stack, whose new top is returned. Members from the block's head on are still
    listed, by rank ascending; only those that rank lower than `reached` improve by going there.
    """
    stride, count, guard = blocks.strides[mover], blocks.counts[mover], blocks.guards[mover]
    high, low = divmod(reached, stride * count)
    strategy, rest = divmod(low, stride)
    block, base = high * stride + rest, reached - strategy * stride
    key, is_any = blocks.keys[mover, strategy] | guard, len(blocks.ranks) == 0
    start, place = block * count, blocks.offsets[mover] + block
    at = head = start + heads[place]
    kept = 0
    while at < start + blocks.ends[place]:
        member = np.int64(blocks.members[mover, at])
        cell = base + member * stride
        if not is_any and blocks.ranks[mover, cell] >= blocks.ranks[mover, reached]:
            break
        if not is_done[cell] and (key - blocks.keys[mover, member]) & guard == guard:
            is_done[cell] = True
            values[cell] = values[reached]
            stack[top] = cell
            top += 1
        elif not is_done[cell]:
            blocks.members[mover, head + kept] = member
            kept += 1
        at += 1
    for back in range(1, kept + 1):
        blocks.members[mover, at - back] = blocks.members[mover, head + kept - back]
    heads[place] = at - kept - start
    return top
