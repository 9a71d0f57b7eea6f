"""All efficient packages of a space, exactly: issues are merged one by one, and the hopeless dropped."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.deals.frontier_kernels import IntArray, efficient, quantum, whole
from westphalia.methods.deals.space import TOLERANCE, Part, Space, parts


@dataclass(frozen=True)
class Efficient:
    """Efficient packages (n, issue) inside the zone, by descending sum of the parties' utilities.

    `utility` (n, party) is that of every party of the space, `multiplicity` (n) how many packages
    give just these utilities to the parties whose acceptance is needed. `is_complete` is false if a
    limit was reached, and the packages are then none. `merged` says how many parts were merged.
    """

    packages: IntArray
    utility: FloatArray
    multiplicity: Array
    is_complete: bool
    merged: int
    parts: int


class _Merge(NamedTuple):
    """One merge: how child vectors came about. Rows are sorted by child."""

    child: Array
    parent: Array
    option: Array


class Scale(NamedTuple):
    """A space in whole numbers: tables (option, party) of each part, base and floor (party), unit."""

    tables: tuple[IntArray, ...]
    base: IntArray
    floor: IntArray
    unit: float


def scaled(space: Space, merged: tuple[Part, ...]) -> Scale:
    """Return the utilities of the parties whose acceptance is needed, counted in whole units."""
    needed = space.must
    base = space.base[needed]
    reach = np.abs(base).max() + sum(np.abs(part.values[needed]).max() for part in merged)
    unit = quantum(float(reach))
    tables = tuple(np.ascontiguousarray(whole(part.values[needed].T, unit)) for part in merged)
    floor = np.clip((space.floor[needed] - TOLERANCE) / unit, -(2.0**60), 2.0**60)
    return Scale(tables, whole(base, unit), np.asarray(np.ceil(floor), dtype=np.int64), unit)


def merge(
    space: Space,
    *,
    most: int = 250_000,
    keep_equal: bool = False,
    time_limit: float = np.inf,
) -> Efficient:
    """Return all packages that are efficient among the parties that must accept, and accepted by them.

    Parts (issues that interactions tie together count as one) are merged one by one, those that
    move utilities most first. A partial package is dropped if another gives every party as much and
    one more, or if even its best completion leaves a party below its floor; neither loses an
    efficient package, since utility is a sum over parts.

    Parameters
    ----------
    space: the packages; a floor of minus infinity binds nobody.
    most: largest number of partial utility vectors kept at any merge; beyond it the search stops.
    keep_equal: give every package of equal utility vectors, not only the first by place of option.
    time_limit: seconds after which no further merge is begun.

    Raises
    ------
    CallError: interactions tie together more combinations than can be listed (``space-too-large``).

    Time grows with the number of partial vectors times options, and for each of them with the
    boxes searched: about a second for 50,000 efficient packages of 5 parties.
    """
    merged = parts(space)
    scale = scaled(space, merged)
    order = np.argsort([-np.ptp(table, axis=0).sum() for table in scale.tables], kind="stable")
    start = time.monotonic()
    vectors = scale.base[None, :]
    rest = sum((table.max(axis=0) for table in scale.tables), np.zeros_like(scale.base))
    steps: list[_Merge] = []
    for at in order:
        rest = rest - scale.tables[at].max(axis=0)
        grown = _merged(vectors, scale.tables[at], scale.floor - rest, most)
        if grown is None:
            break
        vectors = grown[0]
        steps.append(grown[1])
        if time.monotonic() - start > time_limit:
            break
    is_complete = len(steps) == len(order)
    rows, multiplicity = _packages(steps, order, merged, keep_equal) if is_complete else _nothing(space)
    return _sorted(space, rows, multiplicity, is_complete, len(steps), len(merged))


def _merged(vectors: IntArray, table: IntArray, least: IntArray, most: int) -> tuple[IntArray, _Merge] | None:
    """Return the distinct efficient sums of vectors and options that reach `least`, and their origin.

    None if there are more than `most`.
    """
    sums, parents, options = [], [], []
    for at, value in enumerate(table):
        grown = vectors + value
        alive = np.flatnonzero((grown >= least).all(axis=1))
        sums.append(grown[alive])
        parents.append(alive)
        options.append(np.full(len(alive), at))
    grown, parent, option = np.concatenate(sums), np.concatenate(parents), np.concatenate(options)
    if not len(grown):
        return grown, _Merge(parent, parent, option)
    is_efficient = efficient(grown, most)
    if is_efficient is None:
        return None
    kept = np.flatnonzero(is_efficient)
    grown, parent, option = grown[kept], parent[kept], option[kept]
    order = np.lexsort((option, parent, *grown.T))
    grown, parent, option = grown[order], parent[order], option[order]
    is_new = np.concatenate([[True], (grown[1:] != grown[:-1]).any(axis=1)])
    return grown[is_new], _Merge(np.cumsum(is_new) - 1, parent, option)


def _packages(
    steps: list[_Merge], order: Array, merged: tuple[Part, ...], keep_equal: bool
) -> tuple[IntArray, Array]:
    """Follow the merges back; return packages (n, issue) and how many share their utilities (n)."""
    ways: Array = np.ones(1)
    for step in steps:
        size = step.child[-1] + 1 if len(step.child) else 0
        ways = np.bincount(step.child, weights=ways[step.parent], minlength=size)
    at: Array = np.arange(len(ways))
    count = ways
    places = np.zeros((len(at), len(merged)), dtype=np.int64)
    for step, part in zip(reversed(steps), reversed(order), strict=True):
        first = np.searchsorted(step.child, at, side="left")
        last = np.searchsorted(step.child, at, side="right")
        copies = last - first if keep_equal else np.ones_like(first)
        row = np.repeat(np.arange(len(at)), copies)
        edge = np.repeat(first, copies) + np.arange(len(row)) - np.repeat(np.cumsum(copies) - copies, copies)
        places, count = places[row], count[row]
        places[:, part] = step.option[edge]
        at = step.parent[edge]
    packages = np.zeros((len(at), sum(len(part.issues) for part in merged)), dtype=np.int64)
    for place, part in enumerate(merged):
        packages[:, part.issues] = part.packages[places[:, place]]
    return packages, count


def _nothing(space: Space) -> tuple[IntArray, Array]:
    return np.zeros((0, len(space.issues)), dtype=np.int64), np.zeros(0)


def _sorted(
    space: Space, packages: IntArray, multiplicity: Array, is_complete: bool, merged: int, of: int
) -> Efficient:
    """Return the packages by descending sum of what the parties get, then by place of option."""
    utility = space.utility(packages)
    total = np.round(utility[:, space.must].sum(axis=1), 12)
    order = np.lexsort((*packages.T[::-1], -total))
    return Efficient(packages[order], utility[order], multiplicity[order], is_complete, merged, of)
