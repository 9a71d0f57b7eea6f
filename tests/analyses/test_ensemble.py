"""Agreement of methods: the law of total variance, distances with closed forms."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy.stats import wasserstein_distance

from westphalia.analyses.ensemble import agreement


def made(**by_method: np.ndarray) -> xr.DataArray:
    values = np.stack(list(by_method.values()))
    issues = [f"k{at}" for at in range(values.shape[2])]
    return xr.DataArray(
        values, dims=("method", "draw", "issue"), coords={"method": list(by_method), "issue": issues}
    )


RNG = np.random.default_rng(5)
THREE = made(a=RNG.normal(40, 5, (500, 2)), b=RNG.normal(55, 9, (500, 2)), c=RNG.uniform(0, 99, (500, 2)))


def test_the_variance_of_all_draws_is_that_within_and_that_between() -> None:
    found = agreement(THREE)
    total = THREE.var(("method", "draw"))
    np.testing.assert_allclose(found["spread_between"] ** 2 + found["spread_within"] ** 2, total, rtol=1e-12)
    np.testing.assert_allclose(found["method_share"], found["spread_between"] ** 2 / total, rtol=1e-12)


def test_a_shift_is_its_own_distance_and_a_mirror_shows_only_draw_by_draw() -> None:
    plain = RNG.uniform(0, 10, (400, 1))
    found = agreement(made(one=plain, shifted=plain + 3, mirrored=plain[::-1])).isel(issue=0)
    assert float(found["apart"].sel({"method": "one", "other_method": "shifted"})) == pytest.approx(3)
    assert float(found["apart"].sel({"method": "one", "other_method": "mirrored"})) == pytest.approx(0)
    assert float(found["apart_drawn"].sel({"method": "one", "other_method": "mirrored"})) > 1


def test_distances_are_those_of_scipy_and_symmetric() -> None:
    found = agreement(
        THREE, xr.DataArray([0.0, 0.0], dims="issue"), xr.DataArray([100.0, 50.0], dims="issue")
    )
    first, other = (
        THREE.sel({"method": "a", "issue": "k1"}).values,
        THREE.sel({"method": "c", "issue": "k1"}).values,
    )
    apart = found["apart"].sel({"method": "a", "other_method": "c", "issue": "k1"})
    assert float(apart) == pytest.approx(wasserstein_distance(first, other))
    turned = found["apart"].rename({"method": "other_method", "other_method": "method"})
    np.testing.assert_allclose(found["apart"], turned.transpose("method", "other_method", "issue"))
    assert (found["apart_drawn"] >= found["apart"] - 1e-12).all()
    np.testing.assert_allclose(found["apart_share"].sel(issue="k1"), found["apart"].sel(issue="k1") / 50)


def test_one_method_or_draws_that_never_vary_leave_no_share_to_the_choice() -> None:
    assert float(agreement(THREE.sel({"method": ["a"]}))["method_share"].max()) == 0
    assert float(agreement(made(a=np.ones((4, 1)), b=np.ones((4, 1))))["method_share"][0]) == 0
    apart = agreement(made(a=np.ones((4, 1)), b=np.zeros((4, 1))))
    assert float(apart["method_share"][0]) == 1
