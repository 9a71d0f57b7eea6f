"""The bargaining solutions where parties may agree on a lottery over packages."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from westphalia.errors import WestphaliaError
from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.deals.relaxation import Aim, Gains, Relaxed, gains_of, relaxed
from westphalia.methods.deals.solutions_rules import Table
from westphalia.methods.deals.space import TOLERANCE, Space

_GAP = 1e-7


class Drawn(NamedTuple):
    """The lottery a rule picks: chances (option) a part, what the rule makes largest, and its bound."""

    chances: tuple[FloatArray, ...]
    value: float
    bound: float


def lottery_table(space: Space, ideal: str) -> Table:
    """Return what each party can gain at most by lotteries that all accept, or by any package."""
    gains = gains_of(space)
    parties = len(gains.start)
    best = [relaxed(gains, Aim(np.arange(parties) == p)) for p in range(parties)]
    has_zone = all(answer is not None for answer in best)
    reached = np.array([-np.inf if answer is None else answer.value for answer in best])
    counted = reached > TOLERANCE
    if not counted.any():
        counted = np.ones(parties, dtype=bool)
    return Table(gains, gains.highest if ideal == "all" else reached, counted, has_zone, True)


def draw_lots(table: Table, rule: str, weight: FloatArray, is_raw: bool) -> Drawn:
    """Return the lottery a rule picks at a table with a zone; see `solutions_rules.solve`."""
    compared = table.gains if is_raw else table.normalised
    if rule == "nash":
        return _nash(table, compared, weight)
    if rule == "utilitarian":
        every = np.ones(len(table.ideal), dtype=bool)
        answer = _answered(relaxed(table.gains, Aim(every, len(every))))
        return Drawn(answer.chances, float(answer.gains.sum()), answer.value)
    measured = table.normalised if rule == "kalai_smorodinsky" else compared
    return _leximin(measured, table.counted)


def _nash(table: Table, compared: Gains, weight: FloatArray) -> Drawn:
    weighed = table.counted & (weight > 0)
    answer = _answered(relaxed(table.normalised, Aim(weighed, 0, weight), _GAP))
    if answer.gains[weighed].min() <= TOLERANCE:
        return _leximin(compared, table.counted)._replace(value=0.0, bound=0.0)
    size = float(weight[weighed] @ np.log(table.unit[weighed]))
    reached = float(weight[weighed] @ np.log(answer.gains[weighed]))
    return Drawn(answer.chances, float(np.exp(reached + size)), float(np.exp(answer.value + size)))


def _leximin(gains: Gains, counted: Array) -> Drawn:
    """Maximise the smallest gain, then the sum of the two smallest that keeps it, and so on."""
    first = answer = _answered(relaxed(gains, Aim(counted)))
    sums: list[float] = []
    for k in range(2, int(counted.sum()) + 1):
        sums.append(float(np.sort(answer.gains[counted])[: k - 1].sum()))
        finer = relaxed(gains, Aim(counted, k, sums=tuple(sums)))
        if finer is None:
            break  # rounding: what was reached cannot be kept to the last digit
        answer = finer
    return Drawn(answer.chances, float(answer.gains[counted].min()), first.value)


def _answered(answer: Relaxed | None) -> Relaxed:
    if answer is None:
        raise WestphaliaError(
            "The solver found no lottery though there is one.",
            code="solver-failed",
            hint="Utilities that differ by many orders of magnitude do this: measure them in like units.",
        )
    return answer
