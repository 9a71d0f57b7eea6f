"""Exact search for the best package: branch on the parts, cut off by the bound the lottery proves.

The best lottery (`relaxation`) comes with prices λ of the parties' gains such that offset + λ · g is
nowhere below what is aimed at. That sum runs over the parts, so the best completion of a package
half chosen is known at once, and what cannot reach the best package found so far is never looked at.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from westphalia.compiled import compiled
from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.deals.relaxation import Aim, Gains, Relaxed, relaxed
from westphalia.methods.deals.space import TOLERANCE, IntArray

_STEPS = 2_000_000
"""Steps between two looks at the clock; about a tenth of a second."""


class Found(NamedTuple):
    """What a search ended with.

    `places` (n, part) are the best packages, as places in the parts, `score` what they reach (−∞ if
    there is none), `bound` what none can exceed. `is_proved`: nothing better exists. `is_complete`:
    the packages are all that reach the score.
    """

    places: IntArray
    score: float
    bound: float
    is_proved: bool
    is_complete: bool


@dataclass(frozen=True)
class Clock:
    """When a computation has to come to an end, in seconds of `time.monotonic`."""

    deadline: float

    @classmethod
    def of(cls, seconds: float) -> Clock:
        """Return a clock that runs out after so many seconds."""
        return cls(time.monotonic() + seconds)

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self.deadline


def search(
    gains: Gains, aim: Aim, clock: Clock, *, most: int = 1, least: float = -np.inf, enough: float = np.inf
) -> Found:
    """Return the packages that are best for an aim, at most `most` of those that tie.

    Packages below `least` do not count, and the search ends at one that reaches `enough`. Two
    packages tie if their scores differ by no more than 1e-9. The worst time grows with the number
    of packages; with a dozen issues it is milliseconds, because the bound is close.
    """
    proof = relaxed(gains, aim)
    nothing = np.empty((0, len(gains.values)), dtype=np.int64)
    if proof is None or proof.value < least - TOLERANCE:
        return Found(nothing, -np.inf, -np.inf if proof is None else proof.value, True, True)
    walk = _Walk(gains, aim, proof, most, least)
    while not (is_done := walk.step(enough)) and not clock.is_over:
        pass
    score, bound = float(walk.best[0]), proof.value
    places, is_complete = walk.packages()
    if len(places) == 0:
        score = -np.inf
    is_proved = is_done and (len(places) == 0 or score < enough)
    bound = score if is_proved and len(places) else max(score, min(bound, walk.remaining()))
    return Found(places, score, bound, is_proved, is_done and is_complete)


class _Walk:
    """The state of one search, so that it can stop to look at the clock and go on."""

    def __init__(self, gains: Gains, aim: Aim, proof: Relaxed, most: int, least: float) -> None:
        counts = np.array([value.shape[1] for value in gains.values])
        rows = np.full((len(counts), len(gains.start) + 1, counts.max()), -np.inf)
        for at, value in enumerate(gains.values):
            rows[at, 0, : counts[at]] = proof.slope @ value
            rows[at, 1:, : counts[at]] = value
        reach = rows[:, 0].max(axis=1)
        loss = np.array([(reach[at] - rows[at, 0, : counts[at]]).mean() for at in range(len(counts))])
        self.order = np.argsort(-loss, kind="stable")
        self.sorting = np.argsort(-rows[self.order, 0], axis=1, kind="stable")
        self.rows = np.take_along_axis(rows[self.order], self.sorting[:, None], axis=2)
        self.counts = counts[self.order]
        height = self.rows.max(axis=2)
        self.rest = np.zeros((len(counts) + 1, height.shape[1]))
        self.rest[:-1] = np.cumsum(height[::-1], axis=0)[::-1]
        self.partial = np.zeros(self.rest.shape)
        self.partial[0, 0] = proof.offset + proof.slope @ gains.start
        self.partial[0, 1:] = gains.start
        self.low = gains.low
        self.aim = aim
        self.at, self.depth = np.full(len(counts), -1), np.zeros(1, dtype=np.int64)
        self.best, self.seen = np.array([least]), np.zeros(1, dtype=np.int64)
        self.found = np.zeros((most, len(counts)), dtype=np.int64)
        self.scores = np.zeros(most)

    def step(self, enough: float) -> bool:
        """Take up to `_STEPS` steps; return whether the search is over."""
        weight, sums = self.aim.weight, np.array(self.aim.sums)
        return bool(
            explore(
                self.rows,
                self.counts,
                self.rest,
                self.low,
                self.aim.counted,
                self.aim.k if weight is None else 0,
                np.zeros(len(self.low)) if weight is None else weight,
                sums,
                enough,
                _STEPS,
                self.at,
                self.depth,
                self.partial,
                self.best,
                self.found,
                self.scores,
                self.seen,
            )
        )

    def packages(self) -> tuple[IntArray, bool]:
        """Return the best packages, and whether they are all."""
        listed = min(int(self.seen[0]), len(self.found))
        best = self.found[:listed][self.scores[:listed] >= self.best[0] - TOLERANCE]
        places = np.empty_like(best)
        for at, part in enumerate(self.order):
            places[:, part] = self.sorting[at, best[:, at]]
        return places, int(self.seen[0]) <= len(self.found)

    def remaining(self) -> float:
        """Return a bound on what has not been looked at yet."""
        hopes = [-np.inf]
        for depth in range(int(self.depth[0]) + 1):
            place = int(self.at[depth]) + (depth < int(self.depth[0]))
            place = max(place, 0)
            if place < self.counts[depth]:
                row = self.partial[depth, 0] + self.rows[depth, 0, place] + self.rest[depth + 1, 0]
                hopes.append(float(row))
        return max(hopes)


@compiled
def score_of(hope: FloatArray, counted: Array, k: int, weight: FloatArray, sums: FloatArray) -> float:
    """Return Σ weight · ln g (k = 0) or the sum of the k smallest g over the counted parties.

    −∞ where a sum of the j smallest misses sums[j − 1]. Never falls when a gain rises.
    """
    if k == 0:
        total = 0.0
        for p in range(hope.shape[0]):
            if counted[p] and weight[p] > 0.0:
                if hope[p] <= 0.0:
                    return -np.inf
                total += weight[p] * np.log(hope[p])
        return total
    if k == 1:
        least = np.inf
        for p in range(hope.shape[0]):
            if counted[p] and hope[p] < least:
                least = hope[p]
        return least
    ordered = np.sort(hope[counted])
    total = 0.0
    for j in range(k):
        total += ordered[j]
        if j < sums.shape[0] and total < sums[j] - TOLERANCE:
            return -np.inf
    return total


@compiled
def explore(
    rows: FloatArray,
    counts: IntArray,
    rest: FloatArray,
    low: FloatArray,
    counted: Array,
    k: int,
    weight: FloatArray,
    sums: FloatArray,
    enough: float,
    steps: int,
    at: IntArray,
    place: IntArray,
    partial: FloatArray,
    best: FloatArray,
    found: IntArray,
    scores: FloatArray,
    seen: IntArray,
) -> bool:
    """Walk through the packages depth first, keeping the best; return whether it is over.

    `rows` (part, 1 + party, option) hold the bound and the gains, options in falling order of the
    bound; `rest` what the parts below can add at most; `partial` the sums so far. `at`, `place`,
    `partial`, `best`, `found`, `scores` and `seen` are the state, changed in place.
    """
    hope = np.empty(low.shape[0])
    depth = place[0]
    for _ in range(steps):
        at[depth] += 1
        if at[depth] >= counts[depth]:
            if depth == 0:
                return True
            depth -= 1
            continue
        # Once the list of ties is full, only what is strictly better matters.
        least = best[0] - TOLERANCE if seen[0] <= found.shape[0] else best[0] + TOLERANCE
        bound = partial[depth, 0] + rows[depth, 0, at[depth]]
        partial[depth + 1, 0] = bound
        if bound + rest[depth + 1, 0] < least:
            at[depth] = counts[depth]  # the options that follow have lower bounds still
            continue
        is_open = True
        for p in range(low.shape[0]):
            gain = partial[depth, p + 1] + rows[depth, p + 1, at[depth]]
            partial[depth + 1, p + 1] = gain
            hope[p] = gain + rest[depth + 1, p + 1]
            is_open = is_open and hope[p] >= low[p]
        score = score_of(hope, counted, k, weight, sums) if is_open else -np.inf
        if score < least or score == -np.inf:
            continue
        if depth < counts.shape[0] - 1:
            depth += 1
            at[depth] = -1
        else:
            keep(score, at, best, found, scores, seen)
            if best[0] >= enough:
                break
    place[0] = depth
    return bool(best[0] >= enough and seen[0] > 0)


@compiled
def keep(
    score: float, at: IntArray, best: FloatArray, found: IntArray, scores: FloatArray, seen: IntArray
) -> None:
    """Put a package on the list of the best, and drop what it beats."""
    if score > best[0] + TOLERANCE:
        seen[0] = 0
    best[0] = max(best[0], score)
    if seen[0] < found.shape[0]:
        found[seen[0]] = at
        scores[seen[0]] = score
    seen[0] += 1
