"""Bargaining over continuous issues: exact solutions by linear programs that close in on convex losses.

Outcomes are shares y of their scales. A gain g_i(y) = 1 − d_i − Σ_k v_ik loss(y_k − p_ik) is concave;
each loss is replaced by its tangents from below, so that a program's optimum is a bound. Tangents
are added where the optimum lies until the bound and what is really reached there meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from westphalia.methods.arrays import Array, FloatArray

CLOSE = 1e-6
"""Bound and solution have met at this difference in utility."""
_EASED = 1e-7
"""Floors found by one program are eased by this in the next, so that rounding does not close it."""
_START = np.linspace(0.0, 1.0, 17)
_ROUNDS = 25


@dataclass(frozen=True)
class Sides:
    """Parties i over issues k: positions and shares of salience (i, k), no deals (i), power of the loss."""

    position: FloatArray
    share: FloatArray
    reservation: FloatArray
    power: int

    def gains(self, y: FloatArray) -> FloatArray:
        """Return g (i) at an outcome y (k)."""
        loss = self.share * np.abs(y - self.position) ** self.power
        return np.asarray(1.0 - self.reservation - loss.sum(axis=1))


class Aim(NamedTuple):
    """Maximise Σ weight·g + z over y and z, with g_i ≥ floor_i + unit_i·z (unit 0: a plain floor)."""

    weight: FloatArray
    floor: FloatArray
    unit: FloatArray


class Optimum(NamedTuple):
    """An outcome y (k), its value, and what no outcome exceeds. `is_met`: the two are close."""

    y: FloatArray
    value: float
    bound: float
    is_met: bool


def optimum(sides: Sides, aim: Aim) -> Optimum | None:
    """Return the best outcome for an aim; None if no outcome reaches the floors, up to 1e-6.

    One linear program for linear losses. For quadratic ones a local method climbs first: where it
    ends at the optimum, tangents there make the program's bound meet it at once; if it failed,
    tangents are added where the program's optimum lies.
    """
    program = _Program(sides, aim)
    tried = [] if sides.power == 1 else [_climbed(sides, aim)]
    for y in tried:
        program.touch(y)
    best: Optimum | None = None
    for _ in range(_ROUNDS):
        answer = program.solve()
        if answer is None:
            return None
        reached = [(*_reached(sides, aim, y), y) for y in (*tried, answer[0])]
        value, missing, y = max(reached, key=lambda each: (each[1] <= CLOSE, each[0]))
        best = (
            Optimum(y, value, max(answer[1], value), answer[1] - value <= CLOSE) if missing <= CLOSE else None
        )
        if best is not None and best.is_met:
            break
        program.touch(answer[0])
    return best


def _climbed(sides: Sides, aim: Aim) -> FloatArray:
    """Return where sequential quadratic programming ends, from the mean of all positions."""
    from scipy.optimize import minimize  # slow to import, wanted only here

    issues = sides.position.shape[1]
    start = sides.position.mean(axis=0)
    levelled = aim.unit > 0
    level = (sides.gains(start) - aim.floor)[levelled] / aim.unit[levelled]
    factor = float(levelled.any())

    def slopes(x: FloatArray) -> FloatArray:
        return np.asarray(-2 * sides.share * (x[:issues] - sides.position))

    found = minimize(
        lambda x: -(aim.weight @ sides.gains(x[:issues]) + factor * x[-1]),
        np.append(start, level.min() if levelled.any() else 0.0),
        jac=lambda x: -np.append(aim.weight @ slopes(x), factor),
        bounds=[(0.0, 1.0)] * issues + [(None, None) if factor else (0.0, 0.0)],
        constraints={
            "type": "ineq",
            "fun": lambda x: sides.gains(x[:issues]) - aim.floor - aim.unit * x[-1],
            "jac": lambda x: np.column_stack([slopes(x), -aim.unit]),
        },
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 200},
    )
    return np.asarray(np.clip(np.nan_to_num(found.x[:issues], nan=0.5), 0.0, 1.0))


def _reached(sides: Sides, aim: Aim, y: FloatArray) -> tuple[float, float]:
    """Return what an outcome is really worth, and by how much it misses a floor at most."""
    gains = sides.gains(y)
    over = gains - aim.floor
    levelled = aim.unit > 0
    level = float((over[levelled] / aim.unit[levelled]).min()) if levelled.any() else 0.0
    missing = float(np.maximum(-over[~levelled], 0.0).max(initial=0.0))
    return float(aim.weight @ gains) + level, missing


class _Program:
    """Columns y (k), losses (i, k) and z; rows the floors and, for each loss, tangents from below."""

    def __init__(self, sides: Sides, aim: Aim) -> None:
        self.sides, self.aim = sides, aim
        n, issues = sides.position.shape
        self.width = issues + n * issues + 1
        floors = np.zeros((n, self.width))
        for i in range(n):
            floors[i, issues + i * issues : issues + (i + 1) * issues] = sides.share[i]
        floors[:, -1] = aim.unit
        self.rows, self.right = [floors], [1.0 - sides.reservation - aim.floor]
        self.cost = np.zeros(self.width)
        self.cost[issues:-1] = (aim.weight[:, None] * sides.share).ravel()
        self.cost[-1] = -1.0 if (aim.unit > 0).any() else 0.0
        if sides.power == 1:
            self._add(np.ones_like(sides.position), -sides.position)
            self._add(-np.ones_like(sides.position), sides.position)
        else:
            for point in _START:
                self.touch(np.full(issues, point))

    def touch(self, y: FloatArray) -> None:
        """Add the tangents of quadratic losses at an outcome."""
        if self.sides.power == 2:
            away = y - self.sides.position
            self._add(2 * away, away**2 - 2 * away * y)

    def _add(self, slope: FloatArray, start: FloatArray) -> None:
        """Add loss_ik ≥ slope_ik·y_k + start_ik."""
        n, issues = slope.shape
        rows = np.zeros((n * issues, self.width))
        at = np.arange(n * issues)
        rows[at, at % issues] = slope.ravel()
        rows[at, issues + at] = -1.0
        self.rows.append(rows)
        self.right.append(-start.ravel())

    def solve(self) -> tuple[FloatArray, float] | None:
        """Return the best outcome of the program and its value, None if there is none."""
        from scipy.optimize import linprog  # slow to import, wanted only here

        issues = self.sides.position.shape[1]
        low = np.concatenate([np.zeros(self.width - 1), [-np.inf]])
        high = np.concatenate([np.ones(issues), np.full(self.width - issues, np.inf)])
        if self.cost[-1] == 0.0:
            low[-1] = high[-1] = 0.0
        answer: Any = linprog(
            self.cost,
            A_ub=np.concatenate(self.rows),
            b_ub=np.concatenate(self.right),
            bounds=np.stack([low, high], axis=1),
        )
        if answer.status != 0:
            return None
        constant = float(self.aim.weight @ (1.0 - self.sides.reservation))
        return np.clip(answer.x[:issues], 0.0, 1.0), constant - float(answer.fun)


def best_sum(sides: Sides) -> Optimum | None:
    """Return the outcome with the largest sum of gains that nobody loses by."""
    n = len(sides.reservation)
    return optimum(sides, Aim(np.ones(n), np.zeros(n), np.zeros(n)))


def ideals(sides: Sides) -> tuple[FloatArray, bool] | None:
    """Return the largest gain (i) of each party that no other loses by, and whether all are proved."""
    n = len(sides.reservation)
    found = [optimum(sides, Aim(np.eye(n)[i], np.zeros(n), np.zeros(n))) for i in range(n)]
    if any(best is None for best in found):
        return None
    known = [best for best in found if best is not None]
    return np.array([max(best.value, 0.0) for best in known]), all(best.is_met for best in known)


def leximin(sides: Sides, unit: FloatArray) -> Optimum | None:
    """Return the outcome that makes the smallest gain, in units (i), largest, then the next, and so on.

    The smallest gain is made largest; whoever can then gain no more without another falling below
    is held there, and the same is asked of the rest. At most n² programs for n parties.
    """
    n = len(unit)
    held: Array = np.zeros(n, dtype=bool)
    floor = np.zeros(n)
    first: Optimum | None = None
    best: Optimum | None = None
    while not held.all():
        best = optimum(sides, Aim(np.zeros(n), np.where(held, floor, 0.0), np.where(held, 0.0, unit)))
        if best is None:
            return first
        first = best if first is None else first
        floor = np.where(held, floor, unit * best.value - _EASED)
        held = held | _stuck(sides, held, floor, unit)
    if best is None or first is None:
        return None
    return Optimum(best.y, first.value, first.bound, first.is_met and best.is_met)


def _stuck(sides: Sides, held: Array, floor: FloatArray, unit: FloatArray) -> Array:
    """Return which parties not held yet cannot rise above their floor while all others keep theirs."""
    n = len(unit)
    stuck: Array = np.zeros(n, dtype=bool)
    rise = np.full(n, np.inf)
    for i in np.flatnonzero(~held):
        best = optimum(sides, Aim(np.eye(n)[i], floor, np.zeros(n)))
        rise[i] = 0.0 if best is None else (best.value - floor[i]) / unit[i]
        stuck[i] = rise[i] <= 2 * CLOSE / unit[i]
    if not stuck.any():
        stuck[int(np.argmin(rise))] = True
    return stuck
