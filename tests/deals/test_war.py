"""The bargaining range over draws: properties, outside support, no-deal values, and refusals."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from westphalia.errors import CallError
from westphalia.methods.deals.war import (
    bargaining_range,
    first_strike,
    indivisible,
    shifting_power,
    unknown_resolve,
    war_reservation,
    with_support,
)

share = st.floats(0.0, 1.0)


def sides(first, second, names=("north", "south")):
    return xr.DataArray([first, second], dims="actor", coords={"actor": list(names)})


def drawn(n=500, seed=3):
    rng = np.random.default_rng(seed)
    chance = xr.DataArray(rng.uniform(0, 1, n), dims="draw")
    cost = xr.DataArray(rng.uniform(0, 0.3, (n, 2)), dims=("draw", "actor"), coords={"actor": ["n", "s"]})
    return chance, cost


@given(share, share, share, st.sampled_from([0.4, 1.0]))
def test_where_war_costs_and_nobody_loves_risk_there_is_a_range(chance, first, second, bend):
    """Fearon's theorem: both costs at least 0 and no risk acceptance leave a division to agree on."""
    found = bargaining_range(chance, sides(first, second), curvature=bend)
    assert found["has_range"].item()
    assert found["range_width"].item() >= -1e-12


@given(share, share, share, st.floats(0.2, 5.0), st.floats(0, 1))
def test_the_range_holds_what_neither_finds_worse_than_war(chance, first, second, bend, division):
    found = bargaining_range(chance, sides(first, second), curvature=bend)
    low, high = found["range_low"].item(), found["range_high"].item()
    if min(abs(division - low), abs(division - high)) < 1e-6:
        return
    accepts = division**bend >= chance - first, (1 - division) ** bend >= 1 - chance - second
    assert all(accepts) == (low <= division <= high)


@given(share, share, share)
def test_the_sides_are_alike(chance, first, second):
    one = bargaining_range(chance, sides(first, second))
    other = bargaining_range(1 - chance, sides(second, first))
    assert one["range_low"].item() == pytest.approx(1 - other["range_high"].item(), abs=1e-12)


def test_risk_lovers_may_prefer_war():
    assert not bargaining_range(0.5, 0.05, curvature=4.0)["has_range"].item()


def test_every_draw_is_computed_alone():
    chance, cost = drawn()
    together = bargaining_range(chance, cost)
    for at in (0, 17, 499):
        alone = bargaining_range(chance.isel(draw=at).item(), cost.isel(draw=at))
        for name in ("range_low", "range_high", "has_range"):
            assert together[name].values[at] == alone[name].values[0]
    assert together["war_value"].dims == ("draw", "actor")
    assert together["range_low"].attrs["long_name"]


def test_unequal_beliefs_are_each_sides_own():
    found = bargaining_range(sides(0.7, 0.5), sides(0.1, 0.2))
    assert found["war_value"].values.ravel() == pytest.approx([0.6, 0.3])
    assert found["has_range"].item()


def test_no_advantage_of_striking_first_changes_nothing():
    same = first_strike(0.4, 0.4, 0.1)
    plain = bargaining_range(0.4, 0.1)
    assert np.allclose(same["range_low"], plain["range_low"])
    assert np.allclose(same["range_high"], plain["range_high"])


def test_more_divisions_never_close_a_range():
    chance, cost = drawn()
    found = bargaining_range(chance, cost)
    coarse, fine = (indivisible(found, np.linspace(0, 1, n))["has_range"] for n in (3, 5))
    assert bool((fine | ~coarse).all())
    assert coarse.mean() < fine.mean() < 1


@given(
    st.lists(st.floats(0, 0.5), min_size=1, max_size=20), st.floats(0.1, 0.9), st.sampled_from([0.5, 1, 3])
)
def test_no_demand_on_the_grid_beats_the_best(costs, chance, bend):
    cost = xr.DataArray([[0.1, c] for c in costs], dims=("draw", "actor"))
    found = unknown_resolve(chance, cost, curvature=sides(bend, 1.0, ("first", "second")))
    tolerated = np.minimum(chance + np.array(costs), 1.0)
    best = found["best_demand"].item()
    accepts = tolerated >= best - 1e-9
    worth = (np.where(accepts, best**bend, chance - 0.1)).mean()
    assert found["demand_value"].max().item() <= worth + 1e-9
    assert found["war_risk"].item() == pytest.approx(1 - accepts.mean())
    assert (np.diff(found["acceptance_chance"]) <= 1e-12).all()


def test_arming_one_side_shifts_the_range_its_way():
    plain = with_support(0.5, sides(0.1, 0.1))
    armed = with_support(0.5, sides(0.1, 0.1), strength=sides(2.0, 1.0))
    assert plain["range_shift"].item() == pytest.approx(0.0)
    assert armed["win_chance"].item() == pytest.approx(2 / 3)
    assert armed["range_shift"].item() == pytest.approx(1 / 6)
    assert armed["range_width"].item() == pytest.approx(plain["range_width"].item())


def test_paying_for_one_side_narrows_the_range_to_its_favour_and_sanctions_widen_it():
    paid = with_support(0.5, sides(0.1, 0.1), payment=sides(0.3, 0.0))
    assert (paid["range_low"].item(), paid["range_high"].item()) == pytest.approx((0.5, 0.6))
    pressed = with_support(0.5, sides(0.1, 0.1), payment=sides(-0.1, 0.0))
    assert pressed["range_low"].item() == pytest.approx(0.3)


def test_support_over_draws():
    chance, cost = drawn()
    found = with_support(chance, cost, strength=sides(2.0, 1.0, ("n", "s")))
    assert dict(found.sizes) == {"draw": 500, "actor": 2}
    assert (found["win_chance"].values >= chance.values).all()


def test_no_deal_values_of_the_lottery():
    chance, _ = drawn()
    third = xr.DataArray([1.0, 0.0, 0.4], dims="actor", coords={"actor": ["n", "s", "broker"]})
    lost = xr.DataArray([0.0, 1.0, 0.6], dims="actor", coords={"actor": ["n", "s", "broker"]})
    cost = xr.DataArray([0.1, 0.2, 0.05], dims="actor", coords={"actor": ["n", "s", "broker"]})
    floor = war_reservation(chance, third, lost, cost)
    assert floor.dims == ("draw", "actor")
    assert floor.values[:, 0] == pytest.approx(chance.values - 0.1)
    assert floor.sel(actor="broker").values == pytest.approx(0.55 - 0.2 * chance.values)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bargaining_range(1.2, 0.1), "'win_chance' of the value is 1.2"),
        (lambda: bargaining_range(float("nan"), 0.1), "'win_chance' of the value is nan"),
        (lambda: bargaining_range(0.5, -0.1), "'war_cost' of actor first is -0.1"),
        (lambda: bargaining_range(0.5, 0.1, curvature=0.0), "'curvature' is 0"),
        (lambda: bargaining_range(sides(0.5, 0.5, "ab"), sides(0.1, 0.1, "ba")), "stand in another order"),
        (lambda: bargaining_range(drawn(5)[0], drawn(6)[1]), "5 draws, 'war_cost' has 6"),
        (lambda: bargaining_range(0.5, xr.DataArray([0.1] * 3, dims="actor")), "A war has two sides"),
        (lambda: first_strike(0.3, 0.5, 0.1), "struck first is higher"),
        (lambda: indivisible(bargaining_range(0.5, 0.1), []), "admits no division"),
        (lambda: indivisible(bargaining_range(0.5, 0.1), [2.0]), "'division' of division 0 is 2"),
        (lambda: shifting_power(0.3, 0.8, 0.1, discount=1.0), "discount factor is 1"),
        (lambda: shifting_power(sides(0.3, 0.3), 0.8, 0.1, discount=0.9), "is given for each side"),
        (lambda: unknown_resolve(0.5, 0.1, demands=1), "1 demands were asked for"),
        (lambda: with_support(0.5, 0.1, strength=0.0), "'strength' is 0"),
    ],
)
def test_bad_input_is_told_in_words(call, message):
    with pytest.raises(CallError, match=message):
        call()
