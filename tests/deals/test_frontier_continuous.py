"""Solutions over continuous issues against fine grids of outcomes, and the axioms they are known by."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from westphalia.methods.deals.frontier_continuous import continuous_solutions
from westphalia.methods.deals.frontier_convex import CLOSE, Aim, Sides, leximin, optimum
from westphalia.methods.spatial.nash import nash_bargaining


def inputs(position, salience, no_deal, required=None):
    actors, issues = np.shape(position)
    coords = {"actor": [f"a{i}" for i in range(actors)], "issue": [f"i{k}" for k in range(issues)]}
    cell, actor, issue = ("actor", "issue"), ("actor",), ("issue",)
    data = {
        "position": (cell, np.asarray(position, dtype=float)),
        "salience": (cell, np.asarray(salience, dtype=float)),
        "scale_low": (issue, np.zeros(issues)),
        "scale_high": (issue, np.full(issues, 100.0)),
        "has_stand": (cell, np.ones((actors, issues), dtype=bool)),
        "is_required": (actor, np.ones(actors, dtype=bool) if required is None else required),
        "reversion": (issue, np.zeros(issues)),
        "has_reversion": (issue, np.zeros(issues, dtype=bool)),
        "no_deal": (actor, np.asarray(no_deal, dtype=float)),
        "has_no_deal": (actor, np.ones(actors, dtype=bool)),
    }
    return xr.Dataset(data, coords=coords)


def solved(data, loss="linear"):
    return continuous_solutions(**{str(name): data[name] for name in data.data_vars}, loss=loss)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000), st.sampled_from(["linear", "quadratic"]), st.integers(2, 3))
def test_no_point_of_a_fine_grid_is_better(seed, loss, actors):
    rng = np.random.default_rng(seed)
    position, salience = rng.integers(0, 101, (actors, 2)), rng.integers(1, 5, (actors, 2)) / 4
    data = inputs(position, salience, rng.integers(0, 8, actors) / 10)
    found = solved(data, loss)
    share = salience / salience.sum(axis=1, keepdims=True)
    power = {"linear": 1, "quadratic": 2}[loss]
    axis = np.linspace(0, 100, 101)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 1, 2)
    gain = 1 - (share * (np.abs(grid - position) / 100) ** power).sum(axis=2) - data.no_deal.values
    inside = gain[(gain >= 0).all(axis=1)]
    if not found.has_zone.values[0]:
        assert len(inside) == 0
        return
    assert found.converged.values.all()
    own = found.gain.isel(draw=0)
    assert (own.values >= -1e-6).all()
    if not len(inside):
        return
    assert float(own.sel(rule="utilitarian").sum()) >= inside.sum(axis=1).max() - 2e-6
    assert float(own.sel(rule="egalitarian").min()) >= inside.min(axis=1).max() - 2e-6
    bound = found.bound.isel(draw=0)
    assert float(bound.sel(rule="kalai_smorodinsky")) >= (inside / inside.max(axis=0).clip(1e-9)).min() - 1e-7
    product = float(own.sel(rule="nash").prod())
    assert product >= inside.prod(axis=1).max() - 1e-6


def test_two_who_want_opposite_ends_meet_half_way():
    data = inputs([[0.0], [100.0]], [[1.0], [1.0]], [0.0, 0.0])
    for loss in ("linear", "quadratic"):
        found = solved(data, loss).isel(draw=0, issue=0)
        for rule in ("nash", "kalai_smorodinsky", "egalitarian"):
            assert float(found.forecast.sel(rule=rule)) == pytest.approx(50.0, abs=1e-3)
    # With quadratic loss the middle also has the largest sum.
    assert float(found.forecast.sel(rule="utilitarian")) == pytest.approx(50.0, abs=1e-2)


def test_the_ideal_of_kalai_and_smorodinsky_leaves_the_others_content():
    # The second party accepts up to 60 only: the first can have at most that. Shares of the ideals
    # 0.6 (at 60) and 1 (at 0) are equal where y / 0.6 = (0.6 − y) / 0.6 … at y = 30.
    data = inputs([[100.0], [0.0]], [[1.0], [1.0]], [0.0, 0.4])
    found = solved(data).isel(draw=0, issue=0)
    assert float(found.forecast.sel(rule="kalai_smorodinsky")) == pytest.approx(30.0, abs=1e-5)
    assert found.gain.sel(rule="kalai_smorodinsky").values == pytest.approx([0.3, 0.3])


def test_an_empty_zone_is_a_declared_result():
    data = inputs([[0.0], [100.0]], [[1.0], [1.0]], [0.6, 0.6])
    found = solved(data)
    assert not found.has_zone.values[0]
    assert np.isnan(found.forecast.values).all()


def test_it_is_the_nash_solution_of_the_nash_method():
    rng = np.random.default_rng(4)
    data = inputs(rng.integers(0, 101, (3, 3)), rng.random((3, 3)) * 0.9 + 0.1, [0.2, 0.3, 0.1])
    own = solved(data, "quadratic").forecast.sel(rule="nash").values
    given_data = {str(name): data[name] for name in data.data_vars}
    other = nash_bargaining(
        capability=xr.ones_like(data.salience), **given_data, power="equal", loss="quadratic"
    )
    assert own == pytest.approx(other.forecast.values, abs=1e-3)


def test_leximin_goes_on_where_the_smallest_gain_cannot_rise():
    # The first party gains 0.2 at most; the other two share a second issue, where they meet half way.
    sides = Sides(
        np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 1.0]]),
        np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]),
        np.array([0.8, 0.0, 0.0]),
        1,
    )
    found = leximin(sides, np.ones(3))
    assert sides.gains(found.y) == pytest.approx([0.2, 0.5, 0.5], abs=1e-6)


def test_a_bound_is_a_bound():
    rng = np.random.default_rng(1)
    share = rng.dirichlet(np.ones(4), size=3)
    sides = Sides(rng.random((3, 4)), share, np.zeros(3), 2)
    aim = Aim(np.ones(3), np.zeros(3), np.zeros(3))
    found = optimum(sides, aim)
    # Without floors that bind, the sum is largest at the weighted means.
    mean = (share * sides.position).sum(axis=0) / share.sum(axis=0)
    assert found.value <= sides.gains(mean).sum() + 1e-12
    assert found.bound >= sides.gains(mean).sum() - 1e-12
    assert found.bound - found.value <= CLOSE
