"""Compiled kernels of votes: how strongly actors back options, and which option prevails.

Symbols as in docs/methods/smp.md. Inner loops run over options, so that they fill a processor's
vectors, while every sum still adds the voters in their order.
"""

from __future__ import annotations

import numpy as np

from westphalia.compiled import compiled
from westphalia.methods.arrays import FloatArray
from westphalia.methods.spatial.smp_table import Rules

EDGE = 1e-8
"""Strength of an empty coalition, and the difference of utilities at which a binary vote is whole."""

LINEAR, SQUARE, QUARTIC, OCTIC, BY_THRESHOLD = range(5)
CONDITIONAL, MARKOV_INCENTIVE, MARKOV_UNIFORM = range(3)
BINARY, PROP_BIN, PROP, PROP_CBC, CUBIC, ASYM_PROSP = range(6)
FROM_MIN, FROM_MID, FROM_MAX = range(3)

MOST_STEPS = 100_000
"""Steps after which a Markov process is taken as it stands; each halves the way or nearly so."""

FLAT = 1e-12
"""Probabilities that differ by no more are alike in the mended reading."""


@compiled
def vote(rule: int, du: float) -> float:
    """Return f(Δu), how strongly a voter of weight 1 prefers one option to another."""
    if rule == PROP:
        return du
    if rule == PROP_CBC:
        return (du + du * du * du) / 2
    if rule == CUBIC:
        return du * du * du
    if rule == ASYM_PROSP:
        return du if du < 0 else 2 * du / 3
    side = du / EDGE
    if side > 1:
        side = 1.0
    elif side < -1:
        side = -1.0
    return side if rule == BINARY else 0.8 * du + 0.2 * side


@compiled
def cast(rule: int, du: FloatArray, votes: FloatArray, first: int, last: int) -> None:
    """Fill votes[b] = f(du[b]) for b from first to last; the default rule costs no branch."""
    if rule == PROP:
        for b in range(first, last):
            votes[b] = du[b]
    else:
        for b in range(first, last):
            votes[b] = vote(rule, du[b])


@compiled
def gather(
    u: FloatArray, c: FloatArray, n: int, m: int, rule: int, strength: FloatArray, room: FloatArray
) -> None:
    """Fill strength[a, b], the coalition for option a against b; u is (voter, option).

    Only pairs a > b are voted on, as in KTAB: with the asymmetric rule the order of options matters.
    """
    du, votes, against = room[0], room[1], room[2]
    for a in range(m):
        strength[a, a] = EDGE
        for b in range(a):
            strength[a, b] = against[b] = EDGE
        for k in range(n):
            for b in range(a):
                du[b] = u[k, a] - u[k, b]
            cast(rule, du, votes, 0, a)
            for b in range(a):
                force = c[k] * votes[b]
                strength[a, b] += force if force > 0 else 0.0
                against[b] -= force if force < 0 else 0.0
        for b in range(a):
            strength[b, a] = against[b]


@compiled
def chances(rule: int, ours: float, theirs: float) -> tuple[float, float]:
    """Return the chances of two coalitions to prevail, from their strengths."""
    if rule == BY_THRESHOLD:
        if ours >= 1.1 * theirs:
            ours, theirs = 1.0, 1e-6
        elif theirs >= 1.1 * ours:
            ours, theirs = 1e-6, 1.0
        else:
            ours = (2.1 * (ours / (ours + theirs)) - 1) / (1.1 - 1)
            theirs = 1 - ours
    else:
        # Squaring once, twice or three times makes the square, the fourth and the eighth power.
        for _ in range(rule):
            ours, theirs = ours * ours, theirs * theirs
    return ours / (ours + theirs), theirs / (ours + theirs)


@compiled
def weigh(rule: int, strength: FloatArray, m: int, odds: FloatArray) -> None:
    """Fill odds[a, b], the chance that a prevails over b; 1/2 on the diagonal."""
    for a in range(m):
        odds[a, a] = 0.5
        for b in range(a):
            odds[a, b], odds[b, a] = chances(rule, strength[a, b], strength[b, a])


@compiled
def conditional(odds: FloatArray, m: int, p: FloatArray) -> None:
    """Fill p, the chance that an option beats every other, given that one does."""
    whole = 0.0
    for a in range(m):
        # Twice the odds: an even product stays at 1, however many options there are.
        p[a] = 1.0
        for b in range(m):
            p[a] *= 2 * odds[a, b]
        whole += p[a]
    for a in range(m):
        p[a] /= whole


@compiled
def markov(
    odds: FloatArray, calls: FloatArray, m: int, tolerance: float, p: FloatArray, q: FloatArray
) -> None:
    """Fill p, the resting point of a chain of challenges; calls[b, a] is how likely b challenges a."""
    for a in range(m):
        p[a] = 1 / m
    for _ in range(MOST_STEPS):
        change = 0.0
        for a in range(m):
            q[a] = 0.0
            for b in range(m):
                q[a] += odds[a, b] * (p[a] * calls[b, a] + p[b] * calls[a, b])
            change = max(change, abs(q[a] - p[a]))
        for a in range(m):
            p[a] = (p[a] + q[a]) / 2
        if change <= tolerance:
            return


@compiled
def incentives(odds: FloatArray, strength: FloatArray, m: int) -> None:
    """Turn strength[b, a] into how likely b challenges a: by what b's side would put into it."""
    for a in range(m):
        whole = 0.0
        for b in range(m):
            strength[b, a] = strength[b, a] * odds[b, a] + (1e-10 if a == b else 0.0)
            whole += strength[b, a]
        for b in range(m):
            strength[b, a] /= whole


@compiled
def elect(
    u: FloatArray,
    c: FloatArray,
    n: int,
    m: int,
    rules: Rules,
    strength: FloatArray,
    odds: FloatArray,
    room: FloatArray,
    p: FloatArray,
) -> None:
    """Fill p, the probability of each of m options with n voters: the Probabilistic Condorcet Election."""
    gather(u, c, n, m, rules.voting, strength, room)
    weigh(rules.victory, strength, m, odds)
    if rules.pce == CONDITIONAL:
        conditional(odds, m, p)
    elif rules.pce == MARKOV_UNIFORM:
        for a in range(m):
            for b in range(m):
                strength[a, b] = 1 / m
    else:
        incentives(odds, strength, m)
    if rules.pce != CONDITIONAL:
        tolerance = 1e-6 if rules.pce == MARKOV_UNIFORM else 1e-8
        markov(odds, strength, m, tolerance, p, room[0])


@compiled
def attitudes(p: FloatArray, n: int, rules: Rules, risk: FloatArray) -> None:
    """Fill R from how likely each position is to win: the likelier, the more averse to risk.

    Where all are alike KTAB divides 0 by 0; the mended reading takes nobody for averse or fond.
    """
    low, high = p[0], p[0]
    for i in range(1, n):
        low, high = min(low, p[i]), max(high, p[i])
    width = high - low
    if width <= (FLAT if rules.mended else 0.0):
        for i in range(n):
            risk[i] = 0.0 if rules.mended else np.nan
        return
    for i in range(n):
        if rules.risk_range == FROM_MIN:
            risk[i] = (p[i] - low) / width
        elif rules.risk_range == FROM_MID:
            risk[i] = (3 * p[i] - high - 2 * low) / (2 * width)
        else:
            risk[i] = (2 * p[i] - high - low) / width
