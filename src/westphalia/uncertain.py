"""Values that are not known exactly: numbers, ranges, distributions, several experts' values.

A value is a small frozen object that knows its quantiles. Sampling needs nothing else: a uniform
number per value and draw is turned into a draw of the value (`quantile`), so that any sequence of
uniform numbers, random or quasi-random, serves every kind of value.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

FloatArray = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


class Value(Protocol):
    """A value with doubt. `low` and `high` bound it (99.8 % for unbounded kinds), `central` is its mean."""

    @property
    def low(self) -> float:
        """The lower end."""
        ...

    @property
    def high(self) -> float:
        """The upper end."""
        ...

    @property
    def central(self) -> float:
        """The mean."""
        ...

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the value below which a share `u` (0 to 1, any shape) of the doubt lies."""
        ...

    def within(self, low: float, high: float) -> Value:
        """Return the value cut to the bounds; only unbounded kinds change."""
        ...

    def plain(self) -> object:
        """Return the value as the case file writes it."""
        ...


@dataclass(frozen=True, slots=True)
class Point:
    """A number without doubt."""

    value: float

    @property
    def low(self) -> float:
        """The number."""
        return self.value

    @property
    def high(self) -> float:
        """The number."""
        return self.value

    @property
    def central(self) -> float:
        """The number."""
        return self.value

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the number for every share."""
        return np.full(np.shape(u), self.value)

    def within(self, low: float, high: float) -> Point:
        """Return itself: a number out of bounds is a fault of the case, not cut in silence."""
        return self

    def plain(self) -> object:
        """Return the number."""
        return _number(self.value)


@dataclass(frozen=True, slots=True)
class Uniform:
    """Anything between two ends, all alike."""

    low: float
    high: float

    @property
    def central(self) -> float:
        """The middle."""
        return (self.low + self.high) / 2

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the straight line from low to high."""
        return self.low + np.asarray(u) * (self.high - self.low)

    def within(self, low: float, high: float) -> Uniform:
        """Return itself: ends out of bounds are a fault of the case."""
        return self

    def plain(self) -> object:
        """Return the ends."""
        return {"low": _number(self.low), "high": _number(self.high)}


@dataclass(frozen=True, slots=True)
class Triangular:
    """Between two ends, most likely at the mode; its mean is the mean of the three."""

    low: float
    mode: float
    high: float

    @property
    def central(self) -> float:
        """The mean."""
        return (self.low + self.mode + self.high) / 3

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the inverse of the triangle's distribution function."""
        u = np.asarray(u, dtype=float)
        span = self.high - self.low
        if span == 0:
            return np.full(u.shape, self.mode)
        left, right = self.mode - self.low, self.high - self.mode
        rising = self.low + np.sqrt(u * span * left)
        falling = self.high - np.sqrt((1 - u) * span * right)
        drawn: FloatArray = np.where(u * span < left, rising, falling)
        return drawn

    def within(self, low: float, high: float) -> Triangular:
        """Return itself: ends out of bounds are a fault of the case."""
        return self

    def plain(self) -> object:
        """Return the three numbers."""
        return {"low": _number(self.low), "mode": _number(self.mode), "high": _number(self.high)}


@dataclass(frozen=True, slots=True)
class Normal:
    """A normal distribution, cut at the bounds of what it measures."""

    mean: float
    sd: float
    floor: float = -math.inf
    ceiling: float = math.inf

    @property
    def low(self) -> float:
        """The 0.1 % quantile."""
        return float(self.quantile(np.asarray(0.001)))

    @property
    def high(self) -> float:
        """The 99.9 % quantile."""
        return float(self.quantile(np.asarray(0.999)))

    @property
    def central(self) -> float:
        """The mean of the cut distribution."""
        a, b = (self.floor - self.mean) / self.sd, (self.ceiling - self.mean) / self.sd
        inside = _phi(b) - _phi(a)
        if inside <= 0:
            return float(self.quantile(np.asarray(0.5)))
        return self.mean + self.sd * (_density(a) - _density(b)) / inside

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the inverse of the cut distribution function."""
        from scipy.special import ndtr, ndtri  # slow to import, wanted only where a normal occurs

        floor = ndtr((self.floor - self.mean) / self.sd)
        ceiling = ndtr((self.ceiling - self.mean) / self.sd)
        drawn = self.mean + self.sd * ndtri(floor + np.asarray(u) * (ceiling - floor))
        cut: FloatArray = np.clip(drawn, self.floor, self.ceiling)
        return cut

    def within(self, low: float, high: float) -> Normal:
        """Return the distribution cut at the bounds."""
        return replace(self, floor=max(self.floor, low), ceiling=min(self.ceiling, high))

    def plain(self) -> object:
        """Return mean and standard deviation."""
        return {"normal": [_number(self.mean), _number(self.sd)]}


@dataclass(frozen=True, slots=True)
class Mixture:
    """One of several values, each with its weight: several experts, or accounts that differ."""

    components: tuple[Value, ...]
    weights: tuple[float, ...]

    @property
    def low(self) -> float:
        """The lowest end of all."""
        return min(component.low for component in self.components)

    @property
    def high(self) -> float:
        """The highest end of all."""
        return max(component.high for component in self.components)

    @property
    def central(self) -> float:
        """The weighted mean."""
        total = sum(self.weights)
        pairs = zip(self.weights, self.components, strict=True)
        return sum(weight * component.central for weight, component in pairs) / total

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return, for each share, the component it falls in and the quantile inside of it.

        The components keep their order, so this is a valid way to draw but not the quantile of
        the mixture as a whole.
        """
        u = np.asarray(u, dtype=float)
        share = np.asarray(self.weights, dtype=float) / sum(self.weights)
        ends = np.cumsum(share)
        which = np.minimum(np.searchsorted(ends, u, side="right"), len(share) - 1)
        drawn = np.empty(u.shape)
        for at, component in enumerate(self.components):
            chosen = which == at
            inside = (u[chosen] - (ends[at] - share[at])) / share[at] if share[at] > 0 else u[chosen]
            drawn[chosen] = component.quantile(np.clip(inside, 0.0, 1.0))
        return drawn

    def within(self, low: float, high: float) -> Mixture:
        """Return the mixture of the cut components."""
        return replace(self, components=tuple(part.within(low, high) for part in self.components))

    def plain(self) -> object:
        """Return the experts' values as a list; unequal weights are kept beside them."""
        values = [component.plain() for component in self.components]
        if len(set(self.weights)) == 1:
            return values
        return {"experts": values, "weights": [_number(weight) for weight in self.weights]}


@dataclass(frozen=True, slots=True)
class Linear:
    """A multiple of another value plus a constant: what depends on one unknown is drawn with it."""

    of: Value
    factor: float
    constant: float = 0.0

    @property
    def low(self) -> float:
        """The lower of the two ends."""
        return min(self._at(self.of.low), self._at(self.of.high))

    @property
    def high(self) -> float:
        """The higher of the two ends."""
        return max(self._at(self.of.low), self._at(self.of.high))

    @property
    def central(self) -> float:
        """The mean."""
        return self._at(self.of.central)

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the multiple of the other value at the same share, so that both move together."""
        return self.constant + self.factor * self.of.quantile(u)

    def within(self, low: float, high: float) -> Linear:
        """Return itself: the other value is cut where it is stated."""
        return self

    def plain(self) -> object:
        """Return the ends, as the case file would write them."""
        return {"low": _number(self.low), "high": _number(self.high)}

    def _at(self, value: float) -> float:
        return self.constant + self.factor * value


@dataclass(frozen=True, slots=True)
class Shifted:
    """Another value moved by a constant and cut at two ends: what goes past an end comes to lie on it."""

    of: Value
    by: float
    floor: float
    ceiling: float

    @property
    def low(self) -> float:
        """The lower end."""
        return self._at(self.of.low)

    @property
    def high(self) -> float:
        """The higher end."""
        return self._at(self.of.high)

    @property
    def central(self) -> float:
        """The mean: exact if nothing is cut, else that of `_MEAN_SLICES` equal slices of the doubt."""
        if self.of.low + self.by >= self.floor and self.of.high + self.by <= self.ceiling:
            return self.of.central + self.by
        return float(self.quantile((np.arange(_MEAN_SLICES) + 0.5) / _MEAN_SLICES).mean())

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the other value at the same share, moved and cut, so that both move together."""
        moved: FloatArray = np.clip(self.of.quantile(u) + self.by, self.floor, self.ceiling)
        return moved

    def within(self, low: float, high: float) -> Shifted:
        """Return itself: it is cut already."""
        return self

    def plain(self) -> object:
        """Return the ends, as the case file would write them."""
        return {"low": _number(self.low), "high": _number(self.high)}

    def _at(self, value: float) -> float:
        return min(max(value + self.by, self.floor), self.ceiling)


_MEAN_SLICES = 4096


def shifted(value: Value, by: float, low: float, high: float) -> Value:
    """Return the value moved by `by` and cut at the ends of its scale; a number stays a number."""
    if by == 0:
        return value
    moved = Shifted(value, by, low, high)
    return Point(moved.low) if isinstance(value, Point) else moved


@dataclass(frozen=True, slots=True)
class Uncertain:
    """One cell of the inputs that is not known exactly.

    `path` names the unknown as the case does (``usa.territory.position``); cells with the same path
    are one unknown and are drawn together (an overall capability counts on every issue). `variable`
    and `index`, a label for each dimension, say where the cell stands in the labelled inputs. A cell
    that `is_added` adds to what another one put there. `is_panel` says that the value is a list of
    experts' values, not of accounts that differ or of options with their chances.
    """

    path: str
    variable: str
    index: tuple[str, ...]
    value: Value
    is_added: bool = False
    is_panel: bool = False


@dataclass(frozen=True)
class UncertainInputs:
    """Labelled inputs of the methods with their doubt.

    `central` holds every variable at its central value, without draws; `cells` lists what varies.
    `nominal` holds the same for nominal issues, `options` the options of each in order.
    """

    central: xr.Dataset
    cells: tuple[Uncertain, ...]
    nominal: xr.Dataset
    nominal_cells: tuple[Uncertain, ...]
    options: dict[str, tuple[str, ...]]


def _number(value: float) -> int | float:
    return int(value) if float(value).is_integer() and abs(value) < 1e15 else float(value)


def _phi(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))


def _density(z: float) -> float:
    return 0.0 if math.isinf(z) else math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
