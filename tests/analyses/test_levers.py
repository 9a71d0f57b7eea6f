"""Levers: exact for the compromise mean, and found by search where they are exact."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from westphalia.analyses.levers import KINDS, Scene, Wish, labelled, mean_levers, suffices
from westphalia.analyses.levers_search import search_levers

ACTORS = ("north", "south", "broker")
SCENE = Scene(
    ACTORS,
    np.array([0.0, 100.0, 60.0]),
    np.array([0.9, 0.5, 0.3]),
    np.array([1.0, 0.8, 0.5]),
    0.0,
    100.0,
)


def mean(position, salience, capability):
    weight = salience * capability
    return (weight * position).sum(axis=1) / weight.sum(axis=1)


def now(scene: Scene) -> float:
    return float(mean(scene.position[None], scene.salience[None], scene.capability[None])[0])


def after(scene: Scene, one) -> float:
    return float(mean(*scene.with_changes([one.kind], [one.actor], np.array([one.to])))[0])


scenes = st.integers(2, 6).flatmap(
    lambda many: st.builds(
        lambda position, salience, capability: Scene(
            tuple(f"a{at}" for at in range(many)),
            *map(np.array, (position, salience, capability)),
            0.0,
            100.0,
        ),
        st.lists(st.floats(0, 100), min_size=many, max_size=many),
        st.lists(st.floats(0.05, 1), min_size=many, max_size=many),
        st.lists(st.floats(0.1, 10), min_size=many, max_size=many),
    )
)
wishes = st.builds(Wish, st.floats(0, 100), st.booleans())


def test_a_shift_moves_the_mean_by_its_share_of_the_weight() -> None:
    weight = SCENE.salience * SCENE.capability
    found = mean_levers(SCENE, Wish(now(SCENE) + 5, is_at_least=True))
    for actor in range(3):
        position = found[3 * actor]
        needed = 5 * weight.sum() / weight[actor]
        if SCENE.position[actor] + needed <= 100:
            assert position.to == pytest.approx(SCENE.position[actor] + needed)
        else:
            assert np.isnan(position.to)
    assert [one.kind for one in found[:3]] == list(KINDS)


@given(scenes, wishes)
def test_every_exact_lever_lands_on_the_point_and_what_is_met_needs_none(scene, wish) -> None:
    is_met = wish.short(np.array(now(scene))) <= 0
    for one in mean_levers(scene, wish):
        if is_met:
            assert one.to == scene.value_of(one.kind, one.actor)
        elif not np.isnan(one.to):
            low, high = scene.range_of(one.kind, one.actor)
            assert low <= one.to <= high
            assert after(scene, one) == pytest.approx(wish.point, abs=1e-6)
            assert one.is_proved
            assert one.bound == scene.sized(one.kind, one.actor, one.to)


@settings(max_examples=60)
@given(scenes, wishes)
def test_the_search_finds_the_closed_form(scene, wish) -> None:
    exact = mean_levers(scene, wish)
    found = search_levers(scene, wish, mean, is_monotone=True)
    for closed, searched in zip(exact, found, strict=True):
        assert (closed.kind, closed.actor) == (searched.kind, searched.actor)
        low, high = scene.range_of(closed.kind, closed.actor)
        if np.isnan(closed.to) or np.isnan(searched.to):
            # A lever that ends just at the end of its range may be had by one and not the other.
            ends = [one.to for one in (closed, searched) if not np.isnan(one.to)]
            assert all(min(abs(to - low), abs(to - high)) <= 1e-6 * (high - low) for to in ends)
            continue
        # Where the weight hardly tells, a forecast within rounding is reached over a stretch of it.
        flat = abs(scene.position[closed.actor] - wish.point) < 1e-3
        assert searched.to == pytest.approx(closed.to, abs=(1.0 if flat else 1e-5) * (high - low))
        size = scene.sized(searched.kind, searched.actor, searched.to)
        assert searched.bound <= size <= searched.bound + 1e-5


def test_levers_follow_the_weighting() -> None:
    wish = Wish(75.0, is_at_least=True)
    by_salience = mean_levers(SCENE, wish, "salience")
    assert all(np.isnan(one.to) for one in by_salience if one.kind == "capability")
    of = {one.kind: one for one in by_salience if one.actor == 0}
    salience = SCENE.salience.copy()
    salience[0] = of["salience"].to
    assert salience[0] < SCENE.salience[0]
    assert float(salience @ SCENE.position / salience.sum()) == pytest.approx(wish.point)
    equal = mean_levers(SCENE, wish, "equal")
    assert all(np.isnan(one.to) for one in equal if one.kind != "position")


def test_who_stands_alone_cannot_let_its_weight_go() -> None:
    scene = Scene(("only",), np.array([20.0]), np.array([0.5]), np.array([2.0]), 0.0, 100.0)
    wish = Wish(50.0, is_at_least=True)
    for found in (mean_levers(scene, wish), search_levers(scene, wish, mean)):
        told = {one.kind: one.to for one in found}
        assert told["position"] == pytest.approx(50)
        assert np.isnan([told["salience"], told["capability"]]).all()


def test_without_weight_of_anybody_else_a_capability_of_zero_stays() -> None:
    scene = Scene(("a", "b"), np.array([20.0, 80.0]), np.array([0.5, 0.5]), np.array([2.0, 0.0]), 0.0, 100.0)
    found = mean_levers(scene, Wish(30.0, is_at_least=True))
    told = {(one.kind, one.actor): one.to for one in found}
    assert told["position", 0] == pytest.approx(30)
    assert np.isnan([told["position", 1], told["salience", 1], told["capability", 1]]).all()


def test_a_forecast_that_goes_back_and_forth_is_flagged_and_nothing_is_proved() -> None:
    def wave(position, _salience, _capability):
        return 50 + 40 * np.sin(position[:, 0] / 10)

    found = {(one.kind, one.actor): one for one in search_levers(SCENE, Wish(85.0, is_at_least=True), wave)}
    first = found["position", 0]
    assert first.to == pytest.approx(10 * np.arcsin(35 / 40), abs=1e-4)
    assert not first.is_one_way
    assert not first.is_proved
    assert first.bound == 0
    never = found["salience", 0]
    assert np.isnan(never.to)
    assert not never.is_proved


def test_a_jump_is_found_at_its_edge() -> None:
    def jump(position, _salience, _capability):
        return np.where(position[:, 1] <= 37.3, 10.0, 90.0)

    found = search_levers(SCENE, Wish(50.0, is_at_least=False), jump, kinds=("position",), is_monotone=True)
    assert found[1].to == pytest.approx(37.3, abs=1e-5)
    assert found[1].to <= 37.3
    assert found[1].bound == pytest.approx(0.627, abs=1e-5)
    assert found[0].bound == np.inf


def test_the_search_is_the_same_however_many_levers_go_at_a_time(monkeypatch) -> None:
    wish = Wish(60.0, is_at_least=True)
    whole = search_levers(SCENE, wish, mean)
    monkeypatch.setattr("westphalia.analyses.levers_search._MOST_CELLS", 1)
    assert str(search_levers(SCENE, wish, mean)) == str(whole)


def listed(wish: Wish, **how) -> xr.Dataset:
    found = mean_levers(SCENE, wish)
    return labelled(SCENE, found, np.full(len(found), wish.point), "border", **how)


def test_the_cheapest_comes_first_by_the_stated_costs_and_own_moves_are_told_apart() -> None:
    wish = Wish(now(SCENE) + 5, is_at_least=True)
    plain = listed(wish)
    cost = plain["lever_cost"].values
    assert (np.diff(cost[np.isfinite(cost)]) >= 0).all()
    assert not plain["is_enough"].values[np.isinf(cost)].any()
    dear = listed(wish, costs={"position": 100.0}, by="north")
    assert str(dear["lever_kind"].values[0]) != "position"
    own = dear["lever_actor"].values == "north"
    assert (dear["is_own"].values == own).all()
    assert "is_own" not in plain


def test_a_lever_suffices_in_the_draws_in_which_it_does() -> None:
    wish = Wish(now(SCENE) + 5, is_at_least=True)
    shift = np.linspace(-10, 10, 201)
    draws = xr.Dataset(
        {
            "position": (
                ("draw", "actor", "issue"),
                (SCENE.position + shift[:, None] * [0, 0, 1])[:, :, None],
            ),
            "salience": (("draw", "actor", "issue"), np.tile(SCENE.salience, (201, 1))[:, :, None]),
            "capability": (("draw", "actor", "issue"), np.tile(SCENE.capability, (201, 1))[:, :, None]),
            "scale_low": ("issue", [0.0]),
            "scale_high": ("issue", [100.0]),
        },
        coords={"actor": list(ACTORS), "issue": ["border"]},
    )

    def forecast(data):
        return mean(*(data[name].values[:, :, 0] for name in KINDS))

    found = suffices(listed(wish), draws, wish, forecast)
    north = (found["lever_actor"] == "north") & (found["lever_kind"] == "position")
    # It lands on the point where the broker stands at its centre, so in the upper half of the draws.
    assert float(found["suffices_probability"].values[north][0]) == pytest.approx(101 / 201)
    assert float(found["holds_probability"]) == 0
    never = ~found["is_enough"].values
    assert np.isnan(found["suffices_probability"].values[never]).all()
