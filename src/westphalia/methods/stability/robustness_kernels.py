"""Compiled judgement of many rankings of one conflict: verdicts as bits, one for each concept."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from westphalia.compiled import compiled
from westphalia.methods.arrays import Array
from westphalia.methods.stability import graph_kernels
from westphalia.methods.stability.conflict import BoolArray, IntArray, RankArray

NASH, GMR, SMR, SEQ, SSEQ = 1, 2, 4, 8, 16


class Moves(NamedTuple):
    """All moves of a conflict: `starts` (actor, state + 1) of `targets`, and turned round, of `sources`.

    `others` (actor, other) are those who reply to an actor.
    """

    starts: IntArray
    targets: IntArray
    turned_starts: IntArray
    sources: IntArray
    others: IntArray
    is_transitive: bool


@compiled
def judge_alone(
    actor: int, draws: IntArray, ranks: RankArray, wanted: int, moves: Moves, verdicts: Array
) -> None:
    """Set in `verdicts` (draw, state) the bits of `wanted` that hold by the actor's own ranking.

    `draws` are the places in `ranks` (draw, actor, state) of those to judge; ranks are from 0 to the
    number of states less one.
    """
    for at, draw in enumerate(draws):
        rank = ranks[draw, actor].copy()
        best = _best(actor, rank, moves)
        verdict = verdicts[at]
        if wanted & NASH:
            _mark(best, rank, NASH, verdict)
        if wanted & GMR:
            worth = _worth(actor, rank, rank, moves.turned_starts, moves.sources, moves)
            _mark(_best(actor, worth, moves), rank, GMR, verdict)
        if wanted & SMR:
            value = np.maximum(rank, best)
            worth = _worth(actor, rank, value, moves.turned_starts, moves.sources, moves)
            _mark(_best(actor, worth, moves), rank, SMR, verdict)


@compiled
def judge_together(
    draws: IntArray, ranks: RankArray, whom: BoolArray, wanted: int, moves: Moves, verdicts: Array
) -> None:
    """Set in `verdicts` (draw, actor, state) the bits of `wanted` that depend on everybody's ranking.

    Only those `whom` (draw, actor) marks are judged.
    """
    starts, sources = np.empty_like(moves.turned_starts), np.empty_like(moves.sources)
    for at, draw in enumerate(draws):
        _keep_improvements(ranks[draw], moves, starts, sources)
        for actor in range(ranks.shape[1]):
            if not whom[at, actor]:
                continue
            rank = ranks[draw, actor].copy()
            verdict = verdicts[at, actor]
            if wanted & SEQ:
                worth = _worth(actor, rank, rank, starts, sources, moves)
                _mark(_best(actor, worth, moves), rank, SEQ, verdict)
            if wanted & SSEQ:
                value = np.maximum(rank, _best(actor, rank, moves))
                worth = _worth(actor, rank, value, starts, sources, moves)
                _mark(_best(actor, worth, moves), rank, SSEQ, verdict)


@compiled
def count(verdicts: Array, times: IntArray, totals: IntArray) -> None:
    """Add to `totals` (bit, cell) how often each bit is set in `verdicts` (draw, cell), draws times over."""
    for draw in range(len(verdicts)):
        for bit in range(len(totals)):
            for cell in range(verdicts.shape[1]):
                totals[bit, cell] += times[draw] * (verdicts[draw, cell] >> bit & 1)


@compiled
def _best(actor: int, values: RankArray, moves: Moves) -> RankArray:
    """Return the largest of `values` (state) among those the actor can move to; -1 if there are none."""
    best = np.full(len(values), -1, dtype=np.int32)
    graph_kernels.best_end(moves.starts[actor], moves.targets, values, best)
    return best


@compiled
def _worth(
    actor: int, rank: RankArray, value: RankArray, starts: IntArray, sources: IntArray, moves: Moves
) -> RankArray:
    """Return what each state is worth once the others have replied by the arcs given, turned round."""
    least, order = value.copy(), _ascending(value)
    if moves.is_transitive:
        graph_kernels.flood(order, least, starts, sources, moves.others[actor])
    else:
        graph_kernels.flood_in_turns(order, value, starts, sources, moves.others[actor], least)
    return np.minimum(rank, least)


@compiled
def _ascending(values: RankArray) -> IntArray:
    """Return the states by value, which is from 0 to their number less one: a sort by counting."""
    heads = np.zeros(len(values) + 1, dtype=np.int64)
    for value in values:
        heads[value + 1] += 1
    heads = np.cumsum(heads)
    order = np.empty(len(values), dtype=np.int64)
    for state, value in enumerate(values):
        order[heads[value]] = state
        heads[value] += 1
    return order


@compiled
def _mark(best: RankArray, rank: RankArray, bit: int, verdict: Array) -> None:
    """Set the bit where the best there is by moving is no better than staying."""
    for state in range(len(rank)):
        if best[state] <= rank[state]:
            verdict[state] |= np.uint8(bit)


@compiled
def _keep_improvements(ranks: RankArray, moves: Moves, starts: IntArray, sources: IntArray) -> None:
    """Write the arcs that improve for their mover, turned round, by the ranks (actor, state)."""
    kept = 0
    for mover in range(len(ranks)):
        rank = ranks[mover]
        for target in range(len(rank)):
            starts[mover, target] = kept
            for arc in range(moves.turned_starts[mover, target], moves.turned_starts[mover, target + 1]):
                source = moves.sources[arc]
                sources[kept] = source
                kept += rank[source] < rank[target]
        starts[mover, len(rank)] = kept
