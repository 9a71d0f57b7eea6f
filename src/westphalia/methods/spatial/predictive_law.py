"""The law of the predictive forecast: how likely the outcome is to lie at or below each point.

All lengths here are shares of the issue's scale, from 0 to 1. With the compromise mean m, the weighted
median m', the weighted standard deviation s of positions and W(t), the share of weight at or below t,

    P(outcome ≤ t) = Φ( k(s) · (t − m) + camps · (W(t) − ½) + lean · (m − m') ),
    k(s) = agreed · (1 − 2s) + split · 2s

for 0 ≤ t < 1, and 1 at the upper end. What lies below 0 or above 1 on the line is mass at the ends of
the scale; each step of W is mass at the positions of a camp.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from westphalia.methods.arrays import FloatArray

TIE = 1e-9
"""Weights within this share of half of all count as half, so that the order of a sum decides nothing."""

MOST_SPREAD = 0.5
"""The largest standard deviation of positions on a scale of length 1: half the weight at either end."""


@dataclass(frozen=True, slots=True)
class Law:
    """The fitted numbers of the law, and what they were fitted on.

    `agreed`, `split`, `camps` and `lean` are the coefficients of the module's formula; the first two say
    how steeply Φ⁻¹ rises where all agree and where half the weight stands at either end. A central
    interval said to hold a share `told[k]` of outcomes is the law's own at the share `meant[k]`, with
    straight lines in between: what was needed for it to hold on decisions the fit had not seen.
    """

    agreed: float
    split: float
    camps: float
    lean: float
    told: tuple[float, ...]
    meant: tuple[float, ...]
    issues: int
    proposals: int
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse numbers under which a probability would fall as t rises."""
        if min(self.agreed, self.split) <= 0 or self.camps < 0:
            raise ValueError("the law's probability would fall somewhere on the scale")
        if not (_rises(self.told) and _rises(self.meant) and len(self.told) == len(self.meant)):
            raise ValueError("the law's levels do not rise from 0 to 1")

    def own_share(self, share: FloatArray) -> FloatArray:
        """Return the law's own share below for the share below that is told; both from 0 to 1."""
        aside = 2 * share - 1
        own: FloatArray = (1 + np.sign(aside) * np.interp(np.abs(aside), self.told, self.meant)) / 2
        return own


def _rises(levels: tuple[float, ...]) -> bool:
    return levels[0] == 0 and levels[-1] == 1 and all(np.diff(levels) >= 0)


@cache
def load_law() -> Law:
    """Return the law as fitted on the decisions of the European Union that were at hand."""
    raw = json.loads(resources.files(__package__).joinpath("predictive_law.json").read_text(encoding="utf-8"))
    return Law(**{**raw, "told": tuple(raw["told"]), "meant": tuple(raw["meant"])})


class Stage(NamedTuple):
    """What the law needs of an issue, with axes (draw, issue) or (draw, seat, issue), in shares of scale.

    Actors are seated in the order of their positions: `placed` is where, `below` the share of weight of
    all who sit before (one seat more than actors). Without weight a seat changes nothing.
    """

    centre: FloatArray
    median: FloatArray
    spread: FloatArray
    placed: FloatArray
    below: FloatArray


def staged(position: FloatArray, weight: FloatArray) -> Stage:
    """Return the stage of positions in shares of the scale and weights, (draw, actor, issue) each.

    Cost is that of sorting the actors. Where half the weight lies on either side the median is the
    middle between the two, so that it turns with the scale.
    """
    part = weight / weight.sum(axis=1, keepdims=True)
    centre = (part * position).sum(axis=1)
    spread = np.sqrt((part * (position - centre[:, None]) ** 2).sum(axis=1))
    order = np.argsort(position, axis=1, kind="stable")
    placed = np.take_along_axis(position, order, axis=1)
    reached = np.cumsum(np.take_along_axis(part, order, axis=1), axis=1)
    first, last = (
        np.take_along_axis(placed, np.argmax(reached >= 0.5 * (1 + aside), axis=1)[:, None], axis=1)[:, 0]
        for aside in (-TIE, TIE)
    )
    median = (first + last) / 2
    below = np.concatenate([np.zeros_like(reached[:, :1]), reached], axis=1)
    return Stage(centre, median, spread, placed, below)


def terms(stage: Stage, points: FloatArray) -> FloatArray:
    """Return what the four coefficients multiply, (term, draw, issue, point), at points of the scale."""
    off = points - stage.centre[..., None]
    parted = np.broadcast_to(_parted(stage)[..., None], off.shape)
    weight = np.diff(stage.below, axis=1)
    part = np.einsum("dai,daip->dip", weight, stage.placed[..., None] <= points)
    lean = np.broadcast_to((stage.centre - stage.median)[..., None], off.shape)
    return np.stack([off * (1 - parted), off * parted, part - 0.5, lean])


def steepness(stage: Stage, law: Law) -> FloatArray:
    """Return k(s), how steeply the law's Φ⁻¹ rises per length of the scale, (draw, issue)."""
    parted = _parted(stage)
    steep: FloatArray = law.agreed * (1 - parted) + law.split * parted
    return steep


def _parted(stage: Stage) -> FloatArray:
    """Return how far positions are apart as a share of the most they can be."""
    parted: FloatArray = np.minimum(stage.spread / MOST_SPREAD, 1.0)
    return parted


def outcome_at(stage: Stage, law: Law, share: FloatArray) -> FloatArray:
    """Return the point below which the law's own share of outcomes lies, in shares of the scale.

    `share` is (draw, level, issue), strictly between 0 and 1, and so is the result. Between two seats
    the law's Φ⁻¹ is a straight line; it never falls, so the answer is the largest, over the seats, of
    where that line reaches the share, cut at the seat's upper end. Linear in seats × levels.
    """
    middle, steep = stage.centre[:, None], steepness(stage, law)[:, None]
    wanted = ndtri(share) - law.lean * (middle - stage.median[:, None])
    found = np.zeros_like(wanted)
    actors = stage.placed.shape[1]
    for seat in range(actors + 1):
        reached = middle + (wanted - law.camps * (stage.below[:, seat, None] - 0.5)) / steep
        top = stage.placed[:, seat, None] if seat < actors else 1.0
        found = np.maximum(found, np.minimum(reached, top))
    cut: FloatArray = np.minimum(found, 1.0)
    return cut


def share_below(stage: Stage, law: Law, point: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the law's own shares of outcomes below a point and at or below it, (draw, issue) each."""
    steep, lean = steepness(stage, law), law.lean * (stage.centre - stage.median)
    shares = []
    for is_at in (stage.placed < point[:, None] - TIE, stage.placed <= point[:, None] + TIE):
        weight = np.where(is_at, np.diff(stage.below, axis=1), 0.0).sum(axis=1)
        shares.append(ndtr(steep * (point - stage.centre) + law.camps * (weight - 0.5) + lean))
    return np.where(point <= TIE, 0.0, shares[0]), np.where(point >= 1 - TIE, 1.0, shares[1])
