"""The frontier against listing every package, its theorems, and what it must reach."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_deals import accepted, deal, deals, listed, undominated

from westphalia.errors import CallError
from westphalia.methods.deals.frontier import frontier
from westphalia.methods.deals.frontier_kernels import efficient, quantum, whole
from westphalia.methods.deals.frontier_merge import merge
from westphalia.methods.deals.frontier_sample import directions, sample
from westphalia.methods.deals.space import space_of


def rows(array):
    return sorted(map(tuple, np.asarray(array).tolist()))


@settings(deadline=None, max_examples=120)
@given(deals())
def test_it_is_what_listing_every_package_finds(inputs):
    packages, utility, floor = listed(inputs)
    inside = accepted(utility, floor)
    expected = packages[inside][undominated(utility[inside])]
    found = frontier(inputs, equal="all")
    assert bool(found.is_complete)
    assert bool(found.has_zone) == bool(inside.any())
    assert rows(found.package) == rows(expected)


@settings(deadline=None, max_examples=60)
@given(deals(coarse=True))
def test_one_package_stands_for_all_that_are_worth_the_same(inputs):
    every, one = frontier(inputs, equal="all"), frontier(inputs)
    must = inputs.is_party.values
    vectors = np.round(every.utility.values[:, must], 9)
    distinct, count = np.unique(vectors, axis=0, return_counts=True)
    assert rows(np.round(one.utility.values[:, must], 9)) == rows(distinct)
    assert sorted(one.multiplicity.values.tolist()) == sorted(count.tolist())
    assert set(rows(one.package)) <= set(rows(every.package))


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 6), st.integers(1, 4000), st.integers(2, 200), st.integers(0, 2**31))
def test_the_dominance_filter_is_that_of_comparing_all_with_all(parties, count, top, seed):
    vectors = np.random.default_rng(seed).integers(0, top, size=(count, parties))
    kept = efficient(vectors)
    for i in np.random.default_rng(1).integers(0, count, size=40):
        dominates = (vectors >= vectors[i]).all(axis=1) & (vectors > vectors[i]).any(axis=1)
        assert kept[i] == (not dominates.any())


def test_rounding_makes_no_package_better():
    # 0.1 + 0.2 and 0.3 differ as floats, and neither package is better.
    values = [[[0.1, 0.3], [0.0, 0.0]], [[0.2, 0.0], [0.0, 0.0]]]
    found = frontier(deal(values, [0.3, 0.0]), equal="all")
    assert rows(found.package) == [(1, 0)]
    values = [[[0.1, 0.3], [0.3, 0.1]], [[0.2, 0.0], [0.0, 0.2]]]
    found = frontier(deal(values, [0.0, 0.0]), equal="all")
    assert (0, 0) in rows(found.package)
    assert found.utility.sel(actor="party-0").max() == pytest.approx(0.5)


def test_an_empty_zone_has_no_frontier():
    found = frontier(deal([[[1.0, 0.0], [0.0, 1.0]]], [0.9, 0.9]))
    assert found.sizes["efficient"] == 0
    assert not bool(found.has_zone)
    assert bool(found.is_complete)


def random_space(parties, issues, options, seed=1, shift=0.1):
    rng = np.random.default_rng(seed)
    weight = rng.dirichlet(np.ones(issues), size=parties)
    values = [weight[:, k : k + 1] * rng.random((parties, options)) for k in range(issues)]
    some = rng.integers(0, options, (20_000, issues))
    utility = sum(values[k][:, some[:, k]].T for k in range(issues))
    return deal(values, np.median(utility, axis=0) + shift)


@pytest.mark.parametrize("parties", [3, 5])
def test_beyond_the_limit_it_gives_a_sample_each_point_of_which_is_on_the_frontier(parties):
    inputs = random_space(parties, 7, 5, shift=0.02)
    every = frontier(inputs)
    some = frontier(inputs, most=10, sample_size=12)
    assert not bool(some.is_complete)
    assert bool(some.has_zone)
    assert some.is_proved.values.all()
    assert 6 <= some.sizes["efficient"] <= 12
    assert set(rows(np.round(some.utility, 9))) <= set(rows(np.round(every.utility, 9)))


@settings(deadline=None, max_examples=40)
@given(deals(parties=(2, 4), issues=(2, 4)))
def test_what_is_sampled_is_efficient_and_accepted(inputs):
    _, utility, floor = listed(inputs)
    space = space_of(inputs)
    found = sample(space, 5)
    inside = accepted(utility, floor)
    assert found.has_zone == bool(inside.any())
    best = utility[inside][undominated(utility[inside])]
    for own in space.utility(found.packages)[:, space.must]:
        assert (np.abs(best - own) <= 1e-8).all(axis=1).any()


def test_directions_spread_over_the_simplex():
    found = directions(200, 3)
    assert found[0] == pytest.approx([1 / 3] * 3)
    assert found.sum(axis=1) == pytest.approx(np.ones(200))
    # A third of the simplex lies nearest to each corner.
    nearest = np.bincount(found.argmax(axis=1), minlength=3)
    assert nearest.min() >= 55


def test_time_that_is_up_leaves_the_list_incomplete():
    found = merge(space_of(random_space(4, 6, 4)), time_limit=0.0)
    assert not found.is_complete
    assert (found.merged, found.parts) == (1, 6)


def test_interactions_that_tie_too_much_together_are_refused():
    rng = np.random.default_rng(0)
    values = [rng.random((2, 8)) for _ in range(6)]
    ties = {(k, k + 1): rng.random((2, 8, 8)) for k in range(5)}
    with pytest.raises(CallError, match="262,144 packages"):
        frontier(deal(values, [0.0, 0.0], interaction=ties))


def test_utilities_are_counted_in_units_that_hold_their_sums():
    assert quantum(1.0) == 1e-12
    assert quantum(0.0) == 1e-12
    assert quantum(1e6) == pytest.approx(1e-9)
    assert whole(np.array([0.1 + 0.2]), 1e-12) == whole(np.array([0.3]), 1e-12)


def test_a_hundred_thousand_vectors_of_five_parties_are_sieved_at_once():
    vectors = np.random.default_rng(0).integers(0, 10**12, size=(100_000, 5))
    kept = efficient(vectors)
    front = vectors[kept]
    dropped = vectors[~kept]
    assert efficient(front).all()
    assert all(
        ((front >= row).all(axis=1) & (front > row).any(axis=1)).any()
        for row in dropped[:: len(dropped) // 50]
    )
