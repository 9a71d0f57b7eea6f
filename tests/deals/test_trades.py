"""Trades, what exchange adds, and steps to the frontier, against listing every package."""

from __future__ import annotations

from itertools import combinations, permutations, product

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_deals import deal, deals, listed, undominated

from westphalia.methods.deals.space import space_of
from westphalia.methods.deals.trades import exchange, steps, trades


def package(inputs, places):
    return xr.DataArray(list(places), dims="issue", coords={"issue": inputs.issue})


def some_package(inputs, seed):
    return space_of(inputs).sample(1, np.random.default_rng(seed))[0]


def test_two_parties_trade_what_each_values_less():
    # North values the border, south the fund; each now has what the other values more.
    inputs = deal([[[0.0, 0.8], [0.2, 0.0]], [[0.2, 0.0], [0.0, 0.8]]], [0.0, 0.0])
    found = trades(inputs, package(inputs, [0, 0]))
    assert found.sizes["trade"] == 1
    # The south gives way on the first issue and the north on the second.
    assert found.trade_actor.values.tolist() == [["party-1", "party-0"]]
    assert found.trade_issue.values.tolist() == [["issue-0", "issue-1"]]
    assert found.option_to.values.tolist() == [[1, 1]]
    assert found.trade_gain.values[0] == pytest.approx([0.6, 0.6])


@settings(deadline=None, max_examples=50)
@given(deals(parties=(2, 3), issues=(2, 3), options=(1, 3)), st.integers(0, 99), st.booleans())
def test_every_trade_there_is_is_found_and_best(inputs, seed, spare_others):
    space = space_of(inputs)
    start = some_package(inputs, seed)
    found = trades(inputs, package(inputs, start), most=1000, spare_others=spare_others)
    here = space.utility(start[None])[0]
    expected = {}
    for k, m in combinations(range(len(space.issues)), 2):
        for a, b in product(range(space.counts[k]), range(space.counts[m])):
            both, first, second = start.copy(), start.copy(), start.copy()
            both[k], both[m], first[k], second[m] = a, b, a, b
            joint, on_k, on_m = (space.utility(row[None])[0] - here for row in (both, first, second))
            if spare_others and (joint[space.must] < -1e-9).any():
                continue
            for p, q in permutations(np.flatnonzero(space.must), 2):
                gives = on_k[p] < -1e-9 and on_m[q] < -1e-9 and on_k[q] > 1e-9 and on_m[p] > 1e-9
                if gives and min(joint[p], joint[q]) > 1e-9:
                    key = (p, q, k, m)
                    expected[key] = max(expected.get(key, 0.0), min(joint[p], joint[q]))
    assert found.sizes["trade"] == len(expected)
    for at in range(found.sizes["trade"]):
        p, q = (space.parties.index(name) for name in found.trade_actor.values[at])
        k, m = (space.issues.index(name) for name in found.trade_issue.values[at])
        gain = found.trade_gain.values[at]
        assert min(gain[p], gain[q]) == pytest.approx(expected[p, q, k, m], abs=2e-9)
        after = start.copy()
        after[[k, m]] = found.option_to.values[at]
        assert gain == pytest.approx(space.utility(after[None])[0] - here)


@settings(deadline=None, max_examples=60)
@given(deals(parties=(1, 3)), st.integers(0, 99))
def test_exchange_leaves_nobody_below_issue_by_issue_and_ends_on_the_frontier(inputs, seed):
    _, utility, _ = listed(inputs)
    space = space_of(inputs)
    start = some_package(inputs, seed)
    found = exchange(inputs, package(inputs, start))
    assert bool(found.is_proved)
    must = space.must
    assert (found.exchange_gain.values[must] >= -1e-8).all()
    alone = space.utility(found.package_alone.values[None])[0, must]
    reachable = (utility >= alone - 1e-9).all(axis=1)
    assert found.utility.values[must].sum() == pytest.approx(utility[reachable].sum(axis=1).max(), abs=1e-8)


@settings(deadline=None, max_examples=40)
@given(deals(ties=False, parties=(1, 3)), st.integers(0, 99))
def test_alone_each_issue_takes_an_option_that_harms_nobody(inputs, seed):
    space = space_of(inputs)
    start = some_package(inputs, seed)
    alone = exchange(inputs, package(inputs, start)).package_alone.values
    for k, value in enumerate(space.values):
        change = value[space.must] - value[space.must][:, [start[k]]]
        least = change.min(axis=0)
        assert least[alone[k]] == pytest.approx(max(least.max(), 0.0), abs=2e-9)


@settings(deadline=None, max_examples=60)
@given(deals(parties=(1, 4)), st.integers(0, 99))
def test_steps_harm_nobody_and_end_on_the_frontier(inputs, seed):
    _, utility, _ = listed(inputs)
    space = space_of(inputs)
    start = some_package(inputs, seed)
    found = steps(inputs, package(inputs, start))
    assert bool(found.is_proved)
    assert found["package"].values[0].tolist() == start.tolist()
    gains = found.step_gain.values[1:, space.must]
    assert (gains >= -2e-9).all()
    assert (gains.sum(axis=1) > 0).all()
    assert found.is_changed.values[1:].any(axis=1).all()
    assert not found.is_changed.values[0].any()
    last = found.utility.values[-1, space.must]
    beaten = (utility >= last - 1e-9).all(axis=1) & (utility.sum(axis=1) > last.sum() + 1e-8)
    assert not beaten.any()


def test_steps_change_as_few_issues_as_they_can():
    rng = np.random.default_rng(2)
    inputs = deal([rng.random((3, 5)) for _ in range(4)], [0.0, 0.0, 0.0])
    start = some_package(inputs, 1)
    found = steps(inputs, package(inputs, start))
    changed = found.is_changed.values[1:].sum(axis=1)
    assert changed[0] == 1
    space = space_of(inputs)
    before = found["package"].values[0]
    best = -np.inf
    for k, option in product(range(4), range(5)):
        row = before.copy()
        row[k] = option
        gain = space.utility(row[None])[0] - space.utility(before[None])[0]
        if (gain >= -1e-9).all() and gain.sum() > 1e-9:
            best = max(best, gain.min())
    assert found.step_gain.values[1].min() == pytest.approx(best)


def test_a_step_may_need_more_than_two_issues():
    # Each party gives a little on one issue and gains much on the next: only all three together harm nobody.
    ring = [np.zeros((3, 2)) for _ in range(3)]
    for k in range(3):
        ring[k][k, 1], ring[k][(k + 1) % 3, 1] = -1.0, 2.0
    inputs = deal(ring, [0.0, 0.0, 0.0])
    found = steps(inputs, package(inputs, [0, 0, 0]))
    assert found["package"].values.tolist() == [[0, 0, 0], [1, 1, 1]]
    assert found.utility.values[-1].tolist() == [1.0, 1.0, 1.0]
    assert undominated(listed(inputs)[1])[-1]
