"""Networks from positions, brokers, blocs, camps and polarisation, on networks whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from westphalia.errors import CallError
from westphalia.methods.networks.discourse import one_mode
from westphalia.methods.networks.positions import esteban_ray, position_network
from westphalia.methods.networks.structure import blocs, brokers, two_camps
from westphalia.testing import labelled_inputs

few = settings(max_examples=30)
PLACES = ("scale_low", "scale_high")


def ties(values, name="congruence"):
    names = [f"a{at}" for at in range(len(values))]
    coords = {"actor": names, "other_actor": names}
    return xr.DataArray(
        np.asarray(values, dtype=float), coords=coords, dims=("actor", "other_actor"), name=name
    )


def two_cliques(size=3, bridge=0.1):
    whole = np.kron(np.eye(2), np.ones((size, size)))
    whole[0, size] = whole[size, 0] = bridge
    np.fill_diagonal(whole, 0.0)
    return whole


def stands(data):
    return [data[name] for name in ("position", "salience", "has_stand", *PLACES)]


@given(labelled_inputs(), st.sampled_from(["equal", "salience"]))
@few
def test_position_ties_are_what_the_formula_says(data, counting):
    found = position_network(*stands(data), counting=counting, normalisation="none")
    data = data.expand_dims("draw") if "draw" not in data["position"].dims else data
    length = (data["scale_high"] - data["scale_low"]).values
    at = data["position"].transpose("draw", "actor", "issue").values / length
    cares = data["salience"].transpose("draw", "actor", "issue").values
    there = data["has_stand"].values
    for i in range(at.shape[1]):
        for h in range(at.shape[1]):
            weight = cares[:, i] * cares[:, h] if counting == "salience" else np.ones_like(at[:, i])
            shared = (weight * (there[i] & there[h])).sum(axis=1).mean() if i != h else 0.0
            gap = np.abs(at[:, i] - at[:, h]) * weight * (there[i] & there[h])
            assert float(found["conflict"][i, h]) == pytest.approx(gap.sum(axis=1).mean(), abs=1e-9)
            assert float(found["overlap"][i, h]) == pytest.approx(shared, abs=1e-9)
    whole = found["congruence"] + found["conflict"]
    assert whole.values == pytest.approx(found["overlap"].values, abs=1e-9)


@given(labelled_inputs())
@few
def test_shared_ties_lie_between_0_and_1_and_are_symmetric(data):
    found = position_network(*stands(data))
    for name in ("congruence", "conflict"):
        assert found[name].values == pytest.approx(found[name].values.T)
        assert found[name].values.min() >= 0
        assert found[name].values.max() <= 1 + 1e-12


def test_saying_ones_position_once_gives_the_network_of_positions():
    position = np.array([[0.1, 0.9], [0.4, 0.4], [1.0, 0.0]])
    cell = ("actor", "issue")
    coords = {"actor": list("abc"), "issue": ["x", "y"]}
    data = xr.Dataset(
        {
            "position": (cell, position),
            "salience": (cell, np.ones((3, 2))),
            "has_stand": (cell, np.ones((3, 2), dtype=bool)),
            "scale_low": ("issue", np.zeros(2)),
            "scale_high": ("issue", np.ones(2)),
        },
        coords=coords,
    )
    actor, issue = np.indices((3, 2)).reshape(2, -1)
    told = xr.Dataset(
        {
            "statement_actor": ("statement", actor),
            "statement_issue": ("statement", issue),
            "stance": ("statement", position.reshape(-1)),
            "is_nominal": ("issue", [False, False]),
        },
        coords=coords,
    )
    by_position = position_network(*stands(data), normalisation="none")
    by_statement = one_mode(told).isel(window=0)
    for name in ("congruence", "conflict", "subtract", "overlap"):
        assert by_position[name].values == pytest.approx(by_statement[name].values)


def test_who_stands_between_two_cliques_is_the_broker():
    found = brokers(ties(two_cliques()))
    # a0 and a3 hold the bridge: every way between a clique's other two and the other side leads over both.
    assert found["betweenness"].values == pytest.approx([0.6, 0, 0, 0.6, 0, 0])
    assert found["strength"].values == pytest.approx([2.1, 2, 2, 2.1, 2, 2])
    assert found["constraint"].values[0] < found["constraint"].values[1]


def test_a_star_has_one_broker_and_who_has_no_tie_has_no_constraint():
    star = np.zeros((5, 5))
    star[0, 1:4] = star[1:4, 0] = 1
    found = brokers(ties(star))
    assert found["betweenness"].values == pytest.approx([0.5, 0, 0, 0, 0])
    assert found["constraint"].values[:4] == pytest.approx([1 / 3, 1, 1, 1])
    assert np.isnan(found["constraint"].values[4])


@pytest.mark.parametrize("search", ["louvain", "greedy"])
def test_two_cliques_are_two_blocs(search):
    lone = np.zeros((7, 7))
    lone[:6, :6] = two_cliques(bridge=0.5)
    found = blocs(ties(lone), search=search)
    assert found["bloc"].values.tolist() == [0, 0, 0, 1, 1, 1, -1]
    assert int(found["bloc_count"]) == 2
    # 2m = 13; each bloc holds 6 of it inside and half of the sum of ties.
    assert float(found["modularity"]) == pytest.approx(12 / 13 - 0.5)
    assert found.identical(blocs(ties(lone), search=search))


def test_blocs_over_windows_and_without_ties():
    several = xr.concat([ties(two_cliques()), ties(np.zeros((6, 6)))], dim="window")
    found = blocs(several)
    assert found["bloc"].dims == ("window", "actor")
    assert found["bloc"].values[1].tolist() == [-1] * 6
    assert np.isnan(found["modularity"].values[1])
    assert brokers(several)["strength"].values[1].tolist() == [0.0] * 6


def test_two_camps_explain_a_quarrel_of_two_sides():
    friends = two_cliques(bridge=0.0)
    foes = 1 - friends - np.eye(6)
    found = two_camps(ties(friends), ties(foes, "conflict"))
    assert found["camp"].values.tolist() == [0, 0, 0, 1, 1, 1]
    assert float(found["camp_share"]) == 1.0
    nobody = two_camps(ties(np.zeros((2, 2))), ties(np.zeros((2, 2)), "conflict"))
    assert nobody["camp"].values.tolist() == [-1, -1]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([[0, -1], [-1, 0]], "negative or no number"),
        ([[0, 1], [0, 0]], "not the same both ways"),
        ([[0, np.nan], [np.nan, 0]], "negative or no number"),
    ],
)
def test_ties_that_are_none_are_refused(values, reason):
    with pytest.raises(CallError, match=reason):
        blocs(ties(values))


def polarised(position, weight=None, **options):
    cell = ("actor", "issue")
    places = np.array(position, dtype=float)[:, None]
    ones = np.ones_like(places)
    data = xr.Dataset(
        {
            "position": (cell, places),
            "salience": (cell, ones),
            "capability": (cell, ones if weight is None else np.array(weight, dtype=float)[:, None]),
            "has_stand": (cell, ones.astype(bool)),
            "scale_low": ("issue", [0.0]),
            "scale_high": ("issue", [100.0]),
        },
        coords={"actor": [f"a{at}" for at in range(len(places))], "issue": ["x"]},
    )
    wanted = ("position", "salience", "capability", "has_stand", *PLACES)
    return esteban_ray(*[data[name] for name in wanted], **options)["polarisation"].item()


@pytest.mark.parametrize("identity", [0.5, 1.0, 1.6])
def test_polarisation_is_1_for_two_equal_camps_at_the_ends_and_0_for_one(identity):
    assert polarised([0, 0, 100, 100], identity=identity) == pytest.approx(1.0)
    assert polarised([40, 40, 40], identity=identity) == 0.0
    assert polarised([0, 50, 100], identity=identity) < 1


def test_polarisation_is_what_esteban_and_ray_define():
    position, weight = [0, 20, 20, 90], [3, 1, 2, 4]
    groups = {0: 0.3, 0.2: 0.3, 0.9: 0.4}
    plain = sum(one**2.3 * two * abs(y - z) for y, one in groups.items() for z, two in groups.items())
    assert polarised(position, weight, identity=1.3, alike=0.0) == pytest.approx(2**2.3 * plain)


def test_those_who_feel_alike_count_as_one_group():
    split = polarised([0, 4, 96, 100], alike=0.0)
    joined = polarised([0, 4, 96, 100], alike=0.05)
    assert joined == pytest.approx(2 * split)
