"""Win sets and cores against a vote at every point, and known theorems of the spatial model."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from westphalia.errors import CallError
from westphalia.methods.examples import SCALED
from westphalia.methods.power.plane import plane_win_set
from westphalia.methods.power.winset import win_set
from westphalia.methods.spatial.median import weighted_median
from westphalia.testing import labelled_inputs

NAMES = (
    *("position", "salience", "capability", "has_stand", "is_required"),
    *("scale_low", "scale_high", "reversion", "has_reversion"),
)
QUOTAS = st.sampled_from([0.0, 0.3, 0.5, 2 / 3, 0.9])


def found_in(data, **options):
    return win_set(*(data[name] for name in NAMES), **options)


def carried(data, draw, issue, origin, point, quota, vetoes):
    """Whether a vote carries a point against another: the rule in plain words."""
    cell = data.isel(draw=draw, issue=issue)
    weight = np.where(cell["has_stand"], cell["capability"] * cell["salience"], 0.0)
    is_for = np.abs(cell["position"] - point) < np.abs(cell["position"] - origin) - 1e-9
    is_for &= cell["has_stand"].values
    holders = (cell["is_required"] & cell["has_stand"]).values
    stops = vetoes == "required" and (holders & ~is_for.values).any()
    return bool(weight[is_for].sum() > quota * weight.sum() * (1 + 1e-9)) and not stops


@given(labelled_inputs(), QUOTAS, st.sampled_from(["none", "required"]), st.floats(0, 1))
@settings(max_examples=80, deadline=None)
def test_a_point_is_in_the_win_set_exactly_if_the_vote_carries_it(data, quota, vetoes, share):
    found = found_in(data, quota=quota, vetoes=vetoes)
    for draw, issue in np.ndindex(data.sizes["draw"], data.sizes["issue"]):
        if not data["has_reversion"].values[issue]:
            assert np.isnan(found["win_low"].values[draw, issue])
            continue
        low, high = data["scale_low"].values[issue], data["scale_high"].values[issue]
        point, origin = low + share * (high - low), data["reversion"].values[draw, issue]
        ends = [found[name].values[draw, issue] for name in ("win_low", "win_high")]
        if min(abs(point - edge) for edge in (*ends, origin)) < 1e-6 * (high - low):
            continue
        is_inside = ends[0] < point < ends[1]
        assert is_inside == carried(data, draw, issue, origin, point, quota, vetoes)


@given(labelled_inputs(), QUOTAS, st.sampled_from(["none", "required"]), st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_nothing_beats_the_core_and_something_beats_the_rest(data, quota, vetoes, share):
    core = found_in(data, quota=quota, vetoes=vetoes)
    length = data["scale_high"] - data["scale_low"]
    place = (data["scale_low"] + share * length).expand_dims(draw=data["draw"])
    moved = data.assign(reversion=place, has_reversion=data["has_reversion"] | True)
    beaten = found_in(moved, quota=quota, vetoes=vetoes)["beats_status_quo"]
    near = np.minimum(abs(place - core["core_low"]), abs(place - core["core_high"])) < 1e-6 * length
    inside = core["has_core"] & (core["core_low"] <= place) & (place <= core["core_high"])
    assert bool(((beaten == ~inside) | near).all())


@given(labelled_inputs())
@settings(max_examples=60, deadline=None)
def test_the_core_of_simple_majority_is_the_median(data):
    found = found_in(data)
    median = weighted_median(*(data[name] for name in NAMES[:4]))
    assert np.array_equal(found["core_low"], median["forecast"])
    assert found["has_core"].values.all()
    assert found["is_pivotal"].any("actor").values.all()


def test_worked_example():
    found = found_in(xr.Dataset.from_dict(SCALED)).isel(draw=0).sel(issue="fund")
    assert (found["win_low"].item(), found["win_high"].item()) == (0.0, 100.0)
    assert (found["core_low"].item(), found["core_high"].item()) == (20.0, 20.0)
    assert found["is_pivotal"].values.tolist() == [False, True, False]


def test_vetoes_shrink_the_win_set_and_widen_the_core():
    data = xr.Dataset.from_dict(SCALED)
    free, bound = found_in(data), found_in(data, vetoes="required")
    assert (bound["win_low"] >= free["win_low"]).all()
    assert (bound["core_high"] - bound["core_low"] >= free["core_high"] - free["core_low"]).all()
    assert bound["core_low"].sel(issue="border").item() == 0.0
    assert bound["core_high"].sel(issue="border").item() == 100.0


@pytest.mark.parametrize(("quota", "reach"), [(1.0, "more"), (0.0, "at-least")])
def test_a_quota_that_decides_nothing_is_refused(quota, reach):
    with pytest.raises(CallError, match="decides nothing"):
        found_in(xr.Dataset.from_dict(SCALED), quota=quota, reach=reach)


# --- two issues ------------------------------------------------------------------------------------


def square(points, origin, *, salience=1.0, weights=None):
    """Return inputs of voters at points of a square of 0 to 1, and a status quo."""
    n = len(points)
    cell = ("actor", "issue")
    capability = np.ones(n) if weights is None else np.asarray(weights, dtype=float)
    return xr.Dataset(
        {
            "position": (cell, np.asarray(points, dtype=float)),
            "salience": (cell, np.broadcast_to(salience, (n, 2)).astype(float)),
            "capability": (cell, np.repeat(capability[:, None], 2, axis=1)),
            "has_stand": (cell, np.ones((n, 2), dtype=bool)),
            "scale_low": ("issue", [0.0, 0.0]),
            "scale_high": ("issue", [1.0, 1.0]),
            "reversion": ("issue", np.asarray(origin, dtype=float)),
            "has_reversion": ("issue", [True, True]),
        },
        coords={"actor": [f"v{i}" for i in range(n)], "issue": ["x", "y"]},
    )


def in_plane(data, **options):
    names = [name for name in NAMES if name != "is_required"]
    return plane_win_set(*(data[name] for name in names), issues=("x", "y"), **options)


def test_one_voter_carries_its_circle():
    found = in_plane(square([(0.5, 0.5)], (0.5, 0.75)), points=401)
    assert found["win_set_share"].item() == pytest.approx(np.pi / 16, abs=0.002)
    assert not found["is_in_core"].item()


def test_one_voter_carries_its_diamond_under_linear_loss():
    found = in_plane(square([(0.5, 0.5)], (0.5, 0.75)), points=401, loss="linear")
    assert found["win_set_share"].item() == pytest.approx(2 * 0.25**2, abs=0.002)


def test_opposed_pairs_around_a_voter_have_a_core():
    """Plott 1967: voters in opposed pairs around one leave nothing that beats its point."""
    voters = [(0.5, 0.5), (0.2, 0.3), (0.8, 0.7), (0.4, 0.9), (0.6, 0.1)]
    found = in_plane(square(voters, (0.5, 0.5)))
    assert found["is_in_core"].item()
    assert found["win_set_share"].item() == 0.0


def test_three_voters_in_a_triangle_have_no_core():
    """McKelvey 1976: without such pairs every point is beaten, the middle one too."""
    voters = [(0.1, 0.1), (0.9, 0.1), (0.5, 0.9)]
    for origin in [(0.5, 0.3666), (0.5, 0.1), (0.1, 0.1), (0.3, 0.7)]:
        found = in_plane(square(voters, origin))
        assert not found["is_in_core"].item()
    assert in_plane(square(voters, (0.5, 0.3)), quota=1.0, reach="at-least")["is_in_core"].item()


@given(
    st.lists(st.tuples(*[st.integers(0, 10)] * 2), min_size=1, max_size=5),
    st.tuples(*[st.integers(0, 10)] * 2),
    st.sampled_from(["linear", "quadratic"]),
)
@settings(max_examples=40, deadline=None)
def test_the_core_test_agrees_with_a_fine_grid(voters, origin, loss):
    data = square(np.array(voters) / 10, np.array(origin) / 10)
    found = in_plane(data, points=101, loss=loss)
    # What the grid finds is beaten indeed; what it misses can be a win set finer than its mesh.
    if found["win_set_share"].item() > 0:
        assert not found["is_in_core"].item()
    if found["is_in_core"].item():
        assert found["win_set_share"].item() == 0.0


def test_shares_of_draws_and_unknown_issues():
    data = square([(0.5, 0.5)], (0.5, 0.75))
    drawn = data.assign(reversion=xr.DataArray([[0.5, 0.75], [0.5, 0.5]], dims=("draw", "issue")))
    found = in_plane(drawn, points=11)
    assert set(np.unique(found["is_in_win_set"])) == {0.0, 0.5}
    assert found["is_in_core"].values.tolist() == [False, True]
    arrays = [data[name] for name in NAMES if name != "is_required"]
    with pytest.raises(CallError, match="no issue 'z'"):
        plane_win_set(*arrays, issues=("x", "z"))
