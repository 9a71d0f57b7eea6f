"""The engine over a cube: free moves, every combination of levels a cell, no arc anywhere.

An actor's moves from a state lead to a block of states that differ in its own moves alone. So the
best of them is a reduction along axes of the cube, and where all combinations are feasible the worst
that others can bring about is one too; else it is a flood that meets every state once a mover.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from westphalia.methods.stability import cube_kernels
from westphalia.methods.stability.conflict import Conflict, IntArray, RankArray
from westphalia.methods.stability.cube_kernels import Blocks
from westphalia.methods.stability.graph import LOWEST

HIGHEST = int(np.iinfo(np.int32).max)
_THREADS = 2
_NO_RANKS = np.zeros((0, 0), dtype=np.int32)


@dataclass(frozen=True)
class Axis:
    """One move in the cube: its levels lie `stride` cells apart."""

    stride: int
    levels: int
    can_rise: bool
    can_fall: bool


@dataclass(frozen=True)
class Side:
    """One actor in the cube: its moves lie side by side, so its strategies lie `stride` cells apart.

    `keys` (strategy) and `guard` tell directions, see `Conflict.directions`.
    """

    stride: int
    count: int
    axes: tuple[Axis, ...]
    keys: IntArray
    guard: int


@dataclass(frozen=True)
class Cube:
    """States as cells: `cell` (state), None if a state's cell is its place.

    Moves that nobody can change have an axis too, but no side.
    """

    cells: int
    sides: tuple[Side, ...]
    cell: IntArray | None

    @classmethod
    def of(cls, conflict: Conflict) -> Cube:
        """Return the cube of a conflict whose moves are free.

        Raises
        ------
        CallError: one actor has too many one-way moves (code ``conflict-too-large``).
        """
        order, strides = _layout(conflict)
        sides = tuple(_side(conflict, actor, strides) for actor in range(len(conflict.actors)))
        is_same = conflict.codes is None and bool((order == np.arange(len(order))).all())
        return cls(conflict.combinations, sides, None if is_same else _cells(conflict, strides))

    def best(self, actor: int, values: RankArray) -> RankArray:
        """Return for each state the largest of `values` (state) among those the actor can move to.

        LOWEST where it can move nowhere. Costs a few looks at each cell for each move of the actor.
        """
        there = self._spread(values, LOWEST)
        best = np.full_like(there, LOWEST)
        for axis in self.sides[actor].axes:
            beyond = _beyond(np.maximum, there, axis, LOWEST)
            np.maximum(best, beyond, out=best)
            there = np.maximum(there, beyond)
        return self._gather(best)

    def flood(self, movers: IntArray, values: RankArray) -> RankArray:
        """Return the least of `values` (state) among each state and those the movers reach from it.

        Where all combinations are feasible, they reach every combination of what each of their
        moves permits: a few looks at each cell for each move. Else as `Improvements.flood`.
        """
        if self.cell is not None and len(self.cell) < self.cells:
            return self.flood_blocks(movers, values, self._blocks(None))
        least = self._spread(values, HIGHEST)
        for axis in (axis for mover in movers for axis in self.sides[mover].axes):
            least = np.minimum(least, _beyond(np.minimum, least, axis, HIGHEST))
        return self._gather(least)

    def improving(self, ranks: RankArray) -> Improvements:
        """Return floods by moves that improve on where they start, by the ranks (actor, state)."""
        return Improvements(self, self._blocks(ranks))

    def flood_blocks(self, movers: IntArray, values: RankArray, blocks: Blocks) -> RankArray:
        """Return the flood along blocks, which are left as they are."""
        least = values.copy() if self.cell is None else self._spread(values, HIGHEST)
        order = np.argsort(values)
        cells = order if self.cell is None else self.cell[order]
        used = blocks._replace(members=blocks.members.copy()) if blocks.guards[movers].any() else blocks
        cube_kernels.flood(cells, least, movers, used)
        return self._gather(least)

    def _blocks(self, ranks: RankArray | None) -> Blocks:
        """Return all blocks, their members by rank ascending where ranks are given."""
        strides, counts, guards = (
            np.array([getattr(side, name) for side in self.sides], dtype=np.int64)
            for name in ("stride", "count", "guard")
        )
        keys = np.zeros((len(self.sides), counts.max()), dtype=np.int64)
        offsets = np.cumsum([0, *(self.cells // counts)])
        ends = np.zeros(offsets[-1], dtype=np.int32)
        members = np.empty((len(self.sides), self.cells), np.uint16 if counts.max() <= 1 << 16 else np.uint32)

        def fill(actor: int) -> None:
            keys[actor, : counts[actor]] = self.sides[actor].keys
            order = self._order(None if ranks is None else ranks[actor])
            own = ends[offsets[actor] : offsets[actor + 1]]
            cube_kernels.fill(order, int(strides[actor]), int(counts[actor]), members[actor], own)

        with ThreadPoolExecutor(_THREADS) as pool:
            list(pool.map(fill, range(len(self.sides))))
        spread = _NO_RANKS if ranks is None else self._spread(ranks, LOWEST)
        return Blocks(strides, counts, guards, keys, offsets, ends, members, spread)

    def _order(self, rank: RankArray | None) -> IntArray:
        """Return the feasible cells by rank ascending; without a rank, as they lie."""
        if rank is None:
            return np.arange(self.cells) if self.cell is None else self.cell
        order = np.argsort(rank)
        return order if self.cell is None else self.cell[order]

    def _spread(self, values: RankArray, absent: int) -> RankArray:
        """Return values (…, state) by cell (…, cell), `absent` where no state is."""
        if self.cell is None:
            return np.ascontiguousarray(values)
        spread = np.full((*values.shape[:-1], self.cells), absent, dtype=values.dtype)
        spread[..., self.cell] = values
        return spread

    def _gather(self, values: RankArray) -> RankArray:
        return values if self.cell is None else values[self.cell]


@dataclass(frozen=True)
class Improvements:
    """Floods of a cube by moves that improve on where they start."""

    cube: Cube
    blocks: Blocks

    def flood(self, movers: IntArray, values: RankArray) -> RankArray:
        """Return the least of `values` (state) among each state and those the movers reach from it.

        Costs a sort of the states and, where moves go both ways, a look at each state for each
        mover; where they do not, at most one for each two states of a block.
        """
        return self.cube.flood_blocks(movers, values, self.blocks)


def _layout(conflict: Conflict) -> tuple[IntArray, IntArray]:
    """Return the moves in the order of the axes, each actor's side by side, and their strides (move)."""
    is_fixed = ~(conflict.can_rise | conflict.can_fall)
    order = np.argsort(np.where(is_fixed, len(conflict.actors), conflict.owner), kind="stable")
    strides = np.empty(len(order), dtype=np.int64)
    strides[order] = np.concatenate([[1], np.cumprod(conflict.levels[order])])[: len(order)]
    return order, strides


def _cells(conflict: Conflict, strides: IntArray) -> IntArray:
    """Return the cell of each state."""
    codes = conflict.code_of(np.arange(conflict.size))
    cells = np.zeros(len(codes), dtype=np.int64)
    for move, stride in enumerate(strides):
        cells += codes // conflict.strides[move] % conflict.levels[move] * stride
    return cells


def _side(conflict: Conflict, actor: int, strides: IntArray) -> Side:
    moves = conflict.moves_of(actor)
    axes = tuple(
        Axis(
            int(strides[move]),
            int(conflict.levels[move]),
            bool(conflict.can_rise[move]),
            bool(conflict.can_fall[move]),
        )
        for move in moves
    )
    codes = np.zeros(1, dtype=np.int64)
    for move in moves:
        codes = np.add.outer(np.arange(conflict.levels[move]) * conflict.strides[move], codes).ravel()
    keys, guard = conflict.directions(actor, codes)
    return Side(axes[0].stride if axes else 1, len(codes), axes, keys, guard)


def _beyond(better: np.ufunc, values: RankArray, axis: Axis, neutral: int) -> RankArray:
    """Return for each cell the better of the values on other levels of the move, where it may go.

    `better` is the maximum or minimum, `neutral` what there is if it may go nowhere.
    """
    cells = values.reshape(-1, axis.levels, axis.stride)
    beyond = np.full_like(cells, neutral)
    running = np.empty_like(cells[:, 0])
    ways = [(axis.can_rise, range(axis.levels - 1, -1, -1)), (axis.can_fall, range(axis.levels))]
    for levels in (levels for is_open, levels in ways if is_open):
        running.fill(neutral)
        for level in levels:
            better(beyond[:, level], running, out=beyond[:, level])
            better(running, cells[:, level], out=running)
    return beyond.reshape(values.shape)
