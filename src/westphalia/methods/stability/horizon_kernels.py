"""Compiled step of looking one move further ahead."""

from __future__ import annotations

import numpy as np

from westphalia.compiled import compiled
from westphalia.methods.stability.conflict import BoolArray, IntArray, RankArray


@compiled
def look_further(
    starts: IntArray,
    targets: IntArray,
    rank: RankArray,
    before: RankArray,
    is_hopeful: bool,
    would_move: BoolArray,
    ends: RankArray,
) -> None:
    """Write who would move where, and what is expected with one move more to come.

    `before` and `ends` (actor, mover, state) are what each actor expects, in its own ranks, where
    the mover has just brought about the state; `would_move` is (actor, state).
    """
    count, size = rank.shape
    after = np.empty((count, count), dtype=np.int32)
    for state in range(size):
        for mover in range(count):
            low, high = starts[mover, state], starts[mover, state + 1]
            best = rank[mover, state]
            for arc in range(low, high):
                best = max(best, before[mover, mover, targets[arc]])
            would_move[mover, state] = best > rank[mover, state]
            if would_move[mover, state]:
                _after(mover, best, targets[low:high], before, is_hopeful, after)
        for last in range(count):
            _expect(state, last, rank, after, is_hopeful, would_move, ends)


@compiled
def _after(
    mover: int, best: int, targets: IntArray, before: RankArray, is_hopeful: bool, after: RankArray
) -> None:
    """Write into `after` (actor, mover) what each actor expects of the best move of the mover."""
    for actor in range(len(after)):
        is_first = True
        for target in targets:
            if before[mover, mover, target] == best:
                end = before[actor, mover, target]
                if is_first or (end > after[actor, mover] if is_hopeful else end < after[actor, mover]):
                    after[actor, mover] = end
                is_first = False


@compiled
def _expect(
    state: int,
    last: int,
    rank: RankArray,
    after: RankArray,
    is_hopeful: bool,
    would_move: BoolArray,
    ends: RankArray,
) -> None:
    """Write what each actor expects in the state that `last` has brought about."""
    for actor in range(len(after)):
        is_first, expected = True, rank[actor, state]
        for mover in range(len(after)):
            if mover != last and would_move[mover, state]:
                end = after[actor, mover]
                if is_first or (end > expected if is_hopeful else end < expected):
                    expected = end
                is_first = False
        ends[actor, last, state] = expected
