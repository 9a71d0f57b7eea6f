"""Where methods agree: how far their forecasts lie apart, and how much of the doubt is the choice of one."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from westphalia.labels import DRAW, ISSUE, METHOD, OTHER_METHOD, described
from westphalia.uncertain import FloatArray


def agreement(
    forecast: xr.DataArray, scale_low: xr.DataArray | None = None, scale_high: xr.DataArray | None = None
) -> xr.Dataset:
    """Return how far the forecasts of several methods agree on each issue.

    Every method counts the same. The variance of all draws of all methods is the mean of the
    methods' own variances (what the inputs leave open) and the variance of their centres (what the
    choice of method adds): the law of total variance.

    Parameters
    ----------
    forecast: (method, draw, issue), scale points; all methods on the same draws.
    scale_low, scale_high: (issue), the ends of the scales; with them distances are also told as
        shares of the scale.

    Returns
    -------
    Dataset with `centre` (method, issue); `spread_between`, `spread_within` and `method_share`
    (issue; 0 where nothing varies at all); and for each two methods (method, other_method, issue)
    `apart`, the Wasserstein distance of their distributions (the mean move that turns the draws of
    one into those of the other), `apart_drawn`, the mean distance on the same draw, which is never
    smaller, and `apart_share`. Cost is methods² × draws × issues and a sort.

    References
    ----------
    villani2009
    """
    values = forecast.transpose(METHOD, DRAW, ISSUE).values
    centre, within = values.mean(axis=1), values.var(axis=1).mean(axis=0)
    between = centre.var(axis=0)
    total = within + between
    share = np.divide(between, total, out=np.zeros_like(total), where=total > 0)
    pair = (METHOD, OTHER_METHOD, ISSUE)
    apart = _distances(np.sort(values, axis=1))
    variables: dict[str, Any] = {
        "centre": ((METHOD, ISSUE), centre),
        "spread_between": (ISSUE, np.sqrt(between)),
        "spread_within": (ISSUE, np.sqrt(within)),
        "method_share": (ISSUE, share),
        "apart": (pair, apart),
        "apart_drawn": (pair, _distances(values)),
    }
    if scale_low is not None and scale_high is not None:
        variables["apart_share"] = (pair, apart / (scale_high - scale_low).values)
    methods = forecast[METHOD].values
    coords = {METHOD: methods, OTHER_METHOD: methods, ISSUE: forecast[ISSUE].values}
    return described(xr.Dataset(variables, coords=coords), method="agreement")


def _distances(values: FloatArray) -> FloatArray:
    """Return the mean distance (method, other, issue) of values (method, draw, issue), place by place.

    Of sorted values it is the Wasserstein distance of their distributions.
    """
    rows = [np.abs(values - one).mean(axis=1) for one in values]
    return np.stack(rows)
