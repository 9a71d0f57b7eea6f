"""Draws of the uncertain inputs: scrambled Sobol points through the quantiles of each value."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import numpy as np
import xarray as xr

from westphalia.errors import CallError
from westphalia.labels import DRAW
from westphalia.uncertain import FloatArray, Uncertain, UncertainInputs

MOST_SOBOL_DIMENSIONS = 21_201
"""The most unknowns the Sobol sequence of SciPy serves; above it draws are pseudo-random."""

VARYING = ("position", "choice", "salience", "capability", "reversion", "no_deal")
"""The variables that have draws; all others are what the case declares."""

MOST_DRAWS = 10_000_000


def sample(inputs: UncertainInputs, draws: int, seed: int) -> tuple[xr.Dataset, xr.Dataset]:
    """Return `draws` draws of the inputs on scaled and on nominal issues.

    Each unknown (each path) is one dimension of a scrambled Sobol sequence (Owen 1998; Sobol'
    1967), so that means converge faster than with independent draws; cells that share a path share
    its draws. Without any unknown all draws are equal. Time and memory grow with draws × unknowns.

    Raises
    ------
    CallError: `draws` is below 1 or above ten million, or `seed` is negative.
    """
    if not 1 <= draws <= MOST_DRAWS:
        raise CallError(f"{draws} draws were asked for.", code="bad-draws", hint="Allowed: 1 to 10 million.")
    if seed < 0:
        raise CallError(f"The seed is {seed}.", code="bad-seed", hint="A seed is 0 or more.")
    cells = (*inputs.cells, *inputs.nominal_cells)
    column = {path: at for at, path in enumerate(dict.fromkeys(cell.path for cell in cells))}
    points = uniform(len(column), draws, seed)
    return (
        _filled(inputs.central, inputs.cells, column, points),
        _filled(inputs.nominal, inputs.nominal_cells, column, points),
    )


def uniform(dimensions: int, draws: int, seed: int) -> FloatArray:
    """Return points in the unit cube, (draws, dimensions), strictly inside of it.

    They are those of a scrambled Sobol sequence up to `MOST_SOBOL_DIMENSIONS`, pseudo-random beyond.
    """
    if dimensions == 0:
        return np.empty((draws, 0))
    if dimensions > MOST_SOBOL_DIMENSIONS:
        return np.random.default_rng(seed).random((draws, dimensions))
    from scipy.stats import qmc  # slow to import, wanted only here

    points = qmc.Sobol(dimensions, scramble=True, rng=seed).random_base2(max(draws - 1, 1).bit_length())
    inside: FloatArray = np.clip(points[:draws], 2.0**-53, 1 - 2.0**-53)
    return inside


def _filled(
    central: xr.Dataset, cells: Iterable[Uncertain], column: dict[str, int], uniform: FloatArray
) -> xr.Dataset:
    """Return the inputs with a leading draw dimension on every variable that can vary."""
    draws = uniform.shape[0]
    varied = {
        name: np.repeat(variable.values[np.newaxis], draws, axis=0)
        for name, variable in central.data_vars.items()
        if name in VARYING
    }
    place: dict[Hashable, dict[str, int]] = {
        dim: {label: at for at, label in enumerate(central[dim].values.tolist())} for dim in central.dims
    }
    for cell in cells:
        dims = central[cell.variable].dims
        at = tuple(place[dim][label] for dim, label in zip(dims, cell.index, strict=True))
        drawn = cell.value.quantile(uniform[:, column[cell.path]])
        filled = np.moveaxis(varied[cell.variable], 0, -1)
        filled[at] = filled[at] + drawn if cell.is_added else drawn
    data = {name: ((DRAW, *central[name].dims), array, central[name].attrs) for name, array in varied.items()}
    return central.assign(data).assign_coords({DRAW: np.arange(draws)})
