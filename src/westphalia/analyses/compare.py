"""Two runs draw by draw: the same draws for what both share, and what the change makes of the forecast."""

from __future__ import annotations

import hashlib

import numpy as np
import xarray as xr

from westphalia.analyses.sampling import APART, Ties, check_draws, drawn, uniform, unknowns
from westphalia.labels import DRAW, ISSUE, METHOD, described
from westphalia.uncertain import FloatArray, UncertainInputs


def sample_like(
    inputs: UncertainInputs, base: UncertainInputs, draws: int, seed: int, *, ties: Ties = APART
) -> tuple[xr.Dataset, xr.Dataset]:
    """Return draws of the inputs that share those of `base` (common random numbers).

    A scrambled Sobol sequence changes in every column when a column comes in, so columns are not
    dealt out anew: an unknown that `base` has too, by its path, keeps the column it has there and
    draws to the bit as `sample(base, draws, seed)` does, with the same ties. An unknown that only
    `inputs` has draws from strata shuffled for it alone (McKay, Beckman and Conover 1979), by seed and
    path, so that neither the order nor the number of changes moves any other draw.

    Raises
    ------
    CallError: `draws` or `seed` out of bounds, as in `sample`.
    """
    check_draws(draws, seed)
    return drawn(inputs, _points_like(unknowns(inputs, ties), unknowns(base, ties), draws, seed), ties)


def _points_like(names: tuple[str, ...], kept: tuple[str, ...], draws: int, seed: int) -> FloatArray:
    """Return points (draw, unknown) of the unit cube: those of the kept names, and new ones for the rest."""
    shared = uniform(len(kept), draws, seed)
    column = {name: at for at, name in enumerate(kept)}
    points = np.empty((draws, len(names)))
    for at, name in enumerate(names):
        points[:, at] = shared[:, column[name]] if name in column else _own_strata(name, draws, seed)
    return points


def _own_strata(name: str, draws: int, seed: int) -> FloatArray:
    """Return one point in each of `draws` strata of the unit interval, in an order of the name's own."""
    own = int.from_bytes(hashlib.sha256(name.encode()).digest()[:16], "big")
    rng = np.random.default_rng([seed, own])
    strata: FloatArray = (rng.permutation(draws) + rng.random(draws)) / draws
    return np.clip(strata, 2.0**-53, 1 - 2.0**-53)


def differences(base: xr.DataArray, changed: xr.DataArray) -> xr.Dataset:
    """Return `difference` (method, draw, issue) of two forecasts on what both have.

    Parameters
    ----------
    base, changed: forecasts (method, draw, issue) over as many draws each, in scale points, from
        draws that share what both cases share (`sample_like`).

    Drawn so, what both have in common cancels out draw by draw: the spread of the difference is the
    doubt about what the change does, not the doubt about where the forecast lies.
    """
    methods = [one for one in base[METHOD].values.tolist() if one in changed[METHOD].values.tolist()]
    issues = [one for one in base[ISSUE].values.tolist() if one in changed[ISSUE].values.tolist()]
    both = {METHOD: methods, ISSUE: issues}
    less, more = base.sel(both), changed.sel(both)
    difference = (more.drop_attrs() - less.drop_attrs()).transpose(METHOD, DRAW, ISSUE)
    return described(xr.Dataset({"difference": difference}))


def rising_share(difference: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray]:
    """Return the shares of draws in which the change raises and lowers the forecast, without `draw`."""
    return (difference > 0).mean(DRAW), (difference < 0).mean(DRAW)
