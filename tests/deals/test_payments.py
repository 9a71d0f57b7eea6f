"""Side payments against listing every package."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_deals import deal, deals, listed

from westphalia.errors import CallError
from westphalia.methods.deals.payments import payments_for, shared, side_payments


def rates(inputs, seed):
    rate = np.random.default_rng(seed).integers(1, 5, inputs.sizes["actor"]) / 2
    return xr.DataArray(rate, dims="actor", coords={"actor": inputs.actor})


def package(inputs, places):
    return xr.DataArray(list(places), dims="issue", coords={"issue": inputs.issue})


@settings(deadline=None, max_examples=60)
@given(deals(), st.booleans(), st.integers(0, 99))
def test_no_cheaper_payments_exist(inputs, transfers, seed):
    rate = rates(inputs, seed)
    needed = rate.values[inputs.is_party.values]
    _, utility, floor = listed(inputs)
    worth = (utility - floor) / needed
    lacking = np.maximum(-worth, 0).sum(axis=1)
    spare = np.maximum(worth, 0).sum(axis=1) if transfers else 0.0
    outside = np.maximum(lacking - spare, 0)
    found = side_payments(inputs, rate, transfers=transfers)
    assert bool(found.is_enough)
    assert bool(found.is_proved)
    assert float(found.outside_money) == pytest.approx(outside.min(), abs=2e-6)
    assert float(found.bound) <= float(found.outside_money) + 1e-9
    least = (lacking - outside)[outside <= outside.min() + 1e-7].min()
    assert float(found.transfer_total) == pytest.approx(least, abs=5e-6)
    after = found.utility + rate * found.payment
    assert (after >= inputs.reservation - 1e-8).values[inputs.is_party.values].all()
    assert float(found.payment.sum()) == pytest.approx(float(found.outside_money), abs=1e-8)


def test_money_from_outside_goes_before_transfers():
    # (2, −1) needs a transfer of 1 and no money from outside; (0, −0.1) would need 0.1 from outside.
    inputs = deal([[[2.0, 0.0], [-1.0, -0.1]]], [0.0, 0.0])
    found = side_payments(inputs)
    assert found.package.values.tolist() == [0]
    assert found.payment.values.tolist() == pytest.approx([-1.0, 1.0])
    assert float(found.outside_money) == pytest.approx(0.0, abs=1e-12)
    alone = side_payments(inputs, transfers=False)
    assert alone.package.values.tolist() == [1]
    assert float(alone.outside_money) == pytest.approx(0.1)


def test_an_open_zone_needs_no_money():
    found = side_payments(deal([[[1.0, 0.5], [0.0, 0.5]]], [0.4, 0.4]))
    assert found.payment.values.tolist() == [0.0, 0.0]
    assert found.package.values.tolist() == [1]


def test_whom_money_does_not_move_it_does_not_win():
    inputs = deal([[[1.0], [0.0]]], [0.5, 0.5])
    rate = xr.DataArray([1.0, 0.0], dims="actor", coords={"actor": inputs.actor})
    found = side_payments(inputs, rate)
    assert not bool(found.is_enough)
    assert bool(found.is_proved)
    assert np.isinf(found.bound)
    assert found.package.values.tolist() == [-1]
    given_one = payments_for(inputs, package(inputs, [0]), rate)
    assert not bool(given_one.is_enough)
    assert np.isinf(given_one.outside_money)


def test_who_gains_pays_in_proportion():
    inputs = deal([[[3.0], [1.0], [-2.0]]], [0.0, 0.0, 0.0])
    found = payments_for(inputs, package(inputs, [0]))
    assert found.payment.values.tolist() == pytest.approx([-1.5, -0.5, 2.0])
    assert float(found.outside_money) == 0.0
    assert payments_for(inputs, package(inputs, [0]), transfers=False).payment.values.tolist() == [0, 0, 2]


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=6))
def test_payments_lift_all_to_no_deal_and_nobody_below_it(gain):
    gain = np.array(gain)
    payment = shared(gain, np.ones(len(gain)), transfers=True)
    assert (gain + payment >= -1e-9).all()
    assert payment.sum() == pytest.approx(max(-gain.sum(), 0.0), abs=1e-9)


def test_a_package_of_options_there_are_not_is_refused():
    inputs = deal([[[1.0, 0.0]], [[1.0, 0.0, 0.0]]], [0.0])
    with pytest.raises(CallError, match=r"issue-0.*0 to 1"):
        payments_for(inputs, package(inputs, [2, 0]))
    with pytest.raises(CallError, match="'money_rate' of actor party-0 is -1"):
        side_payments(inputs, xr.DataArray([-1.0], dims="actor", coords={"actor": inputs.actor}))
