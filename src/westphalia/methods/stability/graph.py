"""The engine over graphs: moves as arcs, each walked once; for moves that are not free, or few states."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from westphalia.errors import CallError
from westphalia.methods.stability import graph_kernels
from westphalia.methods.stability.conflict import Arcs, Conflict, IntArray, RankArray

MOST_ARCS = 150_000_000
"""Arcs of one actor, at 16 bytes each, that fit in memory beside what is computed from them."""

LOWEST = int(np.iinfo(np.int32).min)
"""Below every rank: the best of no states."""


@dataclass(frozen=True)
class Graph:
    """Moves of every actor as arcs.

    `is_transitive` says whether whoever moves twice could have moved at once; where it does not
    hold, floods keep track of who moved last.
    """

    arcs: tuple[Arcs, ...]
    is_transitive: bool

    @classmethod
    def of(cls, conflict: Conflict) -> Graph:
        """Return the graph of a conflict of either form. Raises what `arcs_of` does."""
        return cls(arcs_of(conflict), conflict.is_transitive)

    @property
    def size(self) -> int:
        """How many states there are."""
        return len(self.arcs[0].starts) - 1

    def best(self, actor: int, values: RankArray) -> RankArray:
        """Return for each state the largest of `values` (state) among those the actor can move to.

        LOWEST where it can move nowhere. Costs a look at each arc of the actor.
        """
        best = np.full(self.size, LOWEST, dtype=np.int32)
        graph_kernels.best_end(self.arcs[actor].starts, self.arcs[actor].targets, values, best)
        return best

    def flood(self, movers: IntArray, values: RankArray) -> RankArray:
        """Return the least of `values` (state) among each state and those the movers reach from it.

        They move in any legal sequence: nobody twice running. Costs a sort of the states and a look
        at each arc of the movers; as many looks as there are movers if moves are not transitive.
        """
        order, least = np.argsort(values), values.copy()
        starts, sources = self.turned
        if self.is_transitive:
            graph_kernels.flood(order, least, starts, sources, movers)
        else:
            graph_kernels.flood_in_turns(order, values, starts, sources, movers, least)
        return least

    def improving(self, ranks: RankArray) -> Graph:
        """Return the graph of the moves that improve on where they start by the ranks (actor, state)."""
        return Graph(
            tuple(_better(arcs, rank) for arcs, rank in zip(self.arcs, ranks, strict=True)),
            self.is_transitive,
        )

    @cached_property
    def turned(self) -> tuple[IntArray, IntArray]:
        """Return starts (actor, state + 1) and sources (arc): all arcs by where they lead."""
        offsets = np.cumsum([0, *(len(arcs.targets) for arcs in self.arcs)])
        starts = np.zeros((len(self.arcs), self.size + 1), dtype=np.int64)
        sources = np.empty(offsets[-1], dtype=np.int64)
        for actor, arcs in enumerate(self.arcs):
            starts[actor, 1:] = np.cumsum(np.bincount(arcs.targets, minlength=self.size))
            starts[actor] += offsets[actor]
            graph_kernels.turn_round(arcs.starts, arcs.targets, starts[actor, :-1].copy(), sources)
        return starts, sources


def arcs_of(conflict: Conflict) -> tuple[Arcs, ...]:
    """Return every actor's moves as arcs: those given, or all between states that its own moves tell apart.

    In option form it costs a sort of the states an actor, and the square of each block of states
    that differ in its moves alone.

    Raises
    ------
    CallError: there are more than MOST_ARCS of one actor, or too many one-way moves (code
        ``conflict-too-large``).
    """
    if conflict.arcs is not None:
        return conflict.arcs
    codes = conflict.code_of(np.arange(conflict.size))
    return tuple(_free_arcs(conflict, actor, codes) for actor in range(len(conflict.actors)))


def _free_arcs(conflict: Conflict, actor: int, codes: IntArray) -> Arcs:
    keys, guard = conflict.directions(actor, codes)
    rest = conflict.rest_of(actor, codes)
    order = np.argsort(rest, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(rest[order])) + 1, len(codes))
    counts = np.empty(len(codes), dtype=np.int64)
    _are_few(conflict.actors[actor], np.diff(ends, prepend=0))
    graph_kernels.count_arcs(order, ends, keys, guard, counts)
    starts = np.concatenate([[0], np.cumsum(counts)])
    targets = np.empty(starts[-1], dtype=np.int64)
    graph_kernels.fill_arcs(order, ends, keys, guard, starts, targets)
    return Arcs(starts, targets)


def _are_few(actor: str, sizes: IntArray) -> None:
    most = int((sizes * (sizes - 1)).sum())
    if most > MOST_ARCS:
        raise CallError(
            f"'{actor}' has up to {most:,} moves from state to state, more than the {MOST_ARCS:,} "
            "that can be listed.",
            code="conflict-too-large",
            where=actor,
            hint="Leave moves free in every state, or rule out combinations that cannot be.",
        )


def _better(arcs: Arcs, rank: RankArray) -> Arcs:
    is_better = np.empty(len(arcs.targets), dtype=np.bool_)
    graph_kernels.keep_better(arcs.starts, arcs.targets, rank, is_better)
    return arcs.only(is_better)
