"""Draws keep to the values they come from, and come back the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from westphalia.analyses.sampling import sample
from westphalia.case.inputs import build
from westphalia.case.schema import CaseFile
from westphalia.errors import CallError
from westphalia.fields import parse_value
from westphalia.uncertain import Mixture, Normal, Point, Triangular, Uniform

CASE = {
    "westphalia": 1,
    "id": "tolls",
    "title": "Tolls",
    "question": "Who pays?",
    "date": "2020",
    "actors": [{"id": name, "name": name, "kind": "state"} for name in ("north", "south")],
    "issues": [
        {
            "id": "toll",
            "question": "How high?",
            "scale": {0: "none", 10: "full"},
            "reversion": {"low": 0, "high": 2},
        },
        {"id": "fee", "question": "How high?", "scale": {0: "none", 10: "full"}},
        {"id": "place", "question": "Where?", "kind": "nominal", "scale": {"here": "here", "there": "there"}},
    ],
    "stands": {
        "north": {
            "toll": {"position": {"low": 2, "mode": 3, "high": 6}, "salience": [0.2, 0.8]},
            "fee": {"position": {"normal": [9, 2]}, "salience": 0.5},
            "place": {"position": {"chances": {"here": 0.75, "there": 0.25}}, "salience": 1},
        },
        "south": {"toll": {"position": 7, "salience": 0.5}},
    },
    "capability": {
        "north": {"low": 1, "high": 3},
        "south": {"overall": 2, "by_issue": {"toll": {"low": 4, "high": 5}}},
    },
}


@pytest.fixture(scope="module")
def inputs():
    return build(CaseFile.model_validate(CASE))


def test_every_draw_lies_in_the_range_of_its_value(inputs) -> None:
    scaled, nominal = sample(inputs, 500, seed=3)
    toll = scaled.sel(issue="toll")
    assert 2 <= float(toll["position"].sel(actor="north").min()) < 3
    assert float(toll["position"].sel(actor="north").max()) <= 6
    assert set(np.unique(toll["salience"].sel(actor="north"))) == {0.2, 0.8}
    assert float(scaled["position"].sel(issue="fee", actor="north").max()) <= 10
    assert set(np.unique(nominal["choice"].sel(issue="place", actor="north"))) == {0.0, 1.0}
    assert abs(float((nominal["choice"].sel(actor="north") == 0).mean()) - 0.75) < 0.01


def test_an_overall_capability_is_one_unknown_on_all_issues(inputs) -> None:
    scaled, nominal = sample(inputs, 64, seed=3)
    north = scaled["capability"].sel(actor="north")
    assert (north.sel(issue="toll") == north.sel(issue="fee")).all()
    assert (north.sel(issue="toll") == nominal["capability"].sel(actor="north", issue="place")).all()
    assert float(scaled["capability"].sel(actor="south", issue="toll").min()) >= 4


def test_an_actor_without_a_stand_is_absent_not_zero(inputs) -> None:
    scaled, _ = sample(inputs, 4, seed=0)
    assert not bool(scaled["has_stand"].sel(actor="south", issue="fee"))
    assert bool(scaled["has_stand"].sel(actor="south", issue="toll"))


def test_same_seed_same_bits_other_seed_other_draws(inputs) -> None:
    first, again, other = (sample(inputs, 128, seed)[0] for seed in (5, 5, 6))
    assert first.identical(again)
    assert not first.equals(other)


@pytest.mark.parametrize(("draws", "seed"), [(0, 1), (-3, 1), (10**9, 1), (5, -1)])
def test_absurd_numbers_are_refused(inputs, draws: int, seed: int) -> None:
    with pytest.raises(CallError, match=r"draws|seed"):
        sample(inputs, draws, seed)


numbers = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 6))
ranges = st.tuples(numbers, numbers, numbers).map(sorted)
values = st.one_of(
    numbers,
    ranges.map(lambda r: {"low": r[0], "high": r[2]}),
    ranges.map(lambda r: {"low": r[0], "mode": r[1], "high": r[2]}),
)
shares = st.lists(st.floats(0, 1), min_size=2, max_size=20).map(sorted)


@given(values, shares)
def test_quantiles_rise_and_stay_inside(raw, u) -> None:
    value = parse_value(raw)
    drawn = value.quantile(np.asarray(u))
    slack = 1e-9 * (1 + abs(value.low) + abs(value.high))
    assert (np.diff(drawn) >= -slack).all()
    assert value.low - slack <= drawn.min()
    assert drawn.max() <= value.high + slack
    assert value.low - slack <= value.central <= value.high + slack


@given(st.lists(values, min_size=1, max_size=5))
def test_each_expert_is_believed_in_equal_shares(raw) -> None:
    value = parse_value(raw)
    assert isinstance(value, Mixture)
    u = (np.arange(1000) + 0.5) / 1000
    drawn = value.quantile(u)
    assert drawn.min() >= value.low - 1e-6
    assert drawn.max() <= value.high + 1e-6
    assert abs(drawn.mean() - value.central) <= 0.01 * (1 + value.high - value.low)


def test_a_cut_normal_has_the_mean_of_its_draws() -> None:
    value = Normal(9.0, 2.0).within(0.0, 10.0)
    u = (np.arange(100_000) + 0.5) / 100_000
    assert abs(value.quantile(u).mean() - value.central) < 1e-3
    assert value.high <= 10


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (40, Point(40.0)),
        ({"low": 30, "high": 60}, Uniform(30.0, 60.0)),
        ({"low": 30, "mode": 40, "high": 60}, Triangular(30.0, 40.0, 60.0)),
        ({"normal": [40, 5]}, Normal(40.0, 5.0)),
        ([40, {"low": 1, "high": 2}], Mixture((Point(40.0), Uniform(1.0, 2.0)), (1.0, 1.0))),
    ],
)
def test_a_value_is_written_as_it_was_read(raw, value) -> None:
    assert parse_value(raw) == value
    assert value.plain() == raw
