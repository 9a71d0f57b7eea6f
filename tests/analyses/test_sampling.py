"""Draws keep to the values they come from, and come back the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from westphalia.analyses.sampling import Ties, sample, unknowns
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


# --- ties ----------------------------------------------------------------------------------------

PANEL = {
    **CASE,
    "stands": {
        "north": {
            "toll": {"position": [1, 5, 9], "salience": [0.1, {"low": 0.4, "high": 0.6}, 0.9]},
            "fee": {"position": [{"low": 0, "high": 2}, 5, 8], "salience": [0.2, 0.7]},
        },
        "south": {"toll": {"position": 7, "salience": 0.5}, "fee": {"position": 3, "salience": 0.4}},
    },
}


@pytest.fixture(scope="module")
def panel():
    return build(CaseFile.model_validate(PANEL))


def test_one_expert_is_believed_in_all_of_a_draw(panel) -> None:
    together = sample(panel, 512, 3, ties=Ties(one_expert=True))[0].sel(actor="north")
    expert = together["position"].sel(issue="toll").values
    salience, fee = (
        together["salience"].sel(issue="toll").values,
        together["position"].sel(issue="fee").values,
    )
    assert set(np.unique(expert)) == {1.0, 5.0, 9.0}
    assert (np.select([salience < 0.2, salience > 0.8], [1.0, 9.0], 5.0) == expert).all()
    assert (np.select([fee <= 2, fee == 8], [1.0, 9.0], 5.0) == expert).all()
    # Two experts are another panel than three.
    assert len(np.unique(np.stack([expert, together["salience"].sel(issue="fee").values]), axis=1).T) == 6
    apart = sample(panel, 512, 3)[0].sel(actor="north", issue="toll")
    assert len({*zip(apart["position"].values > 4, apart["salience"].values > 0.3, strict=True)}) == 4


def test_believing_one_expert_leaves_every_value_its_own_distribution(panel) -> None:
    apart, together = (sample(panel, 4096, 3, ties=Ties(one_expert=one))[0] for one in (False, True))
    for name in ("position", "salience"):
        for share in (0.1, 0.3, 0.45, 0.6, 0.9):
            quantiles = [data[name].quantile(share, "draw").values for data in (apart, together)]
            np.testing.assert_allclose(*quantiles, atol=0.02)


def test_accounts_that_differ_are_no_panel(inputs) -> None:
    assert unknowns(inputs, Ties(one_expert=True))[-1] == "experts.2"
    assert not any(cell.is_panel for cell in inputs.nominal_cells)


def test_a_capability_error_is_the_same_on_all_issues_and_balanced(panel) -> None:
    plain, erred = (
        sample(panel, 2048, 3, ties=Ties(capability_factor=factor))[0]["capability"] for factor in (1.0, 2.0)
    )
    factor = (erred / plain).values
    south = (erred / erred.sel(issue="fee")).sel(actor="south", issue="toll")
    assert float(south.min()) >= 2.0
    assert float(south.max()) <= 2.5
    assert factor.shape == (2048, 2, 2)
    fee = erred.sel(actor="south", issue="fee")
    assert float(fee.min()) >= 1.0
    assert float(fee.max()) <= 4.0
    assert abs(float(np.log(fee / 2).mean())) < 1e-3


def test_ties_come_last_and_are_the_same_for_a_seed(panel) -> None:
    ties = Ties(one_expert=True, capability_factor=1.5)
    first, again = (sample(panel, 64, 5, ties=ties)[0] for _ in range(2))
    assert first.identical(again)
    assert unknowns(panel, ties)[-4:] == (
        "experts.3",
        "experts.2",
        "north.capability_error",
        "south.capability_error",
    )


@pytest.mark.parametrize("factor", [0.5, 0.0, 1e9, float("nan")])
def test_a_factor_that_cannot_be_is_refused(panel, factor: float) -> None:
    with pytest.raises(CallError, match="capability factor"):
        sample(panel, 8, 1, ties=Ties(capability_factor=factor))
