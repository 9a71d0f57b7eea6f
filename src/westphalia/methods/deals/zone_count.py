"""How many packages every party accepts: counted exactly where that is possible, else sampled."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from westphalia.compiled import compiled
from westphalia.methods.arrays import Array
from westphalia.methods.deals.relaxation import Gains
from westphalia.methods.deals.space import IntArray, Space

MOST_STATES = 100_000
"""Different sums of slacks the exact count keeps at a time; memory grows with it, not with packages."""

MOST_WALKED = 200_000_000
"""Packages up to which each is looked at where the sums do not merge; a second or two."""

_GRID = 1e-12
"""Slacks are summed in whole multiples of this, so that equal sums are equal; far below the tolerance."""

_BLOCK = 100_000
_NORMAL = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""


class Volume(NamedTuple):
    """The share of acceptable packages, its standard error and 95 % interval; `exact` number if counted."""

    share: float
    error: float
    low: float
    high: float
    exact: int | None


def volume(space: Space, gains: Gains, samples: int, seed: int) -> Volume:
    """Return the share of packages all accept: exact if it can be counted, else from a sample."""
    count = counted(gains)
    if count is not None:
        share = count / space.size
        return Volume(share, 0.0, share, share, count)
    return sampled(space, samples, seed)


def counted(gains: Gains, most_states: int = MOST_STATES, most_walked: int = MOST_WALKED) -> int | None:
    """Return the exact number of acceptable packages, None if neither way can count it.

    Sums of slacks are built up part by part. Sums that are alike are one, a sum no completion can
    save is dropped, and what no completion can spoil is cut to the least that is safe, so that
    scores in whole points merge however many packages there are. Where they do not merge, packages
    are walked through one by one, if they are not too many.
    """
    steps = _Steps(gains)
    merged = _merged(steps, most_states)
    if merged is not None:
        return merged
    if math.prod(value.shape[1] for value in gains.values) > most_walked:
        return None
    return _walked(steps)


class _Steps:
    """Slacks over each floor on a whole-number grid, the parts with the widest effects first.

    `best` and `worst` (step, party): what the parts from that step on add at most and at least.
    """

    def __init__(self, gains: Gains) -> None:
        held = np.isfinite(gains.low)
        spread = [float(np.ptp(value[held], axis=1).max(initial=0.0)) for value in gains.values]
        order = np.argsort(-np.array(spread), kind="stable")
        size = np.abs(gains.start[held] - gains.low[held]) + np.sum(
            [np.abs(value[held]).max(axis=1) for value in gains.values], axis=0
        )
        grid = max(_GRID, float(size.max(initial=0.0)) * 2.0**-61)
        self.start = np.rint((gains.start[held] - gains.low[held]) / grid).astype(np.int64)
        self.values = [np.rint(gains.values[at][held].T / grid).astype(np.int64) for at in order]
        self.best = self._rest([value.max(axis=0) for value in self.values])
        self.worst = self._rest([value.min(axis=0) for value in self.values])
        sizes = [len(value) for value in self.values]
        self.below = [math.prod(sizes[at + 1 :]) for at in range(len(sizes))]

    def _rest(self, ends: list[IntArray]) -> IntArray:
        rest = np.zeros((len(ends) + 1, len(self.start)), dtype=np.int64)
        rest[:-1] = np.cumsum(np.array(ends)[::-1], axis=0)[::-1]
        return rest


def _merged(steps: _Steps, most_states: int) -> int | None:
    states: IntArray = steps.start[None, :]
    ways: Array = np.ones(1, dtype=object)
    total = 0
    for at, value in enumerate(steps.values):
        kept: list[IntArray] = []
        numbers: list[Array] = []
        for first in range(0, len(states), max(1, _BLOCK // len(value))):
            block = slice(first, first + max(1, _BLOCK // len(value)))
            grown = (states[block, None, :] + value[None, :, :]).reshape(-1, states.shape[1])
            number = np.repeat(ways[block], len(value))
            safe = -steps.worst[at + 1]
            is_safe = (grown >= safe).all(axis=1)
            total += int(number[is_safe].sum()) * steps.below[at]
            is_open = ~is_safe & (grown + steps.best[at + 1] >= 0).all(axis=1)
            kept.append(np.minimum(grown[is_open], safe))
            numbers.append(number[is_open])
            if sum(map(len, kept)) > 10 * most_states:
                return None
        states, ways = _alike(np.concatenate(kept), np.concatenate(numbers))
        if len(states) == 0:
            break
        if len(states) > most_states:
            return None
    return total


def _alike(states: IntArray, ways: Array) -> tuple[IntArray, Array]:
    """Return the different rows and the sum of the ways of each.

    Rows are sorted by a hash and compared with their neighbour: a clash could at worst leave two
    like rows apart, which makes the count no less exact.
    """
    if len(states) == 0:
        return states, ways
    factors = np.random.default_rng(0).integers(1, 2**62, size=states.shape[1], dtype=np.int64) | 1
    with np.errstate(over="ignore"):
        order = np.argsort((states * factors).sum(axis=1), kind="stable")
    states, ways = states[order], ways[order]
    is_new = np.ones(len(states), dtype=bool)
    is_new[1:] = (states[1:] != states[:-1]).any(axis=1)
    heads = np.flatnonzero(is_new)
    return states[heads], np.add.reduceat(ways, heads)


def _walked(steps: _Steps) -> int:
    widest = max(map(len, steps.values))
    values = np.zeros((len(steps.values), widest, len(steps.start)), dtype=np.int64)
    for at, value in enumerate(steps.values):
        values[at, : len(value)] = value
    counts = np.array([len(value) for value in steps.values])
    below = np.array(steps.below, dtype=np.int64)
    return int(walk(values, counts, below, steps.start, steps.best, steps.worst))


@compiled
def walk(
    values: IntArray, counts: IntArray, below: IntArray, start: IntArray, best: IntArray, worst: IntArray
) -> int:
    """Return how many packages keep every sum (party) at 0 or above, depth first over the parts."""
    parts, parties = counts.shape[0], start.shape[0]
    at = np.full(parts, -1)
    partial = np.zeros((parts + 1, parties), dtype=np.int64)
    partial[0] = start
    depth, total = 0, 0
    while depth >= 0:
        at[depth] += 1
        if at[depth] >= counts[depth]:
            depth -= 1
            continue
        is_open, is_safe = True, True
        for p in range(parties):
            slack = partial[depth, p] + values[depth, at[depth], p]
            partial[depth + 1, p] = slack
            is_open = is_open and slack + best[depth + 1, p] >= 0
            is_safe = is_safe and slack + worst[depth + 1, p] >= 0
        if is_safe:
            total += below[depth]
        elif is_open:
            depth += 1
            at[depth] = -1
    return total


def sampled(space: Space, samples: int, seed: int) -> Volume:
    """Return the share of acceptable packages in a random sample, with Wilson's 95 % interval."""
    rng = np.random.default_rng(seed)
    hits = 0
    for first in range(0, samples, _BLOCK):
        hits += int(space.in_zone(space.sample(min(_BLOCK, samples - first), rng)).sum())
    share = hits / samples
    spread = _NORMAL**2 / samples
    centre = (share + spread / 2) / (1 + spread)
    half = _NORMAL / (1 + spread) * math.sqrt(share * (1 - share) / samples + spread / (4 * samples))
    error = math.sqrt(share * (1 - share) / samples)
    return Volume(share, error, max(centre - half, 0.0), min(centre + half, 1.0), None)
