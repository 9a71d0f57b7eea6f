"""What one move must be worth, and how far a position must go for that: the arithmetic of levers."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.deals.relaxation import Aim, Gains
from westphalia.methods.deals.search import Clock, search
from westphalia.methods.deals.space import TOLERANCE


class Best(NamedTuple):
    """The largest gain of one party over packages that all others accept, and a package that has it.

    `gain` is −∞ and `package` (issue) None if the others accept none; no package exceeds `bound`.
    """

    gain: float
    bound: float
    package: Array | None


def best_for(gains: Gains, party: int, clock: Clock) -> Best:
    """Return the best a party can get where it accepts anything itself. One exact search."""
    others = np.arange(len(gains.start)) != party
    found = search(gains.binding(others), Aim(~others), clock)
    if not len(found.places):
        return Best(-np.inf, found.bound, None)
    return Best(found.score, max(found.bound, found.score), gains.packages(found.places[:1])[0])


def with_only(gains: Gains, part: int, keep: Array) -> Gains:
    """Return the same packages with the combinations of `keep` (places) of one part alone."""
    cut = replace(
        gains.parts[part],
        packages=gains.parts[part].packages[keep],
        values=gains.parts[part].values[:, keep],
    )
    parts = tuple(cut if at == part else other for at, other in enumerate(gains.parts))
    values = tuple(value[:, keep] if at == part else value for at, value in enumerate(gains.values))
    return replace(gains, parts=parts, values=values)


class Stance(NamedTuple):
    """A party on one issue: its loss is share · (|x − at| / length)^power, on a scale low to high.

    `falls_back` is what holds on the issue without agreement, where the party's no deal follows from
    it; NaN where its no deal is stated and stays as it is.
    """

    at: float
    share: float
    low: float
    high: float
    power: int
    falls_back: float

    def loss(self, outcome: float, at: FloatArray) -> FloatArray:
        """Return the loss from an outcome for positions `at`."""
        return np.asarray(self.share * (np.abs(outcome - at) / (self.high - self.low)) ** self.power)

    def relief(self, outcome: float, at: FloatArray) -> FloatArray:
        """Return what moving to positions `at` adds to the gain from an outcome."""
        here = np.array(self.at)
        relief = self.loss(outcome, here) - self.loss(outcome, at)
        if np.isfinite(self.falls_back):
            relief = relief - self.loss(self.falls_back, here) + self.loss(self.falls_back, at)
        return np.asarray(relief)


def nearest(stance: Stance, outcome: float, needed: float) -> float:
    """Return the position nearest to the present one at which an outcome gains `needed` more; NaN if none.

    Between the places where a distance has its kink the relief is a polynomial of degree two at
    most, so its crossings of `needed` are the roots of three values: closed form, no search.
    """
    if needed <= TOLERANCE:
        return stance.at
    kinks = [stance.low, stance.high, stance.at, outcome, stance.falls_back]
    ends = np.unique([kink for kink in kinks if stance.low <= kink <= stance.high])
    candidates = [*ends.tolist()]
    for low, high in pairwise(ends):
        candidates += _crossings(stance, outcome, needed, float(low), float(high))
    at = np.array(candidates)
    enough = at[stance.relief(outcome, at) >= needed - TOLERANCE]
    if not len(enough):
        return float("nan")
    return float(enough[np.argmin(np.abs(enough - stance.at))])


def _crossings(stance: Stance, outcome: float, needed: float, low: float, high: float) -> list[float]:
    first, middle, last = stance.relief(outcome, np.array([low, (low + high) / 2, high])) - needed
    square, slope = 2 * (first - 2 * middle + last), 4 * middle - 3 * first - last
    scale = max(abs(first), abs(middle), abs(last))
    if abs(square) <= 1e-13 * scale:
        square = 0.0
    factors = np.trim_zeros(np.array([square, slope, first]), "f")
    roots = np.roots(factors)
    real = np.real(roots[np.abs(np.imag(roots)) < 1e-9])
    return [low + (high - low) * float(root) for root in real if -1e-12 <= root <= 1 + 1e-12]
