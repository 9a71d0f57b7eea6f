"""What two cases share draws alike to the bit, whatever else is added, removed or set."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from westphalia.analyses.compare import differences, rising_share, sample_like
from westphalia.analyses.forecasts import side_by_side
from westphalia.analyses.sampling import Ties, sample, unknowns
from westphalia.case.inputs import build
from westphalia.case.schema import CaseFile
from westphalia.errors import CallError
from westphalia.methods.spatial.mean import compromise_mean

NAMES = ("ann", "bob", "cid", "dan")


def tree(names=NAMES, **positions):
    return {
        "westphalia": 1,
        "id": "tolls",
        "title": "Tolls",
        "question": "Who pays?",
        "date": "2020",
        "actors": [{"id": name, "name": name, "kind": "state"} for name in names],
        "issues": [{"id": "toll", "question": "How high?", "scale": {0: "none", 100: "full"}}],
        "stands": {
            name: {
                "toll": {
                    "position": positions.get(name, {"low": 20, "high": 60}),
                    "salience": {"low": 0.2, "high": 0.9},
                }
            }
            for name in names
        },
        "capability": {name: {"low": 10, "high": 30} for name in names},
    }


def inputs(case):
    return build(CaseFile.model_validate(case))


BASE = inputs(tree())


@settings(max_examples=20, deadline=None)
@given(
    others=st.permutations([*NAMES, "eve", "fay"]),
    kept=st.integers(1, 6),
    point=st.sampled_from(NAMES),
    seed=st.integers(0, 50),
)
def test_what_both_have_draws_the_same_bits_in_any_order_and_company(others, kept, point, seed):
    changed = inputs(tree(others[:kept], **{point: 50}))
    before, _ = sample(BASE, 64, seed)
    after, _ = sample_like(changed, BASE, 64, seed)
    for name in set(others[:kept]) & set(NAMES):
        for variable in ("position", "salience", "capability"):
            if (name, variable) != (point, "position"):
                one, other = before[variable].sel(actor=name), after[variable].sel(actor=name)
                assert one.values.tobytes() == other.values.tobytes()


def test_what_is_new_draws_by_its_own_name_alone_and_fills_its_range():
    both, _ = sample_like(inputs(tree((*NAMES, "eve", "fay"))), BASE, 256, 3)
    alone, _ = sample_like(inputs(tree(("fay", *NAMES))), BASE, 256, 3)
    first = both["position"].sel(actor="fay").values
    assert first.tobytes() == alone["position"].sel(actor="fay").values.tobytes()
    assert sorted(np.floor((first[:, 0] - 20) / 40 * 256).astype(int)) == list(range(256))
    eve, saliences = both["position"].sel(actor="eve").values[:, 0], both["salience"].sel(actor="fay").values
    assert abs(np.corrcoef(first[:, 0], eve)[0, 1]) < 0.2
    assert abs(np.corrcoef(first[:, 0], saliences[:, 0])[0, 1]) < 0.2


def test_the_same_case_is_the_same_sample():
    like, plain = sample_like(BASE, BASE, 128, 7), sample(BASE, 128, 7)
    assert all(one.identical(other) for one, other in zip(like, plain, strict=True))
    assert len(unknowns(BASE)) == 12


def test_a_shifted_panel_stays_a_panel():
    """Where a draw believes one expert in all values, a shift moves what that expert says."""
    ties = Ties(one_expert=True)
    panel = {"value": [10, 30, 50], "assumption": "a panel"}
    before, after = (inputs(tree(ann=position)) for position in (panel, {**panel, "shift": 60}))
    assert unknowns(after, ties) == unknowns(before, ties)
    one, other = (sample(case, 64, 1, ties=ties)[0]["position"].sel(actor="ann") for case in (before, after))
    np.testing.assert_array_equal(other, np.minimum(one + 60, 100))
    assert set(np.unique(one)) == {10, 30, 50}


def test_absurd_numbers_are_refused():
    with pytest.raises(CallError, match="0 draws"):
        sample_like(BASE, BASE, 0, 1)


def mean_of(drawn):
    names = ("position", "salience", "capability", "has_stand")
    return side_by_side({"mean": compromise_mean(*(drawn[name] for name in names))["forecast"]})["forecast"]


def test_the_difference_is_known_far_better_than_the_forecasts():
    """Moving one actor from 40 to 50 moves the mean by a tenth of its share of weight, draw by draw."""
    before, after = inputs(tree(ann=40)), inputs(tree(ann=50))
    draws, _ = sample(before, 512, 1)
    other, _ = sample_like(after, before, 512, 1)
    moved = differences(mean_of(draws), mean_of(other))["difference"]
    weight = draws["capability"] * draws["salience"]
    share = (weight.sel(actor="ann") / weight.sum("actor")).values
    np.testing.assert_allclose(moved.values[0], 10 * share, atol=1e-9)
    assert float(moved.std()) < float(mean_of(draws).std()) / 3
    rises, falls = rising_share(moved)
    assert (float(rises.squeeze()), float(falls.squeeze())) == (1.0, 0.0)
    assert differences(mean_of(draws), mean_of(draws))["difference"].values.any() == np.False_


def test_only_issues_and_methods_that_both_have_are_compared():
    case = tree()
    more = copy.deepcopy(case)
    more["issues"].append({"id": "fee", "question": "How high?", "scale": {0: "none", 100: "full"}})
    more["stands"]["ann"]["fee"] = {"position": 5, "salience": 1}
    one, other = sample(inputs(case), 16, 1)[0], sample_like(inputs(more), inputs(case), 16, 1)[0]
    difference = differences(mean_of(one), mean_of(other))["difference"]
    assert difference["issue"].values.tolist() == ["toll"]
    assert difference.attrs["units"] == "scale points"
