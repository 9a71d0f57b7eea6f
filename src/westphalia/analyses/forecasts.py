"""Forecasts of several methods side by side, and what their agreement is worth."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from westphalia.labels import DRAW, ISSUE, METHOD, described

DEFAULT_METHOD = "mean"
"""The compromise mean: on the one real back-test no published model beats it. Rivals are held against it."""

PREDICTIVE = "predictive"
"""The default forecast: the one method whose draws hold its own error beside the doubt of the inputs."""

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""What a spread is told by: half of the draws lie between the inner two, nine in ten between the outer."""


def side_by_side(forecasts: Mapping[str, xr.DataArray]) -> xr.Dataset:
    """Return `forecast` (method, draw, issue) from one forecast (draw, issue) per method.

    The default method comes first, the others in the order given.
    """
    order = sorted(forecasts, key=lambda method: method != DEFAULT_METHOD)
    stacked = xr.concat(
        [forecasts[method].drop_attrs() for method in order],
        dim=xr.Variable(METHOD, order),
        join="exact",
        coords="minimal",
        compat="override",
    ).transpose(METHOD, DRAW, ISSUE)
    return described(xr.Dataset({"forecast": stacked}))


def of_inputs_alone(forecast: xr.DataArray) -> xr.DataArray:
    """Return the forecasts (method, …) whose draws hold the doubt of the inputs and nothing else.

    Only these can be set against one another draw by draw, or their variance be shared out.
    """
    methods = forecast[METHOD].values
    return forecast.sel({METHOD: methods[methods != PREDICTIVE]})


def summary(forecast: xr.DataArray, shares: tuple[float, ...] = QUANTILES) -> xr.DataArray:
    """Return quantiles of a forecast over its draws, with a leading `quantile` dimension.

    `forecast` has a draw dimension and any others; cost is that of sorting the draws.
    """
    values = np.quantile(forecast.transpose(DRAW, ...).values, shares, axis=0)
    rest = [dim for dim in forecast.dims if dim != DRAW]
    coords = {dim: forecast[dim] for dim in rest if dim in forecast.coords}
    return xr.DataArray(values, dims=("quantile", *rest), coords={"quantile": list(shares), **coords})
