"""Opinions that settle: closed forms, iteration, closed groups, and who is heard in a case."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from westphalia.case.document import read
from westphalia.case.networks import hearing
from westphalia.errors import CallError
from westphalia.methods.examples import SCALED
from westphalia.methods.spatial.influence import influence, listening_weights, total_influence
from westphalia.methods.spatial.mean import compromise_mean

few = settings(max_examples=40)
CELLS = ("position", "salience", "capability", "has_stand", "hears")


def example():
    return xr.Dataset.from_dict(SCALED)


def cells(data):
    return [data[name] for name in CELLS]


def square(values):
    names = [f"a{at}" for at in range(len(values))]
    return xr.DataArray(values, coords={"actor": names, "other_actor": names}, dims=("actor", "other_actor"))


def held(values):
    return xr.DataArray(values, coords={"actor": [f"a{at}" for at in range(len(values))]}, dims="actor")


@st.composite
def listening(draw):
    count = draw(st.integers(2, 6))
    ties = draw(arrays(float, (count, count), elements=st.sampled_from([0.0, 0.0, 1.0, 3.0])))
    return listening_weights(square(ties), self_weight=draw(st.sampled_from([0.1, 0.5, 0.9])))


@given(listening(), st.data())
@few
def test_parts_are_shares_and_what_iteration_ends_in(rows, data):
    levels = st.sampled_from([0.0, 0.3, 1.0])
    stubborn = data.draw(arrays(float, len(rows), elements=levels))
    result = total_influence(rows, held(stubborn))
    part = result["influence_weight"].values
    assert part.sum(axis=1) == pytest.approx(np.ones(len(part)), abs=1e-9)
    assert bool(result["converged"])
    passed = (1 - stubborn)[:, None] * rows.values
    step = np.block([[passed, np.diag(stubborn)], [np.zeros_like(passed), np.eye(len(part))]])
    limit = np.linalg.matrix_power(step, 2**14)
    assert part == pytest.approx(limit[: len(part), : len(part)] + limit[: len(part), len(part) :], abs=1e-6)


@given(listening())
@few
def test_closed_form_where_everybody_is_a_little_stubborn(rows):
    count = len(rows)
    part = total_influence(rows, held(np.full(count, 0.25)))["influence_weight"].values
    assert part == pytest.approx(np.linalg.inv(np.eye(count) - 0.75 * rows.values) * 0.25, abs=1e-10)


def test_opinions_that_go_round_for_ever_are_told():
    result = total_influence(square([[0.0, 1.0], [1.0, 0.0]]), held([0.0, 0.0]))
    assert not bool(result["converged"])
    assert result["influence_weight"].values == pytest.approx(np.full((2, 2), 0.5))
    ties = example().assign(hears=example()["hears"].copy(data=[[0, 1, 0], [1, 0, 0], [0, 0, 0]]))
    found = influence(*cells(ties), model="degroot", self_weight=0.0)
    assert not found["converged"].values.any()


def test_all_stubborn_gives_the_compromise_mean():
    data = example()
    settled = influence(*cells(data), stubbornness=1.0)
    mean = compromise_mean(*cells(data)[:4])
    assert settled["forecast"].values == pytest.approx(mean["forecast"].values)
    assert settled["settled_position"].values[0] == pytest.approx(data["position"].values)


def test_who_cares_most_gives_way_least():
    data = example()
    data["salience"][:] = 0.5
    data["salience"][0] = 1.0
    found = influence(*cells(data), anchor="salience")["settled_position"].values[0]
    assert found[0] == pytest.approx(data["position"].values[0])
    assert abs(found[1] - data["position"].values[1]).min() > 1


def test_draws_with_saliences_of_their_own_do_not_see_one_another():
    data = example()
    factor = xr.DataArray([0.0, 0.2, 0.5, 0.9, 1.0], dims="draw")
    only_broker = xr.DataArray([0.0, 0.0, 1.0], dims="actor")
    data["salience"] = (data["salience"] * (1 - only_broker * factor)).transpose("draw", ...)
    data["salience"][4, 2] = 0.0
    whole = influence(*cells(data), anchor="salience")
    for draw in range(5):
        alone = influence(*cells(data.isel(draw=[draw])), anchor="salience")
        assert alone.identical(whole.isel(draw=[draw]))


def test_who_has_no_stand_is_not_heard():
    data = example()
    data["has_stand"][2, 0] = False
    found = influence(*cells(data))["settled_position"].values[0]
    assert np.isnan(found[2, 0])
    assert found[:2, 0] == pytest.approx(data["position"].values[:2, 0])


def test_opinions_stay_in_the_span_they_began_in():
    data = example()
    for model in ("degroot", "friedkin-johnsen"):
        found = influence(*cells(data), model=model)["settled_position"].values[0]
        assert (found >= data["position"].values.min(axis=0)).all()
        assert (found <= data["position"].values.max(axis=0)).all()


def test_without_any_consultation_it_says_so():
    data = example()
    with pytest.raises(CallError, match="no consultation") as caught:
        influence(*cells(data.assign(hears=data["hears"] * 0)))
    assert caught.value.code == "input-missing"


def test_wrong_weights_are_refused():
    with pytest.raises(CallError, match=r"weights of 'a1' sum to 0\.5"):
        total_influence(square([[1.0, 0.0], [0.5, 0.0]]), held([0.0, 0.0]))
    other = square([[1.0, 0.0], [0.5, 0.5]]).assign_coords(other_actor=["a0", "b"])
    with pytest.raises(CallError, match="differ in a1, b"):
        total_influence(other, held([0.0, 0.0]))


CASE = """westphalia: 1
id: talk
title: Talk
question: Who hears whom?
date: 2025
actors:
  - {id: ann, name: Ann, kind: state}
  - {id: minister, name: Minister, kind: person, speaks_for: ann}
  - {id: bob, name: Bob, kind: state}
  - {id: cid, name: Cid, kind: state}
  - {id: eve, name: Eve, kind: state}
issues: [{id: land, question: Where?, scale: {0: here, 100: there}}]
stands:
  ann: {land: {position: 5, salience: 0.5, assumption: made up}}
capability: {ann: 1}
consultations:
  - {id: one, by: ann, how: informed, whom: bob, left_out: eve}
  - {id: two, by: minister, how: asked, whom: [cid, bob]}
  - {id: three, by: cid, how: called, whom: bob}
  - {id: four, by: ann, how: met, whom: [bob, cid]}
"""


def test_who_heard_whom_follows_from_how_they_consulted(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(CASE)
    hears = hearing(read(path).case, ["ann", "bob", "cid", "eve"])
    assert hears.values.tolist() == [[0, 2, 2, 0], [2, 0, 2, 0], [1, 2, 0, 0], [0, 0, 0, 0]]
