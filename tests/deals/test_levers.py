"""Levers: closed forms against fine grids of the change, and against listing every package."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_deals import accepted, deal, deals, listed

from westphalia.errors import CallError
from westphalia.methods.deals.levers import levers
from westphalia.methods.deals.levers_moves import Stance, nearest
from westphalia.methods.deals.space import space_of


def rows(found, kind):
    """The levers of a kind by actor and issue."""
    kept = found.isel(lever=np.flatnonzero(found.lever_kind.values == kind))
    return {
        (str(row.lever_actor.values), str(row.lever_issue.values)): row
        for row in (kept.isel(lever=at) for at in range(kept.sizes["lever"]))
    }


@settings(deadline=None, max_examples=80)
@given(deals(parties=(1, 4)))
def test_lowering_a_no_deal_value_by_the_size_opens_the_zone_and_by_less_does_not(inputs):
    _, utility, floor = listed(inputs)
    names = inputs.actor.values[inputs.is_party.values]
    found = rows(levers(inputs), "no_deal")
    assert sorted(found) == sorted((str(name), "") for name in names)
    for p, name in enumerate(names):
        others = np.arange(len(floor)) != p
        open_to_others = accepted(utility[:, others], floor[others])
        best = utility[open_to_others, p].max(initial=-np.inf)
        row = found[str(name), ""]
        assert float(row.lever_size) == pytest.approx(max(floor[p] - best, 0.0), abs=2e-9)
        assert bool(row.is_enough) == bool(open_to_others.any())
        assert bool(row.is_proved)
        if open_to_others.any():
            lowered = floor.copy()
            lowered[p] = float(row.lever_to)
            of_package = space_of(inputs).utility(row["package"].values[None])[:, inputs.is_party.values]
            assert accepted(of_package, lowered - 1e-9).all()


def on_scale(seed, power, parties=3, issues=2, options=4):
    """Parties with positions; the no deal of every other party follows from reversion points."""
    rng = np.random.default_rng(seed)
    at = rng.integers(0, 11, (parties, issues)) / 10
    salience = rng.integers(1, 5, (parties, issues)) / 4
    share = salience / salience.sum(axis=1, keepdims=True)
    point = np.linspace(0, 1, options)
    back = rng.integers(0, 11, issues) / 10
    stated = np.arange(parties) % 2 == 0
    floor = -np.where(stated, 0.2, (share * np.abs(back - at) ** power).sum(axis=1))
    values = [-share[:, k, None] * np.abs(point - at[:, k, None]) ** power for k in range(issues)]
    inputs = deal(values, floor, points=np.tile(point, (issues, 1)))
    sizes = {"actor": inputs.actor, "issue": inputs.issue}

    def array(values, *dims):
        return xr.DataArray(values, dims=dims, coords={dim: sizes[dim] for dim in dims})

    stances = {
        "position": array(at, "actor", "issue"),
        "salience": array(salience, "actor", "issue"),
        "scale_low": array(np.zeros(issues), "issue"),
        "scale_high": array(np.ones(issues), "issue"),
        "has_stand": array(np.ones((parties, issues), dtype=bool), "actor", "issue"),
        "reversion": array(back, "issue"),
        "has_reversion": array(np.ones(issues, dtype=bool), "issue"),
        "no_deal": array(np.full(parties, 0.8), "actor"),
        "has_no_deal": array(stated, "actor"),
    }
    return inputs, stances, (at, share, back, stated)


def opens(inputs, facts, power, p, k, to, package=None):
    """Whether some package (or the one given) is accepted once party p stands at `to` on issue k."""
    at, share, back, stated = facts
    packages, utility, floor = listed(inputs)
    utility, floor = utility.copy(), floor.copy()
    point = np.linspace(0, 1, int(inputs.option_count[k]))[packages[:, k]]
    utility[:, p] += share[p, k] * (np.abs(point - at[p, k]) ** power - np.abs(point - to) ** power)
    if not stated[p]:
        floor[p] += share[p, k] * (abs(back[k] - at[p, k]) ** power - abs(back[k] - to) ** power)
    counted = np.ones(len(packages), dtype=bool) if package is None else (packages == package).all(axis=1)
    return bool((utility[counted] >= floor - 2e-9).all(axis=1).any())


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from([1, 2]))
def test_moving_a_position_so_far_opens_the_zone_and_no_shorter_way_does(seed, power):
    inputs, stances, facts = on_scale(seed, power)
    loss = {1: "linear", 2: "quadratic"}[power]
    found = rows(levers(inputs, **stances, loss=loss), "position")
    assert len(found) == 6
    for p in range(3):
        for k in range(2):
            row = found[f"party-{p}", f"issue-{k}"]
            size, here = float(row.lever_size), facts[0][p, k]
            grid = np.linspace(0, 1, 41)
            enough = [to for to in grid if opens(inputs, facts, power, p, k, to)]
            nearest_on_grid = min((abs(to - here) for to in enough), default=np.inf)
            assert size <= nearest_on_grid + 1e-7
            if np.isfinite(size):
                assert opens(inputs, facts, power, p, k, float(row.lever_to), row["package"].values)
                assert abs(float(row.lever_to) - here) == pytest.approx(size)
                shorter = [s * 0.999 * size for s in (-1, 1) if size > 1e-6]
                inside = [here + step for step in shorter if 0 <= here + step <= 1]
                assert not any(opens(inputs, facts, power, p, k, to) for to in inside)
            assert bool(row.is_proved)


def test_a_position_moves_just_to_where_the_outcome_is_near_enough():
    stance = Stance(at=0.0, share=0.5, low=0.0, high=100.0, power=1, falls_back=np.nan)
    # From 0, the outcome 80 loses 0.4; to gain 0.1 the position must go to 20.
    assert nearest(stance, 80.0, 0.1) == pytest.approx(20.0)
    assert nearest(stance, 80.0, 0.0) == 0.0
    assert np.isnan(nearest(stance, 80.0, 0.41))
    squared = stance._replace(power=2)
    assert nearest(squared, 80.0, 0.5 * (0.64 - 0.36)) == pytest.approx(20.0)


def test_a_no_deal_that_moves_along_can_make_a_position_useless():
    # What holds without agreement is where the party stands: moving away lowers its no deal as well.
    fixed = Stance(at=0.0, share=1.0, low=0.0, high=1.0, power=1, falls_back=np.nan)
    along = fixed._replace(falls_back=0.0)
    assert nearest(fixed, 0.5, 0.2) == pytest.approx(0.2)
    assert nearest(along, 0.5, 0.2) == pytest.approx(0.1)


def test_the_cheapest_lever_comes_first_and_costs_decide():
    inputs, stances, _ = on_scale(3, 1)
    found = levers(inputs, **stances)
    assert (np.diff(found.lever_cost.values[found.is_enough.values]) >= 0).all()
    dear = levers(inputs, **stances, cost_of_position=100.0)
    ratio = rows(dear, "position")["party-0", "issue-0"].lever_cost
    assert float(ratio) == 100.0 * float(rows(found, "position")["party-0", "issue-0"].lever_cost)


def test_a_package_wished_for_needs_more_than_the_easiest():
    inputs = deal([[[1.0, 0.6, 0.0], [0.0, 0.5, 1.0]]], [0.5, 0.7])
    wished = xr.DataArray([0], dims="issue", coords={"issue": inputs.issue})
    any_package = rows(levers(inputs), "no_deal")["party-1", ""]
    this_one = rows(levers(inputs, package=wished), "no_deal")["party-1", ""]
    assert float(any_package.lever_size) == pytest.approx(0.2)
    assert float(this_one.lever_size) == pytest.approx(0.7)
    assert this_one["package"].values.tolist() == [0]


def test_a_commitment_and_a_linkage_are_let_go_by_the_share_that_is_needed():
    # Option 1 costs the first party 0.4 of a commitment; without it, it would have 0.7.
    values = [[[0.2, 0.3], [0.0, 1.0]], [[0.0], [0.0]]]
    inputs = deal(values, [0.5, 0.5])
    cost = xr.zeros_like(inputs.option_value.fillna(0.0))
    cost[0, 0, 1] = 0.4
    row = rows(levers(inputs, commitment_cost=cost), "commitment")["party-0", "issue-0"]
    assert float(row.lever_size) == pytest.approx(0.5)
    assert float(row.lever_to) == pytest.approx(0.5)
    linked = deal([[[0.7, 0.7], [0.0, 1.0]], [[0.0], [0.0]]], [0.5, 0.5],
                  interaction={(0, 1): [[[0.0], [-0.4]], [[0.0], [0.0]]]})  # fmt: skip
    row = rows(levers(linked), "commitment")["party-0", "issue-0 + issue-1"]
    assert float(row.lever_size) == pytest.approx(0.5)
    assert row["package"].values.tolist() == [1, 0]


def test_stances_given_in_part_are_refused():
    inputs, stances, _ = on_scale(1, 1)
    with pytest.raises(CallError, match="'salience' is needed too"):
        levers(inputs, position=stances["position"])
