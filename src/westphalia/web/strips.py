"""Where values lie on a strip: shares of its length, for drawings that take no style."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from westphalia.uncertain import Mixture, Normal, Shifted, Triangular, Value

_MIDDLE = np.array([0.05, 0.95])
"""A normal is drawn by its middle 90 %: its ends are those of the scale."""


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of a strip, in per cent of its length.

    `start` and `width` are those of the range, `mode` the likeliest place, `size` the radius of its mark,
    which tells the `weight` of one account among several.
    """

    start: float
    width: float
    mode: float
    weight: float = 1.0

    @property
    def size(self) -> float:
        """The radius of the mark, in pixels."""
        return round(3.5 + 3.5 * self.weight, 2)


def bands(value: Value, low: float, high: float) -> tuple[Band, ...]:
    """Return a value on a scale from `low` to `high`, each account of a mixture by itself."""
    inner = value.of if isinstance(value, Shifted) else value
    if not isinstance(inner, Mixture):
        return (_band(value, low, high, 1.0),)
    by, total = value.by if isinstance(value, Shifted) else 0.0, sum(inner.weights)
    parts = (Shifted(part, by, low, high) if by else part for part in inner.components)
    return tuple(_band(part, low, high, w / total) for part, w in zip(parts, inner.weights, strict=True))


def _band(value: Value, low: float, high: float, weight: float) -> Band:
    first, last = value.quantile(_MIDDLE) if isinstance(value, Normal) else (value.low, value.high)
    mode = value.mode if isinstance(value, Triangular) else value.central
    start, middle, end = (share(each, low, high) for each in (first, mode, last))
    return Band(start, round(end - start, 3), middle, round(weight, 4))


def share(value: float, low: float, high: float) -> float:
    """Return where a value lies between two ends, in per cent, cut at them."""
    return round(100 * min(max((float(value) - low) / (high - low), 0.0), 1.0), 3)


def step_of(low: float, high: float) -> float:
    """Return the step of a key on a scale: 1, 2 or 5 times a power of ten, near a hundredth of it."""
    wanted = (high - low) / 100
    power = 10.0 ** np.floor(np.log10(wanted))
    return float(next(factor * power for factor in (1, 2, 5, 10) if factor * power >= wanted * 0.999))
