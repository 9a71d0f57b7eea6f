"""The space of packages: utilities summed cell by cell, sizes, and inputs that do not fit."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from random_deals import random_inputs, utilities

from westphalia.errors import CallError
from westphalia.methods.deals.doubt import stacked
from westphalia.methods.deals.space import Space, parts, space_of


def wide(issues, options):
    """A space of `options` ** `issues` packages for one party, whose utility is 0."""
    return Space(
        ("p",),
        tuple(f"i{k}" for k in range(issues)),
        (tuple(map(str, range(options))),) * issues,
        np.zeros(1),
        (np.zeros((1, options)),) * issues,
        (),
        np.zeros(1),
        np.ones(1, dtype=bool),
    )


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("pairs", [False, True])
def test_utility_is_the_sum_of_its_cells(seed, pairs):
    space = space_of(random_inputs(seed, pairs=pairs))
    packages = space.enumerate_all(10_000)
    assert len(packages) == space.size == len(np.unique(packages, axis=0))
    assert np.allclose(space.utility(packages), utilities(space), atol=1e-12)
    assert np.array_equal(np.concatenate(list(space.blocks(7))), packages)


@pytest.mark.parametrize("seed", range(10))
def test_parts_sum_to_the_utility(seed):
    space = space_of(random_inputs(seed, pairs=True))
    merged = parts(space)
    assert sorted(issue for part in merged for issue in part.issues) == list(range(len(space.issues)))
    packages = space.sample(50, np.random.default_rng(seed))
    total = np.tile(space.base, (50, 1))
    for part in merged:
        place = [np.flatnonzero((part.packages == row).all(axis=1))[0] for row in packages[:, part.issues]]
        total += part.values[:, place].T
    assert np.allclose(total, space.utility(packages), atol=1e-12)


def test_size_is_exact_however_large():
    space = wide(60, 10)
    assert space.size == 10**60
    assert space.sample(4, np.random.default_rng(0)).shape == (4, 60)
    with pytest.raises(CallError, match="more than the 1,000 that may be listed"):
        space.enumerate_all(1000)


def test_only_keeps_the_parties_asked_for():
    space = space_of(random_inputs(1, pairs=True))
    packages = space.enumerate_all(10_000)
    fewer = space.only(np.array([True, False, True]))
    assert fewer.parties == ("p0", "p2")
    assert np.array_equal(fewer.utility(packages), space.utility(packages)[:, [0, 2]])


def test_a_linkage_reads_the_same_from_both_ends():
    data = random_inputs(2, pairs=True)
    turned = data["interaction"].rename(option="other_option", other_option="option")
    same = space_of(
        data.assign(interaction=turned, linked_issue=data["other_issue"], other_issue=data["linked_issue"])
    )
    packages = same.enumerate_all(10_000)
    assert np.allclose(same.utility(packages), space_of(data).utility(packages), atol=1e-12)


def test_linkages_of_the_same_issues_add_up():
    data = random_inputs(2, pairs=True)
    halves = xr.concat([data.assign(interaction=data["interaction"] / 2)] * 2, "linkage", data_vars="minimal")
    packages = space_of(data).enumerate_all(10_000)
    assert np.allclose(space_of(halves).utility(packages), space_of(data).utility(packages), atol=1e-12)
    assert np.allclose(stacked(halves, 0, 1).values, stacked(data, 0, 1).values, atol=1e-12)


def spoiled(name, change):
    data = random_inputs(0)
    return data.assign({name: change(data[name].copy())})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (lambda: random_inputs(0).drop_vars("reservation"), "lack 'reservation'"),
        (lambda: spoiled("reservation", lambda x: x * np.nan), "What no deal is worth to 'p0' is unknown"),
        (lambda: spoiled("option_count", lambda x: x * 0), "'i0' has no options"),
        (lambda: random_inputs(0).isel(issue=[]), "there is no issue"),
        (lambda: spoiled("is_party", lambda x: ~x), "Nobody's acceptance is needed"),
        (
            lambda: spoiled("option_value", lambda x: x * np.nan),
            "'option_value' of 'p0' for option 0 of 'i0'",
        ),
        (lambda: spoiled("base_utility", lambda x: x * np.inf), "'base_utility' of actor p0 is -inf"),
        (lambda: random_inputs(0).expand_dims(draw=3), "hold 3 draws"),
    ],
)
def test_inputs_that_do_not_fit_are_named(data, words):
    with pytest.raises(CallError, match=words):
        space_of(data())


def test_a_draw_is_taken_by_its_place():
    one, other = random_inputs(0), random_inputs(0)
    other = other.assign(reservation=other["reservation"] + 1)
    both = xr.concat([one, other], dim="draw", data_vars=["reservation"])
    assert np.array_equal(space_of(both, 1).floor, space_of(both, 0).floor + 1)


def test_a_linkage_is_between_two_issues_there_are():
    data = random_inputs(2, pairs=True)
    with pytest.raises(CallError, match="'other_issue' names 'i9', which is no issue"):
        space_of(data.assign(other_issue=data["other_issue"].copy(data=["i9"] * data.sizes["linkage"])))
    with pytest.raises(CallError, match="A linkage ties 'i0' to itself"):
        space_of(data.assign(other_issue=data["linked_issue"]))
    with pytest.raises(CallError, match="hold 'interaction', but not 'linked_issue'"):
        space_of(data.drop_vars("linked_issue"))
