"""Doubt about the zone: each draw against listing every package, and what the counts add up to."""

from __future__ import annotations

import time

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_deals import accepted, deal, deals, listed, minimal_conflicts

from westphalia.errors import CallError
from westphalia.methods.deals.doubt import doubt, wilson
from westphalia.methods.deals.space import space_of


@settings(deadline=None, max_examples=120)
@given(deals(parties=(1, 5)))
def test_each_draw_is_judged_as_by_listing_every_package(inputs):
    _, utility, floor = listed(inputs)
    found = doubt(inputs)
    conflicts = minimal_conflicts(utility, floor)
    assert found.has_zone.values.tolist() == [bool(accepted(utility, floor).any())]
    assert found.is_decided.values.all()
    assert sorted(tuple(np.flatnonzero(row)) for row in found.is_member.values) == sorted(conflicts)
    parties = range(len(floor))
    assert found.blocks.values[0].tolist() == [any(p in each for each in conflicts) for p in parties]
    assert found.blocks_alone.values[0].tolist() == [
        bool(conflicts) and all(p in each for each in conflicts) for p in parties
    ]


def drawn(draws, parties=4, issues=4, options=4, seed=0, tied=False):
    rng = np.random.default_rng(seed)
    tables = [rng.random((parties, options)) for _ in range(issues)]
    ties = {(0, 2): rng.random((parties, options, options)) - 0.5} if tied else None
    inputs = deal(tables, np.full(parties, 0.0), interaction=ties)
    value = inputs.option_value + xr.DataArray(0.2 * rng.standard_normal(draws), dims="draw")
    noise = xr.DataArray(0.2 * rng.standard_normal((draws, parties)), dims=("draw", "actor"))
    floor = 0.62 * issues + noise
    return inputs.assign(option_value=value.transpose("draw", ...), reservation=floor)


@pytest.mark.parametrize("tied", [False, True])
def test_draws_of_values_and_floors_are_judged_one_by_one(tied):
    inputs = drawn(120, tied=tied)
    found = doubt(inputs)
    for draw in range(120):
        alone = doubt(inputs.isel(draw=[draw]))
        assert alone.has_zone.values[0] == found.has_zone.values[draw]
        assert alone.blocks.values[0].tolist() == found.blocks.values[draw].tolist()
        space = space_of(inputs, draw)
        assert space.in_zone(space.enumerate_all(1000)).any() == found.has_zone.values[draw]
    assert 0 < found.zone_probability < 1
    assert float(found.zone_probability) == found.has_zone.values.mean()
    assert found.block_probability.values == pytest.approx(found.blocks.values.mean(axis=0))
    assert (found.block_alone_probability <= found.block_probability).all()


def test_threads_change_nothing():
    inputs = drawn(700)
    one, three = doubt(inputs, workers=1), doubt(inputs, workers=3)
    assert one.identical(three)


def test_a_search_cut_short_says_so():
    # Halves of an even sum: prices prove nothing, so packages must be walked through.
    rng = np.random.default_rng(5)
    size = rng.integers(1, 10_000, 14) * 2 + 1
    tables = [np.array([[w, 0.0], [0.0, w]]) for w in size[:13].astype(float)]
    half = size[:13].sum() / 2
    inputs = deal(tables, [half, half])
    short, whole = doubt(inputs, most_steps=5), doubt(inputs)
    assert not short.is_decided.values[0]
    assert short.zone_probability_high == 1.0
    assert whole.is_decided.values[0]
    assert not whole.has_zone.values[0]
    assert whole.blocks.values.tolist() == [[True, True]]


def test_ten_thousand_draws_of_a_case_of_five_parties_and_seven_issues_take_seconds():
    rng = np.random.default_rng(1)
    draws, parties, issues, options = 10_000, 5, 7, 11
    at = np.clip(rng.random((parties, issues)) + 0.1 * rng.standard_normal((draws, parties, issues)), 0, 1)
    weight = rng.dirichlet(np.ones(issues), size=parties)
    loss = weight[None, :, :, None] * np.abs(np.linspace(0, 1, options) - at[..., None])
    inputs = deal([np.zeros((parties, options))] * issues, np.zeros(parties)).assign(
        option_value=(("draw", "actor", "issue", "option"), -loss),
        reservation=(("draw", "actor"), -0.2 + 0.1 * rng.standard_normal((draws, parties))),
    )
    doubt(inputs.isel(draw=slice(0, 2)))
    start = time.process_time()
    found = doubt(inputs)
    assert time.process_time() - start < 10.0
    assert found.is_decided.values.all()
    assert 0.05 < found.zone_probability < 0.95


@given(st.integers(0, 50), st.integers(1, 50))
def test_the_interval_holds_the_share(hits, more):
    low, high = wilson(hits, hits + more)
    assert 0.0 <= low <= hits / (hits + more) <= high <= 1.0


def test_the_interval_is_wilsons():
    # 10 of 100: lower and upper limit by the score test's quadratic.
    low, high = wilson(10, 100)
    for end in (low, high):
        assert abs(0.1 - end) == pytest.approx(1.959963984540054 * np.sqrt(end * (1 - end) / 100))


def test_too_many_parties_are_refused():
    inputs = deal([np.zeros((13, 2))], np.zeros(13))
    with pytest.raises(CallError, match="acceptance of 13 actors"):
        doubt(inputs)


def test_a_number_missing_in_one_draw_is_named():
    inputs = drawn(5)
    inputs.reservation.values[3, 2] = np.nan
    with pytest.raises(CallError, match="'reservation' of 'party-2' is nan in draw 3"):
        doubt(inputs)
