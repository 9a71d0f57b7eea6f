"""Nash bargaining against SciPy, and the axioms it must keep."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from westphalia.errors import CallError
from westphalia.methods.deals.utility import acceptance
from westphalia.methods.examples import SCALED
from westphalia.methods.spatial.nash import nash_bargaining
from westphalia.testing import labelled_inputs

INPUTS = (
    *("position", "salience", "capability", "has_stand", "is_required", "scale_low", "scale_high"),
    *("reversion", "has_reversion", "no_deal", "has_no_deal"),
)
SIDES = [name for name in INPUTS if name not in ("capability", "is_required")]

losses = st.sampled_from(["linear", "quadratic"])
bargains = labelled_inputs(actors=(2, 4), issues=(1, 3), draws=(1, 3)).map(
    lambda data: data.assign(has_reversion=data["has_reversion"] | True)
)


def bargain(data, **options):
    return nash_bargaining(**{name: data[name] for name in INPUTS}, **options)


def accepted(data, outcome, **options):
    return acceptance(outcome, **{name: data[name] for name in [*SIDES, "is_required"]}, **options)


def party_names(data):
    required = data["is_required"]
    return data["actor"].values[required.values] if required.any() else data["actor"].values


def terms(data, draw):
    """What the parties that care about some issue want in one draw, straight from the definitions."""
    one = data.isel(draw=draw).sel(actor=party_names(data))
    one = one.isel(actor=(one["salience"] > 0).any("issue").values)
    length = (one["scale_high"] - one["scale_low"]).values
    p = ((one["position"] - one["scale_low"]) / length).values
    v = one["salience"].values / one["salience"].values.sum(axis=1, keepdims=True)
    back = ((one["reversion"] - one["scale_low"]) / length).values
    w = (one["capability"].sum("issue") / one["has_stand"].sum("issue")).values
    w = np.maximum(w / w.sum() if w.sum() > 0 else np.full(len(w), 1 / max(len(w), 1)), 1e-6)
    return p, v, back, one["no_deal"].values, one["has_no_deal"].values, w


def gains(x, p, v, back, no_deal, has_no_deal, power):
    def utility(point):
        return 1 - (v * np.abs(point - p) ** power).sum(axis=1)

    return utility(x) - np.where(has_no_deal, no_deal, utility(back))


def largest_least_gain(data, draw):
    """The largest least gain of the parties over all packages, by a linear program."""
    p, v, *rest, _ = terms(data, draw)
    if len(p) == 0:
        return np.inf
    nowhere = gains(np.zeros(p.shape[1]), p, v, *rest, 1)
    reservation = 1 - (v * p).sum(axis=1) - nowhere
    n, k = p.shape
    rows, ends = [], []
    for i in range(n):
        for j in range(k):
            for sign in (1.0, -1.0):
                row = np.zeros(k + n * k + 1)
                row[j], row[k + i * k + j] = sign, -1.0
                rows.append(row)
                ends.append(sign * p[i, j])
        row = np.zeros(k + n * k + 1)
        row[k + i * k : k + (i + 1) * k], row[-1] = v[i], 1.0
        rows.append(row)
        ends.append(1 - reservation[i])
    aim = np.zeros(k + n * k + 1)
    aim[-1] = -1.0
    bounds = [(0, 1)] * k + [(0, None)] * (n * k) + [(None, None)]
    return -linprog(aim, A_ub=np.array(rows), b_ub=ends, bounds=bounds).fun


@given(bargains)
@settings(max_examples=40)
def test_settled_just_where_a_linear_program_finds_a_gain_for_all(data):
    result = bargain(data)
    for draw in range(data.sizes["draw"]):
        most = largest_least_gain(data, draw)
        if abs(most - 1e-6) > 1e-7:
            assert result["is_settled"].values[draw] == (most > 1e-6)


@given(bargains, losses)
@settings(max_examples=40)
def test_individually_rational_and_converged(data, loss):
    result = bargain(data, loss=loss)
    assert result["converged"].all()
    gain = result["gain"].sel(actor=party_names(data)).where(result["is_settled"], drop=True)
    assert (gain >= 0).all()
    assert accepted(data, result["forecast"], loss=loss)["is_settled"].where(result["is_settled"], True).all()


@given(bargains, losses)
@settings(max_examples=40)
def test_where_nothing_is_settled_the_reversion_point_holds(data, loss):
    result = bargain(data, loss=loss)
    off = abs(result["forecast"] - data["reversion"]).where(~result["is_settled"], 0.0)
    assert (off == 0).all()
    assert (result["gain"].where(~result["is_settled"], 0.0) == 0).all()


@given(labelled_inputs(actors=(2, 3), issues=(1, 3), draws=1), losses)
@settings(max_examples=30)
def test_no_package_found_by_scipy_is_better(data, loss):
    data = data.assign(has_reversion=data["has_reversion"] | True)
    result = bargain(data, loss=loss)
    *sides, w = terms(data, 0)
    if not result["is_settled"].item() or len(w) == 0:
        return
    power = {"linear": 1, "quadratic": 2}[loss]

    def product(x):
        gain = gains(np.clip(x, 0, 1), *sides, power)
        return float((w * np.log(gain)).sum()) if (gain > 0).all() else -1e3

    low, high = data["scale_low"].values, data["scale_high"].values
    ours = (result["forecast"].values[0] - low) / (high - low)
    for start in (ours, 0.9 * ours + 0.05):
        found = minimize(lambda x: -product(x), start, method="SLSQP", bounds=[(0, 1)] * len(low))
        assert product(ours) >= -found.fun - 1e-6


@given(bargains, losses, st.integers(0, 10_000))
@settings(max_examples=40)
def test_no_other_package_is_better_for_all(data, loss, seed):
    """Pareto: of random packages, none gives every party more."""
    result = bargain(data, loss=loss)
    power = {"linear": 1, "quadratic": 2}[loss]
    low, high = data["scale_low"].values, data["scale_high"].values
    rng = np.random.default_rng(seed)
    for draw in np.flatnonzero(result["is_settled"].values):
        *sides, w = terms(data, draw)
        ours = (result["forecast"].values[draw] - low) / (high - low)
        before = gains(ours, *sides, power)
        for step in rng.uniform(-0.2, 0.2, (20, len(low))):
            after = gains(np.clip(ours + step, 0, 1), *sides, power)
            assert len(w) == 0 or (after <= before + 1e-6).any()


@given(bargains, losses, st.sampled_from(["package", "issue"]))
@settings(max_examples=25)
def test_the_unit_of_capability_and_of_scales_does_not_matter(data, loss, scope):
    before = bargain(data, loss=loss, scope=scope)
    same = bargain(data.assign(capability=16 * data["capability"]), loss=loss, scope=scope)
    assert same["forecast"].values == pytest.approx(before["forecast"].values, abs=1e-9)
    moved = {name: 8 * data[name] - 32 for name in ("position", "reversion", "scale_low", "scale_high")}
    after = bargain(data.assign(moved), loss=loss, scope=scope)
    assert after["gain"].values == pytest.approx(before["gain"].values, abs=2e-4)


@given(bargains)
@settings(max_examples=25)
def test_single_issues_are_bargains_of_their_own(data):
    data = data.assign(has_no_deal=data["has_no_deal"] & False)
    together = bargain(data, scope="issue")
    for at in range(data.sizes["issue"]):
        alone = bargain(data.isel(issue=[at]))
        assert together["forecast"].values[:, at] == pytest.approx(alone["forecast"].values[:, 0], abs=1e-6)


@given(bargains)
@settings(max_examples=40)
def test_a_stronger_party_does_not_do_worse(data):
    names = party_names(data)
    before = bargain(data)["gain"].sel(actor=names[0])
    stronger = (
        data["capability"]
        .where(data["actor"] != names[0], 3 * data["capability"])
        .transpose(*data["capability"].dims)
    )
    after = bargain(data.assign(capability=stronger))["gain"].sel(actor=names[0])
    assert (after >= before - 2e-4).all()


def test_an_unknown_no_deal_is_named():
    inputs = xr.Dataset.from_dict(SCALED)
    inputs["has_no_deal"][:] = False
    inputs["has_reversion"][1] = False
    with pytest.raises(CallError) as caught:
        bargain(inputs)
    assert caught.value.code == "input-missing"
    assert "What no deal is worth to 'north' is unknown: 'fund' has no reversion point." in str(caught.value)
