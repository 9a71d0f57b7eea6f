"""A forecast with the method's own record of error added to what the inputs leave open."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import xarray as xr

from westphalia.labels import DRAW, ISSUE, described


class Record(Protocol):
    """How far outcomes lay from a method's forecasts: `residuals` at the quantiles `shares`.

    A residual is outcome minus forecast, in per cent of the length of the issue's scale.
    """

    @property
    def shares(self) -> tuple[float, ...]:
        """Shares of past issues, rising."""
        ...

    @property
    def residuals(self) -> tuple[float, ...]:
        """The residual below which each share lies, rising."""
        ...


def with_record(forecast: xr.DataArray, inputs: xr.Dataset, record: Record, seed: int) -> xr.Dataset:
    """Return `outcome` (draw, issue): each draw of the forecast with a past error of the method added.

    Errors are drawn from the record's quantiles, joined by straight lines, each issue by its own
    shuffled strata; the result is cut at the ends of the scale. It takes for granted that this case
    is like the record's: where it is not, the band is too narrow or too wide. Cost is linear in
    draws × issues.
    """
    draws, issues = forecast.sizes[DRAW], forecast.sizes[ISSUE]
    rng = np.random.default_rng(seed)
    strata = (np.arange(draws) + 0.5) / draws
    shares = np.stack([rng.permutation(strata) for _ in range(issues)], axis=1)
    errors = forecast.transpose(DRAW, ISSUE).copy(
        data=np.interp(shares, record.shares, record.residuals) / 100
    )
    low, high = inputs["scale_low"], inputs["scale_high"]
    outcome = (forecast + (high - low) * errors).clip(low, high)
    return described(xr.Dataset({"outcome": outcome.drop_attrs()}))
