"""Fearon 1995 (International Organization 49(3), pp. 379–414): the bargaining range and what closes it."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from westphalia.catalog.fearon1995 import load_lotteries
from westphalia.methods.deals.war import (
    bargaining_range,
    first_strike,
    indivisible,
    shifting_power,
    unknown_resolve,
)


def sides(first, second):
    return xr.DataArray([first, second], dims="actor", coords={"actor": ["a", "b"]})


@pytest.mark.parametrize("lottery", load_lotteries(), ids=lambda lottery: lottery.name)
def test_range(lottery):
    found = bargaining_range(lottery.win_chance, sides(*lottery.costs))
    assert found["range_low"].item() == pytest.approx(lottery.bargaining_range[0], abs=1e-12)
    assert found["range_high"].item() == pytest.approx(lottery.bargaining_range[1], abs=1e-12)
    assert found["has_range"].item()


def test_hundred_dollars():
    """$100, even odds, $20 to fight: fighting is worth $30, so any division from 30 to 70 is better."""
    lottery = next(each for each in load_lotteries() if each.name == "dollars")
    found = bargaining_range(lottery.win_chance, sides(*lottery.costs))
    assert (100 * found["war_value"]).values.ravel() == pytest.approx([30, 30])
    assert 100 * found["range_width"].item() == pytest.approx(40)


def test_risk_aversion_widens_the_range():
    found = bargaining_range(0.5, 0.1, curvature=0.5)
    assert found["range_low"].item() == pytest.approx(0.16)
    assert found["range_high"].item() == pytest.approx(0.84)


def test_two_hopeful_sides_have_no_range():
    found = bargaining_range(sides(0.8, 0.6), 0.1)
    assert (found["range_low"].item(), found["range_high"].item()) == pytest.approx((0.7, 0.5))
    assert not found["has_range"].item()


@pytest.mark.parametrize(("advantage", "has_range"), [(0.19, True), (0.21, False)])
def test_a_first_strike_closes_the_range_where_it_brings_more_than_war_costs(advantage, has_range):
    found = first_strike(0.5 + advantage / 2, 0.5 - advantage / 2, 0.1)
    assert found["has_range"].item() is has_range


def test_an_issue_that_cannot_be_divided():
    even, lopsided = bargaining_range(0.5, 0.2), bargaining_range(0.9, 0.2)
    assert not indivisible(even, [0, 1])["has_range"].item()
    assert indivisible(lopsided, [0, 1])["is_acceptable"].values.tolist() == [[False, True]]


def test_preventive_war():
    """δ p₂ − p₁ > c_B (1 − δ)² exactly where war now beats all of this period and war's worth later."""
    rng = np.random.default_rng(5)
    for now, later, cost, discount in rng.uniform(0.05, 0.95, (200, 4)):
        fight = (1 - now) / (1 - discount) - cost
        wait = 1 + discount * ((1 - later) / (1 - discount) - cost)
        found = shifting_power(now, later, cost, discount=discount)
        assert found["is_preventive_war"].item() == (fight > wait)


def test_unknown_resolve_makes_a_demand_that_risks_war():
    """With the other's cost anywhere from 0 to c alike, x* = p + (c − c_A)/2 and war at (c − c_A)/2c."""
    most, own = 0.4, 0.1
    other = (np.arange(4000) + 0.5) / 4000 * most
    cost = xr.DataArray(np.stack([np.full(4000, own), other], axis=1), dims=("draw", "actor"))
    found = unknown_resolve(0.5, cost)
    assert found["best_demand"].item() == pytest.approx(0.5 + (most - own) / 2, abs=2e-4)
    assert found["war_risk"].item() == pytest.approx((most - own) / (2 * most), abs=5e-4)


def test_known_resolve_risks_no_war():
    found = unknown_resolve(0.5, sides(0.1, 0.2))
    assert (found["best_demand"].item(), found["war_risk"].item()) == pytest.approx((0.7, 0.0))
