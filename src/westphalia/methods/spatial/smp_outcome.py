"""Compiled kernels of what a run of the spatial model of politics leaves: paths, reasons, settlement."""

from __future__ import annotations

import numpy as np

from westphalia.compiled import compiled
from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.spatial.smp_table import (
    ATTITUDE,
    CAPABILITY,
    CHANCE,
    GAIN,
    MADE_BY,
    MADE_TO,
    ODDS,
    PROBABILITY,
    RISK,
    SETTLED,
    SPREAD,
    STRENGTH,
    TARGET,
    WHO,
    WIN,
    WORTH,
    Played,
    Rules,
    Table,
    U,
    X,
)
from westphalia.methods.spatial.smp_votes import elect

SAME = 1e-3
"""Positions nearer to one another than this share of the scales are one."""

LEAST = 1e-300
"""Weight that every position keeps in the settlement, so that an issue of losers still has one."""


@compiled
def note_start(t: Table, n: int, out: Played, d: int) -> None:
    """Write down the attitudes to risk at the start."""
    for i in range(n):
        out.odds[ATTITUDE, d, t.whom[WHO, i]] = t.of[RISK, i]


@compiled
def note_turn(t: Table, n: int, out: Played, d: int, at: int, ratio: float) -> None:
    """Write down where everybody stands after a round, for this and all later ones, if asked for."""
    if out.path.shape[1] == 0:
        return
    out.ratio[d, at] = ratio
    for i in range(n):
        for k in range(t.at.shape[2]):
            if t.has[i, k]:
                for later in range(at, out.path.shape[1]):
                    out.path[d, later, t.whom[WHO, i], k] = t.at[X, i, k]


@compiled
def note_reasons(
    t: Table, out: Played, d: int, at: int, k: int, offer: int, chance: float, options: int
) -> None:
    """Write down what k sought in a round, which offer it took and how likely that was."""
    if out.why.shape[2] <= at:
        return
    who, sought = t.whom[WHO, k], t.whom[TARGET, k]
    out.why[0, d, at, who] = t.of[PROBABILITY, k]
    out.why[1, d, at, who], out.why[2, d, at, who] = t.of[CHANCE, k], t.of[GAIN, k]
    out.why[3, d, at, who] = chance
    if sought >= 0:
        out.why[4, d, at, who] = t.whom[WHO, sought]
    if offer >= 0:
        out.why[5, d, at, who] = t.whom[WHO, t.whom[MADE_BY, offer]]
        out.why[6, d, at, who] = t.whom[WHO, t.whom[MADE_TO, offer]]
    out.why[7, d, at, who] = options


@compiled
def is_same(t: Table, i: int, j: int) -> bool:
    """Say whether i and j have stands on the same issues and hold as good as one position."""
    square = 0.0
    for k in range(t.at.shape[2]):
        if t.has[i, k] != t.has[j, k]:
            return False
        if t.has[i, k]:
            square += (t.at[X, i, k] - t.at[X, j, k]) ** 2
    return bool(np.sqrt(square) < SAME)


@compiled
def group_positions(t: Table, n: int, of: Array, heads: Array) -> int:
    """Fill which distinct position each actor holds and who holds it first; return how many there are."""
    m = 0
    for i in range(n):
        of[i] = m
        for at in range(m):
            if is_same(t, heads[at], i):
                of[i] = at
                break
        if of[i] == m:
            heads[m] = i
            m += 1
    return m


@compiled
def settle(t: Table, heads: Array, p: FloatArray, m: int, k: int, by_mean: bool) -> tuple[float, float]:
    """Return the settlement of issue k and its spread, over the distinct positions with a stand there."""
    whole = centre = spread = 0.0
    best = -1
    for at in range(m):
        if t.has[heads[at], k]:
            whole += p[at] + LEAST
            centre += (p[at] + LEAST) * t.at[X, heads[at], k]
            if best < 0 or p[at] > p[best]:
                best = at
    centre /= whole
    for at in range(m):
        if t.has[heads[at], k]:
            spread += (p[at] + LEAST) / whole * (t.at[X, heads[at], k] - centre) ** 2
    return centre if by_mean else t.at[X, heads[best], k], np.sqrt(spread)


@compiled
def note_end(t: Table, n: int, rules: Rules, out: Played, d: int, rounds: int) -> None:
    """Write down the final positions, how likely each is to win, and what they settle on."""
    out.rounds[d] = rounds
    of, heads = np.empty(n, np.int64), np.empty(n, np.int64)
    m = group_positions(t, n, of, heads)
    for a in range(n):
        for at in range(m):
            t.deal[WORTH, a, at] = t.pair[U, a, heads[at]]
    p = t.room[3]
    elect(t.deal[WORTH], t.of[CAPABILITY], n, m, rules, t.deal[STRENGTH], t.deal[ODDS], t.room, p)
    for i in range(n):
        out.odds[WIN, d, t.whom[WHO, i]] = p[of[i]]
        for k in range(t.at.shape[2]):
            if t.has[i, k]:
                out.final[d, t.whom[WHO, i], k] = t.at[X, i, k]
    for k in range(t.at.shape[2]):
        out.settled[SETTLED, d, k], out.settled[SPREAD, d, k] = settle(t, heads, p, m, k, rules.by_mean)
