"""An evenly spread sample of efficient packages where there are too many to list; each is proved."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.deals.relaxation import Aim, Gains, gains_of
from westphalia.methods.deals.search import Clock, search
from westphalia.methods.deals.space import TOLERANCE, IntArray, Space


class Sample(NamedTuple):
    """Packages (n, issue), none twice, and for each whether it is proved efficient (n).

    `has_zone` is None where the time ran out before any package, or the proof that there is none.
    """

    packages: IntArray
    is_proved: Array
    has_zone: bool | None


def directions(count: int, parties: int) -> FloatArray:
    """Return `count` points (count, party) spread evenly over the simplex; the first is its middle.

    Multiples of irrational numbers, modulo 1, spread evenly over the cube (Kronecker sequence); the
    negative logarithm turns that into an even spread over directions.
    """
    root = np.roots([1.0, *[0.0] * (parties - 1), -1.0, -1.0])
    step = 1.0 / float(root[np.abs(root.imag) < 1e-12].real.max())
    cube = (0.5 + np.outer(np.arange(count), step ** np.arange(1, parties + 1))) % 1.0
    weight = -np.log(np.clip(cube, 1e-6, 1.0 - 1e-6))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def sample(space: Space, count: int, clock: Clock | None = None) -> Sample:
    """Return up to `count` efficient packages that all who must accept do, spread over directions.

    For each direction the package is taken that gets farthest along it, by the gain of the party
    farthest behind; then the gains are raised until none can rise without another falling. That
    last search is the proof: no package gives everybody as much and the sum more than 1e-9 more.

    Two exact searches a package, each milliseconds for a dozen issues. On time the last direction
    is left off.

    Raises
    ------
    CallError: interactions tie together more combinations than can be listed (``space-too-large``).
    """
    clock = Clock(np.inf) if clock is None else clock
    gains = gains_of(space)
    ideal = _ideal(gains, clock)
    if ideal is None:
        return Sample(np.zeros((0, len(space.issues)), dtype=np.int64), np.zeros(0, dtype=bool), False)
    found: dict[tuple[int, ...], bool] = {}
    for weight in directions(count, len(ideal)):
        along = _along(gains, ideal * weight, clock)
        if along is None or clock.is_over:
            break
        places, is_proved = raised(gains, along, ideal, clock)
        key = tuple(map(int, places))
        found[key] = found.get(key, False) or is_proved
    places = np.array(sorted(found), dtype=np.int64).reshape(len(found), len(gains.values))
    is_proved_all = np.array([found[key] for key in sorted(found)], dtype=bool)
    return Sample(gains.packages(places), is_proved_all, True if found else None)


def raised(gains: Gains, places: Array, unit: FloatArray, clock: Clock) -> tuple[Array, bool]:
    """Return an efficient package at least as good for all as the one given, and whether that is proved.

    It is the one with the largest sum of gains, in units (party).
    """
    scaled = gains.in_units(unit)
    reached = scaled.of(places[None])[0]
    held = replace(scaled, low=reached - TOLERANCE)
    everyone = np.ones(len(unit), dtype=bool)
    best = search(held, Aim(everyone, k=len(unit)), clock)
    if not len(best.places) or best.score <= reached.sum() + TOLERANCE:
        return places, best.is_proved
    return best.places[0], best.is_proved


def _ideal(gains: Gains, clock: Clock) -> FloatArray | None:
    """Return the largest gain of each party over acceptable packages (party), None if there is none."""
    ideal = np.empty(len(gains.start))
    for p in range(len(ideal)):
        best = search(gains, Aim(np.arange(len(ideal)) == p), clock)
        if not len(best.places) and best.is_proved:
            return None
        ideal[p] = best.score if len(best.places) else gains.highest[p]
    return np.where(ideal > TOLERANCE, ideal, 1.0)


def _along(gains: Gains, unit: FloatArray, clock: Clock) -> Array | None:
    best = search(gains.in_units(unit), Aim(np.ones(len(unit), dtype=bool)), clock)
    return best.places[0] if len(best.places) else None
