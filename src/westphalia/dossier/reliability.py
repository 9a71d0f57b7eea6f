"""How far coders agree: Krippendorff's alpha of what they said, and the F1 of where they said it.

Alpha is 1 for full agreement, 0 for what chance would give, below 0 for less than that; it is NaN
where there is nothing to disagree on, because all values that can be compared are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from westphalia.dossier.matching import Pair
from westphalia.dossier.schema import Statement
from westphalia.errors import CallError, suggest

Level = Literal["nominal", "ordinal", "interval", "ratio"]
Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Value = Hashable | None

_LARGEST = 1e150
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval", "ratio")


@dataclass(frozen=True, slots=True)
class Alpha:
    """Krippendorff's alpha with its interval.

    `low` and `high` are percentiles of the bootstrap over units (NaN where none was asked for or
    nothing can be said); `units` the units with two values or more, `values` how many these have.
    """

    value: float
    low: float
    high: float
    units: int
    values: int
    level: Level


def alpha(
    units: Iterable[Sequence[Value]],
    level: Level = "nominal",
    *,
    resamples: int = 0,
    seed: int = 0,
    share: float = 0.95,
) -> Alpha:
    """Return Krippendorff's alpha (Krippendorff 2011) of any number of coders.

    alpha = 1 - (n - 1) sum_u sum_{c<k} n_uc n_uk d2(c, k) / (m_u - 1) / sum_{c<k} n_c n_k d2(c, k),
    where n_uc counts the value c in unit u, m_u the values of the unit, n all values. The squared
    difference d2 is 1 (nominal), the squared count of values from c to k with half of those at both
    ends (ordinal), (c - k)^2 (interval), or ((c - k) / (c + k))^2 (ratio).

    Parameters
    ----------
    units: for each unit the coders' values; None or NaN is a missing one, and a unit with fewer than
        two values drops out. Numbers are needed for all levels but the nominal one.
    resamples: units drawn anew with replacement so many times for the interval; 0 gives none.
    share: how much of the resampled alphas the interval holds, 0 to 1.

    Raises
    ------
    CallError: an unknown level, a value that is no number where one is needed, or below 0 for a ratio.
    """
    if level not in LEVELS:
        raise CallError(f"There is no level '{level}'.", code="unknown-level", hint=suggest(level, LEVELS))
    if resamples < 0 or not 0 < share < 1:
        raise CallError("resamples is 0 or more, and share lies between 0 and 1.", code="bad-bootstrap")
    counts, values = _counted(units, level)
    value = float(_alphas(counts[None], values, level)[0])
    low = high = float("nan")
    if resamples and len(counts):
        low, high = _interval(counts, values, level, resamples, seed, share)
    return Alpha(value, low, high, len(counts), int(counts.sum()), level)


def _counted(units: Iterable[Sequence[Value]], level: Level) -> tuple[Array, Array]:
    """Return how often each unit has each value, (unit, value), and the values in order, (value,)."""
    given = [[value for value in unit if not _is_missing(value)] for unit in units]
    kept = [unit for unit in given if len(unit) > 1]
    every = list(dict.fromkeys(value for unit in kept for value in unit))
    if level != "nominal":
        _check_numbers(every, level)
        every.sort(key=_number)
    place = {value: at for at, value in enumerate(every)}
    counts = np.zeros((len(kept), len(every)))
    for at, unit in enumerate(kept):
        np.add.at(counts[at], [place[value] for value in unit], 1)
    numbers = range(len(every)) if level == "nominal" else map(_number, every)
    return counts, np.array(list(numbers), dtype=float)


def _is_missing(value: Value) -> bool:
    return value is None or (isinstance(value, float) and value != value)


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _check_numbers(values: Sequence[Value], level: Level) -> None:
    for value in values:
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGEST
        if not is_number or (level == "ratio" and _number(value) < 0):
            needed = "a number of 0 or more" if level == "ratio" else "a finite number"
            message = f"{value!r} is no value of the level '{level}'."
            raise CallError(message, code="bad-value", where="units", hint=f"It needs {needed}.")


def _alphas(counts: Array, values: Array, level: Level) -> Array:
    """Return alpha of each sample of units; `counts` is (sample, unit, value)."""
    totals = counts.sum(axis=1)
    every = totals.sum(axis=-1)
    difference = _DIFFERENCES[level](totals, values)
    sizes = counts.sum(axis=-1)
    # Sum over all ordered pairs of values within a unit; equal values differ by 0.
    within = np.einsum(
        "suc,suk,sck,su->s", counts, counts, difference, 1 / np.maximum(sizes - 1, 1), optimize=True
    )
    expected = np.einsum("sc,sk,sck->s", totals, totals, difference, optimize=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - (every - 1) * within / expected, np.nan)


def _nominal(totals: Array, values: Array) -> Array:
    return np.broadcast_to(1 - np.eye(len(values)), (len(totals), len(values), len(values)))


def _ordinal(totals: Array, values: Array) -> Array:
    middle = totals.cumsum(axis=1) - totals / 2
    return np.asarray((middle[:, :, None] - middle[:, None, :]) ** 2)


def _interval_difference(totals: Array, values: Array) -> Array:
    # Scaled to 0 … 1: alpha does not change with the unit, and large numbers do not overflow.
    spread = float(values.max() - values.min()) if len(values) else 0.0
    scaled = (values - values.min()) / spread if spread else values * 0
    return np.broadcast_to((scaled[:, None] - scaled) ** 2, (len(totals), len(values), len(values)))


def _ratio(totals: Array, values: Array) -> Array:
    sums = values[:, None] + values
    squared = ((values[:, None] - values) / np.where(sums > 0, sums, 1)) ** 2
    return np.broadcast_to(squared, (len(totals), len(values), len(values)))


_DIFFERENCES: dict[Level, Callable[[Array, Array], Array]] = {
    "nominal": _nominal,
    "ordinal": _ordinal,
    "interval": _interval_difference,
    "ratio": _ratio,
}


def _interval(
    counts: Array, values: Array, level: Level, resamples: int, seed: int, share: float
) -> tuple[float, float]:
    """Return the percentiles of alpha over units drawn anew; samples without any difference count as 1.

    Each sample has a stream of its own, so that more samples do not change the first ones.
    """
    found = np.empty(resamples)
    for at, child in enumerate(np.random.SeedSequence(seed).spawn(resamples)):
        drawn = np.random.default_rng(child).integers(len(counts), size=len(counts))
        found[at] = _alphas(counts[drawn][None], values, level)[0]
    # A sample in which all values are alike shows no disagreement; leaving it out would bend the
    # interval downwards.
    found = np.where(np.isnan(found), 1.0, found)
    low, high = np.quantile(found, [(1 - share) / 2, (1 + share) / 2])
    return float(low), float(high)


# --- where -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SpanScore:
    """How far the places agree: `matched` statements of `first` and of `second`, and their F1, 0 to 1.

    F1 is NaN if neither coded anything: no agreement is read off uncoded text.
    """

    matched: int
    first: int
    second: int

    @property
    def f1(self) -> float:
        """Twice the matched statements over all statements of both coders."""
        return 2 * self.matched / (self.first + self.second) if self.first + self.second else float("nan")


def span_score(pairs: Iterable[Pair], *, same_kind: bool = True) -> SpanScore:
    """Return how far the places of two codings agree; with `same_kind` the kinds must agree too."""
    listed = list(pairs)
    both = [(one.first, one.second) for one in listed if one.first is not None and one.second is not None]
    matched = sum(not same_kind or first.kind == second.kind for first, second in both)
    return SpanScore(
        matched,
        sum(one.first is not None for one in listed),
        sum(one.second is not None for one in listed),
    )


# --- per variable --------------------------------------------------------------------------------------

_NOMINAL: dict[str, Callable[[Statement], Value]] = {
    "speaker": lambda one: one.speaker,
    "mode": lambda one: one.mode,
    "kind": lambda one: one.kind,
    "tellers": lambda one: one.tellers,
    "addressee": lambda one: tuple(sorted(one.addressee)),
    "issue": lambda one: tuple(sorted({about.issue for about in one.about if about.issue})),
    "actor": lambda one: tuple(sorted({about.actor for about in one.about if about.actor})),
}


def reliability(
    pairs: Iterable[Pair],
    levels: Mapping[str, Level] | None = None,
    *,
    resamples: int = 1000,
    seed: int = 0,
) -> dict[str, Alpha]:
    """Return alpha of each variable over matched statements.

    Speaker, mode, kind, tellers, addressee, and the issue and actor they are about, are nominal. For
    each issue on which statements of both coders take a side there is besides ``value:<issue>`` (the
    middle of the value, at the level that `levels` gives for the issue, else interval) or
    ``option:<issue>`` (nominal). What one of the two left open is a missing value.

    Raises
    ------
    CallError: a level is unknown, or the values of an issue do not fit it.
    """
    both = [(one.first, one.second) for one in pairs if one.first is not None and one.second is not None]
    found = {
        name: alpha([(read(one), read(other)) for one, other in both], resamples=resamples, seed=seed)
        for name, read in _NOMINAL.items()
    }
    issues = dict.fromkeys(about.issue for pair in both for one in pair for about in one.about if about.issue)
    for issue in issues:
        scales: tuple[tuple[str, Level], ...] = (
            ("value", (levels or {}).get(issue, "interval")),
            ("option", "nominal"),
        )
        for part, level in scales:
            sides = [(_side(one, issue, part), _side(other, issue, part)) for one, other in both]
            if any(one is not None and other is not None for one, other in sides):
                found[f"{part}:{issue}"] = alpha(sides, level, resamples=resamples, seed=seed)
    return found


def _side(statement: Statement, issue: str, part: str) -> Value:
    """Return the first side that a statement takes on an issue: the middle of a value, or an option."""
    for about in statement.about:
        if about.issue == issue and part == "value" and about.value is not None:
            return float(about.value.central)
        if about.issue == issue and part == "option" and about.option is not None:
            return about.option
    return None
