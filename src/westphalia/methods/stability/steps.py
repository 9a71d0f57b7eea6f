"""The moves of one actor out of a few states at a time, without listing all moves of the conflict."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from westphalia.methods.arrays import Array
from westphalia.methods.stability.conflict import Conflict, IntArray


@dataclass(frozen=True)
class Steps:
    """The moves of the actor at a place of the conflict, in either form.

    In option form the states that differ in the actor's own moves alone form a block. Only feasible
    ones are looked at; the blocks are found once, by a sort of the states.
    """

    conflict: Conflict
    actor: int

    def out_of(self, states: Array) -> tuple[IntArray, IntArray]:
        """Return every move out of the states given: its place in `states`, ascending, and its target."""
        states = np.asarray(states, dtype=np.int64)
        if self.conflict.arcs is not None:
            arcs = self.conflict.arcs[self.actor]
            origin, at = _spread(arcs.starts[states], arcs.starts[states + 1])
            return origin, np.asarray(arcs.targets[at], dtype=np.int64)
        order, starts, block, keys, guard = self.blocks
        origin, at = _spread(starts[block[states]], starts[block[states] + 1])
        source, target = states[origin], order[at]
        is_move = (source != target) & (((keys[target] | guard) - keys[source]) & guard == guard)
        return origin[is_move], target[is_move]

    @cached_property
    def blocks(self) -> tuple[IntArray, IntArray, IntArray, IntArray, int]:
        """Return the states block by block, where each starts there, each state's block, and directions."""
        conflict = self.conflict
        codes = conflict.code_of(np.arange(conflict.size))
        _, block = np.unique(conflict.rest_of(self.actor, codes), return_inverse=True)
        starts = np.concatenate([[0], np.cumsum(np.bincount(block))])
        order = np.argsort(block, kind="stable")
        return order, starts, block, *conflict.directions(self.actor, codes)


def _spread(starts: IntArray, ends: IntArray) -> tuple[IntArray, IntArray]:
    """Return the numbers from start to end of each row in turn, and the row of each."""
    many = ends - starts
    row = np.repeat(np.arange(len(starts)), many)
    before = np.cumsum(many) - many
    return row, np.arange(len(row)) - before[row] + starts[row]
