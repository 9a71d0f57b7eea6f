"""Utility of packages, reservation and acceptance against plain sums, and what must hold of them."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from westphalia.errors import CallError
from westphalia.methods.deals.utility import acceptance, package_utility, reservation
from westphalia.methods.examples import SCALED
from westphalia.testing import labelled_inputs

STANDS = ("position", "salience", "scale_low", "scale_high", "has_stand")
NO_DEAL = (*STANDS, "reversion", "has_reversion", "no_deal", "has_no_deal")
POWERS = {"linear": 1, "quadratic": 2}

losses = st.sampled_from(sorted(POWERS))
few = settings(max_examples=40)


def pick(data, names):
    return {name: data[name] for name in names}


def plain_utility(data, outcome, draw, actor, power):
    total, lost = 0.0, 0.0
    for issue in data["issue"].values:
        cell = data.sel(issue=issue).isel(draw=draw).sel(actor=actor)
        if cell["has_stand"]:
            distance = abs(outcome.isel(draw=draw).sel(issue=issue) - cell["position"])
            share = float(distance / (cell["scale_high"] - cell["scale_low"])) ** power
            total += float(cell["salience"])
            lost += float(cell["salience"]) * share
    return 1 - lost / total if total > 0 else 1.0


@given(labelled_inputs(actors=(2, 3), issues=(1, 2), draws=(1, 2)), losses)
@settings(max_examples=20)
def test_utility_is_the_plain_sum(data, loss):
    ours = package_utility(data["reversion"], **pick(data, STANDS), loss=loss)
    for draw in range(data.sizes["draw"]):
        for actor in data["actor"].values:
            plain = plain_utility(data, data["reversion"], draw, actor, POWERS[loss])
            assert ours.isel(draw=draw).sel(actor=actor).item() == pytest.approx(plain, abs=1e-12)


@given(labelled_inputs(), losses)
@few
def test_ones_own_position_is_worth_one_and_nothing_is_worth_more(data, loss):
    utility = package_utility(data["reversion"], **pick(data, STANDS), loss=loss)
    assert (utility <= 1).all()
    assert (utility >= -1e-12).all()
    for actor in data["actor"].values:
        own = data["position"].sel(actor=actor, drop=True)
        best = package_utility(own, **pick(data, STANDS), loss=loss).sel(actor=actor)
        assert best.values == pytest.approx(np.ones(best.shape), abs=1e-12)


@given(labelled_inputs(), losses)
@few
def test_reservation_is_as_stated_or_that_of_the_reversion_point(data, loss):
    floor = reservation(**pick(data, NO_DEAL), loss=loss)
    fallen_back = package_utility(data["reversion"] * data["has_reversion"], **pick(data, STANDS), loss=loss)
    cares = ((data["salience"] > 0) & data["has_stand"] & ~data["has_reversion"]).any("issue")
    expected = xr.where(data["has_no_deal"], data["no_deal"], fallen_back.where(~cares))
    np.testing.assert_allclose(floor.values, expected.transpose("draw", "actor").values, atol=1e-12)


@given(labelled_inputs(), losses)
@few
def test_no_deal_is_accepted_as_it_is(data, loss):
    """The reversion point against itself: everybody is indifferent, so it is settled."""
    data = data.assign(has_reversion=data["has_reversion"] | True, has_no_deal=data["has_no_deal"] & False)
    result = acceptance(data["reversion"], **pick(data, (*NO_DEAL, "is_required")), loss=loss)
    assert (result["gain"] == 0).all()
    assert result["is_accepted"].all()
    assert result["is_settled"].all()


@given(labelled_inputs(), losses)
@few
def test_settled_if_all_required_actors_accept(data, loss):
    data = data.assign(has_reversion=data["has_reversion"] | True)
    result = acceptance(
        data["position"].isel(actor=0, drop=True), **pick(data, (*NO_DEAL, "is_required")), loss=loss
    )
    needed = data["is_required"] if data["is_required"].any() else data["is_required"] | True
    assert (result["is_settled"] == (result["is_accepted"] | ~needed).all("actor")).all()
    assert (result["is_accepted"] == (result["utility"] >= result["reservation"] - 1e-12)).all()


def test_who_need_not_consent_may_lack_a_no_deal():
    data = xr.Dataset.from_dict(SCALED)
    data["has_reversion"][:] = False
    result = acceptance(data["reversion"], **pick(data, (*NO_DEAL, "is_required")))
    assert result["gain"].isnull().values.tolist() == [[False, False, True]]
    assert not result["is_accepted"].sel(actor="broker").item()


def test_an_unknown_no_deal_is_named():
    data = xr.Dataset.from_dict(SCALED)
    data["has_reversion"][:] = False
    data["has_no_deal"][:] = False
    with pytest.raises(CallError, match="What no deal is worth to 'north' is unknown: 'border' has no"):
        acceptance(data["reversion"], **pick(data, (*NO_DEAL, "is_required")))


def test_a_scale_without_length_is_named():
    data = xr.Dataset.from_dict(SCALED)
    data["scale_high"][1] = 0.0
    with pytest.raises(CallError, match="The scale of 'fund' has no length"):
        package_utility(data["reversion"], **pick(data, STANDS))


def test_three_parties_of_whom_two_lose_settle_nothing():
    """The product of their gains is positive; it must not pass for a settlement."""
    labels = {"actor": ["a", "b", "c"], "issue": ["k"]}
    cell = {"dims": ("actor", "issue"), "coords": labels}
    party = {"dims": ("actor",), "coords": {"actor": labels["actor"]}}
    issue = {"dims": ("issue",), "coords": {"issue": labels["issue"]}}
    result = acceptance(
        xr.DataArray([10.0], **issue),
        position=xr.DataArray([[0.0], [0.0], [10.0]], **cell),
        salience=xr.DataArray(np.ones((3, 1)), **cell),
        scale_low=xr.DataArray([0.0], **issue),
        scale_high=xr.DataArray([10.0], **issue),
        has_stand=xr.DataArray(np.ones((3, 1), dtype=bool), **cell),
        reversion=xr.DataArray([0.0], **issue),
        has_reversion=xr.DataArray([True], **issue),
        no_deal=xr.DataArray(np.zeros(3), **party),
        has_no_deal=xr.DataArray(np.zeros(3, dtype=bool), **party),
        is_required=xr.DataArray(np.ones(3, dtype=bool), **party),
    )
    assert result["gain"].prod("actor").item() > 0
    assert not result["is_settled"].item()
