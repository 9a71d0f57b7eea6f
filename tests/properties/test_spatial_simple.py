"""What must hold of the compromise mean, the weighted median and weighted plurality."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from westphalia.methods.spatial.mean import compromise_mean
from westphalia.methods.spatial.median import weighted_median
from westphalia.methods.spatial.plurality import plurality
from westphalia.testing import labelled_inputs

CELLS = ("position", "salience", "capability", "has_stand")
WEIGHTINGS = ("capability-salience", "capability", "salience", "equal")

few = settings(max_examples=40)
both = st.sampled_from([compromise_mean, weighted_median])
weightings = st.sampled_from(WEIGHTINGS)


def cells(data):
    return [data[name] for name in CELLS]


def counted(data):
    return data["has_stand"] & (data["salience"] * data["capability"] > 0)


@given(labelled_inputs(), both)
@few
def test_translation_and_scaling_carry_over(data, method):
    before = method(*cells(data))["forecast"]
    moved = data.assign(position=8 * data["position"] - 32)
    assert method(*cells(moved))["forecast"].values == pytest.approx(8 * before.values - 32, abs=1e-9)


@given(labelled_inputs(), both, st.randoms())
@few
def test_order_of_actors_does_not_matter(data, method, random):
    order = list(range(data.sizes["actor"]))
    random.shuffle(order)
    before, after = (method(*cells(inputs)) for inputs in (data, data.isel(actor=order)))
    assert after["forecast"].values == pytest.approx(before["forecast"].values, abs=1e-9)
    assert after["weight"].identical(before["weight"].isel(actor=order))


@given(labelled_inputs(), both)
@few
def test_an_actor_without_capability_changes_nothing(data, method):
    ghost = data.isel(actor=[0]).assign_coords(actor=["ghost"]).map(np.copy, keep_attrs=True)
    ghost["position"] = ghost["position"] + 7
    ghost["has_stand"][:] = True
    ghost["capability"][:] = 0.0
    crowd = xr.concat([data, ghost], dim="actor", data_vars="minimal", coords="minimal", compat="override")
    before, after = (method(*cells(inputs))["forecast"] for inputs in (data, crowd))
    assert after.values == pytest.approx(before.values, abs=1e-9)


@given(labelled_inputs(), both, st.floats(-100, 100), weightings)
@few
def test_unanimity_stays(data, method, place, weighting):
    agreed = data.assign(position=data["position"] * 0 + place)
    forecast = method(*cells(agreed), weighting=weighting)["forecast"]
    assert forecast.values == pytest.approx(np.full(forecast.shape, place), rel=1e-12)


@given(labelled_inputs(), weightings)
@few
def test_mean_lies_within_the_hull(data, weighting):
    forecast = compromise_mean(*cells(data), weighting=weighting)["forecast"]
    places = data["position"].where(data["has_stand"])
    assert (forecast >= places.min("actor") - 1e-9).all()
    assert (forecast <= places.max("actor") + 1e-9).all()


@given(labelled_inputs())
@few
def test_median_is_a_position_of_an_actor_with_weight(data):
    forecast = weighted_median(*cells(data))["forecast"]
    assert (data["position"].where(counted(data)) == forecast).any("actor").all()


@given(labelled_inputs())
@few
def test_median_is_beaten_by_no_other_position(data):
    """Black 1948: in a vote by weight between the median and any other position, it does not lose."""
    result = weighted_median(*cells(data))
    here = abs(data["position"] - result["forecast"])
    for actor in data["actor"].values:
        there = abs(data["position"] - data["position"].sel(actor=actor))
        votes = (result["weight"] * (np.sign(there - here))).sum("actor")
        assert (votes >= -1e-9).all()


@given(labelled_inputs())
@few
def test_ties_of_the_median_are_told(data):
    result = weighted_median(*cells(data))
    weight = result["weight"]
    below = weight.where(data["position"] <= result["forecast"], 0.0).sum("actor")
    half = weight.sum("actor") / 2
    assert (result["is_tie"] == (abs(below - half) <= 1e-9 * half)).all()


def test_median_takes_the_lower_of_two_middle_positions():
    labels = {"actor": ["a", "b"], "issue": ["k"]}
    cell = {"dims": ("actor", "issue"), "coords": labels}
    one = xr.DataArray([[1.0], [1.0]], **cell)
    result = weighted_median(xr.DataArray([[3.0], [8.0]], **cell), one, one, one.astype(bool))
    assert (result["forecast"].item(), result["is_tie"].item()) == (3.0, True)


@given(labelled_inputs(), st.data())
@few
def test_shares_of_options_sum_to_one_and_the_winner_leads(data, drawn):
    steps = drawn.draw(st.integers(1, 4))
    choice = (abs(data["position"]) % steps).round() % steps
    result = plurality(choice, data["salience"], data["capability"], data["has_stand"])
    assert result["share"].sum("option").values == pytest.approx(np.ones(result["winner"].shape))
    leading = result["share"].isel(option=result["winner"])
    assert leading.values == pytest.approx(result["share"].max("option").values)


def test_plurality_counts_options_nobody_chooses_and_tells_ties():
    labels = {"actor": ["a", "b"], "issue": ["k"]}
    cell = {"dims": ("actor", "issue"), "coords": labels}
    one = xr.DataArray([[1.0], [1.0]], **cell)
    options = xr.DataArray([4], dims="issue", coords={"issue": ["k"]})
    result = plurality(xr.DataArray([[2.0], [0.0]], **cell), one, one, one.astype(bool), options)
    assert result["share"].values.ravel().tolist() == [0.5, 0.0, 0.5, 0.0]
    assert (result["winner"].item(), result["is_tie"].item()) == (0, True)
