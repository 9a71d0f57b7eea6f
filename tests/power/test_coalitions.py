"""Who can impose and who can block: lists against enumeration, standings, votes over draws."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from tests.power.test_indices import passes, rules

from westphalia.errors import CallError
from westphalia.methods.power.coalitions import coalitions, standing, vote
from westphalia.methods.power.indices import power_of
from westphalia.methods.power.rules import AllOf, Weighted, at_least, game_of, majority, unanimity, veto


def listed(found, name):
    members = found["actor"].values
    chosen = found["is_member"].values[found[name].values]
    return {frozenset(members[row]) for row in chosen}


@given(rules(most=6))
@settings(max_examples=50, deadline=None)
def test_lists_hold_exactly_the_minimal_coalitions(rule):
    names = game_of(rule).players
    every = [frozenset(c) for k in range(len(names) + 1) for c in itertools.combinations(names, k)]
    winning = {c for c in every if passes(rule, c)}
    blocking = {c for c in every if not passes(rule, set(names) - c)}
    least = {
        kind: {c for c in those if not any(c - {p} in those for p in c)}
        for kind, those in (("can_impose", winning), ("can_block", blocking))
    }
    found = coalitions(rule)
    assert found.attrs["lists_all_imposing"] == found.attrs["lists_all_blocking"] == 1
    assert set(map(frozenset, listed(found, "can_impose") | listed(found, "can_block"))) == (
        least["can_impose"] | least["can_block"]
    )
    assert listed(found, "can_impose") >= least["can_impose"]
    assert listed(found, "can_block") >= least["can_block"]


def test_a_short_list_says_that_there_are_more():
    rule = majority(dict.fromkeys("abcdefg", 1))
    found = coalitions(rule, most=3)
    assert found.sizes["coalition"] == 3
    assert found.attrs["lists_all_imposing"] == 0
    assert power_of(rule).minimal_winning == 35


def test_unanimity_and_vetoes():
    everyone = coalitions(unanimity(["a", "b", "c"]))
    assert listed(everyone, "can_impose") == {frozenset("abc")}
    assert {c for c in listed(everyone, "can_block") if len(c) == 1} == {frozenset(x) for x in "abc"}
    mixed = AllOf((majority({"a": 1, "b": 1, "c": 1}), veto(["a"], ["a", "b", "c"])))
    assert frozenset("a") in listed(coalitions(mixed), "can_block")
    assert listed(coalitions(mixed), "can_impose") == {frozenset("ab"), frozenset("ac")}


def test_double_majority():
    names = list("abcd")
    rule = AllOf((Weighted({"a": 60, "b": 20, "c": 10, "d": 10}, 65), at_least(3, names)))
    assert standing(rule, ["a", "b"]).can_impose is False
    assert standing(rule, ["a", "b", "d"]).critical == ("a", "b", "d")
    assert standing(rule, ["c", "d"]).can_block
    assert standing(rule, ["c"]) == standing(rule, ["c", "c"])


def test_vote_over_draws():
    rule = Weighted({"a": 3, "b": 2, "c": 2}, 4)
    is_for = xr.DataArray(
        [[True, True, False], [True, False, False], [True, True, True]],
        dims=("draw", "actor"),
        coords={"actor": ["a", "b", "c"]},
    )
    found = vote(rule, is_for)
    assert found["is_passed"].values.tolist() == [True, False, True]
    assert found["is_blocked"].values.tolist() == [False, True, False]
    assert found["is_decisive"].values.tolist() == [
        [True, True, False],
        [False, True, True],
        [False, False, False],
    ]
    turned = vote(rule, is_for.isel(actor=[2, 0, 1]))
    assert np.array_equal(found["is_passed"], turned["is_passed"])


def test_strangers_are_refused():
    rule = Weighted({"a": 1, "b": 1}, 2)
    with pytest.raises(CallError, match="'d' is no player"):
        standing(rule, ["a", "d"])
    with pytest.raises(CallError, match="differ: b, c"):
        vote(rule, xr.DataArray([True, True], dims="actor", coords={"actor": ["a", "c"]}))
    with pytest.raises(CallError, match="0 coalitions were asked for"):
        coalitions(rule, most=0)
