"""Ratifiers: who accepts, how win sets shrink, and what that does to the outcome, found by computing it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from westphalia.errors import CallError
from westphalia.methods.deals.ratification import effect_of_ratifiers, home_win_sets, ratification

HOME = {"a": ["senate"]}


def deal(values, floors, names=("a", "b", "senate")):
    """Return deal inputs from values (actor, issue, option) and no-deal values."""
    values = np.asarray(values, dtype=float)
    return xr.Dataset(
        {
            "option_value": (("actor", "issue", "option"), values),
            "option_count": ("issue", [values.shape[2]] * values.shape[1]),
            "reservation": ("actor", np.asarray(floors, dtype=float)),
            "base_utility": ("actor", np.zeros(len(names))),
            "is_party": ("actor", [True] * len(names)),
        },
        coords={"actor": list(names), "issue": [f"i{k}" for k in range(values.shape[1])]},
    )


def line(hawkish=0.6):
    """One issue in three steps between a and b; the senate at home wants more than a needs."""
    return deal([[[0.0, 0.5, 1.0]], [[1.0, 0.5, 0.0]], [[0.0, 0.2, 1.0]]], [0.0, 0.0, hawkish])


@st.composite
def deals(draw):
    shape = (3, draw(st.integers(1, 3)), draw(st.integers(2, 3)))
    steps = draw(st.lists(st.integers(0, 10), min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
    floors = draw(st.lists(st.integers(0, 12), min_size=3, max_size=3))
    return deal(np.array(steps).reshape(shape) / 10, np.array(floors) / 10)


def test_schelling_and_putnam_the_smaller_win_set_gains():
    found = effect_of_ratifiers(line(), HOME)
    assert found["chosen_option_alone"].values.tolist() == [1]
    assert found["chosen_option"].values.tolist() == [2]
    assert found["gain_from_ratifiers"].values.tolist() == [0.5, -0.5]


def test_a_win_set_too_small_loses_the_deal():
    found = effect_of_ratifiers(line(hawkish=1.5), HOME)
    assert found["is_settled_alone"].item()
    assert not found["is_settled"].item()
    assert found["chosen_option"].values.tolist() == [-1]
    assert found["gain_from_ratifiers"].values.tolist() == [-0.5, -0.5]


def test_ratifiers_can_cost_their_own_principal():
    """A senate that wants the other side's option helps nobody at home: strength is no law."""
    turned = deal([[[0.0, 0.5, 1.0]], [[1.0, 0.5, 0.0]], [[1.0, 0.2, 0.0]]], [0.0, 0.0, 0.6])
    assert effect_of_ratifiers(turned, HOME)["gain_from_ratifiers"].values.tolist() == [-0.5, 0.5]


def test_win_sets_are_counted():
    found = home_win_sets(line(), HOME)
    assert found["win_set_size"].values == pytest.approx([1 / 3, 1])
    assert found["win_set_size_alone"].values.tolist() == [1, 1]
    assert (found["zone_size"].item(), found["standard_error"].item()) == (pytest.approx(1 / 3), 0.0)


def test_a_sampled_win_set_is_near_the_counted_one():
    rng = np.random.default_rng(2)
    data = deal(rng.uniform(0, 1, (3, 6, 4)), [2.5, 2.5, 3.2])
    counted, sampled = home_win_sets(data, HOME), home_win_sets(data, HOME, limit=100)
    assert counted["standard_error"].item() == 0.0
    error = sampled["standard_error"].item()
    assert 0 < error < 0.002
    for name in ("win_set_size", "win_set_size_alone"):
        assert abs(counted[name] - sampled[name]).max() < 5 * error


@given(deals())
@settings(max_examples=50, deadline=None)
def test_ratifiers_only_take_packages_away(data):
    found = home_win_sets(data, HOME)
    assert (found["win_set_size"] <= found["win_set_size_alone"]).all()
    assert found["zone_size"] <= found["zone_size_alone"]
    assert found["win_set_size"].sel(principal="b") == found["win_set_size_alone"].sel(principal="b")


@given(deals(), st.sampled_from(["nash", "egalitarian", "utilitarian"]))
@settings(max_examples=60, deadline=None)
def test_the_outcome_is_accepted_by_all_and_the_best_by_its_rule(data, rule):
    found = effect_of_ratifiers(data, HOME, rule=rule)
    shape = data.sizes["issue"], data.sizes["option"]
    every = np.array(list(itertools.product(range(shape[1]), repeat=shape[0])))
    worth = data["option_value"].values[:, np.arange(shape[0]), every].sum(axis=2)
    gains = (worth - data["reservation"].values[:, None]).T
    zone = gains[(gains >= -1e-9).all(axis=1)][:, :2]
    assert found["is_settled"].item() == bool(len(zone))
    if not len(zone):
        return
    assert (found["gain"] >= 0).all()
    own, ideal = found["gain"].values, np.maximum(zone.max(axis=0), 1e-12)
    score = {
        "nash": lambda g: g.prod(axis=-1),
        "utilitarian": lambda g: g.sum(axis=-1),
        "egalitarian": lambda g: np.where(ideal > 1e-9, g / ideal, 1.0).min(axis=-1),
    }[rule]
    if rule != "nash" or (zone > 1e-9).all(axis=1).any():
        assert score(own) == pytest.approx(score(zone).max(), abs=1e-8)


def test_two_losses_make_no_gain():
    """Of (0, 0, 1) and three gains of 0.6, with 0.5 as no deal, the second is the Nash package."""
    data = deal([[[0.0, 0.6]], [[0.0, 0.6]], [[1.0, 0.6]]], [0.5] * 3)
    assert effect_of_ratifiers(data, {})["chosen_option"].values.tolist() == [1]


def test_ratification_over_draws():
    data = line()
    drawn = data.assign(reservation=xr.DataArray([[0.0, 0.0, 0.6], [0.0, 0.0, 0.1]], dims=("draw", "actor")))
    packages = xr.DataArray([[1], [2]], dims=("package", "issue"))
    found = ratification(drawn, packages, HOME)
    assert found["is_ratified"].values.tolist() == [[False, True], [True, True]]
    assert found["passes_at_home"].sel(principal="b").values.all()
    assert found["is_accepted"].sel(actor="senate").values.tolist() == [[False, True], [True, True]]


@pytest.mark.parametrize(
    ("home", "message"),
    [
        ({"a": ["senat"]}, "Did you mean 'senate'"),
        ({"x": ["senate"]}, "'x' is no party"),
        ({"a": ["b"], "b": ["senate"]}, "'b' is a principal and a ratifier"),
    ],
)
def test_wrong_homes_are_told_in_words(home, message):
    with pytest.raises(CallError, match=message):
        home_win_sets(line(), home)


def test_packages_that_do_not_exist_are_refused():
    with pytest.raises(CallError, match="takes option 3 of 'i0', which has 3"):
        ratification(line(), xr.DataArray([[3]], dims=("package", "issue")), HOME)


def test_too_many_packages_are_refused():
    with pytest.raises(CallError, match="more than the 2 that may be listed"):
        effect_of_ratifiers(line(), HOME, limit=2)
