"""Gains with lotteries allowed: linear programs over the chances of options, and the bounds they prove.

A lottery over packages is worth what its chances of single options are worth, because utility is a
sum over parts. So the convex hull of all packages needs no list of them: one chance an option.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.deals.space import TOLERANCE, IntArray, Part, Space, parts

_TANGENTS = np.geomspace(1e-4, 1.0, 25)
"""Where the logarithm gets its first tangents, as shares of the largest gain of a party."""

_SMALLEST = 1e-7
"""Least share of a party's largest gain at which a tangent is put."""

_ROUNDS = 60


@dataclass(frozen=True)
class Gains:
    """Gains over no deal as a sum over parts: g = start + Σ values[part][:, place], in units of each party.

    `start` (party), `values` (party, m) for each part, `low` (party): g below is not accepted, −∞
    where the party's acceptance does not matter.
    """

    parts: tuple[Part, ...]
    start: FloatArray
    values: tuple[FloatArray, ...]
    low: FloatArray

    def packages(self, places: IntArray) -> IntArray:
        """Return packages (n, issue) from places in the parts (n, part)."""
        width = sum(len(part.issues) for part in self.parts)
        found = np.empty((len(places), width), dtype=np.int64)
        for at, part in enumerate(self.parts):
            found[:, list(part.issues)] = part.packages[places[:, at]]
        return found

    def of(self, places: IntArray) -> FloatArray:
        """Return g (n, party) of places in the parts (n, part)."""
        picked = [value[:, places[:, at]].T for at, value in enumerate(self.values)]
        return np.asarray(self.start + np.sum(picked, axis=0))

    def in_units(self, unit: FloatArray) -> Gains:
        """Return the same with the gains of each party divided by its unit (party), above 0."""
        values = tuple(value / unit[:, None] for value in self.values)
        return replace(self, start=self.start / unit, values=values, low=self.low / unit)

    def binding(self, keep: Array) -> Gains:
        """Return the same with the acceptance of the parties of `keep` (party) alone needed."""
        return replace(self, low=np.where(keep, self.low, -np.inf))

    @property
    def lows(self) -> FloatArray:
        """The lowest accepted gains (party), 0 for parties whose acceptance does not matter."""
        return np.where(np.isfinite(self.low), self.low, 0.0)

    @property
    def highest(self) -> FloatArray:
        """The largest gain (party) of each party over all packages, acceptable or not."""
        return np.asarray(self.start + np.sum([value.max(axis=1) for value in self.values], axis=0))


def gains_of(space: Space) -> Gains:
    """Return the gains of the parties whose acceptance is needed.

    Raises
    ------
    CallError: interactions tie so many issues together that their options cannot be listed.
    """
    held = space.only(space.must)
    found = parts(held)
    low = np.full(len(held.parties), -TOLERANCE)
    return Gains(found, held.base - held.floor, tuple(part.values for part in found), low)


class Aim(NamedTuple):
    """What is made largest: the sum of the `k` smallest gains among `counted` (party).

    With `weight` (party) it is Σ weight · ln g over them instead. `sums` holds what the sums of the
    1, 2, … smallest gains must reach besides.
    """

    counted: Array
    k: int = 1
    weight: FloatArray | None = None
    sums: tuple[float, ...] = ()


class Relaxed(NamedTuple):
    """The best lottery: its value, gains (party), chances (option) a part, and the proof.

    The aim of every lottery or package is at most offset + slope · g, and `value` is its maximum.
    """

    value: float
    gains: FloatArray
    chances: tuple[FloatArray, ...]
    slope: FloatArray
    offset: float


def relaxed(gains: Gains, aim: Aim, gap: float = 1e-3) -> Relaxed | None:
    """Return the best lottery for an aim, None if no lottery meets all floors (and sums).

    A sum of smallest gains is solved exactly; a sum of logarithms until its bound is within `gap`.
    """
    if aim.weight is not None:
        return _nash(gains, aim, aim.weight, gap)
    program = _Program(gains)
    levels = [program.smallest(aim.counted, j) for j in range(1, len(aim.sums) + 1)]
    kept = [program.at_least(level, least) for level, least in zip(levels, aim.sums, strict=True)]
    wanted = program.smallest(aim.counted, aim.k)
    answer = program.best(wanted.terms)
    if answer is None:
        return None
    slope = answer.floors + _prices(answer, wanted, 1.0)
    offset = -float(answer.floors @ gains.lows)
    for level, row, least in zip(levels, kept, aim.sums, strict=True):
        price = max(answer.rows[row], 0.0)
        slope = slope + _prices(answer, level, price)
        offset -= price * (least - TOLERANCE)
    return Relaxed(ceiling(gains, slope, offset), answer.gains, answer.chances, slope, offset)


def ceiling(gains: Gains, slope: FloatArray, offset: float) -> float:
    """Return the maximum of offset + slope · g over all packages, part by part."""
    return float(offset + slope @ gains.start + sum((slope @ value).max() for value in gains.values))


def _nash(gains: Gains, aim: Aim, weight: FloatArray, gap: float) -> Relaxed | None:
    """Outer approximation: replace each ln by tangents, add one where the answer lies, until they meet."""
    counted = aim.counted & (gains.highest > 0)
    program = _Program(gains)
    logs = {int(p): program.column(-np.inf, np.inf) for p in np.flatnonzero(counted)}
    for p, column in logs.items():
        for point in _TANGENTS * gains.highest[p]:
            program.tangent(column, p, float(point))
    objective = {column: float(weight[p]) for p, column in logs.items()}
    price = np.where(counted, weight, 0.0)
    best: Relaxed | None = None
    for _ in range(_ROUNDS):
        answer = program.best(objective)
        if answer is None:
            return None
        centre = _towards(best, answer, price)
        best = _tighter(best, gains, program, answer, price)
        best = best._replace(gains=centre.gains, chances=centre.chances)
        reached = [np.maximum(point, _SMALLEST * gains.highest) for point in (centre.gains, answer.gains)]
        if best.value - float(weight[counted] @ np.log(reached[0][counted])) <= gap:
            break
        for p, column in logs.items():
            program.tangent(column, p, float(reached[0][p]))
            program.tangent(column, p, float(reached[1][p]))
    return best


def _towards(best: Relaxed | None, answer: _Answer, weight: FloatArray) -> _Answer:
    """Return the lottery between the best so far and the answer that has the largest Σ weight · ln g."""
    if best is None:
        return answer
    counted = weight > 0
    low, high = 0.0, 1.0
    step = answer.gains[counted] - best.gains[counted]
    for _ in range(50):
        middle = (low + high) / 2
        reached = np.maximum(best.gains[counted] + middle * step, 1e-300)
        low, high = (middle, high) if float(weight[counted] @ (step / reached)) > 0 else (low, middle)
    return answer._replace(
        gains=best.gains + low * (answer.gains - best.gains),
        chances=tuple(old + low * (new - old) for old, new in zip(best.chances, answer.chances, strict=True)),
    )


def _tighter(
    best: Relaxed | None, gains: Gains, program: _Program, answer: _Answer, weight: FloatArray
) -> Relaxed:
    """Return the proof by the tangents that carry the answer, or an earlier one if that is sharper.

    Tangents of weights that sum to the party's own lie nowhere below its logarithm.
    """
    slope, offset = answer.floors.copy(), -float(answer.floors @ gains.lows)
    for p in np.flatnonzero(weight > 0):
        touched = [(max(answer.rows[row], 0.0), point) for row, point in program.tangents[int(p)]]
        total = sum(share for share, _ in touched)
        if total <= 0:
            touched, total = [(1.0, touched[-1][1])], 1.0
        for share, point in touched:
            part = weight[p] * share / total
            slope[p] += part / point
            offset += part * (np.log(point) - 1.0)
    value = ceiling(gains, slope, offset)
    if best is not None and best.value <= value:
        return best
    return Relaxed(value, answer.gains, answer.chances, slope, offset)


class _Answer(NamedTuple):
    value: float
    gains: FloatArray
    chances: tuple[FloatArray, ...]
    floors: FloatArray
    rows: FloatArray


class _Smallest(NamedTuple):
    """A sum of the k smallest gains in a program: its columns with factors, its row for each party."""

    k: int
    terms: dict[int, float]
    rows: dict[int, int]


class _Program:
    """A linear program over the chances of options and further columns, built row by row."""

    def __init__(self, gains: Gains) -> None:
        self.gains = gains
        self.table = np.concatenate(gains.values, axis=1)
        self.bounds: list[tuple[float, float]] = [(0.0, 1.0)] * self.table.shape[1]
        self.floors = np.flatnonzero(np.isfinite(gains.low))
        self.rows: list[tuple[FloatArray, dict[int, float], float]] = []
        self.tangents: dict[int, list[tuple[int, float]]] = {}
        for p in self.floors:
            self.rows.append((-self.table[p], {}, float(gains.start[p] - gains.low[p])))

    def column(self, low: float, high: float) -> int:
        self.bounds.append((low, high))
        return len(self.bounds) - 1

    def tangent(self, column: int, p: int, point: float) -> None:
        """Add column ≤ ln(point) + (g_p − point) / point."""
        right = np.log(point) - 1.0 + self.gains.start[p] / point
        self.tangents.setdefault(p, []).append((len(self.rows), point))
        self.rows.append((-self.table[p] / point, {column: 1.0}, float(right)))

    def smallest(self, counted: Array, k: int) -> _Smallest:
        """Add the sum of the k smallest gains as k·z − Σ short, short_p ≥ z − g_p."""
        level = self.column(-np.inf, np.inf)
        terms, rows = {level: float(k)}, {}
        for p in map(int, np.flatnonzero(counted)):
            extra = {level: 1.0}
            if k > 1:
                short = self.column(0.0, np.inf)
                terms[short] = extra[short] = -1.0
            rows[p] = len(self.rows)
            self.rows.append((-self.table[p], extra, float(self.gains.start[p])))
        return _Smallest(k, terms, rows)

    def at_least(self, smallest: _Smallest, least: float) -> int:
        """Add that a sum of smallest gains reaches what it must; return the number of the row."""
        negated = {column: -factor for column, factor in smallest.terms.items()}
        self.rows.append((np.zeros(self.table.shape[1]), negated, TOLERANCE - least))
        return len(self.rows) - 1

    def best(self, objective: dict[int, float]) -> _Answer | None:
        from scipy.optimize import linprog  # slow to import, wanted only here

        width, options = len(self.bounds), self.table.shape[1]
        upper, cost = np.zeros((len(self.rows), width)), np.zeros(width)
        for at, (chances, extra, _) in enumerate(self.rows):
            upper[at, :options] = chances
            upper[at, list(extra)] = list(extra.values())
        cost[list(objective)] = [-factor for factor in objective.values()]
        sizes = [value.shape[1] for value in self.gains.values]
        once = np.zeros((len(sizes), width))
        once[np.repeat(np.arange(len(sizes)), sizes), np.arange(options)] = 1.0
        right = [row[2] for row in self.rows]
        answer: Any = linprog(
            cost, A_ub=upper, b_ub=right, A_eq=once, b_eq=np.ones(len(sizes)), bounds=self.bounds
        )
        if answer.status != 0:
            return None
        duals = -np.asarray(answer.ineqlin.marginals, dtype=float)
        floors = np.zeros(len(self.gains.start))
        floors[self.floors] = np.maximum(duals[: len(self.floors)], 0.0)
        chances = np.clip(answer.x[:options], 0.0, 1.0)
        return _Answer(
            -float(answer.fun),
            self.gains.start + self.table @ chances,
            tuple(np.split(chances, np.cumsum(sizes)[:-1])),
            floors,
            duals,
        )


def _prices(answer: _Answer, smallest: _Smallest, price: float) -> FloatArray:
    """Return λ (party), 0 to `price` and k · price in all, so that λ · g ≥ price · (sum of the k smallest).

    The solver's prices meet this up to rounding; what is proved must meet it exactly.
    """
    share = np.zeros(len(answer.gains))
    for p, row in smallest.rows.items():
        share[p] = min(max(answer.rows[row], 0.0), price)
    if smallest.k >= len(smallest.rows) or share.sum() <= 0:
        share[list(smallest.rows)] = price * smallest.k / max(len(smallest.rows), 1)
        return share
    return np.asarray(share * (price * smallest.k / share.sum()))
