"""Compiled kernels of Nash bargaining over packages; formulas as in docs/methods/nash.md.

Outcomes are shares y of their scales, so that every issue is the interval from 0 to 1. Both phases
do one thing: they centre, that is maximise Σ w_i ln(g_i(y) − θ). In phase I the floor θ rises until
every party gains or a bound proves that none can; in phase II it is 0.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from westphalia.compiled import compiled
from westphalia.methods.arrays import FloatArray

LEAST_GAIN = 1e-6
"""A package counts as a gain only if it brings every party at least this much utility."""
TOLERANCE = 1e-6
"""Largest shortfall in the logarithm of the Nash product at which a solution has converged."""
FINEST = 1e-9
"""The last radius to which the kink of a distance is rounded off, as a share of the least gain."""
ROUNDING = 1e-14
"""Welfare cannot be told apart below this share; near the optimum full steps are taken on trust."""
MOST_STEPS, MOST_FLOORS = 60, 60

SETTLED, UNSETTLED, UNDECIDED = 1, 0, -1


class Bargain(NamedTuple):
    """One bargain: parties i, issues k. `p` positions and `v` shares of salience (i, k); d, w (i)."""

    p: FloatArray
    v: FloatArray
    d: FloatArray
    w: FloatArray
    is_linear: bool


@compiled
def gains(b: Bargain, y: FloatArray, radius: float, out: FloatArray) -> float:
    """Fill g_i = 1 − Σ_k v_ik loss(y_k − p_ik) − d_i and return the least; `radius` rounds the kinks.

    Rounding off makes losses larger, so a rounded gain is never above the true one.
    """
    least = np.inf
    for i in range(b.p.shape[0]):
        out[i] = 1.0 - b.d[i]
        for k in range(y.size):
            t = y[k] - b.p[i, k]
            loss = np.sqrt(t * t + radius * radius) if b.is_linear else t * t
            out[i] -= b.v[i, k] * loss
        least = min(least, out[i])
    return least


@compiled
def welfare(b: Bargain, g: FloatArray, floor: float) -> float:
    """Return Σ w_i ln(g_i − floor); minus infinity where some gain is not above the floor."""
    total = 0.0
    for i in range(g.size):
        if g[i] <= floor:
            return -np.inf
        total += b.w[i] * np.log(g[i] - floor)
    return total


@compiled
def shortfall(b: Bargain, y: FloatArray, weight: FloatArray) -> float:
    """Return max over all packages of Σ weight_i g_i, less its value at y.

    The sum falls apart into issues, and the best point of each is a weighted median of positions
    (linear loss) or their weighted mean (quadratic).
    """
    total = 0.0
    n = b.p.shape[0]
    for k in range(y.size):
        best = issue_loss(b, k, y[k], weight)
        here = best
        mass, moment = 0.0, 0.0
        for j in range(n):
            if b.is_linear and b.v[j, k] > 0:
                best = min(best, issue_loss(b, k, b.p[j, k], weight))
            mass += weight[j] * b.v[j, k]
            moment += weight[j] * b.v[j, k] * b.p[j, k]
        if not b.is_linear and mass > 0:
            best = min(best, issue_loss(b, k, moment / mass, weight))
        total += here - best
    return total


@compiled
def issue_loss(b: Bargain, k: int, point: float, weight: FloatArray) -> float:
    """Return Σ_i weight_i v_ik loss(point − p_ik)."""
    total = 0.0
    for i in range(b.p.shape[0]):
        t = abs(point - b.p[i, k])
        total += weight[i] * b.v[i, k] * (t if b.is_linear else t * t)
    return total


@compiled
def slopes(
    b: Bargain, y: FloatArray, pull: FloatArray, radius: float, slope: FloatArray, bend: FloatArray
) -> None:
    """Fill the slope (k) and the bend (k, k; the negative Hessian) of Σ w_i ln(g_i − floor) at y.

    `pull` holds w_i / (g_i − floor).
    """
    n, issues = b.p.shape
    side = np.empty(issues)
    slope[:] = 0.0
    bend[:, :] = 0.0
    for i in range(n):
        for k in range(issues):
            t = y[k] - b.p[i, k]
            if b.is_linear:
                length = np.sqrt(t * t + radius * radius)
                side[k] = b.v[i, k] * t / length
                curve = b.v[i, k] * radius * radius / (length * length * length)
            else:
                side[k] = 2 * b.v[i, k] * t
                curve = 2 * b.v[i, k]
            slope[k] -= pull[i] * side[k]
            bend[k, k] += pull[i] * curve
        for k in range(issues):
            for m in range(issues):
                bend[k, m] += pull[i] * pull[i] / b.w[i] * side[k] * side[m]


@compiled
def solve(bend: FloatArray, right: FloatArray) -> None:
    """Solve bend · step = right for a positive semidefinite bend, in place (Cholesky); step in `right`.

    Directions in which nothing bends get a tiny bend instead, so that a flat optimum is no failure.
    """
    n = right.size
    most = 0.0
    for k in range(n):
        most = max(most, bend[k, k])
    for k in range(n):
        for m in range(k):
            bend[k, k] -= bend[k, m] * bend[k, m]
        bend[k, k] = np.sqrt(max(bend[k, k], 1e-14 * most + 1e-300))
        for row in range(k + 1, n):
            for m in range(k):
                bend[row, k] -= bend[row, m] * bend[k, m]
            bend[row, k] /= bend[k, k]
    for k in range(n):
        for m in range(k):
            right[k] -= bend[k, m] * right[m]
        right[k] /= bend[k, k]
    for k in range(n - 1, -1, -1):
        for m in range(k + 1, n):
            right[k] -= bend[m, k] * right[m]
        right[k] /= bend[k, k]


@compiled
def centre(b: Bargain, y: FloatArray, floor: float, radius: float, g: FloatArray) -> int:
    """Maximise Σ w_i ln(g_i − floor) by damped Newton steps from y, in place; return the steps."""
    issues = y.size
    slope, bend, tried, pull = (
        np.empty(issues),
        np.empty((issues, issues)),
        np.empty(issues),
        np.empty(g.size),
    )
    gains(b, y, radius, g)
    value = welfare(b, g, floor)
    for step in range(MOST_STEPS):
        for i in range(g.size):
            pull[i] = b.w[i] / (g[i] - floor)
        slopes(b, y, pull, radius, slope, bend)
        tried[:] = slope
        solve(bend, tried)
        promise = (tried * slope).sum()
        if promise < 1e-20:
            return step
        size, direction = 1.0, tried.copy()
        while size > 1e-12:
            for k in range(issues):
                tried[k] = min(max(y[k] + size * direction[k], 0.0), 1.0)
            gains(b, tried, radius, g)
            reached = welfare(b, g, floor)
            if reached >= value + 1e-4 * size * promise - ROUNDING * (1 + abs(value)):
                break
            size *= 0.5
        if size <= 1e-12:
            gains(b, y, radius, g)
            return step
        y[:] = tried
        value = reached
    return MOST_STEPS


@compiled
def find_gain(b: Bargain, y: FloatArray, g: FloatArray) -> tuple[int, float]:
    """Look for a package by which all gain (phase I), from y and in place.

    It stops well inside, where the least gain is a fair part of the largest possible. Returns
    SETTLED, UNSETTLED or UNDECIDED, and a bound on the least gain any package brings: with shares
    from the last centre, no package gives more than Σ share_i g_i(y) + shortfall.
    """
    n, least = g.size, -np.inf
    even = Bargain(b.p, b.v, b.d, np.full(n, 1.0 / n), b.is_linear)
    share, bound = np.empty(n), 1.0 - b.d.max()
    for _ in range(MOST_FLOORS):
        least = gains(b, y, 0.0, g)
        if least >= max(LEAST_GAIN, 0.3 * bound):
            return SETTLED, bound
        if bound < LEAST_GAIN:
            return UNSETTLED, bound
        room = bound - least
        radius = 0.02 * room if b.is_linear else 0.0
        floor = gains(b, y, radius, g) - 0.1 * room
        centre(even, y, floor, radius, g)
        for i in range(n):
            share[i] = 1.0 / (g[i] - floor)
        share /= share.sum()
        gains(b, y, 0.0, g)
        bound = min(bound, (share * g).sum() + shortfall(b, y, share))
    return (SETTLED if least >= LEAST_GAIN else UNDECIDED), bound


@compiled
def bargain(b: Bargain, y: FloatArray) -> tuple[int, float]:
    """Find the Nash bargaining solution from y, in place; return how it ended and what is left.

    What is left bounds how far the logarithm of the Nash product lies below its maximum; where no
    deal is found, it is how far the proof of that falls short (0: proved).
    """
    g, pull = np.empty(b.d.size), np.empty(b.d.size)
    ended, bound = find_gain(b, y, g)
    if ended != SETTLED:
        return ended, max(bound - LEAST_GAIN, 0.0)
    radius = 0.1 * gains(b, y, 0.0, g) if b.is_linear else 0.0
    left = np.inf
    while left > TOLERANCE * 1e-3:
        centre(b, y, 0.0, radius, g)
        gains(b, y, 0.0, g)
        for i in range(g.size):
            pull[i] = b.w[i] / g[i]
        left = shortfall(b, y, pull)
        if radius < FINEST * g.min():
            break
        radius *= 0.1
    return SETTLED, left


@compiled
def bargain_all(
    position: FloatArray,
    share: FloatArray,
    reservation: FloatArray,
    weight: FloatArray,
    is_linear: bool,
    outcome: FloatArray,
    ended: FloatArray,
    left: FloatArray,
) -> None:
    """Bargain in every draw: position, share (draw, party, issue), reservation, weight (draw, party).

    Positions are shares of the scale. Fills outcome (draw, issue), ended (draw) and left (draw).
    """
    draws, _, issues = position.shape
    for d in range(draws):
        b = Bargain(position[d], share[d], reservation[d], weight[d], is_linear)
        y = outcome[d]
        for k in range(issues):
            mass = share[d, :, k].sum()
            y[k] = (share[d, :, k] * position[d, :, k]).sum() / mass if mass > 0 else 0.5
        ended[d], left[d] = bargain(b, y)
