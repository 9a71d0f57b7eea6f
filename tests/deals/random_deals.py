"""Small random spaces of packages, as deal inputs, and what listing every package says of them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import xarray as xr

from westphalia.methods.deals.space import TOLERANCE, Space, space_of


def random_inputs(
    seed: int, *, parties: int = 3, pairs: bool = False, whole: bool = False, quantile: float = 0.6
) -> xr.Dataset:
    """Return deal inputs of 2 to 4 issues with 2 to 5 options; `whole`: small whole scores, many ties."""
    rng = np.random.default_rng(seed)
    counts = rng.integers(2, 6, size=rng.integers(2, 5))
    issues, width = len(counts), int(counts.max())
    shape = (parties, issues, width)
    value = rng.integers(0, 4, size=shape).astype(float) if whole else rng.random(shape)
    for issue, count in enumerate(counts):
        value[:, issue, count:] = np.nan
    variables: dict[str, object] = {
        "option_value": (("actor", "issue", "option"), value),
        "option_count": ("issue", counts),
        "base_utility": ("actor", rng.integers(-2, 3, size=parties).astype(float)),
        "reservation": ("actor", np.zeros(parties)),
        "is_party": ("actor", np.ones(parties, dtype=bool)),
    }
    if pairs:
        table = np.zeros((2 if issues > 2 else 1, parties, width, width))
        table[0] = rng.normal(size=(parties, width, width)) / 2
        if issues > 2:
            table[1, :, 0, 1] = rng.normal(size=parties)
        variables["linked_issue"] = ("linkage", ["i0", "i2"][: len(table)])
        variables["other_issue"] = ("linkage", ["i1", "i1"][: len(table)])
        variables["interaction"] = (("linkage", "actor", "option", "other_option"), table)
    names = {"actor": [f"p{i}" for i in range(parties)], "issue": [f"i{k}" for k in range(issues)]}
    data = xr.Dataset(variables, coords=names)
    utility = utilities(space_of(data))
    floor = np.quantile(utility, quantile, axis=0)
    return data.assign(reservation=("actor", np.floor(floor) if whole else floor))


def every(space: Space) -> np.ndarray:
    return space.enumerate_all(100_000)


def utilities(space: Space) -> np.ndarray:
    """Return the utility (package, party) of every package, summed cell by cell."""
    rows = []
    for package in every(space):
        total = space.base.copy()
        for issue, place in enumerate(package):
            total = total + space.values[issue][:, place]
        for one, other, table in space.pairs:
            total = total + table[:, package[one], package[other]]
        rows.append(total)
    return np.array(rows)


def acceptable(space: Space) -> np.ndarray:
    return (utilities(space) >= space.floor - TOLERANCE).all(axis=1)


def compatible_sets(space: Space) -> set[frozenset[int]]:
    """Return every set of parties that some package satisfies."""
    accepts = utilities(space) >= space.floor - TOLERANCE
    parties = range(len(space.parties))
    return {
        frozenset(held)
        for size in range(len(space.parties) + 1)
        for held in combinations(parties, size)
        if accepts[:, list(held)].all(axis=1).any()
    }


def best_by_listing(values: np.ndarray) -> np.ndarray:
    """Return the places of the largest values, up to the tolerance of ties."""
    return np.flatnonzero(values >= values.max() - TOLERANCE)


def leximin_of(gains: np.ndarray) -> tuple[float, ...]:
    """Return the leximin-largest row (sorted ascending), rounded."""
    return max(tuple(sorted(row)) for row in np.round(gains, 7).tolist())
