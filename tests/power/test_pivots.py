"""Voting power over draws: the same as the exact indices, cell by cell."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from westphalia.errors import CallError
from westphalia.methods.power.indices import power_of
from westphalia.methods.power.pivots import voting_power
from westphalia.methods.power.rules import AllOf, Weighted, majority, veto
from westphalia.testing import labelled_inputs

NAMES = ("salience", "capability", "has_stand", "is_required")


@given(labelled_inputs(), st.sampled_from(["1/2", "2/3", "9/10"]), st.sampled_from(["none", "required"]))
@settings(max_examples=40, deadline=None)
def test_power_is_that_of_the_exact_indices(data, share, vetoes):
    quota = {"1/2": 0.5, "2/3": 2 / 3, "9/10": 0.9}[share]
    found = voting_power(*(data[name] for name in NAMES), quota=quota, vetoes=vetoes)
    actors = data["actor"].values.tolist()
    for draw, issue in np.ndindex(data.sizes["draw"], data.sizes["issue"]):
        stands = data["has_stand"].values[:, issue]
        votes = np.round(data["capability"].values[draw, :, issue] * 10).astype(int)
        weights = {name: int(w) if s else 0 for name, w, s in zip(actors, votes, stands, strict=True)}
        holders = [n for n, s in zip(actors, stands & data["is_required"].values, strict=True) if s]
        rule = majority(weights, share)
        rule = AllOf((rule, veto(holders, actors))) if vetoes == "required" and holders else rule
        power, cell = power_of(rule), found.isel(draw=draw, issue=issue)
        for name in ("shapley_shubik", "banzhaf"):
            expected = [float(own) for own in getattr(power, name)().values()]
            assert cell[name].values == pytest.approx(expected, abs=1e-12)
        assert cell["is_null_player"].values.tolist() == [name in power.null_players for name in actors]
        assert cell["has_veto"].values.tolist() == [name in power.vetoes for name in actors]


def wide(actors):
    cell = np.ones((actors, 1))
    data = {name: (("actor", "issue"), cell) for name in ("salience", "capability")}
    states = {"has_stand": (("actor", "issue"), cell > 0), "is_required": (("actor",), cell[:, 0] > 1)}
    return xr.Dataset({**data, **states}, coords={"issue": ["border"]})


def test_sixteen_voters_are_equal():
    found = voting_power(*(wide(16)[name] for name in NAMES))
    assert found["shapley_shubik"].values == pytest.approx(1 / 16, abs=1e-12)


def test_more_than_sixteen_voters_are_refused_in_words():
    with pytest.raises(CallError, match="17 actors have a vote on 'border'; power is computed for up to 16"):
        voting_power(*(wide(17)[name] for name in NAMES))


def test_the_example_in_the_weights_of_a_weighted_rule():
    rule = Weighted({"north": 10, "south": 8, "broker": 5}, "11.5")
    assert power_of(rule).shapley_shubik() == dict.fromkeys(
        ["north", "south", "broker"], pytest.approx(1 / 3)
    )
