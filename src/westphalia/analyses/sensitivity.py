"""What an answer depends on: Sobol indices of unknowns and of groups of them, and what knowing one is worth.

Any number that drawn inputs give is an answer. It is computed many draws at a time by a function of
points of the unit cube, one column an unknown, so the unknowns are uniform and independent whatever
they measure.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from westphalia.analyses.sampling import check_draws, uniform
from westphalia.errors import CallError
from westphalia.labels import ANSWER, GROUP, described
from westphalia.uncertain import FloatArray

Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

Evaluate = Callable[[FloatArray], FloatArray]
"""From points (draw, unknown) of the unit cube to answers (draw, answer), row by row."""

Progress = Callable[[str, int, int], None]

RESAMPLES = 200
"""Resamples of the draws from which the intervals of the indices are told."""

_BATCH = 16384
"""Most draws that are computed at a time, so that memory does not grow with them. Small samples share a
batch, as labels cost more than few draws do."""
_NORMAL = 1.959963984540054
"""The 97.5 % quantile of the standard normal distribution."""


@dataclass(frozen=True)
class Groups:
    """Sets of unknowns by name. They may overlap: what two reports say belongs to both.

    `member` (group, unknown).
    """

    names: tuple[str, ...]
    member: Flags

    @classmethod
    def single(cls, unknowns: Sequence[str]) -> Groups:
        """Return each unknown as a group of its own."""
        return cls(tuple(unknowns), np.eye(len(unknowns), dtype=bool))


def sobol(
    evaluate: Evaluate,
    answers: Sequence[str],
    groups: Groups,
    *,
    draws: int = 4096,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Return first-order and total Sobol indices of groups of unknowns, and what knowing each is worth.

    Two independent samples A and B come from one scrambled Sobol sequence; for each group a third is
    A with the columns of the group from B (Saltelli et al. 2010). The first-order index of a group
    is the share of the variance that would go on average if all its unknowns were known exactly;
    the total index is the share that would stay if everything else were.

    Parameters
    ----------
    evaluate: from points (draw, unknown) to answers (draw, answer); rows must not see one another.
    answers: the names of the answers.
    groups: sets of unknowns; a group of one also gets `interval_cut`, one of none costs nothing.
    draws: size of each sample, best a power of two; seed: 0 or more.
    workers: threads; one a processor unless given. They do not change the result.

    Returns
    -------
    Dataset over (answer, group): `first_order`, `total_order` and half their 95 % intervals
    (bootstrap over draws, which ignores that Sobol points lie more evenly than random ones and so
    is too wide rather than too narrow), `variance_cut`, `interval_cut`; over (answer) `answer_mean`,
    `variance`, `answer_width`; over (group) `unknown_count`. An answer that never varies has
    indices of 0. Cost is draws × (groups + 2) evaluations, memory draws × (unknowns + answers ×
    groups).

    Raises
    ------
    CallError: draws, seed or workers out of bounds, or an answer that is not a number in some draw.

    References
    ----------
    sobol2001, saltelli2010
    """
    _are_allowed(draws, seed, workers)
    unknowns = groups.member.shape[1]
    points = uniform(2 * unknowns, draws, seed)
    first, second = points[:, :unknowns], points[:, unknowns:]
    hands = _Hands(evaluate, tuple(answers), workers or os.cpu_count() or 1, progress)
    held = np.flatnonzero(groups.member.any(axis=1))
    everything = np.ones(unknowns, dtype=bool)
    plain, other, *mixed = hands.all_of(first, second, [~everything, everything, *groups.member[held]])
    answered = dict(zip(held.tolist(), mixed, strict=True))
    mixed = [answered.get(at, plain) for at in range(len(groups.names))]
    return _labelled(groups, tuple(answers), points, _Drawn(plain, other, np.stack(mixed, axis=1)), seed)


@dataclass(frozen=True)
class _Drawn:
    """Answers on the samples A and B (draw, answer), and on A with a group's columns from B.

    The latter are (draw, group, answer).
    """

    first: FloatArray
    second: FloatArray
    mixed: FloatArray


@dataclass(frozen=True)
class _Hands:
    """Evaluates points, some of whose columns are taken from others, on several threads."""

    evaluate: Evaluate
    answers: tuple[str, ...]
    threads: int
    progress: Progress | None

    def all_of(self, points: FloatArray, others: FloatArray, taken: Sequence[Flags]) -> list[FloatArray]:
        found: list[FloatArray] = []
        several = max(1, _BATCH // len(points))
        parts = [taken[start : start + several] for start in range(0, len(taken), several)]
        with ThreadPoolExecutor(self.threads) as pool:
            for answers in pool.map(lambda part: self._some(points, others, part), parts):
                found += answers
                if self.progress is not None:
                    self.progress("sensitivity", len(found), len(taken))
        return found

    def _some(self, points: FloatArray, others: FloatArray, taken: Sequence[Flags]) -> list[FloatArray]:
        """Return the answers of samples that fit into one batch, or of one that takes several."""
        parts = []
        for start in range(0, len(points), _BATCH):
            part = slice(start, start + _BATCH)
            mixed = np.concatenate([np.where(columns, others[part], points[part]) for columns in taken])
            parts.append(self._one(mixed).reshape(len(taken), -1, len(self.answers)))
        return list(np.concatenate(parts, axis=1))

    def _one(self, points: FloatArray) -> FloatArray:
        answer = self.evaluate(points).astype(float)
        wrong = ~np.isfinite(answer).all(axis=0)
        if wrong.any():
            name = self.answers[int(np.argmax(wrong))]
            raise CallError(
                f"'{name}' is not a number in some draw.",
                code="answer-not-finite",
                where=name,
                hint="Only what every draw has can be taken apart.",
            )
        return answer


def _are_allowed(draws: int, seed: int, workers: int | None) -> None:
    check_draws(draws, seed, least=2)
    if workers is not None and workers < 1:
        raise CallError(f"{workers} workers were asked for.", code="bad-workers", hint="At least 1.")


def _labelled(
    groups: Groups, answers: tuple[str, ...], points: FloatArray, drawn: _Drawn, seed: int
) -> xr.Dataset:
    whole = np.concatenate([drawn.first, drawn.second])
    variance, width = whole.var(axis=0), _width(whole)
    indices = _indices(drawn, whole, seed)
    unknowns = groups.member.shape[1]
    columns = np.concatenate([points[:, :unknowns], points[:, unknowns:]])
    counts = groups.member.sum(axis=1)
    cut = np.full((len(answers), len(groups.names)), np.nan)
    known = _Known(whole, seed)
    for at in np.flatnonzero(counts == 1):
        cut[:, at] = known.narrows(columns[:, int(np.argmax(groups.member[at]))])
    cell = (ANSWER, GROUP)
    variables: dict[str, Any] = {
        **{name: (cell, index) for name, index in indices.items()},
        "variance_cut": (cell, indices["first_order"] * variance[:, None]),
        "interval_cut": (cell, cut),
        "answer_mean": (ANSWER, whole.mean(axis=0)),
        "variance": (ANSWER, variance),
        "answer_width": (ANSWER, width),
        "unknown_count": (GROUP, counts),
    }
    coords = {ANSWER: list(answers), GROUP: list(groups.names)}
    return described(xr.Dataset(variables, coords=coords), method="sobol", seed=seed)


# --- indices -------------------------------------------------------------------------------------


def _indices(drawn: _Drawn, whole: FloatArray, seed: int) -> dict[str, FloatArray]:
    """Return the indices (answer, group) and half their 95 % intervals.

    SALib's estimators; their spread over resamples is had by a product of matrices, as SALib's own
    resampling takes minutes where many answers are asked for.
    """
    from SALib.analyze.sobol import first_order, total_order  # slow to import, wanted only here

    mean, scale = whole.mean(axis=0), whole.std(axis=0)
    varies = np.ptp(whole, axis=0) > 0
    scale = np.where(varies, scale, 1.0)
    first, second, mixed = ((part - mean) / scale for part in (drawn.first, drawn.second, drawn.mixed))
    found = dict.fromkeys(_INDEX_NAMES, np.zeros((whole.shape[1], mixed.shape[1])))
    if not varies.any() or not mixed.shape[1]:
        return found
    of_each = [mixed[:, at] for at in range(mixed.shape[1])]
    resampled = _Resampled(first, second, seed)
    found = {
        "first_order": np.stack([first_order(first, one, second) for one in of_each], axis=1),
        "total_order": np.stack([total_order(first, one, second) for one in of_each], axis=1),
        "first_order_error": resampled.error(second[:, None] * (mixed - first[:, None])),
        "total_order_error": resampled.error(0.5 * (first[:, None] - mixed) ** 2),
    }
    return {name: np.where(varies[:, None], index, 0.0) for name, index in found.items()}


_INDEX_NAMES = ("first_order", "first_order_error", "total_order", "total_order_error")


class _Resampled:
    """How much a mean over draws, divided by the variance, differs between resamples of the draws.

    Many draws are resampled in blocks of neighbours, so that memory does not grow with them.
    """

    _MOST_BLOCKS = 4096

    def __init__(self, first: FloatArray, second: FloatArray, seed: int) -> None:
        self.size = -(-len(first) // self._MOST_BLOCKS)
        blocks = len(first) // self.size
        times = np.random.default_rng(seed).multinomial(blocks, np.full(blocks, 1 / blocks), size=RESAMPLES)
        self.weight = times / blocks
        mean = self._means((first + second) / 2)
        self.variance = self._means((first**2 + second**2) / 2) - mean**2

    def _means(self, draws: FloatArray) -> FloatArray:
        """Return the mean over the draws of each resample: (resample, …)."""
        used = draws[: self.size * self.weight.shape[1]]
        blocks = used.reshape(self.weight.shape[1], self.size, -1).mean(axis=1)
        return np.asarray(self.weight @ blocks).reshape(len(self.weight), *draws.shape[1:])

    def error(self, product: FloatArray) -> FloatArray:
        """Return half the 95 % interval (answer, group) of a mean of (draw, group, answer) over variance."""
        variance = self.variance[:, None]
        means = self._means(product)
        share = np.divide(means, variance, out=np.zeros_like(means), where=variance > np.finfo(float).eps)
        return np.asarray(_NORMAL * share.std(axis=0, ddof=1).T)


# --- what knowing a number is worth --------------------------------------------------------------


class _Known:
    """How much narrower the middle 80 % of answers (draw, answer) are where one unknown is known.

    Draws are put into slices in which the unknown is all but the same. Slices of few draws look
    narrower than they are; the same number of slices at random says by how much.
    """

    _SLICE = 128
    _SHUFFLES = 4

    def __init__(self, answers: FloatArray, seed: int) -> None:
        self.answers = answers
        self.slices = int(np.clip(len(answers) // self._SLICE, 2, 64))
        rng = np.random.default_rng(seed)
        orders = [rng.permutation(len(answers)) for _ in range(self._SHUFFLES)]
        self.unknown = np.mean([self._within(order) for order in orders], axis=0)

    def narrows(self, column: FloatArray) -> FloatArray:
        """Return by how much the interval shrinks on average if the unknown of the column is known."""
        return np.asarray(self.unknown - self._within(np.argsort(column, kind="stable")))

    def _within(self, order: np.ndarray[Any, np.dtype[np.int64]]) -> FloatArray:
        size = len(order) // self.slices
        sliced = self.answers[order[: size * self.slices]].reshape(self.slices, size, -1)
        low, high = np.quantile(sliced, (0.1, 0.9), axis=1)
        return np.asarray((high - low).mean(axis=0))


def _width(answers: FloatArray) -> FloatArray:
    low, high = np.quantile(answers, (0.1, 0.9), axis=0)
    return np.asarray(high - low)
