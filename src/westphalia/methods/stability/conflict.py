"""A conflict as the graph model sees it: states, who can move between them, and who prefers what."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from westphalia.errors import CallError
from westphalia.methods.arrays import Array

IntArray = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
RankArray = np.ndarray[tuple[int, ...], np.dtype[np.int32]]
BoolArray = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

MOST_NAMED = 65_536
"""Results on conflicts with more states give a state's place instead of its name."""

_DIGITS = 10
_KEY_BITS = 63


@dataclass(frozen=True)
class Arcs:
    """Moves of one actor as a graph: from state s to `targets[starts[s]:starts[s + 1]]`, ascending.

    Never from a state to itself.
    """

    starts: IntArray
    targets: IntArray

    @property
    def sources(self) -> IntArray:
        """The state that each arc leaves."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def only(self, is_kept: BoolArray) -> Arcs:
        """Return the arcs that are kept (arc)."""
        before = np.concatenate([[0], np.cumsum(is_kept)])
        return Arcs(before[self.starts], self.targets[is_kept])


def joined(arcs: Sequence[Arcs]) -> tuple[IntArray, IntArray]:
    """Return starts (actor, state + 1) and targets (arc) of all actors' moves."""
    offsets = np.cumsum([0, *(len(own.targets) for own in arcs)])
    starts = np.stack([own.starts + low for own, low in zip(arcs, offsets[:-1], strict=True)])
    return starts, np.concatenate([own.targets for own in arcs])


@dataclass(frozen=True)
class Conflict:
    """States and moves of a conflict.

    In *option form* a state says for each move at which level it stands (0: not taken). An actor
    changes any of its own moves at once, in the directions they permit, to any feasible state.
    `owner` (move) is the place of the actor that controls it, `levels` (move) how many levels it
    has (at least 2), `can_rise` and `can_fall` (move) whether it can be taken, or raised, and
    dropped, or lowered. The code of a state is Σ_k level_k Π_{j<k} levels_j: the first move changes
    fastest. `codes` (state) are the feasible ones, ascending; None: all of them.

    `arcs`, one graph an actor, is given where moves are not free: in *graph form*, which has no
    `moves`, and where what can be changed depends on the state. `names` are the states' names in
    graph form. `is_transitive` says whether whoever moves twice could have moved at once; where it
    holds, nobody gains by moving twice running. Free moves always are.
    """

    actors: tuple[str, ...]
    moves: tuple[str, ...]
    owner: IntArray
    levels: IntArray
    can_rise: BoolArray
    can_fall: BoolArray
    codes: IntArray | None = None
    arcs: tuple[Arcs, ...] | None = None
    names: tuple[str, ...] = ()
    is_transitive: bool = True

    @cached_property
    def size(self) -> int:
        """How many feasible states there are."""
        if self.names:
            return len(self.names)
        return self.combinations if self.codes is None else len(self.codes)

    @cached_property
    def combinations(self) -> int:
        """How many combinations of levels there are, feasible or not."""
        return math.prod(int(count) for count in self.levels)

    @cached_property
    def strides(self) -> IntArray:
        """What one level of each move adds to a state's code (move)."""
        return np.concatenate([[1], np.cumprod(self.levels[:-1])]).astype(np.int64)[: len(self.levels)]

    def code_of(self, states: Array) -> IntArray:
        """Return the codes of states given by their places."""
        return np.asarray(states, dtype=np.int64) if self.codes is None else self.codes[states]

    def level(self, move: int, states: Array | None = None) -> IntArray:
        """Return the level of a move (by place) in the states given, all if None."""
        codes = self.code_of(np.arange(self.size) if states is None else states)
        return np.asarray(codes // self.strides[move] % self.levels[move], dtype=np.int64)

    def levels_at(self, state: int) -> tuple[int, ...]:
        """Return the level of every move in one state."""
        code = int(self.code_of(np.array([state]))[0])
        both = zip(self.strides.tolist(), self.levels.tolist(), strict=True)
        return tuple(code // stride % count for stride, count in both)

    def moves_of(self, actor: int) -> IntArray:
        """Return the places of the moves that the actor owns and can change in some direction."""
        return np.flatnonzero((self.owner == actor) & (self.can_rise | self.can_fall))

    def rest_of(self, actor: int, codes: IntArray) -> IntArray:
        """Return the codes without the actor's moves: alike where states differ in nothing else."""
        rest = codes.copy()
        for move in self.moves_of(actor):
            rest -= codes // self.strides[move] % self.levels[move] * self.strides[move]
        return rest

    def directions(self, actor: int, codes: IntArray) -> tuple[IntArray, int]:
        """Return a key for each code, and a guard, that tell the directions of the actor's moves.

        No one-way move is changed against its direction between codes a and b if
        ``((key_b | guard) - key_a) & guard == guard``: each such move has a field of bits in the
        key, which counts the way it can go, and a guard bit above it that a step back borrows.

        Raises
        ------
        CallError: the one-way moves of one actor do not fit in 63 bits (code ``conflict-too-large``).
        """
        key, guard, shift = np.zeros(len(codes), dtype=np.int64), 0, 0
        for move in self.moves_of(actor):
            if self.can_rise[move] and self.can_fall[move]:
                continue
            highest = int(self.levels[move]) - 1
            level = codes // self.strides[move] % self.levels[move]
            key |= (level if self.can_rise[move] else highest - level) << shift
            shift += highest.bit_length() + 1
            guard |= 1 << (shift - 1)
        if shift > _KEY_BITS:
            raise CallError(
                f"'{self.actors[actor]}' has too many moves that go one way only.",
                code="conflict-too-large",
                where=self.actors[actor],
                hint="31 with two levels are possible; fewer with more levels.",
            )
        return key, guard

    def place_of(self, code: int) -> int | None:
        """Return the place of the state with that code, or None if it is not feasible."""
        if self.codes is None:
            return int(code) if 0 <= code < self.combinations else None
        at = int(np.searchsorted(self.codes, code))
        return at if at < len(self.codes) and self.codes[at] == code else None

    def name(self, state: int) -> str:
        """Return a state's name: its own in graph form, else the levels of all moves, the first first.

        Where some move has more than ten levels, dots stand between them.
        """
        return self.names[state] if self.names else str(self._spelt(np.array([state]))[0])

    def coordinate(self) -> Array:
        """Return what stands for the states in results: names, or places if there are over MOST_NAMED."""
        if self.size > MOST_NAMED:
            return np.arange(self.size)
        return np.array(self.names, dtype=str) if self.names else self._spelt(np.arange(self.size))

    def _spelt(self, states: Array) -> Array:
        levels = [self.level(move, states) for move in range(len(self.moves))]
        if self.levels.max() <= _DIGITS:
            signs = np.stack(levels, axis=1).astype(np.uint32) + ord("0")
            return np.ascontiguousarray(signs).view(f"U{len(levels)}")[:, 0]
        names: Array = levels[0].astype(str)
        for level in levels[1:]:
            names = np.strings.add(np.strings.add(names, "."), level.astype(str))
        return names


@dataclass(frozen=True)
class Preferences:
    """Who prefers what: `rank` (actor, state), larger is better and equal is a tie.

    `grade` (actor, state), if strength of preference is known, is coarser: q is much better than s
    where its grade is larger, and never ranks lower then. `unknown`, one symmetric table (state, state) an
    actor or None, marks pairs whose order is not known; `rank` is not read there.
    """

    rank: RankArray
    grade: RankArray | None = None
    unknown: tuple[BoolArray | None, ...] | None = None
